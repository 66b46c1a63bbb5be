"""What a presenter says to a slide: in a drawer beside it, or in a window of its own that follows the slides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.lesson import presenter, reading, run_it_live
from dashboard.lesson.steps import STEPS
from dashboard.shared import sections

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence
    from dashboard.lesson.step import Step


def show(step: Step, here: int, evidence: Evidence) -> None:
    """The window of notes; turning it turns the slides."""
    st.title(f"{here}. {step.title}", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        presenter.keys(here)
        if here < len(STEPS):
            st.caption(f"Then: {STEPS[here].title}")
    write(step, evidence)


def write(step: Step, evidence: Evidence) -> None:
    """Everything that the slide leaves out."""
    telling = step.tell(evidence)
    reading.tell(step, evidence)
    sections.shows(telling.shows)
    answer = telling.question.choices[telling.question.right]
    st.markdown(f"**{telling.question.text}** *{answer}.* {telling.question.because}")
    if step.live:
        run_it_live.draw(step)
    reading.further(step)
