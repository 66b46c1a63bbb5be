"""Probe: open the last layer and see which pairs of digits a model gets wrong."""

from __future__ import annotations

import streamlit as st

st.title("Probe")
st.write("Open the last layer and see which pairs of digits a model gets wrong.")
