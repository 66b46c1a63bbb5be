"""Where the gradient of a tower comes from: which branch brought it, and which loss.

A shared tower is used twice for every pair, so its weights get the sum of what comes back through its left and its
right use; the training loss is a sum too. Cut at the towers' outputs, a batch therefore has four gradients, and they
add up to the one that the optimiser is given. The base model's is used once, by one loss: nothing is added there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from pairdigits.data import Pairs
from pairdigits.evaluation import digit_loss
from pairdigits.models import PairNet, Prediction
from pairdigits.towers import TowerOutput

LOSSES = ("class", "auxiliary")
BRANCHES = {1: ("pair",), 2: ("left", "right")}  # how often a tower is used for a pair -> for what


@dataclass(frozen=True)
class TowerGradient:
    """The gradient of one batch with respect to all weights of the tower, or of both towers, in its parts."""

    parts: Tensor  # (2, 2, P), of the model's type: [of LOSSES, of BRANCHES, weight]; (1, 1, P) of the base model
    whole: Tensor  # (P,), by one plain backward pass of the whole loss through the model
    layers: dict[str, slice]  # where the weights of each parameter lie among the P

    @property
    def sources(self) -> dict[str, Tensor]:
        """The gradient by branch and by loss, (P,) each; left + right = class + auxiliary = the whole."""
        return dict(zip(self.branches, self.parts.sum(0), strict=True)) | dict(
            zip(LOSSES, self.parts.sum(1), strict=False)  # the base model has no auxiliary loss
        )

    @property
    def branches(self) -> tuple[str, ...]:
        """For what a tower is used."""
        return BRANCHES[self.parts.shape[1]]

    @property
    def sizes(self) -> dict[str, float]:
        """Euclidean norms of the sources and of the whole."""
        return {name: part.norm().item() for name, part in (self.sources | {"whole": self.whole}).items()}

    @property
    def angle(self) -> float | None:
        """Degrees between the class loss's gradient and the auxiliary losses'; None where there is only one of them."""
        sources = self.sources
        return angle(sources["class"], sources["auxiliary"]) if "auxiliary" in sources else None

    @property
    def error(self) -> float:
        """The largest difference of any weight between the sum of the parts and the whole."""
        return (self.parts.sum((0, 1)) - self.whole).abs().max().item()


def tower_gradient(model: PairNet, pairs: Pairs, auxiliary_weight: float = 1.0) -> TowerGradient:
    """Split the gradient that a batch sends into the tower, by loss and by branch.

    Measured with dropout off, so that every part sees the same network. The model is left as it was.

    Parameters
    ----------
    model : PairNet
        With separate towers the weights of both are listed, and a branch reaches only its own.
    pairs : Pairs
        One batch.
    auxiliary_weight : float
        Of the digits' losses.
    """
    named = model.tower_weights()
    weights = list(named.values())
    branches = model.uses(pairs.images)
    # Leaves in place of the towers' outputs: the losses' gradients stop here and wait to be sent down one branch.
    ends = [TowerOutput(*(part.detach().requires_grad_() for part in branch)) for branch in branches]
    parts = torch.stack(
        [
            torch.stack([_send_down(branch, end, loss, weights) for branch, end in zip(branches, ends, strict=True)])
            for loss in _losses(model, model.predict(*ends), pairs, auxiliary_weight)
        ]
    )
    whole = torch.stack(_losses(model, model(pairs.images), pairs, auxiliary_weight)).sum()
    layers: dict[str, slice] = {}
    start = 0
    for name, weight in named.items():
        layers[name] = slice(start, start := start + weight.numel())
    return TowerGradient(parts, _flat(torch.autograd.grad(whole, weights)), layers)


def angle(first: Tensor, second: Tensor) -> float | None:
    """The angle between two vectors.

    Parameters
    ----------
    first, second : Tensor, shape (n,)

    Returns
    -------
    float or None
        In degrees, 0 to 180; None where one of them is 0.
    """
    product = first.double().norm() * second.double().norm()
    if product == 0:
        return None
    return math.degrees(math.acos((first.double() @ second.double() / product).clamp(-1, 1).item()))


def _losses(model: PairNet, prediction: Prediction, pairs: Pairs, weight: float) -> list[Tensor]:
    """Class loss and weighted auxiliary loss, where digits are read; a loss that is not learnt from is 0."""
    if prediction.digits is None:
        return [F.cross_entropy(prediction.comparison, pairs.labels)]
    auxiliary = weight * digit_loss(prediction.digits, pairs.digits)
    if not model.variant.learns_comparison:
        return [0 * prediction.digits.sum(), auxiliary]
    return [F.cross_entropy(prediction.comparison, pairs.labels), auxiliary]


def _send_down(branch: TowerOutput, end: TowerOutput, loss: Tensor, weights: Sequence[Tensor]) -> Tensor:
    """The gradient of a loss that reaches the weights through one branch: (P,)."""
    arriving = torch.autograd.grad(loss, list(end), retain_graph=True, allow_unused=True, materialize_grads=True)
    reaching = torch.autograd.grad(
        list(branch), weights, arriving, retain_graph=True, allow_unused=True, materialize_grads=True
    )
    return _flat(reaching)


def _flat(gradients: tuple[Tensor, ...]) -> Tensor:
    return torch.cat([gradient.flatten() for gradient in gradients])
