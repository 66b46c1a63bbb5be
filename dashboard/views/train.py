"""Train: train any model of the report and watch it learn."""

from __future__ import annotations

import streamlit as st

st.title("Train")
st.write("Train any model of the report and watch it learn.")
