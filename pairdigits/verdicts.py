"""What every model says of one pair of digits, and what there is to say about that; nothing here draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pairdigits.cells import contradicts

if TYPE_CHECKING:
    from pairdigits.checkpoints import Checkpoint
    from pairdigits.models import Prediction, Variant

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
UNSURE = 0.75  # of a verdict: below this confidence the page says that the model is not sure


Pair = tuple[np.ndarray, np.ndarray]  # two uint8 arrays (14, 14): what the networks see, round(255 * pooled)


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
        if self.digits is None:
            return None
        first, second = self.digits.argmax(1).tolist()
        return first, second

    @property
    def certainty(self) -> tuple[float, float] | None:
        """The probabilities of the likeliest digits."""
        if self.digits is None:
            return None
        first, second = self.digits.max(1).tolist()
        return first, second

    @property
    def weights(self) -> np.ndarray | None:
        """How likely the pair is to be in each cell of the probe: (10, 10), [first digit, second digit]."""
        return None if self.digits is None else np.outer(*self.digits)


class Reference(NamedTuple):
    """Which digits a verdict is held against."""

    digits: tuple[int, int]
    known: bool  # from labels; otherwise it is what most models read, which may be anything

    @property
    def says(self) -> bool:
        """Whether the first is less than or equal to the second."""
        return self.digits[0] <= self.digits[1]


class Finding(Enum):
    """What there is to say of a verdict; of digits that nobody has labelled, never that it is right or wrong."""

    FOLLOWS = "follows"  # from the digits it was held against
    LAST_LAYER = "last layer"  # these digits read, and the opposite said
    OTHER_READINGS = "other readings"  # the same without a last layer: its less likely digits outweighed
    MISREAD = "misread"  # other digits read, and the opposite said
    LUCKY = "lucky"  # other digits read, and the same said
    OPPOSITE = "opposite"  # the base model: there are no digits to look at


def ask(models: Mapping[str, Checkpoint], left: np.ndarray, right: np.ndarray) -> list[Answer]:
    """Show every model a pair, both ways round.

    Parameters
    ----------
    models : mapping of str to Checkpoint
        In the order of the answers; they are only read.
    left, right : array (14, 14), uint8
        255 * pooled, as the Sketch page and photos have them.

    Returns
    -------
    list of Answer, one a model
    """
    return ask_all(models, [(left, right)])[0]


def ask_all(models: Mapping[str, Checkpoint], pairs: Sequence[Pair]) -> list[list[Answer]]:
    """Show every model some pairs: the answers of a `Jury` of these models."""
    return Jury(models)(pairs)


class Jury:
    """Models that are shown the same pairs, both ways round, all at once.

    Parameters
    ----------
    models : mapping of str to Checkpoint
        In the order of the answers; they are only read.
    """

    def __init__(self, models: Mapping[str, Checkpoint]):
        from pairdigits.models import SiameseNet, siamese
        from pairdigits.side_by_side import Remembered, SideBySide
        from pairdigits.towers import Tower

        self._models = models
        shared = {name: one for name, one in models.items() if isinstance(one.model, SiameseNet) and one.model.shared}
        self._shared = {name: siamese(one.model) for name, one in shared.items()}
        towers = [tower for model in self._shared.values() for tower in model.towers if isinstance(tower, Tower)]
        normalisations = [one.normalisation for one in shared.values()]
        self._towers = Remembered(SideBySide(towers, normalisations)) if towers else None

    def __call__(self, pairs: Sequence[Pair]) -> list[list[Answer]]:
        """A list of answers for each pair, of at least one."""
        import torch

        digits = [image for pair in pairs for image in pair]
        images = torch.from_numpy(np.stack(digits)).float() / 255  # (2 N, 14, 14)
        other = torch.arange(len(images)) ^ 1  # the other digit of the same pair: every digit is first once
        with torch.inference_mode():
            said = {}
            if self._towers:
                for (name, model), first in zip(self._shared.items(), self._towers(digits), strict=True):
                    said[name] = model.predict(first, type(first)(*(part[other] for part in first)))
            both = torch.stack([images, images[other]], 1)  # (2 N, 2, 14, 14)
            for name, one in self._models.items():
                if name not in said:
                    said[name] = one.model(one.normalisation(both))
        columns = [_answers(one, said[name]) for name, one in self._models.items()]
        return [list(row) for row in zip(*columns, strict=True)]


def _answers(checkpoint: Checkpoint, prediction: Prediction) -> list[Answer]:
    variant, found = checkpoint.model.variant, []
    says = prediction.comparison.argmax(-1).bool().tolist()
    probabilities = prediction.comparison.softmax(-1)[:, 1].tolist()
    digits = None if prediction.digits is None else prediction.digits.softmax(-1).numpy()
    for there, back in zip(range(0, len(says), 2), range(1, len(says), 2), strict=True):
        read, probability = None if digits is None else digits[there], probabilities[there]
        if (
            read is not None and not variant.learns_comparison
        ):  # how sure it may be is what its digits make of the comparison
            probability = float(np.triu(np.outer(*read)).sum())
        found.append(Answer(variant, says[there], probability if says[there] else 1 - probability, says[back], read))
    return found


def reference(answers: Sequence[Answer], labels: tuple[int | None, int | None] = (None, None)) -> Reference | None:
    """The labels where they are known, else what more than half of the models read; None where no digit is that."""
    read = [answer.read for answer in answers if answer.read]
    digits = []
    for side, label in enumerate(labels):
        counts = np.bincount([pair[side] for pair in read], minlength=10)
        if label is None and 2 * counts.max() <= len(read):
            return None
        digits.append(int(counts.argmax()) if label is None else label)
    return Reference((digits[0], digits[1]), None not in labels)


def finding(answer: Answer, held: Reference | None) -> Finding:
    """Tell what a head makes of its digits from what the tower makes of the drawings.

    Without a reference, a verdict is compared with what the model itself has read.
    """
    if held is None:
        if answer.read is None:
            return Finding.FOLLOWS
        held = Reference(answer.read, known=False)
    follows = answer.says == held.says
    if answer.read is None:
        return Finding.FOLLOWS if follows else Finding.OPPOSITE
    if answer.read != held.digits:
        return Finding.LUCKY if follows else Finding.MISREAD
    if follows:
        return Finding.FOLLOWS
    return Finding.LAST_LAYER if answer.variant.trains_head else Finding.OTHER_READINGS


def contradiction(answer: Answer, held: Reference | None) -> str | None:
    """How a model contradicts itself when the digits are exchanged, in a few words; None where it does not."""
    digits = held.digits if held else answer.read
    first, second = digits or ("first", "second")
    if not contradicts(answer.says, answer.says_back, digits is None or first == second):
        return None
    both = f"{first} ≤ {second}", f"{second} ≤ {first}"
    return "says both {} and {}".format(*both) if answer.says else "says neither {} nor {}".format(*both)


def percent(probability: float) -> str:
    """A probability as people read it, never a round 0% or 100%: no model is that sure."""
    if probability > 0.99:
        return ">99%"
    return "<1%" if probability < 0.01 else f"{probability:.0%}"


def sentence(answer: Answer, digits: tuple[int, int] | None) -> str:
    """The verdict in words: "Three is less than or equal to seven."."""
    first, second = (WORDS[digit] for digit in digits) if digits else ("the first", "the second")
    return f"{first.capitalize()} is {'less than or equal to' if answer.says else 'greater than'} {second}."


def explanation(answer: Answer, held: Reference | None) -> str:
    """Why the verdict is what it is, in one to three sentences for the page."""
    title, found, known = answer.variant.title, finding(answer, held), held is not None and held.known
    if answer.read is None:
        start = f"{title} sees both drawings as one image and reads no digits."
        if held is None:
            return start
        if known:
            fate = "right" if found is Finding.FOLLOWS else "wrong, and there are no digits to tell why"
            return f"{start} Its verdict is {fate}."
        relation = "agrees with" if found is Finding.FOLLOWS else "is the opposite of"
        return f"{start} Its verdict {relation} what most models read: {_pair(held.digits)}."
    first, second = answer.read
    digits = held.digits if held else answer.read
    concluded = f"{first} {'≤' if answer.says else '>'} {second}"
    reading = f"{title} reads {_pair(answer.read)}"
    if found is Finding.FOLLOWS:
        return f"{reading}, and{' rightly' if known else ''} says {concluded}."
    if found in (Finding.LAST_LAYER, Finding.OTHER_READINGS):
        still = f"{reading}{', both rightly,' if known else ''} and still says {concluded}."
        if found is Finding.OTHER_READINGS:
            return f"{still} No last layer is to blame: the less likely digits together outweigh the likeliest."
        if answer.certainty and min(answer.certainty) < UNSURE:
            return f"{still} It is not sure of what it reads, and the last layer weighs the other possibilities."
        return f"{still} The tower is not to blame: it is the last layer."
    if not known:
        return f"{reading}, where most models read {_pair(digits)}; it says {concluded}."
    instead = f"{reading} where the digits are {_pair(digits)}"
    if found is Finding.LUCKY:
        return f"{instead}: misread, and yet the verdict is right."
    blamed = "the last layer can only follow" if answer.variant.trains_head else "the comparison can only follow"
    return f"{instead}: the tower misread, and {blamed}."


def _pair(digits: tuple[int, int]) -> str:
    return f"{digits[0]} and {digits[1]}"
