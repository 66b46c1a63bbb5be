"""Step 11: what choosing on the test pairs claims, and what it is worth."""

from __future__ import annotations

import math

import streamlit as st

from dashboard.lesson import charts
from dashboard.lesson.figures import chart, missing
from dashboard.lesson.quoted_rounds import Evidence, best_of_last
from dashboard.lesson.step import Question, Step, Telling
from pairdigits.report.experiments import TABLE_II


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    split = evidence.choosing("v5")
    last = split.last.mean / 100
    best = max(TABLE_II, key=TABLE_II.__getitem__)
    error = f"{100 * math.sqrt(last * (1 - last) / 1000):.1f} points" if split.last.n else "some points"
    return Telling(
        "The report kept “the model with the best accuracy on test data” and quoted that accuracy. So the test pairs "
        f"chose the model *and* judged it. Siamese v5 as published, {split.last.n} rounds, with 200 more pairs drawn "
        f"and held out: at the last epoch, which nobody chose, {split.last}. Early stopping itself is honest: at the "
        f"epoch that the held-out pairs choose it is {split.validated}. At the epoch that the test pairs choose it "
        f"*claims* {split.claimed}, and on all ordered pairs of the test digits those very models are worth "
        f"{split.true}.\n\n"
        f"And read tables before sentences: the report's text gives “close to 98%” to v5; its own Table II gives "
        f"{TABLE_II['v5']}% to v5 and {TABLE_II[best]}% to {best}.",
        Question(
            "Why does the best of 40 looks at the test score beat the last look?",
            (
                "The model was better at that epoch, nothing more",
                "In part it is luck with these test pairs, and the maximum picks the luck",
                "Training goes on for longer",
            ),
            1,
            f"Every look has an error of its own: 1000 pairs leave a standard error of {error}. The maximum "
            "favours the looks whose error was upwards. On new pairs the chosen model does not keep that lead.",
        ),
        f"Last epoch {split.last}, chosen on held-out pairs {split.validated} (honest: {split.honest.signed}), chosen "
        f"on the test pairs {split.claimed} (claimed), the same models on all pairs {split.true}: "
        f"{split.flattery.signed} of the claim is flattery.",
        "Report, section III (early stopping). As published: 40 epochs, dropout in the first epoch only. That is "
        "inferred from the report's figures, which come out so and not otherwise.",
    )


def play(evidence: Evidence) -> None:
    """What one would claim after looking at the test score a number of times."""
    tables, split = evidence.curves("choosing", "v5"), evidence.choosing("v5")
    if not tables:
        return missing("choosing")
    epochs = len(tables[0])
    looks = st.slider(
        "Keep the best test score of the last … epochs",
        1,
        epochs,
        epochs,
        key="lesson.looks",
        persist_state="session",
        help="1: report the last epoch, whatever it is. 40: keep the best of all epochs, as the report did.",
    )
    claimed = [best_of_last(tables, count) for count in range(1, epochs + 1)]
    for column, name, score, help in zip(
        st.columns(4),
        ("Last epoch", "Held out", "Claimed", "True"),
        (split.last, split.validated, claimed[looks - 1], split.true),
        (
            "Nobody chose.",
            "At the epoch that 200 held-out pairs choose.",
            f"The best of {looks} looks at the test pairs.",
            f"The models that are the best of {epochs} looks, on all ordered pairs of the test digits.",
        ),
        strict=True,
    ):
        column.metric(name, str(score), help=f"{help} v5, as published: {score.full}.")
    levels = {"chosen on held-out pairs": split.validated, "true: on all pairs": split.true}
    chart(charts.looks(claimed, looks, levels), "honesty")


STEP = Step(
    "Honest figures",
    "How not to fool yourself",
    "Whoever looks at the test score many times and keeps the best look reports luck as skill.",
    tell,
    play,
    ("results", "Compare as published with corrected, row by row"),
    live={"corrected": {"variant": "v5"}, "as published": {"variant": "v5", "protocol": "as published"}},
)
