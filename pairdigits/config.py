"""Every choice of one training run, validated."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from pairdigits.augmentation import Augmentation, shown
from pairdigits.choices import CORRECTED, PUBLISHED
from pairdigits.fields import CHOICES, LATER, NUMBERS, SAME_IN_FORKS
from pairdigits.models import VARIANTS, PairNet, build
from pairdigits.packed_pairs import unpack_pair


class ConfigError(ValueError):
    """A run cannot be made as asked; the message has one sentence for each field that is wrong."""


@dataclass(frozen=True)
class RunConfig:
    """Every choice of one run; the same object behind the form, the command line, the store and the checkpoint.

    Raises
    ------
    ConfigError
        If a field is not what its row in `pairdigits.fields` allows, or two do not fit together; a sentence for each.
    """

    variant: str = "v5"  # a key of VARIANTS
    shared: bool = True  # one tower for both digits, or a separate one for each (no difference to base)
    auxiliary_weight: float = 1.0  # of the digits' losses, 0..10; 0 = off, 1 = the report
    learning_rate: float = 0.01  # 1e-6..1, the peak under "one-cycle"
    weight_decay: float = 0.01  # 0..1; adam: L2 on everything (the report), adamw: decoupled, matrices only
    optimiser: str = "adam"  # adam, adamw
    schedule: str = "constant"  # constant; one-cycle: linear warm-up over 20% of the steps, then cosine to 0
    epochs: int = 40  # 1..1000
    batch_size: int = 64  # pairs, 1..4096
    train_pairs: int = 1000  # drawn from MNIST's training digits, 10..30,000
    validation_pairs: int = 200  # of those, held out; corrected: they choose the epoch, 0 keeps the last one
    test_pairs: int = 1000  # drawn from MNIST's test digits, 10..5,000
    balance: str = "none"  # none, over, under: make both classes equally many among the training pairs
    shuffle: str = "none"  # none (the report), pairs, or digits: new pairs of the same digits every epoch
    dropout_flat: float = 0.25  # on the flattened feature maps, 0..0.95
    dropout_encoding: float = 0.5  # on the encoding, 0..0.95
    label_smoothing: float = 0.0  # of the digits' labels while training, 0..0.5
    augmentation: Augmentation | None = None  # warps the training images anew every epoch
    protocol: str = CORRECTED  # "as published": dropout in the first epoch only, the epoch chosen on the test pairs
    watch_test: bool = True  # score the test pairs after every epoch too; under "corrected" only to look at
    data_seed: int = 0  # draws the pairs, 0..2**31-1
    init_seed: int = 0  # draws the weights, dropout, shuffling and augmentation, 0..2**31-1
    device: str = "auto"  # auto, cpu, cuda, mps
    own_pair: str = ""  # a packed pair of images (`pairdigits.packed_pairs`) scored after every epoch
    labelled: float = 1.0  # share of the training digits whose labels the auxiliary loss may see, 0..1
    labelled_side: str = "both"  # both, left, right: the side of the pairs on which digits are labelled
    wrong_labels: float = 0.0  # share of those labels that are wrong, 0..0.5
    learn_temperature: bool = False  # of the softmax that is compared (v5, v7); it is 1 otherwise
    prior_weight: float = 0.0  # of the wish that all ten outputs are used (v5, v7), 0..10; fades over the epochs
    auxiliary_until: int = 0  # the last epoch with the auxiliary loss, 0..1000; 0 keeps it on
    fork: Fork | None = None  # the run whose past this one shares; None begins with new weights

    def __post_init__(self) -> None:
        object.__setattr__(self, "augmentation", _augmentation(self.augmentation))
        object.__setattr__(self, "fork", _fork(self.fork))
        if problems := self._problems():
            raise ConfigError(" ".join(problems))

    def _problems(self) -> list[str]:
        found = [
            f"{_words(name)} is {shown(value)}: choose one of {', '.join(options.values)}."
            for name, options in CHOICES.items()
            if (value := getattr(self, name)) not in options.values
        ]
        for name, (low, high, *_) in NUMBERS.items():
            value, kind = getattr(self, name), type(getattr(RunConfig, name))
            fits = isinstance(value, int if kind is int else (int, float)) and not isinstance(value, bool)
            if not (fits and low <= value <= high):
                number = "whole number" if kind is int else "number"
                found.append(f"{_words(name)} is {shown(value)}: give a {number} from {low:,} to {high:,}.")
        for name in ("shared", "watch_test", "learn_temperature"):
            if not isinstance(getattr(self, name), bool):
                found.append(f"{_words(name)} is {shown(getattr(self, name))}: give true or false.")
        if self.augmentation is not None:
            found += self.augmentation.problems()
        try:
            if self.own_pair != "":
                unpack_pair(self.own_pair)
        except ValueError as error:
            found.append(f"Own pair: {error}")
        return found or self._contradictions()

    def _contradictions(self) -> list[str]:
        variant, found = VARIANTS[self.variant], []
        if not variant.siamese and self.auxiliary_weight:
            found.append(f"The {variant.title.lower()} model reads no digits: give it an auxiliary weight of 0.")
        if not variant.learns_comparison:
            if not self.auxiliary_weight or self.auxiliary_until:
                found.append(
                    f"{variant.title} learns from its digits only: give it an auxiliary weight above 0, to the end."
                )
            if not self.labelled:
                found.append(f"{variant.title} learns from its digits only: label some of them.")
        if self.learn_temperature and not variant.compares_softmaxes:
            found.append(f"{variant.title} compares no softmaxes: there is no temperature to learn.")
        if self.prior_weight and not variant.compares_softmaxes:
            found.append(f"{variant.title} compares no softmaxes: give it a prior weight of 0.")
        if self.validation_pairs >= self.train_pairs:
            found.append("Validation pairs are taken out of the training pairs: give fewer of them.")
        if self.protocol == PUBLISHED and not self.watch_test:
            found.append('"As published" chooses its epoch on the test pairs: watch the test.')
        return found + (self.fork.problems(self) if self.fork else [])

    @property
    def key(self) -> str:
        """The same for the same choices: 16 hexadecimal digits.

        A choice that came later counts only where it is made: runs of older versions keep their keys.
        """
        unmade = {name for name in LATER if getattr(self, name) == getattr(RunConfig, name)}
        fields = {name: value for name, value in self.to_dict().items() if name not in unmade}
        if self.fork:
            fields["fork"] = [self.fork.parent.key, self.fork.epoch]
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]

    def auxiliary_at(self, epoch: int) -> float:
        """Weight of the digits' losses in an epoch, counted from 1."""
        return 0.0 if 0 < self.auxiliary_until < epoch else self.auxiliary_weight

    def dropout_at(self, epoch: int) -> tuple[float, float]:
        """Rates on the flattened maps and on the encoding in an epoch, counted from 1."""
        dropped = self.protocol == CORRECTED or epoch == 1
        return (self.dropout_flat, self.dropout_encoding) if dropped else (0.0, 0.0)

    def build(self) -> PairNet:
        """The untrained model; its weights come from torch's global random numbers."""
        return build(self.variant, self.shared, self.learn_temperature)

    def to_dict(self) -> dict[str, Any]:
        """Every field as JSON has it."""
        fields = vars(self)  # all but two are numbers and words, which `asdict` would take ten times as long to copy
        parts = {name: fields[name] and dataclasses.asdict(fields[name]) for name in ("augmentation", "fork")}
        return fields | parts

    def to_json(self) -> str:
        """Every field, as one line of JSON."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, fields: object) -> RunConfig:
        """Read what `to_dict` wrote, by this version or an older one: missing fields take their defaults.

        Raises
        ------
        ConfigError
            If a field is unknown or out of its range.
        """
        if not isinstance(fields, dict):
            raise ConfigError("A run's configuration is an object of named fields.")
        if unknown := sorted(map(str, fields.keys() - {field.name for field in dataclasses.fields(cls)})):
            raise ConfigError(f"A run has no {', '.join(unknown)}: leave it out, or use a newer version of PairDigits.")
        return cls(**fields)

    @classmethod
    def from_json(cls, text: str) -> RunConfig:
        """Read what `to_json` wrote (see `from_dict`).

        Raises
        ------
        ConfigError
            If the text is no JSON, has fields that no run has, or makes no run.
        """
        try:
            fields = json.loads(text)
        except (TypeError, ValueError, RecursionError):
            raise ConfigError("A run's configuration is not valid JSON.") from None
        return cls.from_dict(fields)

    def differences(self) -> dict[str, Any]:
        """The fields that are not at their defaults."""
        default = RunConfig().to_dict()
        return {name: value for name, value in self.to_dict().items() if value != default[name]}

    def describe(self) -> str:
        """The model in a few words: "Siamese v5, separate towers, auxiliary loss, 5% labelled"."""
        if self.fork:
            return f"{replace(self, fork=None).describe()}, forked after epoch {self.fork.epoch}"
        variant = VARIANTS[self.variant]
        if not variant.siamese:
            return variant.title
        towers = "" if self.shared else ", separate towers"
        towers += ", learned temperature" if self.learn_temperature else ""
        towers += f", prior x {self.prior_weight:g}" if self.prior_weight else ""
        if not self.auxiliary_weight:
            return f"{variant.title}{towers}, no auxiliary loss"
        weight = f" x {self.auxiliary_weight:g}" if self.auxiliary_weight != 1 else ""
        until = f" until epoch {self.auxiliary_until}" if self.auxiliary_until else ""
        return f"{variant.title}{towers}, auxiliary loss{weight}{until}{self._labels()}"

    def _labels(self) -> str:
        side = "" if self.labelled_side == "both" else f" on the {self.labelled_side}"
        share = f", {100 * self.labelled:g}% labelled{side}" if side or self.labelled < 1 else ""
        return share + (f", {100 * self.wrong_labels:g}% of the labels wrong" if self.wrong_labels else "")


@dataclass(frozen=True)
class Fork:
    """Where a run branches off from another: its past is the parent's, its future is its own."""

    parent: RunConfig  # may be a fork itself
    epoch: int  # the last one with the parent's settings, at least 1

    def problems(self, child: RunConfig) -> list[str]:
        """One sentence for each thing that keeps a run from branching off so."""
        last = min(self.parent.epochs, child.epochs - 1)
        if not 1 <= self.epoch <= last:
            return [f"Fork epoch is {self.epoch:,}: give a whole number from 1 to {last:,}."]
        if VARIANTS[self.parent.variant].siamese != VARIANTS[child.variant].siamese:
            return ["The base model reads both digits at once: it shares no tower with the others, so no past either."]
        changed = [name for name in SAME_IN_FORKS if getattr(child, name) != getattr(self.parent, name)]
        return [f"{_words(name)} cannot change in a fork: both futures see the same pairs." for name in changed]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


# What JSON made of a fork and of an augmentation are dictionaries.


def _fork(fields: object) -> Fork | None:
    if isinstance(fields, Fork | None):
        return fields
    if not isinstance(fields, dict) or fields.keys() != {"parent", "epoch"}:
        raise ConfigError(f"Fork is {shown(fields)}: give the parent's settings and an epoch, or none.")
    if not isinstance(epoch := fields["epoch"], int) or isinstance(epoch, bool):
        raise ConfigError(f"Fork epoch is {shown(epoch)}: give a whole number.")
    return Fork(RunConfig.from_dict(fields["parent"]), epoch)


def _augmentation(fields: object) -> Augmentation | None:
    if isinstance(fields, Augmentation | None):
        return fields
    if not isinstance(fields, dict):
        raise ConfigError(f"Augmentation is {shown(fields)}: give an object of named fields, or none.")
    if unknown := sorted(fields.keys() - {field.name for field in dataclasses.fields(Augmentation)}):
        raise ConfigError(f"An augmentation has no {', '.join(unknown)}: leave it out.")
    return Augmentation(**fields)
