"""Step 10: the square of morphing digits under every model."""

from __future__ import annotations

from dashboard.lesson.quoted_rounds import Evidence
from dashboard.lesson.step import Question, Step, Telling
from dashboard.shared import morphing


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    unsure = morphing.doubt("best")
    listed = ", ".join(f"{name} {share:.0%}" for name, share in sorted(unsure.items(), key=lambda one: one[1]))
    return Telling(
        "A 3 turns into a 5 from left to right, a 4 into a 6 from bottom to top; every point of a square is a pair, "
        "and its grey is how sure a model is that first ≤ second. Only in one corner is the answer no: 5 and 4. Drag "
        "the point over the edge and watch which models change their minds at once, and which hesitate.\n\n"
        f"Share of the square where a model commits itself to neither answer: {listed}.",
        Question(
            "Why has v4 no grey at all?",
            (
                "It is the most accurate model",
                "It compares two digits that it has decided on: there is nothing between yes and no",
                "It was trained for longer",
            ),
            1,
            "Its tower may waver, but the comparison sees the likeliest digit only. v7 adds up all pairs of digits "
            "that the tower thinks possible, so its doubt is the tower’s own.",
        ),
        f"Between 10% and 90% lies this share of the square: {listed}.",
        "Ours, on the models of the best recipe: 41 × 41 pairs of morphed test digits.",
        r"P(\text{first} \le \text{second}) = \sum_{i \le j} p_i\, q_j \quad \text{(v7)}",
    )


def play(evidence: Evidence) -> None:
    """The squares."""
    morphing.draw(full=False)


STEP = Step(
    "Landscape",
    "Between two digits",
    "What is half a 3 and half a 5 shows how a model compares.",
    tell,
    play,
    ("probe", "Choose other digits, or draw your own"),
)
