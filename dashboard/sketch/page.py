"""Sketch: draw two digits and see every model say whether the first is less than or equal to the second, and why."""

from __future__ import annotations

import streamlit as st

st.title("Sketch two digits", anchor=False)
st.write("Is the first less than or equal to the second? Eight networks answer as you draw. Which should you believe?")

from dashboard.sketch import stage  # noqa: E402, below the first text on purpose: images and charts take their time

stage.show()
