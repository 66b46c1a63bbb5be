"""Step 3: weight sharing, tied and untied."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.charts import intervals
from dashboard.components.slow_motion import slow_motion
from dashboard.lesson.figures import chart, missing, presenting
from dashboard.lesson.model_facts import parameters
from dashboard.lesson.quoted_rounds import Evidence
from dashboard.lesson.step import Question, Step, Telling
from dashboard.lesson.visitor import Visitor
from dashboard.shared import state, taken_step
from dashboard.shared.step_scene import scene


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    shared, separate = (evidence.accuracy("factorial", f"v1 {kind} alone") for kind in ("shared", "separate"))
    return Telling(
        "A *siamese* network has one tower that reads a digit, and uses it twice: once for the left digit, once for "
        "the right one. There is no second network and no copy of the weights. Whatever the tower learns from a seven "
        "on the left it knows on the right, and each pair gives it two digits to learn from.\n\n"
        "Siamese v1 puts one linear layer on the ten numbers that the tower says of each digit. No digit labels are "
        f"used yet. Untied, with a tower for each side, it reaches {separate}; tied, {shared} (corrected, "
        f"n = {shared.n} rounds).",
        Question(
            "The loss of one pair is differentiated. Which gradient does a shared weight get?",
            (
                "The left digit's: the right one runs through a copy",
                "The sum of the left digit's and the right digit's",
                "The larger of the two",
            ),
            1,
            "The weight appears twice in the computation, and the chain rule adds up all paths on which it acts on the "
            "loss. So the same number is pulled by both digits, and there is nothing to keep in step.",
        ),
        f"With the towers tied, v1 without digit labels goes from {separate} to {shared}, {shared.gap(separate)} more, "
        f"with {parameters('v1')} numbers to learn in place of {parameters('v1', False)}.",
        "Report, section II. Bars: corrected rounds, Siamese v1 without auxiliary loss; base beside them.",
        r"\frac{\partial L}{\partial w} = \left.\frac{\partial L}{\partial w}\right|_{\text{left}}"
        r" + \left.\frac{\partial L}{\partial w}\right|_{\text{right}}",
    )


def play(evidence: Evidence) -> None:
    """Tie and untie the towers, and watch a training step."""
    shared = st.toggle(
        "Share the tower",
        True,
        key="lesson.shared",
        persist_state="session",
        help="On: one tower reads both digits. Off: each side has a tower of its own, with its own weights.",
    )
    # No digit is named in this step of the lesson.
    asked = taken_step.Question("v1", 1, auxiliary=False, tied=shared, **state.memory(Visitor).weight)
    slow_motion("lesson.step", scene(taken_step.Look.at(asked)), fill=presenting(), on_choose=_choose)


def more(evidence: Evidence) -> None:
    """What sharing costs, and what it brings."""
    shared = st.session_state.get("lesson.shared", True)
    for column, label, value, help in zip(
        st.columns(3),
        ("Towers", "Numbers to learn", "Digits per pair"),
        ("1" if shared else "2", parameters("v1", shared), "2" if shared else "1"),
        (
            "Drawn twice in many pictures; in memory there is only one when it is shared.",
            "Trainable weights and biases of Siamese v1, counted in the model itself.",
            "How many digits one pair gives a tower to learn from.",
        ),
        strict=True,
    ):
        column.metric(label, value, help=help)
    rows = {
        "Base": evidence.accuracy("factorial", "base"),
        "v1, separate towers": evidence.accuracy("factorial", "v1 separate alone"),
        "v1, shared tower": evidence.accuracy("factorial", "v1 shared alone"),
    }
    known = {name: score for name, score in rows.items() if score.n}
    if not known:
        return missing("factorial")
    chosen = "v1, shared tower" if shared else "v1, separate towers"
    chart(intervals.bars(known, "Test accuracy (%)", span=(70, 95), chosen=[chosen]), "sharing")


def _choose(chosen: dict[str, Any]) -> None:
    state.memory(Visitor).weight = chosen


STEP = Step(
    "Sharing",
    "One tower for both digits",
    "A seven is a seven on either side: read both digits with the same weights.",
    tell,
    play,
    ("sharing", "See the shared tower from inside"),
    more,
    live={
        "shared": {"variant": "v1", "auxiliary": False},
        "separate": {"variant": "v1", "auxiliary": False, "shared": False},
    },
)
