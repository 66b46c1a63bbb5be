"""What a model says of given pairs, and how right it is."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from pairdigits.cells import contradicts
from pairdigits.data import Pairs
from pairdigits.labels import HIDDEN
from pairdigits.models import PairNet, Prediction

BATCH = 50  # pairs; the feature maps of more do not stay in a core's cache
LARGE_BATCH = 1000  # pairs, where they need not: on a GPU, and where our kernel reads image by image


@dataclass(frozen=True)
class Scores:
    """Losses and accuracies over a set of pairs, without dropout and label smoothing."""

    loss: float  # class loss + auxiliary weight * digit loss
    class_loss: float | None  # mean cross-entropy in nats; None where the comparison learns nothing (v4)
    digit_loss: float | None  # sum of the two digits' mean cross-entropies in nats; None for the base model
    accuracy: float  # share of pairs compared rightly, 0..1
    digit_accuracy: float | None  # share of digits read rightly, 0..1; None for the base model


@torch.inference_mode()
def predict(model: PairNet, images: Tensor, batch: int | None = None) -> Prediction:
    """Show a model (N, 2, 14, 14) normalised images; what it says of them comes to the CPU."""
    parts = [model(chunk) for chunk in images.split(batch or _quickest(model, images))]
    digits = None if parts[0].digits is None else torch.cat([part.digits for part in parts]).cpu()
    return Prediction(torch.cat([part.comparison for part in parts]).cpu(), digits)


def _quickest(model: PairNet, images: Tensor) -> int:
    return LARGE_BATCH if model.fused or images.is_cuda else BATCH


def probability(comparison: Tensor) -> Tensor:
    """P(first <= second) of comparisons, (..., 2) -> (...)."""
    return comparison.softmax(-1)[..., 1]


def digit_loss(logits: Tensor, digits: Tensor, smoothing: float = 0.0) -> Tensor:
    """The report's auxiliary loss, the sum of the two digits' cross-entropies: (N, 2, 10), (N, 2) -> scalar.

    Each is a mean over the digits whose label is not `labels.HIDDEN`, and 0 where there is none.
    """
    seen = (digits != HIDDEN).sum().clamp(min=1)  # torch's mean of nothing is nan
    total = F.cross_entropy(logits.flatten(0, 1), digits.flatten(), label_smoothing=smoothing, reduction="sum")
    return 2 * total / seen


def score(prediction: Prediction, pairs: Pairs, auxiliary_weight: float, learns_comparison: bool = True) -> Scores:
    """Compare what was predicted with what is true."""
    pairs = pairs.to(prediction.comparison.device)
    class_loss = F.cross_entropy(prediction.comparison, pairs.labels).item() if learns_comparison else None
    digits_loss = digit_accuracy = None
    if prediction.digits is not None:
        digits_loss = digit_loss(prediction.digits, pairs.digits).item()
        digit_accuracy = _share(prediction.digits.argmax(-1) == pairs.digits)
    return Scores(
        loss=(class_loss or 0.0) + auxiliary_weight * (digits_loss or 0.0),
        class_loss=class_loss,
        digit_loss=digits_loss,
        accuracy=_share(prediction.comparison.argmax(-1) == pairs.labels),
        digit_accuracy=digit_accuracy,
    )


def contradictions(model: PairNet, pairs: Pairs, forth: Prediction | None = None) -> float:
    """Share of pairs, 0..1, for which a model contradicts itself when the digits are exchanged.

    See `cells.contradicts`. `forth` spares asking it again
    what it says of the pairs as they are.
    """
    predictions = (forth or predict(model, pairs.images), predict(model, pairs.images.flip(1)))
    straight, back = (prediction.comparison.argmax(-1).bool() for prediction in predictions)
    return _share(contradicts(straight, back, (pairs.digits[:, 0] == pairs.digits[:, 1]).cpu()))


def confusion(logits: Tensor, digits: Tensor) -> Tensor:
    """How often each digit (row) is read as each output (column): (N, 2, 10), (N, 2) -> (10, 10) int64."""
    cells = digits.flatten() * 10 + logits.argmax(-1).flatten()
    return torch.bincount(cells, minlength=100).view(10, 10)


def _share(right: Tensor) -> float:
    return right.float().mean().item()
