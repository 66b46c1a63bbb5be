"""What every model says of one pair of digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from pairdigits.checkpoints import Checkpoint
from pairdigits.data import pool
from pairdigits.evaluation import predict, probability


@dataclass(frozen=True)
class Verdict:
    """One model's answer."""

    variant: str
    title: str
    probability: float  # P(first <= second), 0..1
    digits: np.ndarray | None  # (2, 10) float32 probabilities; None where no digits are read (base)
    swapped: float  # P(second <= first), of the exchanged pair

    @property
    def first_le_second(self) -> bool:
        """The answer."""
        return self.probability > 0.5

    @property
    def confidence(self) -> float:
        """Probability of the answer given, 0.5..1."""
        return max(self.probability, 1 - self.probability)

    @property
    def read(self) -> tuple[int, int] | None:
        """The two digits read."""
        return None if self.digits is None else tuple(int(digit) for digit in self.digits.argmax(1))

    @property
    def contradicts_digits(self) -> bool:
        """Whether the answer is not what the digits read imply: then it is the last layer."""
        return self.read is not None and self.first_le_second != (self.read[0] <= self.read[1])

    @property
    def contradicts_itself(self) -> bool:
        """Whether the exchanged pair gets an answer that cannot stand beside this one.

        Neither order being <= is always wrong; both being <= is wrong unless the digits read are equal.
        """
        back = self.swapped > 0.5
        if self.first_le_second and back:
            return self.read is not None and self.read[0] != self.read[1]
        return not self.first_le_second and not back

    def __str__(self) -> str:
        sign = "<=" if self.first_le_second else "> "
        read = "reads no digits" if self.read is None else "reads {} and {}".format(*self.read)
        return f"{self.title:11s} first {sign} second, {self.confidence:.1%} sure, {read}"


def pooled_pair(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """What the network sees of two images as MNIST has them: 2 uint8 (28, 28) -> uint8 (2, 14, 14)."""
    return (255 * pool(torch.from_numpy(np.stack([left, right])))).round().to(torch.uint8).numpy()


def verdicts(models: Mapping[str, Checkpoint], pair: np.ndarray) -> list[Verdict]:
    """Show one pair, uint8 (2, 14, 14), to every model, and to each the exchanged pair too."""
    pooled = torch.from_numpy(pair).float() / 255
    both = torch.stack([pooled, pooled.flip(0)])  # (2, 2, 14, 14)
    answers = []
    for name, checkpoint in models.items():
        prediction = predict(checkpoint.model, checkpoint.normalisation(both))
        forth, back = probability(prediction.comparison).tolist()
        digits = None if prediction.digits is None else prediction.digits[0].softmax(-1).numpy()
        answers.append(Verdict(name, checkpoint.model.variant.title, forth, digits, back))
    return answers
