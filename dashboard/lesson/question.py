"""A step's question; its answer once somebody has guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence
    from dashboard.lesson.step import Step


def ask(step: Step, evidence: Evidence, reasons: bool = True) -> None:
    """The question and its choices, and after a guess the answer, with its reasons or without."""
    question = step.tell(evidence).question
    guess = st.radio(
        f"**Your guess: {question.text}**",
        range(len(question.choices)),
        index=None,
        key=f"lesson.guess.{step.name}",
        persist_state="session",
        format_func=question.choices.__getitem__,
    )
    if guess is None:
        return
    because = f" {question.because}" if reasons else ""
    if guess == question.right:
        st.success(f"**Yes.**{because}", icon=":material/check:")
    else:
        st.warning(f"**No: {question.choices[question.right]}.**{because}", icon=":material/close:")
