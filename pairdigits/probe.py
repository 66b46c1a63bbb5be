"""The report's investigation of the last layer (section IV, Figure 2): a verdict for each of the 100 pairs of digits.

Rows are the first digit, columns the second. Whatever the kind, the verdict comes from the model's real head, its
bias, activations and softmax included.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from pairdigits.evaluation import predict, probability
from pairdigits.models import DIGITS, PairNet, SiameseNet, TowerOutput

KINDS = {
    "ideal": "Ideal signal: a value at each digit's index, 0 elsewhere, as in the report's Figure 2",
    "typical": "Typical digit: the mean of what the tower really says of each digit",
    "real": "Real pairs: the share of real pairs of images that the model calls <=",
}
IDEAL = torch.ones(DIGITS, DIGITS).triu().bool()  # [first, second]: first <= second
ROWS_AT_ONCE = 20  # times 10,000 columns: what most heads make of them fits a core's cache
SAMPLED_PAIRS = 20_000  # for the base model, which cannot be shown all 100 million


@dataclass(frozen=True)
class Probe:
    """P(first <= second), or the share called so, for each pair of digits."""

    kind: str  # a key of KINDS
    probability: Tensor  # (10, 10) float of the model's type, [first digit, second digit]; nan where there was no pair
    counts: Tensor | None = None  # (10, 10) int64, the pairs behind each cell of the kind "real"

    @property
    def decision(self) -> Tensor:
        """(10, 10) bool, true where the verdict is first <= second."""
        return self.probability > 0.5

    @property
    def wrong(self) -> Tensor:
        """(10, 10) bool, true where the verdict is not the right one."""
        return (self.decision != IDEAL) & ~self.probability.isnan()

    @property
    def wrong_cells(self) -> int:
        """How many of the 100 verdicts are wrong."""
        return int(self.wrong.sum())

    @property
    def accuracy(self) -> float:
        """Share of the pairs behind a probe of the kind "real" that were compared rightly, 0..1."""
        right = torch.where(IDEAL, self.probability, 1 - self.probability).nan_to_num()
        return float((right.double() * self.counts).sum() / self.counts.sum())


def ideal_signal(model: SiameseNet, strength: float = 10.0) -> Probe:
    """The report's probe: logits that are `strength` at the digit's index and 0 elsewhere.

    Raises
    ------
    ValueError
        If the model's head is not given the digits' logits (base, v2, v3).
    """
    _require(model, "ideal")
    logits = strength * torch.eye(DIGITS).to(next(model.parameters()))
    return Probe("ideal", _all_cells(model, TowerOutput(logits.new_empty(DIGITS, 0), logits)))


@torch.inference_mode()
def typical_digit(model: SiameseNet, images: Tensor, digits: Tensor) -> Probe:
    """The mean logits and encodings of each digit in place of a made-up signal; serves v2 and v3 too.

    Parameters
    ----------
    model : SiameseNet
    images : Tensor, shape (N, 14, 14)
        Normalised images, at least one of each digit; a mean is left out (nan) where there is none.
    digits : Tensor, shape (N,)

    Raises
    ------
    ValueError
        If the model reads no single digits (base).
    """
    _require(model, "typical")
    members = F.one_hot(digits, DIGITS).T.to(next(model.parameters()))  # (10, N)
    members = members / members.sum(1, keepdim=True)
    sides = [
        TowerOutput(*(members @ part for part in _read(model, images, side)))
        for side in range(1 if model.shared else 2)
    ]
    return Probe("typical", _all_cells(model, sides[0], sides[-1]))


@torch.inference_mode()
def real_pairs(model: PairNet, images: Tensor, digits: Tensor) -> Probe:
    """The share of real pairs called "less than or equal", over all ordered pairs of the images.

    A siamese model's towers see each image once and its head all N * N pairs of what they say (an image with itself
    among them), so the accuracy is exact. The base model sees 20,000 pairs drawn at random.

    Parameters
    ----------
    model : PairNet
    images : Tensor, shape (N, 14, 14)
        Normalised images.
    digits : Tensor, shape (N,)
    """
    if not model.variant.siamese:
        generator = torch.Generator().manual_seed(0)
        indices = torch.randint(len(images), (SAMPLED_PAIRS, 2), generator=generator).to(images.device)
        return shares(predict(model, images[indices]).comparison.argmax(-1).bool(), digits[indices])
    feature = model.variant.feature
    left = feature(_read(model, images, 0))
    right = left if model.shared else feature(_read(model, images, 1))
    members = F.one_hot(digits, DIGITS).float()  # (N, 10)
    called = members.new_zeros(DIGITS, DIGITS, dtype=torch.float64)
    for start in range(0, len(images), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        comparison = model.head(left[rows].unsqueeze(1), right.unsqueeze(0))  # (rows, N, 2)
        verdicts = (comparison[..., 1] > comparison[..., 0]).float() @ members  # (rows, 10)
        called += members[rows].T.double() @ verdicts.double()
    counts = torch.outer(members.double().sum(0), members.double().sum(0))
    return Probe("real", (called / counts).float().cpu(), counts.long().cpu())


def shares(called: Tensor, digits: Tensor) -> Probe:
    """A probe of the kind "real" from verdicts already given: (N,) bool of pairs of digits (N, 2)."""
    cells = (digits[:, 0] * DIGITS + digits[:, 1]).cpu()
    counts = torch.bincount(cells, minlength=DIGITS**2)
    hits = torch.bincount(cells, weights=called.cpu().double(), minlength=DIGITS**2)
    return Probe("real", (hits / counts).float().view(DIGITS, DIGITS), counts.view(DIGITS, DIGITS))


@torch.inference_mode()
def _all_cells(model: SiameseNet, left: TowerOutput, right: TowerOutput | None = None) -> Tensor:
    right = right or left
    comparison = model.compare(
        TowerOutput(*(part.unsqueeze(1) for part in left)), TowerOutput(*(part.unsqueeze(0) for part in right))
    )
    return probability(comparison).cpu()


def _read(model: SiameseNet, images: Tensor, side: int) -> TowerOutput:
    training = model.training
    model.eval()
    parts = [model.read(chunk, side) for chunk in images.split(200)]
    model.train(training)
    return TowerOutput(*(torch.cat(part) for part in zip(*parts, strict=True)))


_WHY_NOT = {
    "ideal": "its last layer is not given ten values per digit, so there is no ideal signal to give it",
    "typical": "it sees both digits as one image, so there is no typical single digit",
}


def why_not(variant, kind: str) -> str | None:
    """Why a kind of probe does not apply to a variant, in one sentence; None where it does."""
    return None if kind in variant.probe_kinds else f"{variant.title} has no such probe: {_WHY_NOT[kind]}."


def _require(model: PairNet, kind: str) -> None:
    if reason := why_not(model.variant, kind):
        raise ValueError(reason)
