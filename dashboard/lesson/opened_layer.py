"""Step 6: the last layer of v1, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.probes import probe_heatmap
from dashboard.lesson import model_facts
from dashboard.lesson.figures import chart
from dashboard.lesson.step import Question, Step, Telling
from pairdigits import cells
from pairdigits.choices import PROBE_KINDS

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence

KINDS = ("ideal", "typical")


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    ideal, typical = (evidence.wrong_cells("as-published", "v1", kind) for kind in KINDS)
    return Telling(
        "The last layer of v1 adds up twenty products and asks whether the sum is positive. To see what it has learnt, "
        "the report gives it *ideal signals*: a large value at the index of a digit, 0 elsewhere. White cells: it "
        "says “first ≤ second”. Ideally all is black above the blue line and white below it.\n\n"
        f"On average of {ideal.n} rounds as published {ideal} of 100 cells are wrong. Now switch to *typical digits*, "
        f"the mean of what the tower really says of each digit: {typical}.",
        Question(
            "The same layer is wrong far more often on ideal signals than on typical digits. Why?",
            (
                "Ideal signals are noisier",
                "Its tower never says such things, so it never learnt what to answer",
                "The typical digits were chosen among the easy ones",
            ),
            1,
            "A real reading of a 3 has large and small, positive and negative values in all ten places, in proportions "
            "of its own. The layer was trained on those. The report's matrix is right, but most of its wrong cells are "
            "questions that nobody asks this layer: look at both kinds before you judge.",
        ),
        f"Of 100 cells {ideal} are wrong on signals that its tower never sends, and {typical} on those that it sends.",
        "Report, section IV, Figure 2. The averages are over the rounds as published; the picture is the committed "
        "model.",
        r"\begin{gathered} \text{first} \le \text{second} \\ \iff \sum_{i=0}^{9} a_i\, z_i + "
        r"\sum_{j=0}^{9} b_j\, z'_j + c > 0 \end{gathered}",
    )


def play(evidence: Evidence) -> None:
    """The probe of v1, with its kind and strength to choose."""
    kind = st.segmented_control(
        "Fed with",
        KINDS,
        default="ideal",
        key="lesson.kind",
        persist_state="session",
        format_func=lambda name: f"{PROBE_KINDS[name].title}s",
        required=True,
    )
    strength = st.slider(
        "Strength of the signal",
        0.5,
        20.0,
        10.0,
        0.5,
        key="lesson.strength",
        persist_state="session",
        disabled=kind != "ideal",
        help="The value at the digit's index; the other nine are 0. A typical digit has the strength that it has.",
    )
    probability = model_facts.last_layer(model_facts.preset(), "v1", kind, strength)
    wrong = int(cells.wrong(probability).sum())
    st.markdown(f"**{wrong} of 100 cells wrong** (crosses).")
    chart(probe_heatmap(probability, height=430), "last-layer", alt=f"Probe of v1: {wrong} of 100 cells wrong.")


STEP = Step(
    "Last layer",
    "Open the last layer",
    "Feed it made-up readings of all 100 pairs of digits, and see what it answers.",
    tell,
    play,
    ("probe", "Probe every model, cell by cell"),
    live={"v1": {"variant": "v1"}},
)
