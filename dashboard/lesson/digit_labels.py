"""Step 4: auxiliary losses, from none to twice the report's weight."""

from __future__ import annotations

import math

import streamlit as st

from dashboard.charts import intervals
from dashboard.lesson.figures import chart, missing
from dashboard.lesson.quoted_rounds import Evidence
from dashboard.lesson.step import Question, Step, Telling
from dashboard.lesson.task import always_yes
from dashboard.shared.label_sweeps import SWEEPS
from dashboard.shared.label_sweeps import chart as label_chart
from pairdigits.report.experiments import EXPERIMENTS, TABLE_I
from pairdigits.report.sweeps import AUXILIARY_WEIGHTS

LINES = {  # model and score by their name in the figure
    "v1, answer": ("v1", "test_accuracy"),
    "v1, digits": ("v1", "test_digit_accuracy"),
    "v5, answer": ("v5", "test_accuracy"),
}


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    none, full = (evidence.accuracy("weights", f"v1 {weight}") for weight in (0, 1))
    rate, slower = EXPERIMENTS["weights"].rows["v5 0"].learning_rate, EXPERIMENTS["factorial"].rows["v5 shared alone"]
    yes = always_yes() / 100
    entropy = -(yes * math.log2(yes) + (1 - yes) * math.log2(1 - yes))
    return Telling(
        "So far the tower is told only whether the answer was right. Its ten outputs may mean anything. An *auxiliary "
        "loss* asks it for the digit as well: a cross-entropy for each of the two, added to that of the class with a "
        "weight λ. At the test nothing changes: the labels were needed for learning only.\n\n"
        f"For v1 the weight takes the test accuracy from {none} at λ = 0 to {full} at λ = 1, with the learning rate "
        f"{rate:g} for every weight. The report: from {TABLE_I['siamese']}% to "
        f"{TABLE_I['siamese with auxiliary loss']}% for its best siamese models.\n\n"
        "At λ = 0 nobody asks for digits, so the ten outputs need not be digits, and the figure shows no digit "
        f"accuracy there. v5 is then left with {evidence.accuracy('weights', 'v5 0').full} at the learning rate "
        f"{rate:g}, and "
        f"{evidence.accuracy('factorial', 'v5 shared alone').full} at {slower.learning_rate:g}: its head sees a "
        "softmax that means nothing yet. That is hard, not impossible: with the `best` recipe of step 9 it reaches "
        f"{evidence.accuracy('unnamed', 'v5').full} without a single digit label.",
        Question(
            f"The class label of a pair tells {entropy:.2f} bits. How many do the two digit labels tell?",
            (
                "None: the class follows from the images anyway",
                f"Also {entropy:.2f} bits",
                f"About {math.log2(100):.1f}",
            ),
            2,
            f"Ten by ten equally likely digits: log₂ 100 ≈ {math.log2(100):.1f} bits. The answer follows from the "
            "digits, but the digits do not follow from the answer. The same 1000 pairs teach far more when they come "
            "with them.",
        ),
        f"From λ = 0 to λ = 1 v1's answers gain {full.gap(none)} and v5's "
        f"{evidence.accuracy('weights', 'v5 1').gap(evidence.accuracy('weights', 'v5 0'))}, with one learning rate "
        f"({rate:g}) for all.",
        "Report, sections II and V. Points: corrected rounds with one learning rate for every weight; bands: 95% "
        "intervals of the means.",
        r"L = L_{\text{class}} + \lambda\,(L_{\text{left}} + L_{\text{right}})",
    )


def play(evidence: Evidence) -> None:
    """Accuracy against the weight of the auxiliary loss, or against how many digits have a label."""
    against = st.segmented_control(
        "Against", list(PLAYS), default="The weight λ", key="lesson.against", persist_state="session", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    PLAYS[against](evidence)


def _labels(evidence: Evidence) -> None:
    """Which labels there are: how many, how many wrong, until when, on which side."""
    question = st.segmented_control(
        "Labels", list(SWEEPS), default="share", key="lesson.labels", persist_state="session", required=True,
        format_func=lambda name: SWEEPS[name].title, label_visibility="collapsed",
    )  # fmt: skip
    sweep = SWEEPS[question]
    chart(label_chart(sweep, sweep.lines(), height=320), "labels")


def _weights(evidence: Evidence) -> None:
    """Accuracy against the weight."""
    weight = st.select_slider(
        "Weight λ of the auxiliary loss",
        AUXILIARY_WEIGHTS,
        1.0,
        key="lesson.weight",
        persist_state="session",
        format_func="{:g}".format,
        help="0: only the answer is taught. 1: the report. 2: each digit counts twice as much as the answer.",
    )
    scores = {
        name: {x: evidence.accuracy("weights", f"{variant} {x:g}", score) for x in AUXILIARY_WEIGHTS}
        for name, (variant, score) in LINES.items()
    }
    if not any(score.n for score in scores["v1, answer"].values()):
        return missing("weights")
    del scores["v1, digits"][0.0]  # nobody names the ten outputs there
    for column, (name, points) in zip(st.columns(3), scores.items(), strict=True):
        if weight in points:
            column.metric(name, str(points[weight]), help=f"Test accuracy at λ = {weight:g}: {points[weight].full}.")
        else:
            column.metric(name, "–", help="At λ = 0 nobody names the ten outputs, so they have no digit accuracy.")
    chart(intervals.sweep(scores, "Weight λ", "Test accuracy (%)", chosen=weight, height=320), "auxiliary")


PLAYS = {"The weight λ": _weights, "The labels": _labels}

STEP = Step(
    "Auxiliary losses",
    "Tell the tower what it sees",
    "In training we know which digits are in a pair. Say so, with a loss for each.",
    tell,
    play,
    ("auxiliary", "Turn the weight and look at the encodings"),
    live={"λ = 0": {"variant": "v1", "auxiliary": False}, "λ = 1": {"variant": "v1"}},
)
