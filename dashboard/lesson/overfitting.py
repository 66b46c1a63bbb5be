"""Step 2: the base model, and what it learns by heart."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.curves import Curve, learning_curves
from dashboard.charts.intervals import upright
from dashboard.lesson.figures import chart, missing
from dashboard.lesson.model_facts import parameters
from dashboard.lesson.quoted_rounds import Evidence
from dashboard.lesson.step import Question, Step, Telling
from pairdigits.report.experiments import TABLE_I


def tell(evidence: Evidence) -> Telling:
    """The step in words."""

    def at(split: str, epoch: int = -1):
        return evidence.at_epoch("as-published", "base", f"{split}_accuracy", epoch)

    train, test = at("train"), at("test")
    return Telling(
        f"The base model is LeNet with two input channels, one for each digit: {parameters('base')} trainable numbers. "
        "There are 100 combinations of two digits, so 1000 pairs hold about ten examples of each. It learns those by "
        f"heart: after 40 epochs it compares {train} of its training pairs rightly, and {test} of new ones. Nobody "
        "told it that there are two digits, nor that a seven looks the same on the left and on the right.\n\n"
        f"Figure in the report: {TABLE_I['base']}%. Ours, counted in the same way, is the highest of each round's 40 "
        f"epochs and not the last: {evidence.accuracy('as-published', 'base').full}.",
        Question(
            "The training accuracy still climbs at the end. What do the last 20 of the 40 epochs do to the test "
            "accuracy?",
            ("They raise it as well", "Next to nothing", "They lower it to chance"),
            1,
            f"After 20 epochs the test accuracy is {at('test', 20)}, after 40 it is {test}; in training it went from "
            f"{at('train', 20)} to {train}. What the model still learns is particular to its 1000 pairs. That is "
            "overfitting.",
        ),
        f"The curves part: at the last epoch {train} of the training pairs are compared rightly and {test} of new "
        f"ones, a gap of {train.gap(test)} learnt by heart.",
        "Report, sections II and V, Table I. Curves: mean and standard deviation of the rounds as published.",
    )


def play(evidence: Evidence) -> None:
    """Train and test accuracy of the base model, with an epoch to choose."""
    tables = evidence.curves("as-published", "base")
    if not tables:
        return missing("as-published")
    epochs = len(tables[0])
    epoch = st.slider("Epoch", 1, epochs, epochs, key="lesson.epoch", persist_state="session")
    train, test = (evidence.at_epoch("as-published", "base", f"{split}_accuracy", epoch) for split in ("train", "test"))
    for column, label, value, help in zip(
        st.columns(3),
        ("Training pairs", "New pairs", "Gap"),
        (f"{train.mean:.1f}%", f"{test.mean:.1f}%", f"{train.mean - test.mean:.1f}"),
        (
            f"Accuracy on the 1000 pairs that it learns from, after epoch {epoch}: mean of {train.n} rounds.",
            f"Accuracy on 1000 test pairs, after epoch {epoch}: mean of {test.n} rounds.",
            "In percentage points. What is learnt by heart does not carry over.",
        ),
        strict=True,
    ):
        column.metric(label, value, help=help)
    figure = learning_curves([Curve("Base", tables)], height=330)
    figure["layout"]["shapes"] = [upright(epoch)]
    chart(figure, "overfitting")


STEP = Step(
    "Overfitting",
    "The base model learns its examples by heart",
    "Seeing both digits as one picture, it has to learn every combination of digits from few examples.",
    tell,
    play,
    ("train", "Train it with other settings"),
    live={"base": {"variant": "base"}},
)
