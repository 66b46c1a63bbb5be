"""All steps as one text, with the answers standing under their questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.lesson import presenter, reading
from dashboard.lesson.steps import STEPS
from dashboard.shared import state

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence


def show(evidence: Evidence) -> None:
    """The whole lesson."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title("The whole lesson on one page", anchor=False, width="content")
        st.button("Step by step", icon=":material/view_carousel:", on_click=presenter.go, args=("step",))
    for place, step in enumerate(STEPS, start=1):
        st.header(f"{place}. {step.title}", divider="gray")
        left, right = st.columns([5, 6], gap="large")
        with left:
            reading.tell(step, evidence)
            question = step.tell(evidence).question
            st.markdown(f"**{question.text}** *{question.choices[question.right]}.* {question.because}")
        with right:
            state.fragment(reading.figure)(step, evidence)
