"""The steps whose thing to play with is a chart of committed rounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.curves import Curve, learning_curves
from dashboard.lesson import charts as charts
from dashboard.lesson.sizes import chart, missing
from dashboard.shared import state

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence


def overfitting(evidence: Evidence) -> None:
    """Train and test accuracy of the base model, with an epoch to choose."""
    tables = evidence.curves("as-published", "base")
    if not tables:
        return missing("as-published")
    epochs = len(tables[0])
    epoch = st.slider("Epoch", 1, epochs, key=state.recall("lesson.epoch", epochs))
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
    figure.update_layout(shapes=[charts.upright(epoch)])
    chart(figure, "overfitting")


def sharing(evidence: Evidence) -> None:
    """Tie and untie the towers."""
    from dashboard.lesson.texts import parameters

    shared = st.toggle(
        "Share the tower",
        key=state.recall("lesson.shared", True),
        help="On: one tower reads both digits. Off: each side has a tower of its own, with its own weights.",
    )
    for column, label, value, help in zip(
        st.columns(3),
        ("Towers", "Numbers to learn", "Digits a pair gives each"),
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
    known = {name: (score.mean, score.std) for name, score in rows.items() if score.n}
    if not known:
        return missing("factorial")
    chosen = "v1, shared tower" if shared else "v1, separate towers"
    chart(charts.accuracies(known, [chosen], span=(70, 95)), "sharing")
    st.caption(f"Whiskers: one standard deviation over rounds. {chosen}: {rows[chosen].full}.")


def auxiliary(evidence: Evidence) -> None:
    """Accuracy against the weight of the auxiliary loss."""
    from pairdigits.report.sweeps import AUXILIARY_WEIGHTS

    weight = st.select_slider(
        "Weight λ of the auxiliary loss",
        AUXILIARY_WEIGHTS,
        key=state.recall("lesson.weight", 1.0),
        format_func="{:g}".format,
        help="0: only the answer is taught. 1: the report. 2: each digit counts twice as much as the answer.",
    )
    lines = {
        "v1, answer": ("v1", "test_accuracy"),
        "v1, digits": ("v1", "test_digit_accuracy"),
        "v5, answer": ("v5", "test_accuracy"),
    }
    scores = {
        name: [evidence.accuracy("weights", f"{variant} {x:g}", score) for x in AUXILIARY_WEIGHTS]
        for name, (variant, score) in lines.items()
    }
    if not any(score.n for score in scores["v1, answer"]):
        return missing("weights")
    here = AUXILIARY_WEIGHTS.index(weight)
    for column, (name, at) in zip(st.columns(3), scores.items(), strict=True):
        column.metric(name, str(at[here]), help=f"Test accuracy at λ = {weight:g}: {at[here].full}.")
    points = {name: [(score.mean, score.std) for score in at] for name, at in scores.items()}
    chart(charts.sweep(AUXILIARY_WEIGHTS, points, weight, "Weight λ"), "auxiliary")
    st.caption(
        "Whiskers: one standard deviation over rounds. At λ = 0 nobody asks for digits, so the ten outputs need "
        "not be digits, and their “digit accuracy” means little. And v5 fails without digit labels: its head sees a "
        "softmax that means nothing yet."
    )


def honesty(evidence: Evidence) -> None:
    """What one would claim after looking at the test score so many times."""
    from dashboard.lesson.quoted_rounds import best_of_last

    tables = evidence.curves("as-published", "v5")
    if not tables:
        return missing("as-published")
    epochs = len(tables[0])
    looks = st.slider(
        "Keep the best test score of the last … epochs",
        1,
        epochs,
        key=state.recall("lesson.looks", epochs),
        help="1: report the last epoch, whatever it is. 40: keep the best of all epochs, as the report did.",
    )
    claimed = [best_of_last(tables, count) for count in range(1, epochs + 1)]
    corrected = evidence.accuracy("corrected", "v5")
    columns = st.columns(3)
    columns[0].metric("Claimed", str(claimed[looks - 1]), help=f"v5, as published: {claimed[looks - 1].full}.")
    columns[1].metric("Last epoch", str(claimed[0]), help=f"The same runs without choosing: {claimed[0].full}.")
    columns[2].metric(
        "Flattery", f"{claimed[looks - 1].mean - claimed[0].mean:+.1f}", help="Claimed less last epoch, in points."
    )
    honest = corrected.mean if corrected.n else math.nan
    chart(charts.looks([claim.mean for claim in claimed], looks, honest), "honesty")
    st.caption(
        f"Siamese v5, mean over {claimed[0].n} rounds as published. No model on this curve is better than another: "
        f"they are the same runs, looked at more often. Corrected, for comparison: {corrected.full}."
    )
