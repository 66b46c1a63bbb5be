"""Lesson: the whole story, a step at a time."""

from __future__ import annotations

import streamlit as st

st.title("Lesson")
st.write("The whole story, a step at a time.")
