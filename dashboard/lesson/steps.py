"""The nine steps of the lesson, in the order of the report's own argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dashboard.lesson import model_steps, round_steps, texts
from dashboard.lesson.step_text import Telling

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence


@dataclass(frozen=True)
class Step:
    """One idea, one thing to play with, one question."""

    name: str  # in the row of links
    title: str
    idea: str  # one sentence
    tell: Callable[[Evidence], Telling]
    show: Callable[[Evidence], None]  # draws the thing to play with
    further: tuple[str, str]  # a page that goes deeper: its file in views, and what to do there
    live: Mapping[str, dict] = field(default_factory=dict)  # runs to train here and now: label -> arguments of `preset`


STEPS = (
    Step(
        "Task",
        "Which digit is larger?",
        "Two small images of handwritten digits and one question: is the first less than or equal to the second?",
        texts.task,
        model_steps.game,
        ("sketch", "Draw a pair yourself and ask every model"),
    ),
    Step(
        "Overfitting",
        "The base model learns its examples by heart",
        "A network that sees both digits as one picture has to learn every combination of digits from few examples.",
        texts.overfitting,
        round_steps.overfitting,
        ("train", "Train it with other settings"),
        {"base": {"variant": "base"}},
    ),
    Step(
        "Sharing",
        "One tower for both digits",
        "A seven is a seven on either side: read both digits with the same weights.",
        texts.sharing,
        round_steps.sharing,
        ("sharing", "See the shared tower from inside"),
        {
            "shared": {"variant": "v1", "auxiliary": False},
            "separate": {"variant": "v1", "auxiliary": False, "shared": False},
        },
    ),
    Step(
        "Auxiliary losses",
        "Tell the tower what it sees",
        "In training we know which digits are in a pair. Say so, with a loss for each of them.",
        texts.auxiliary,
        round_steps.auxiliary,
        ("auxiliary", "Turn the weight and look at the encodings"),
        {"λ = 0": {"variant": "v1", "auxiliary": False}, "λ = 1": {"variant": "v1"}},
    ),
    Step(
        "The paradox",
        "The digits are right and the answer is wrong",
        "The tower reads new digits well, yet the comparison of what it read fails: something is lost in the last "
        "layer.",
        texts.paradox,
        model_steps.paradox,
        ("results", "Compare the curves of Figure 1"),
        {"v2": {"variant": "v2"}, "v4": {"variant": "v4"}},
    ),
    Step(
        "Last layer",
        "Open the last layer",
        "Feed the last layer readings that we make up, one for each of the 100 pairs of digits, and see what it "
        "answers.",
        texts.last_layer,
        model_steps.last_layer,
        ("probe", "Probe every model, cell by cell"),
        {"v1": {"variant": "v1"}},
    ),
    Step(
        "Three remedies",
        "Softmax, one more layer, or no layer at all",
        "A layer that adds up needs every reading of a digit to weigh the same. There are three ways to get there.",
        texts.remedies,
        model_steps.remedies,
        ("probe", "Compare the last layers side by side"),
        {"v5": {"variant": "v5"}, "v6": {"variant": "v6"}},
    ),
    Step(
        "How far it goes",
        "Write the comparison down instead of learning it",
        "Whatever we know for certain need not be learned: give the model the rule, and let it learn the rest.",
        texts.further,
        model_steps.further,
        ("results", "See all results past the report"),
        {"v7": {"variant": "v7"}, "v5": {"variant": "v5"}},
    ),
    Step(
        "Honest figures",
        "How not to fool yourself",
        "Whoever looks at the test score many times and keeps the best look reports luck as skill.",
        texts.honesty,
        round_steps.honesty,
        ("results", "Compare as published with corrected, row by row"),
        {"corrected": {"variant": "v5"}, "as published": {"variant": "v5", "protocol": "as published"}},
    ),
)
