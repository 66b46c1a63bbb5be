"""One step to read: what it says and asks, beside what it shows and runs; and the ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.lesson import presenter, question, run_it_live
from dashboard.lesson.steps import STEPS
from dashboard.shared import sections, state

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence
    from dashboard.lesson.step import Step


def show(step: Step, here: int, evidence: Evidence) -> None:
    """The step's page."""
    _contents(here)
    _heading(step, here)
    left, right = st.columns([5, 6], gap="large")
    with left:
        tell(step, evidence)
        state.fragment(question.ask)(step, evidence)
    with right:
        state.fragment(figure)(step, evidence)
        if step.live:
            run_it_live.draw(step)
        further(step)
    with st.container(
        key="lesson-turn", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        presenter.back(here)
        st.caption(f"Step {here} of {len(STEPS)}", width="content")
        presenter.onward(here)
    presenter.keys(here)


def tell(step: Step, evidence: Evidence) -> None:
    """What a step says."""
    telling = step.tell(evidence)
    st.markdown(f"**{step.idea}**")
    st.markdown(telling.text)
    if telling.formula:
        st.latex(telling.formula)
    st.caption(telling.source)


def figure(step: Step, evidence: Evidence) -> None:
    """The thing to play with, what else belongs to it, and what it shows; it runs again alone when it is touched."""
    step.play(evidence)
    if step.more:
        step.more(evidence)
    sections.shows(step.tell(evidence).shows)


def further(step: Step) -> None:
    """The way to the page that goes deeper."""
    page, invitation = step.further
    st.page_link(f"{page}/page.py", label=invitation, icon=":material/arrow_forward:")


def _contents(here: int) -> None:
    """A link for each step."""
    with st.container(key="lesson-contents", horizontal=True, gap="xsmall"):
        for place, step in enumerate(STEPS, start=1):
            with st.container(key="lesson-here" if place == here else f"lesson-link-{place}", width="content"):
                st.page_link("lesson/page.py", label=f"{place} {step.name}", query_params={"step": str(place)})


def _heading(step: Step, here: int) -> None:
    """The title, and the other ways of reading."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(f"{here}. {step.title}", anchor=False, width="content")
        with st.container(horizontal=True, gap="small", width="content"):
            st.button("One page", icon=":material/article:", on_click=presenter.go, args=("article",),
                      help="All steps as one text, with the answers.")  # fmt: skip
            st.button("Present", icon=":material/slideshow:", on_click=presenter.go, args=("present",),
                      help="A slide per step. Arrow keys turn them, N shows the notes, Escape leaves.")  # fmt: skip
