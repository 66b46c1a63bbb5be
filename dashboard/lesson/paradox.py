"""Step 5: digits read rightly, and compared wrongly."""

from __future__ import annotations

import numpy as np
import streamlit as st
from markupsafe import Markup

from dashboard.charts.curves import Curve, learning_curves
from dashboard.components import pictures
from dashboard.lesson import model_facts
from dashboard.lesson.figures import chart, missing
from dashboard.lesson.quoted_rounds import UNKNOWN, Evidence
from dashboard.lesson.step import Question, Step, Telling
from dashboard.shared import choose

SHOWN = 8  # pairs


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    scores = {
        column: evidence.at_epoch("as-published", "v2", column)
        for column in ("train_accuracy", "test_accuracy", "train_digit_accuracy", "test_digit_accuracy")
    }
    v4 = evidence.at_epoch("as-published", "v4", "test_accuracy")
    digit = scores["test_digit_accuracy"]
    least = f"{digit.mean**2 / 100:.1f}%" if digit.n else UNKNOWN
    return Telling(
        f"As published, n = {digit.n} rounds, last epoch: Siamese v2 reads digits well, "
        f"{scores['train_digit_accuracy']} of its training digits and {digit} of new ones. Its comparison "
        f"overfits all the same: {scores['train_accuracy']} in training, {scores['test_accuracy']} in the test. The "
        "reading generalises, the answer does not, and what lies between "
        "the tower and the answer is the last layer.\n\n"
        "The test of this conjecture is Siamese v4. It has the same tower and no last layer at all: it compares the "
        f"two most likely digits. It reaches {v4}.",
        Question(
            "If each digit is read rightly that often, and mistakes fall independently, how many pairs should be right "
            "at least?",
            (f"About {least}: both digits read", "About half of the pairs", "Nothing can be said"),
            0,
            f"Both are right in {digit} squared, {least}, of the pairs; and a misread pair is often still compared "
            "rightly, as a 2 taken for a 3 is still less than a 9. So the figure of v2 is below what its own reading "
            "is worth.",
        ),
        f"v2 reads {digit} of new digits, which is worth {least} of the pairs at least, and compares "
        f"{scores['test_accuracy']}; v4 reads with the same kind of tower and compares {v4}.",
        "Report, section IV, Figure 1. Curves: rounds as published, after every epoch; pairs: the committed models of "
        "the report.",
    )


def _variant() -> str:
    return choose.siamese("lesson.paradox", ["v2", "v4"], "v2")


def play(evidence: Evidence) -> None:
    """Pairs whose digits are read rightly and compared wrongly."""
    shown = model_facts.demo(model_facts.preset(), _variant())
    bad = np.flatnonzero(shown.read_right & ~shown.right)
    st.markdown(
        f"Both digits read rightly, and compared **wrongly**: **{len(bad)}** of {len(shown.digits)} test pairs"
        + (", such as" if len(bad) else ". With no last layer there is nothing that could go wrong.")
    )
    st.html(
        pictures.gallery(
            (
                pictures.side_by_side(shown.images[i]),
                f"{a} and {b}",
                Markup("read {} and {},<br>says {}").format(a, b, ">" if a <= b else "≤"),
            )
            for i, (a, b) in zip(bad[:SHOWN], shown.digits[bad[:SHOWN]].tolist(), strict=True)
        )
    )


def more(evidence: Evidence) -> None:
    """Figure 1: the same model's answers and readings, epoch by epoch."""
    variant = st.session_state["lesson.paradox"]
    tables = evidence.curves("as-published", variant)
    if not tables:
        return missing("as-published")
    for column, metric in zip(st.columns(2), ("accuracy", "digit_accuracy"), strict=True):
        figure = learning_curves([Curve(variant, tables)], metric, height=270)
        figure["layout"]["yaxis"]["range"] = [65, 101]
        with column:
            chart(figure, f"paradox-{metric}")


STEP = Step(
    "The paradox",
    "The digits are right and the answer is wrong",
    "The tower reads new digits well; what fails is the last layer, which compares them.",
    tell,
    play,
    ("results", "Compare the curves of Figure 1"),
    more,
    {"v2": {"variant": "v2"}, "v4": {"variant": "v4"}},
)
