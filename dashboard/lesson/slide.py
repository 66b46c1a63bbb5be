"""A step as a slide: the claim and the question on the left, the thing to play with on the right, all on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.lesson import notes, presenter, question
from dashboard.lesson.steps import STEPS
from dashboard.shared import state

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence
    from dashboard.lesson.step import Step


def show(step: Step, here: int, evidence: Evidence) -> None:
    """The slide, the bar under it, and the drawer of notes."""
    with st.container(key="lesson-slide"):
        left, right = st.columns([5, 7], gap="large")
        with left:
            st.title(f"{here}. {step.title}", anchor=False)
            st.markdown(step.idea)
            state.fragment(question.ask)(step, evidence, reasons=False)
        with right, st.container(key="lesson-figure"):
            state.fragment(_play)(step, evidence)
    with st.container(key="lesson-notes"):
        notes.write(step, evidence)
    with st.container(
        key="lesson-turn", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        presenter.back(here)
        st.markdown(f"{here} of {len(STEPS)}", width="content")
        presenter.keys(here)
        presenter.onward(here)


def _play(step: Step, evidence: Evidence) -> None:
    step.play(evidence)
