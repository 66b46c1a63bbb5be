"""Step 12: a simulator of peeking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.lesson.figures import presenting
from dashboard.lesson.step import Question, Step, Telling
from dashboard.shared import fool_yourself

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence

REPORT = (20, 1, 1, 1000)  # looks, settings, seeds, test pairs
EAGER = (20, 4, 5, 200)


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    report, eager, once = (fool_yourself.simulate(*habits) for habits in (REPORT, EAGER, (1, 1, 1, 1000)))
    return Telling(
        "Choose how you work: how often you look at the test score, how many settings and seeds you try, how many test "
        "pairs you have. Every look has luck of its own, and the best look has the best luck. Look once, at one run, "
        f"and the claim is off by {once.luck:+.2f} points on average. Look {REPORT[0]} times, half as often as the "
        f"report did, and {report.luck:.2f} points of the claim are luck.",
        Question(
            "Which habit keeps the claim closest to the truth?",
            ("More seeds to choose from", "More test pairs, and one look", "More epochs to choose from"),
            1,
            "More to choose from means more luck to choose. More test pairs make each look’s luck smaller, and one "
            "look leaves nothing to choose. Whoever must choose does it on pairs that are kept apart for that.",
        ),
        f"{REPORT[0]} looks at one run on 1000 pairs: {report.claimed:.2f}% claimed, {report.true:.2f}% true. "
        f"{EAGER[0] * EAGER[1] * EAGER[2]} looks on {EAGER[3]} pairs: {eager.claimed:.2f}% claimed, "
        f"{eager.true:.2f}% true.",
        f"Ours: means of {report.draws} draws from {fool_yourself.CELLS * fool_yourself.SEEDS} committed runs of v5, "
        "corrected.",
    )


def play(evidence: Evidence) -> None:
    """The simulator."""
    fool_yourself.draw("lesson.peeking", fill=presenting())


STEP = Step(
    "Fool yourself",
    "How often did you look?",
    "The best of many looks is the luckiest, not the best.",
    tell,
    play,
    ("results", "Split the gap with more room"),
)
