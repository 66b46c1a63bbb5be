"""What a head computes for two digits, step by step, for a student to check by hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pairdigits.heads import ArgmaxComparison, ConcatenatedLinear, DifferenceLinear, ExpectedComparison, TwoLayers
from pairdigits.models import SiameseNet
from pairdigits.towers import TowerOutput

CLASSES = ("first > second", "first ≤ second")


@dataclass(frozen=True, eq=False)
class WeightedSum:
    """A linear layer on one input: each output is the sum of inputs times weights, plus a bias."""

    names: list[str]  # of the n inputs
    inputs: np.ndarray  # (n,)
    weights: np.ndarray  # (n, k)
    bias: np.ndarray  # (k,)
    outputs: tuple[str, ...]  # names of the k outputs

    @property
    def products(self) -> np.ndarray:
        """(n, k) inputs times weights."""
        return self.inputs[:, None] * self.weights

    @property
    def sums(self) -> np.ndarray:
        """(k,) what the layer gives out."""
        return self.products.sum(0) + self.bias


@dataclass(frozen=True, eq=False)
class Comparison:
    """A comparison without weights, of two digits' values."""

    left: np.ndarray  # (10,)
    right: np.ndarray  # (10,)
    expected: bool  # sum over the probabilities of both (v7), or compare the two largest (v4)

    @property
    def products(self) -> np.ndarray:
        """(10, 10) p_i q_j."""
        return np.outer(self.left, self.right)

    @property
    def probability(self) -> float:
        """P(first <= second)."""
        if self.expected:
            return float(np.triu(self.products).sum())
        return float(self.left.argmax() <= self.right.argmax())


@torch.inference_mode()
def steps(model: SiameseNet, left: TowerOutput, right: TowerOutput) -> list[WeightedSum | Comparison]:
    """The layers of a model's head on what its towers say of two digits, each part of shape (d,)."""
    return _steps(model.head, model.feature(left), model.feature(right))


@singledispatch
def _steps(head: nn.Module, left: Tensor, right: Tensor) -> list[WeightedSum | Comparison]:
    raise NotImplementedError(f"No arithmetic for {type(head).__name__}")


@_steps.register
def _(head: ConcatenatedLinear, left: Tensor, right: Tensor) -> list[WeightedSum | Comparison]:
    return [_concatenated(head, left, right)]


@_steps.register
def _(head: DifferenceLinear, left: Tensor, right: Tensor) -> list[WeightedSum | Comparison]:
    return [_sum(head, [f"first − second, {what}" for what in _names(len(left))], left - right)]


@_steps.register
def _(head: TwoLayers, left: Tensor, right: Tensor) -> list[WeightedSum | Comparison]:
    units = tuple(f"unit {number}" for number in range(head.hidden.out_features))
    hidden = _concatenated(head.hidden, left, right, units)
    return [hidden, _sum(head.output, list(units), F.leaky_relu(head.hidden(left, right)))]


@_steps.register
def _(head: ArgmaxComparison, left: Tensor, right: Tensor) -> list[WeightedSum | Comparison]:
    return [Comparison(left.numpy(), right.numpy(), expected=False)]


@_steps.register
def _(head: ExpectedComparison, left: Tensor, right: Tensor) -> list[WeightedSum | Comparison]:
    return [Comparison(left.numpy(), right.numpy(), expected=True)]


def _concatenated(
    layer: ConcatenatedLinear, left: Tensor, right: Tensor, outputs: tuple[str, ...] = CLASSES
) -> WeightedSum:
    names = [f"{side}, {what}" for side in ("first", "second") for what in _names(len(left))]
    return _sum(layer, names, torch.cat([left, right]), outputs)


def _sum(layer: nn.Linear, names: list[str], inputs: Tensor, outputs: tuple[str, ...] = CLASSES) -> WeightedSum:
    inputs, weights, bias = (part.detach().double() for part in (inputs, layer.weight.T, layer.bias))
    return WeightedSum(names, inputs.numpy(), weights.numpy(), bias.numpy(), outputs)


def _names(width: int) -> list[str]:
    return [f"digit {number}" if width == 10 else f"feature {number}" for number in range(width)]
