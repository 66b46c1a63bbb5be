"""What every model says of one pair of digits, and what there is to say about that; nothing here draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pairdigits.checkpoints import Checkpoint
    from pairdigits.models import Variant

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
UNSURE = 0.75  # of a verdict: below this confidence the page says that the model is not sure
UNREAD = 0.5  # of a digit: below this probability nobody can say which one it is


@dataclass(frozen=True, eq=False)
class Answer:
    """What one model says of a pair, and of the same pair exchanged."""

    variant: Variant
    says: bool  # first <= second
    confidence: float  # the probability of that verdict, 0..1
    says_back: bool  # second <= first, asked with the digits exchanged
    digits: np.ndarray | None  # (2, 10) probabilities; None for the base model, which reads no digits

    @property
    def read(self) -> tuple[int, int] | None:
        """The likeliest digits."""
        return None if self.digits is None else tuple(int(digit) for digit in self.digits.argmax(1))

    @property
    def certainty(self) -> tuple[float, float] | None:
        """The probabilities of the likeliest digits."""
        return None if self.digits is None else tuple(float(p) for p in self.digits.max(1))

    @property
    def weights(self) -> np.ndarray | None:
        """How likely the pair is to be in each cell of the probe: (10, 10), [first digit, second digit]."""
        return None if self.digits is None else np.outer(*self.digits)


class Truth(NamedTuple):
    """Which digits these are."""

    digits: tuple[int, int]
    known: bool  # from MNIST's labels; otherwise it is what the models read on average

    @property
    def says(self) -> bool:
        """Whether the first is less than or equal to the second."""
        return self.digits[0] <= self.digits[1]


class Cause(Enum):
    """Why a verdict is what it is."""

    RIGHT = "right"
    LAST_LAYER = "last layer"  # digits right, verdict wrong
    MISREAD = "misread"  # digits wrong, and so is the verdict
    LUCKY = "lucky"  # digits wrong, verdict right all the same
    WRONG = "wrong"  # the base model: there are no digits to look at


def ask(models: Mapping[str, Checkpoint], left: np.ndarray, right: np.ndarray) -> list[Answer]:
    """Show every model a pair, both ways round.

    Parameters
    ----------
    models : mapping of str to Checkpoint
        In the order of the answers; they are only read.
    left, right : uint8 array (14, 14)
        What the networks see, ``round(255 * pooled)``.
    """
    import torch

    pair = torch.from_numpy(np.stack([[left, right], [right, left]])).float() / 255  # (2, 2, 14, 14)
    with torch.inference_mode():
        return [_answer(model, model.model(model.normalisation(pair))) for model in models.values()]


def _answer(checkpoint: Checkpoint, prediction) -> Answer:
    variant = checkpoint.model.variant
    says, says_back = prediction.comparison.argmax(-1).bool().tolist()
    digits = None if prediction.digits is None else prediction.digits[0].softmax(-1).numpy()
    if variant.learns_comparison:
        probability = prediction.comparison[0].softmax(-1)[1].item()
    else:  # it only compares the likeliest digits: how sure it may be is what its digits make of the comparison
        probability = float(np.triu(np.outer(*digits)).sum())
    return Answer(variant, says, probability if says else 1 - probability, says_back, digits)


def truth(answers: Sequence[Answer], labels: tuple[int | None, int | None] = (None, None)) -> Truth | None:
    """The labels where they are known, else what the models read on average; None where they cannot tell."""
    readers = [answer.digits for answer in answers if answer.digits is not None]
    average = np.mean(readers, 0) if readers else np.zeros((2, 10))
    digits = [int(p.argmax()) if label is None else label for label, p in zip(labels, average, strict=True)]
    if any(label is None and p.max() < UNREAD for label, p in zip(labels, average, strict=True)):
        return None
    return Truth((digits[0], digits[1]), None not in labels)


def cause(answer: Answer, truth: Truth | None) -> Cause:
    """Tell the last layer's mistakes from those of the tower.

    Where nobody knows the digits, a verdict is compared with what the model itself has read.
    """
    if truth is None and answer.read is not None:
        truth = Truth(answer.read, known=False)
    right = truth is None or answer.says == truth.says
    if truth is None or answer.read is None:
        return Cause.RIGHT if right else Cause.WRONG
    if answer.read == truth.digits:
        return Cause.RIGHT if right else Cause.LAST_LAYER
    return Cause.LUCKY if right else Cause.MISREAD


def contradiction(answer: Answer, truth: Truth | None) -> str | None:
    """How a model contradicts itself when the digits are exchanged, in a few words; None where it does not."""
    digits = truth.digits if truth else answer.read
    first, second = digits or ("first", "second")
    if not answer.says and not answer.says_back:
        return f"says neither {first} ≤ {second} nor {second} ≤ {first}"
    if answer.says and answer.says_back and digits and first != second:
        return f"says both {first} ≤ {second} and {second} ≤ {first}"
    return None


def percent(probability: float) -> str:
    """A probability as people read it, never a round 0% or 100%: no model is that sure."""
    if probability > 0.99:
        return ">99%"
    return "<1%" if probability < 0.01 else f"{probability:.0%}"


def sentence(answer: Answer, digits: tuple[int, int] | None) -> str:
    """The verdict in words: "Three is less than or equal to seven."."""
    first, second = (WORDS[digit] for digit in digits) if digits else ("the first", "the second")
    return f"{first.capitalize()} is {'less than or equal to' if answer.says else 'greater than'} {second}."


def explanation(answer: Answer, truth: Truth | None) -> str:
    """Why the verdict is what it is, in one or two sentences for the page."""
    title, found = answer.variant.title, cause(answer, truth)
    if answer.read is None:
        fate = "right" if found is Cause.RIGHT else "wrong, and there are no digits to tell why"
        return f"{title} sees both drawings as one image and reads no digits. Its verdict is {fate}."
    first, second = answer.read
    relation = "≤" if answer.says else ">"
    reading = f"{title} reads {first} and {second}"
    if found is Cause.LAST_LAYER:
        rightly = ", both rightly," if truth and truth.known else ""
        still = f"{reading}{rightly} and still says {first} {relation} {second}."
        if min(answer.certainty) < UNSURE:
            return f"{still} It is not sure of what it reads, and the last layer weighs the other possibilities."
        return f"{still} It is the last layer that is wrong."
    if found is Cause.MISREAD:
        return f"{reading} where {_source(truth)}: the tower misread, and the last layer can only follow."
    if found is Cause.LUCKY:
        return f"{reading} where {_source(truth)}: misread, and yet the verdict is right."
    return f"{reading}, and rightly concludes that {first} {relation} {second}."


def _source(truth: Truth) -> str:
    first, second = truth.digits
    return f"the digits are {first} and {second}" if truth.known else f"the models on average read {first} and {second}"
