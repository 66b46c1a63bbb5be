"""Auxiliary losses: what naming the digits teaches a model that only has to compare them."""

from __future__ import annotations

import streamlit as st

st.title("Auxiliary losses")
st.write("What naming the digits teaches a model that only has to compare them.")
