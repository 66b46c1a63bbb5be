"""Sketch: draw two digits and see every model say whether the first is less than or equal to the second."""

from __future__ import annotations

import streamlit as st

st.title("Sketch")
st.write("Draw two digits and see every model say whether the first is less than or equal to the second.")
