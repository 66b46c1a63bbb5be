"""Weight sharing: what it means that both digits go through the same tower."""

from __future__ import annotations

import streamlit as st

st.title("Weight sharing")
st.write("What it means that both digits go through the same tower.")
