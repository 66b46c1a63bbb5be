"""Step 1: the task, played against two models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.components import pictures
from dashboard.lesson import model_facts
from dashboard.lesson.step import Question, Step, Telling
from dashboard.lesson.visitor import Visitor
from dashboard.shared import state
from pairdigits import cells

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence

RIVALS = {"base": "Base", "v5": "Siamese v5"}


def always_yes() -> float:
    """Accuracy in percent, over all pairs of MNIST's test digits, of the answer that is always "less or equal"."""
    counts = np.bincount(state.mnist().test.labels.numpy(), minlength=10)
    less, tie, _ = cells.class_shares(cells.pair_table(counts))
    return 100 * (less + tie)


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    yes = always_yes()
    base, v5 = (evidence.accuracy("as-published", name) for name in RIVALS)
    return Telling(
        "The digits come from MNIST (LeCun et al., 1998), shrunk to 14×14 pixels. A model learns from 1000 pairs and "
        "is judged on 1000 pairs of digits that it has never seen. In training it may also be told which two digits it "
        "sees; in the test it gets the two images and nothing else.\n\n"
        "Try it: for a person this is easy. A network has to find out from examples alone what a digit is, and what "
        "“less than or equal” means.",
        Question(
            "A lazy model answers “yes, ≤” to every pair. How often is it right?",
            ("45% of the time", "50% of the time", "55% of the time"),
            2,
            f"Exactly {yes:.1f}% of all pairs of test digits: half of the unequal pairs ({(100 - yes):.1f}%), and all "
            f"ties ({2 * yes - 100:.1f}%), which count as “≤”. So this is where an accuracy begins, not at 50%.",
        ),
        f"The scale of everything that follows: {yes:.1f}% for always “≤”, {base} for the base model and {v5} for "
        f"Siamese v5, both as published (n = {base.n} rounds).",
        "Report, section I; the data: Y. LeCun et al., “Gradient-based learning applied to document recognition”, "
        "1998.",
    )


def play(evidence: Evidence) -> None:
    """Compare pairs against two models."""
    shown = {name: model_facts.demo(model_facts.preset(), name) for name in RIVALS}
    first = shown["base"]
    order = np.random.default_rng(5).permutation(len(first.digits))
    game = state.memory(Visitor)
    here = int(order[game.played % len(order)])

    def answer(less_or_equal: bool) -> None:
        a, b = first.digits[here]
        game.played += 1
        game.right["you"] += bool(less_or_equal == (a <= b))
        for name, model in shown.items():
            game.right[name] += bool(model.right[here])

    st.html(pictures.pair_image(first.images[here], "Two handwritten digits; which, you are to see for yourself", 380))
    row = st.container(horizontal=True)
    row.button("first ≤ second", on_click=answer, args=(True,), key="lesson.le", type="primary")
    row.button("first > second", on_click=answer, args=(False,), key="lesson.gt", type="primary")
    played = game.played
    if played:
        last = int(order[(played - 1) % len(order)])
        said = ", ".join(f"{RIVALS[name]} was {'right' if shown[name].right[last] else 'wrong'}" for name in RIVALS)
        st.write(f"The last pair: **{pictures.verdict(*first.digits[last].tolist())}**. {said}.")
    columns = st.columns(3)
    columns[0].metric(
        "You", f"{game.right['you']} of {played}" if played else "–", help="Pairs that you have compared rightly."
    )
    for column, (name, title) in zip(columns[1:], RIVALS.items(), strict=True):
        rate = (
            f"On all {len(first.digits)} test pairs this one committed model is right {shown[name].right.mean():.1%} "
            "of the time."
        )
        column.metric(
            title, f"{game.right[name]} of {played}" if played else "–", help=f"On the same pairs as you. {rate}"
        )


STEP = Step(
    "Task",
    "Which digit is larger?",
    "Two small images of handwritten digits, one question: is the first less than or equal to the second?",
    tell,
    play,
    ("sketch", "Draw a pair yourself and ask every model"),
)
