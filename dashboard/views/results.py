"""Results: the report's tables and figures beside ours."""

from __future__ import annotations

import streamlit as st

st.title("Results")
st.write("The report's tables and figures beside ours.")
