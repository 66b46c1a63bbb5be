"""Step 13: runs that are forked, and what becomes of both futures."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.charts import curves
from dashboard.lesson.figures import chart
from dashboard.lesson.quoted_rounds import Evidence
from dashboard.lesson.step import Question, Step, Telling
from dashboard.shared import address, teaching_data
from pairdigits.estimates import PERCENT, Estimate
from pairdigits.lessons.futures import EPOCHS, FUTURES, ROUNDS

Rounds = list[list[float]]  # test accuracies, 0..1: a list of epochs a round


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    late = EPOCHS[-1]
    gained = {name: _gained(name, late).written(signed=True, counted=False) for name in FUTURES}
    simple, poor, untied, unnamed, slower = gained.values()
    past, future = _rounds("v4 gets v5's last layer", late)
    own, _ = _rounds("v5 unties its towers", late)
    begun, itself, alone = (
        _mean(rounds, place).written(counted=False) for rounds, place in ((future, late), (past, late), (own, 0))
    )
    return Telling(
        "Two runs differ in many ways: their pairs, their first weights, their luck. A *fork* differs in one. It has "
        "its parent’s past, step for step, and from some epoch on another future, so whatever parts them then is due "
        f"to what was changed. Choose a change. The figures are means ± standard deviations of n = {ROUNDS} rounds, "
        f"forked after epoch {late} of {len(past[0])}, in percent of 1000 test pairs at the last epoch.\n\n"
        f"v4’s tower under v5’s last layer, which begins anew: {simple} points against v4 itself; under v1’s: "
        f"{poor}. v5 with its towers untied: {untied} points against v5; without the auxiliary losses "
        f"from there on: {unnamed}; at a tenth of the learning rate: {slower}.",
        Question(
            f"After epoch {late} v4’s tower is handed to v5’s last layer, which knows nothing yet. One epoch later, "
            "how well does it compare?",
            (
                "No better than v5 after its own first epoch",
                "Far better than that, and far from v4",
                "As well as v4: the tower reads the digits already",
            ),
            1,
            f"{begun} percent of the test pairs are compared rightly then; v5 has {alone} after its own first epoch, "
            f"v4 {itself} in this one (n = {ROUNDS} each). The tower reads digits already, so the new layer learns "
            "fast; but it has to learn what v4 knows by construction.",
        ),
        f"Against the run that they left, forks after epoch {late} end here, in points (n = {ROUNDS} rounds): "
        + "; ".join(f"{name} {points}" for name, points in gained.items())
        + ".",
        "Ours; the report’s settings, corrected.",
    )


def play(evidence: Evidence) -> None:
    """A past, and both of its futures."""
    left, right = st.columns([3, 1])
    name = left.selectbox("What is changed", list(FUTURES), **address.bound("future", FUTURES), persist_state="session")
    epoch = right.segmented_control(
        "After epoch", EPOCHS, default=EPOCHS[-1], **address.bound("forked", EPOCHS), required=True,
        persist_state="session",
    )  # fmt: skip
    past, future = _rounds(name, epoch)
    figures = (
        ("As it went on, %", _mean(past).written(counted=False), f"{FUTURES[name][0]} itself, at the last epoch."),
        ("Forked, %", _mean(future).written(counted=False), "The fork at the last epoch."),
        ("Difference", _gained(name, epoch).written(signed=True, counted=False), "In points, round by round."),
    )
    for column, (title, value, help) in zip(st.columns(3), figures, strict=True):
        column.metric(title, value, help=f"{help} Mean ± standard deviation of {len(past)} rounds.")
    shown = [
        curves.Curve(f"{FUTURES[name][0]} as it went on", [_records(one) for one in past], epochs=len(past[0])),
        curves.Curve("forked", [_records(one)[epoch - 1 :] for one in future]),
    ]
    figure = curves.learning_curves(shown, splits=("test",), height=320, cursor=epoch)
    chart(figure, "forked", revision=f"{name} {epoch}")


def _rounds(name: str, epoch: int) -> tuple[Rounds, Rounds]:
    """Of the run as it went on, and of its fork."""
    lesson = teaching_data.prepared("futures")
    return lesson["pasts"][FUTURES[name][0]], lesson["futures"][name][str(epoch)]


def _records(accuracies: list[float]) -> list[dict[str, Any]]:
    return [{"epoch": epoch, "test_accuracy": one} for epoch, one in enumerate(accuracies, start=1)]


def _mean(rounds: Rounds, place: int = -1) -> Estimate:
    """In percent, at a place in the list of epochs."""
    return Estimate.of((100 * one[place] for one in rounds), PERCENT)


def _gained(name: str, epoch: int) -> Estimate:
    """What a fork ends above the run that it left, in points, round by round."""
    past, future = _rounds(name, epoch)
    return Estimate.of(100 * (new[-1] - old[-1]) for old, new in zip(past, future, strict=True))


STEP = Step(
    "Fork",
    "One past, two futures",
    "To see what a choice does, change it alone: fork a run, and keep its past.",
    tell,
    play,
    ("train", "Fork a run of your own, at any epoch"),
)
