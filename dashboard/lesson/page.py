"""Lesson: the report's argument in steps, each with one idea, one thing to play with and one question."""

from __future__ import annotations

import streamlit as st

with st.container(key="lesson-lead"):
    st.caption(
        "A guided tour of weight sharing and auxiliary losses, in the order of the report's own argument. Every number "
        "in it was made by the code of this project."
    )

with st.spinner("Loading PyTorch, once after a start of the server…"):
    from dashboard.lesson import ways

ways.main()
