"""A last layer whose numbers are set by hand, in front of a trained tower.

The last layer of v1 and of v5 says "first <= second" where a sum is positive: a number a_i for each value that it is
given of the first digit, a number b_j for each of the second, and a constant c.
"""

from __future__ import annotations

import copy
from typing import NamedTuple

import torch
from torch import Tensor, nn

from pairdigits.heads import ConcatenatedLinear
from pairdigits.models import SiameseNet
from pairdigits.towers import DIGITS

NO_SUM = "Only the last layers of v1 and v5 are a sum of twenty numbers and a constant."


class Numbers(NamedTuple):
    """What such a layer adds up: sum of a_i x_i + sum of b_j y_j + c, in log-odds of "first <= second"."""

    first: Tensor  # (10,) float64, a_i
    second: Tensor  # (10,) float64, b_j
    constant: float  # c

    def flat(self) -> list[float]:
        """All 21, in this order."""
        return [*self.first.tolist(), *self.second.tolist(), self.constant]


def adds_up(model: nn.Module) -> bool:
    """Whether a model's last layer is such a sum over ten values a digit."""
    head = getattr(model, "head", None)
    return isinstance(head, ConcatenatedLinear) and head.in_features == 2 * DIGITS


def _sum(model: SiameseNet) -> ConcatenatedLinear:
    if not adds_up(model) or not isinstance(model.head, ConcatenatedLinear):
        raise ValueError(NO_SUM)
    return model.head


def trained(model: SiameseNet) -> Numbers:
    """The numbers that training found: what its layer adds to one output less what it adds to the other.

    Raises
    ------
    ValueError
        If the model's last layer is no such sum.
    """
    head = _sum(model)
    weight, bias = (part.detach().double().diff(dim=0)[0] for part in (head.weight, head.bias))
    return Numbers(weight[:DIGITS], weight[DIGITS:], bias.item())


def staircase(step: float = 0.5) -> Numbers:
    """A sum that is right for all 100 pairs of clear digits: step * (j - i + 1/2), positive where i <= j."""
    height = step * (torch.arange(DIGITS, dtype=torch.float64) - (DIGITS - 1) / 2)
    return Numbers(-height, height, step / 2)


def with_numbers(model: SiameseNet, numbers: Numbers) -> SiameseNet:
    """The model with these numbers in its last layer; it shares its towers with the one given, which stays as it is.

    Raises
    ------
    ValueError
        If the model's last layer is no such sum.
    """
    head = copy.deepcopy(_sum(model))
    with torch.no_grad():
        head.weight[0], head.weight[1] = 0, torch.cat(numbers[:2])
        head.bias[0], head.bias[1] = 0, numbers.constant
    made = copy.copy(model)
    # An assignment to `head` would change the model's own: a copy shares the dictionary of its parts.
    made._modules = model._modules | {"head": head}  # pyright: ignore[reportPrivateUsage]
    return made
