"""The ways to read the lesson: step by step, on one page, as slides, and as a presenter's notes."""

from __future__ import annotations

import streamlit as st

from dashboard.lesson import article, notes, presenter, quoted_rounds, reading, slide
from dashboard.lesson.steps import STEPS
from dashboard.lesson.visitor import Visitor
from dashboard.shared import address, state
from dashboard.shared.plain import plain


def main() -> None:
    """The page in the way that its address asks for."""
    with state.error_boundary():
        way = presenter.way()
        here = state.memory(Visitor).step = _number()
        presenter.dress(way)
        with st.spinner("Loading the committed rounds…", show_time=False):
            evidence = quoted_rounds.load()
        if way == "article":
            article.show(evidence)
            return
        address.lead("step", str(here), "1")
        step = STEPS[here - 1]
        {"step": reading.show, "present": slide.show, "notes": notes.show}[way](step, here, evidence)


def _number() -> int:
    """The step to show, from 1: the address says it, or else it is the step that the visitor last saw."""
    asked = address.given().get("step")
    if asked is None:
        return 1 if address.went_back() else state.memory(Visitor).step
    if asked.isdecimal() and 1 <= int(asked) <= len(STEPS):
        return int(asked)
    st.info(plain(f"The lesson has no step “{asked[:20]}”: it has {len(STEPS)}. Here is the first."))
    return 1
