"""The report's investigation of the last layer (section IV, Figure 2): a verdict for each of the 100 pairs of digits.

Rows are the first digit, columns the second. Whatever the kind, the verdict comes from the model's real head, its
bias, activations and softmax included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from pairdigits import cells
from pairdigits.choices import PROBE_KINDS
from pairdigits.evaluation import predict, probability
from pairdigits.heads import Separable
from pairdigits.models import PairNet, SiameseNet, Variant
from pairdigits.towers import DIGITS, TowerOutput

READ_AT_ONCE = 200  # images; the feature maps of more do not stay in a core's cache
PAIRS_AT_ONCE = 80_000  # what a head makes of them stays in a core's cache
SAMPLED_PAIRS = 20_000  # for the base model, which cannot be shown all 100 million


@dataclass(frozen=True)
class Probe:
    """P(first <= second), or the share called so, for each pair of digits."""

    kind: str  # a key of PROBE_KINDS
    probability: Tensor  # (10, 10) [first digit, second digit], of the model's type (real: float32); nan without pairs
    counts: Tensor | None = None  # (10, 10) int64, the pairs behind each cell of the kind "real"

    @property
    def decision(self) -> Tensor:
        """(10, 10) bool, true where the verdict is first <= second."""
        return self.probability > 0.5

    @property
    def wrong(self) -> Tensor:
        """(10, 10) bool, true where the verdict is known and not the right one."""
        return torch.from_numpy(cells.wrong(self.probability.numpy()))

    @property
    def wrong_cells(self) -> int:
        """How many of the 100 verdicts are wrong."""
        return int(self.wrong.sum())

    @property
    def accuracy(self) -> float:
        """Share of the pairs behind a probe of the kind "real" that were compared rightly, 0..1.

        Raises
        ------
        ValueError
            If the probe is of a kind that has no pairs behind it.
        """
        if self.counts is None:
            raise ValueError(f"A probe of the kind {self.kind} has no pairs behind it: its accuracy is not known.")
        right = torch.where(torch.from_numpy(cells.RIGHT), self.probability, 1 - self.probability).nan_to_num()
        return float((right.double() * self.counts).sum() / self.counts.sum())


def ideal_signal(model: SiameseNet, strength: float = 10.0) -> Probe:
    """The report's probe: logits that are `strength` at the digit's index and 0 elsewhere.

    Raises
    ------
    ValueError
        If the model's head is not given the digits' logits (base, v2, v3).
    """
    _require(model, "ideal")
    signals = ideal_signals(model, strength)
    return Probe("ideal", every_pair(model, signals, signals))


def ideal_signals(model: SiameseNet, strength: float) -> TowerOutput:
    """What the head is given for each digit in place of a tower's output: no encodings, logits (10, 10)."""
    logits = strength * torch.eye(DIGITS).to(next(model.parameters()))
    return TowerOutput(logits.new_empty(DIGITS, 0), logits)


@torch.inference_mode()
def typical_digit(model: SiameseNet, sides: tuple[TowerOutput, TowerOutput], digits: Tensor) -> Probe:
    """The mean logits and encodings of each digit in place of a made-up signal; serves v2 and v3 too.

    Parameters
    ----------
    model : SiameseNet
    sides : (TowerOutput, TowerOutput)
        What its towers say of N images (`read_sides`), at least one of each digit; a mean is left out (nan) where
        there is none.
    digits : Tensor, shape (N,)

    Raises
    ------
    ValueError
        If the model reads no single digits (base).
    """
    _require(model, "typical")
    left, right = (typical(side, digits) for side in sides)
    return Probe("typical", every_pair(model, left, right))


def typical(read: TowerOutput, digits: Tensor) -> TowerOutput:
    """The mean of what a tower says of each digit: (N, d) -> (10, d); NaN for a digit of which there is no image."""
    members = F.one_hot(digits, DIGITS).T.to(read.logits)  # (10, N)
    members = members / members.sum(1, keepdim=True)
    return TowerOutput(*(members @ part for part in read))


@torch.inference_mode()
def real_pairs(model: SiameseNet, sides: tuple[TowerOutput, TowerOutput], digits: Tensor) -> Probe:
    """The share of real pairs called "less than or equal", over all ordered pairs of N images.

    The head compares all N * N pairs of what the towers say (an image with itself among them), so the accuracy is
    exact.

    Parameters
    ----------
    model : SiameseNet
    sides : (TowerOutput, TowerOutput)
        What its towers say of the images (`read_sides`).
    digits : Tensor, shape (N,)
    """
    left, right = (model.feature(side) for side in sides)
    members = F.one_hot(digits, DIGITS).to(left.dtype)  # (N, 10)
    if isinstance(model.head, Separable):
        called = members.T.double() @ _called_by_sorting(*model.head.leanings(left, right), digits)
    else:
        called = members.new_zeros(DIGITS, DIGITS, dtype=torch.float64)
        rows = max(1, PAIRS_AT_ONCE // len(digits))
        for margins, whose in zip(model.head.margins(left, right, rows), members.split(rows), strict=True):
            verdicts = margins.gt_(0) @ members  # (rows, 10)
            called += whose.T.double() @ verdicts.double()
    counts = torch.outer(members.double().sum(0), members.double().sum(0))
    return Probe("real", (called / counts).float().cpu(), counts.long().cpu())


def _called_by_sorting(for_left: Tensor, for_right: Tensor, digits: Tensor) -> Tensor:
    """How many of each digit's images a left image is called <= to: (N,), (N,), (N,) -> (N, 10) float64."""
    of_digit = [for_right[digits == digit].sort().values for digit in range(DIGITS)]
    at_most = [torch.searchsorted(leanings, -for_left, right=True) for leanings in of_digit]  # a sum of 0 is no <=
    return torch.stack([len(one) - rest for one, rest in zip(of_digit, at_most, strict=True)], 1).double()


@torch.inference_mode()
def drawn_pairs(model: PairNet, images: Tensor, digits: Tensor) -> Probe:
    """The same share for the base model, which has no towers to ask beforehand: over 20,000 pairs drawn at random.

    Parameters
    ----------
    model : PairNet
    images : Tensor, shape (N, 14, 14)
        Normalised images.
    digits : Tensor, shape (N,)
    """
    generator = torch.Generator().manual_seed(0)
    indices = torch.randint(len(images), (SAMPLED_PAIRS, 2), generator=generator).to(images.device)
    return shares(predict(model, images[indices]).comparison.argmax(-1).bool(), digits[indices])


class Blame(NamedTuple):
    """Who is to blame for the wrong verdicts on all ordered pairs of some images."""

    pairs: int
    last_layer: int  # wrong pairs both of whose digits were read rightly
    tower: int  # wrong pairs with a digit that was misread


@torch.inference_mode()
def blame(model: SiameseNet, sides: tuple[TowerOutput, TowerOutput], digits: Tensor) -> Blame:
    """Tell the last layer's mistakes from those of the tower, over all N * N ordered pairs of images.

    Parameters
    ----------
    model : SiameseNet
    sides : (TowerOutput, TowerOutput)
        What its towers say of the images (`read_sides`).
    digits : Tensor, shape (N,)
    """
    left, right = sides
    first, second = (side.logits.argmax(-1) == digits for side in sides)  # read rightly
    wrong = last_layer = 0
    for rows in torch.arange(len(digits)).split(max(1, PAIRS_AT_ONCE // len(digits))):
        called = every_pair(model, TowerOutput(*(part[rows] for part in left)), right) > 0.5
        missed = called != (digits[rows].unsqueeze(1) <= digits)
        wrong += int(missed.sum())
        last_layer += int((missed & first[rows].unsqueeze(1) & second).sum())
    return Blame(len(digits) ** 2, last_layer, wrong - last_layer)


def shares(called: Tensor, digits: Tensor) -> Probe:
    """A probe of the kind "real" from verdicts already given: (N,) bool of pairs of digits (N, 2)."""
    places = (digits[:, 0] * DIGITS + digits[:, 1]).cpu()
    counts = torch.bincount(places, minlength=DIGITS**2)
    hits = torch.bincount(places, weights=called.cpu().double(), minlength=DIGITS**2)
    return Probe("real", (hits / counts).float().view(DIGITS, DIGITS), counts.view(DIGITS, DIGITS))


@torch.inference_mode()
def every_pair(model: SiameseNet, left: TowerOutput, right: TowerOutput) -> Tensor:
    """P(first <= second) of every left output with every right one, through the real head: (N, d), (M, d) -> (N, M)."""
    comparison = model.compare(
        TowerOutput(*(part.unsqueeze(1) for part in left)), TowerOutput(*(part.unsqueeze(0) for part in right))
    )
    return probability(comparison).cpu()


def read_sides(model: SiameseNet, images: Tensor) -> tuple[TowerOutput, TowerOutput]:
    """What the left and the right tower say of images (N, 14, 14); a shared tower reads them once."""
    left = read(model, images, 0)
    return left, left if model.shared else read(model, images, 1)


@torch.inference_mode()
def read(model: SiameseNet, images: Tensor, side: int = 0) -> TowerOutput:
    """What the tower of one side says of images (N, 14, 14)."""
    parts = [model.read(chunk, side) for chunk in images.split(READ_AT_ONCE)]
    return TowerOutput(*(torch.cat(part) for part in zip(*parts, strict=True)))


def why_not(variants: Iterable[Variant], kind: str) -> str | None:
    """Why a kind of probe does not apply to some of these variants, in one sentence; None where it applies to all."""
    titles = [variant.title for variant in variants if kind not in variant.probe_kinds]
    return f"There is no such probe of {', '.join(titles)}: {PROBE_KINDS[kind].why_not}." if titles else None


def _require(model: PairNet, kind: str) -> None:
    if reason := why_not([model.variant], kind):
        raise ValueError(reason)
