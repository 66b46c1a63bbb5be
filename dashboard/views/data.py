"""Data: the pairs that the models learn from."""

from __future__ import annotations

import streamlit as st

st.title("Data")
st.write("The pairs that the models learn from.")
