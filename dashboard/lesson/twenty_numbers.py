"""Step 7: a last layer set by hand, behind raw logits and behind a softmax."""

from __future__ import annotations

from dashboard.lesson import model_facts
from dashboard.lesson.quoted_rounds import Evidence
from dashboard.lesson.step import Question, Step, Telling
from dashboard.shared import head_by_hand
from pairdigits.by_hand import staircase


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    preset = model_facts.preset()
    stairs, trained = (
        {variant: f"{head_by_hand.accuracy(preset, variant, numbers):.1%}" for variant in head_by_hand.GIVEN}
        for numbers in (staircase(), None)
    )
    return Telling(
        "A number for each first digit, one for each second, and a constant: is that enough to compare? Press "
        "*Perfect staircase*: every next first digit takes off what every next second digit adds, and the sum is "
        "positive exactly where first ≤ second. All 100 ideal signals are right. Now look at the real test pairs: "
        f"the same numbers get {stairs['v1']} behind v1’s raw logits and {stairs['v5']} behind v5’s softmax. Then do "
        "better: move single bars, or draw across them.",
        Question(
            f"The staircase is a perfect step, and yet v1’s trained head does better on real pairs ({trained['v1']}). "
            "Why?",
            (
                "Twenty numbers are too few to make the step",
                "Raw logits are no clear signals: all ten values speak, each as loudly as it happens to",
                "The staircase was trained for too short a time",
            ),
            1,
            "The staircase is right for clear signals, and a softmax makes readings clear: behind it the same numbers "
            f"reach {stairs['v5']}, and v5’s own trained head {trained['v5']}. On raw logits each of the ten "
            "values counts, in amounts that differ from image to image, and training finds a compromise for those.",
        ),
        f"One staircase of 21 numbers, no ideal signal wrong: {stairs['v1']} of real pairs behind raw logits (trained "
        f"head {trained['v1']}), {stairs['v5']} behind a softmax (trained head {trained['v5']}).",
        "Ours, on the committed models; all ordered pairs of MNIST’s 10,000 test digits.",
        r"\sum_{i=0}^{9} a_i\, x_i + \sum_{j=0}^{9} b_j\, y_j + c > 0",
    )


def play(evidence: Evidence) -> None:
    """The bars."""
    head_by_hand.draw("lesson.by_hand")


STEP = Step(
    "By hand",
    "Set the last layer by hand",
    "A sum of twenty numbers can make the step, if what it adds up is clear.",
    tell,
    play,
    ("probe", "Set it with more room, and look at every model's cells"),
)
