"""What a run leaves behind: a record of each epoch, and what it came to."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, NamedTuple, TypedDict

from pairdigits.choices import PUBLISHED
from pairdigits.config import RunConfig
from pairdigits.evaluation import Scores


class OwnPair(TypedDict):
    """What a model says of a visitor's own pair."""

    probability: float  # P(first <= second)
    digits: list[list[float]] | None  # (2, 10) probabilities; None for base


@dataclass(frozen=True)
class EpochRecord:
    """What one epoch came to; every score is measured after it, without dropout."""

    epoch: int  # from 1
    seconds: float  # training and scoring
    train: Scores
    validation: Scores | None
    test: Scores | None
    probe: list[list[float | None]]  # 10x10 P(first <= second), the variant's first kind; None where unknown
    confusion: list[list[int]] | None  # 10x10 training digits by output that they were read as; None for base
    own_pair: OwnPair | None

    def merit(self, protocol: str) -> float:
        """What a run chooses its epoch by; of equals it keeps the first.

        The accuracy on the test pairs ("as published") or on the validation pairs ("corrected"); where there are none,
        the epoch's number, so that the last one is kept.
        """
        scores = self.test if protocol == PUBLISHED else self.validation
        return scores.accuracy if scores else self.epoch

    def to_dict(self) -> dict[str, Any]:
        """Every field as JSON has it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> EpochRecord:
        """Read what `to_dict` wrote."""
        scores: dict[str, Any] = {
            name: Scores(**fields[name]) for name in ("train", "validation", "test") if fields.get(name)
        }
        known: dict[str, Any] = {field.name: fields.get(field.name) for field in dataclasses.fields(cls)}
        return cls(**(known | scores))

    def flat(self) -> dict[str, Any]:
        """The numbers of an epoch by name, `train_accuracy` and so on; None where something was not measured."""
        row: dict[str, Any] = {"epoch": self.epoch, "seconds": self.seconds}
        for split in ("train", "validation", "test"):
            scores = getattr(self, split)
            for field in dataclasses.fields(Scores):
                row[f"{split}_{field.name}"] = getattr(scores, field.name) if scores else None
        return row


@dataclass(frozen=True)
class Outcome:
    """What a run came to: the scores of its chosen model."""

    epoch: int  # the chosen one
    validation_accuracy: float | None  # 0..1, as all accuracies
    test_accuracy: float
    test_digit_accuracy: float | None
    all_pairs_accuracy: float | None  # over all ordered pairs of the 10,000 test digits; base: 20,000 drawn pairs
    last_test_accuracy: float | None  # of the last epoch, where the test pairs were watched
    contradictions: float  # share of test pairs whose verdict contradicts that of the exchanged pair
    wrong_cells: dict[str, int]  # of 100, by kind of probe
    seconds: float  # of all epochs
    kernel: bool | None = None  # whether our own kernel made the convolutions (`pairdigits.fused`); None: not noted

    def to_dict(self) -> dict[str, Any]:
        """Every field as JSON has it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Outcome:
        """Read what `to_dict` wrote; what an older version did not measure is None."""
        known: dict[str, Any] = {field.name: fields.get(field.name) for field in dataclasses.fields(cls)}
        return cls(**known)


class Completed(NamedTuple):
    """A run that has been trained to its end."""

    config: RunConfig
    outcome: Outcome
    records: list[EpochRecord]
    model: bytes  # a safetensors file, see `pairdigits.checkpoints`
