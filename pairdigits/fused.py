"""Which convolutions a training runs on: torch's, or our own kernel where numba and the processor allow it.

Torch's are the reference. The kernel rounds otherwise, so a run's outcome says which one made it.
"""

from __future__ import annotations

import os
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pairdigits.models import PairNet
from pairdigits.towers import Tower

SWITCH = "PAIRDIGITS_KERNEL"  # environment variable: 0 leaves the kernel out

# Winograd's F(2x2, 3x3): 3x3 weights as the products of a 4x4 tile need them.
_FILTER = torch.tensor([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]], dtype=torch.float64)
_FILTERS = torch.kron(_FILTER, _FILTER)  # (16, 9)


def available() -> bool:
    """Whether the kernel can be had here: not switched off, and numba installed and working."""
    if os.environ.get(SWITCH) == "0":
        return False
    try:  # here, and not above: it takes up to a second, which only a training is worth
        import_module("pairdigits.kernel")
    except (ImportError, RuntimeError):  # RuntimeError: numba finds no folder to keep in what it has compiled
        return False
    return True


def attach(model: PairNet, wanted: bool = True) -> None:
    """Have the towers of a model on the CPU read through the kernel, if it is wanted, available and fits them."""
    towers = [part for part in model.modules() if isinstance(part, Tower)]
    fits = all(tower.conv1.in_channels == 1 and tower.conv1.weight.device.type == "cpu" for tower in towers)
    model.fused = wanted and fits and available()
    for tower in towers:
        tower.fused = partial(pooled_maps, tower) if model.fused else None


def pooled_maps(tower: Tower, images: Tensor) -> Tensor:
    """What `Tower.maps` gives, by the kernel: (N, 1, 14, 14) -> (N, 800), with a gradient for the weights."""
    weights = [*tower.conv1.parameters(), *tower.conv2.parameters()]  # a weight and a bias each
    images = images.reshape(-1, 14, 14)
    return _PooledMaps.apply(images, *weights) if torch.is_grad_enabled() else _forward(images, *weights)[0]


def _forward(images: Tensor, weight1: Tensor, bias1: Tensor, weight2: Tensor, bias2: Tensor) -> tuple[Tensor, Tensor]:
    from pairdigits import kernel

    filters = _FILTERS.to(weight2.dtype) @ weight2.detach().permute(2, 3, 1, 0).reshape(9, 16 * 32)
    pooled = images.new_empty(len(images), 32, 25)
    winners = torch.empty(len(images), 25, 32, dtype=torch.uint8)
    kernel.forward(*_arrays(images, weight1.view(16, 9).T, bias1, filters.view(16, 16, 32), bias2, pooled, winners))
    return pooled.flatten(1), winners


class _PooledMaps(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor, weight1: Tensor, bias1: Tensor, weight2: Tensor, bias2: Tensor) -> Tensor:
        pooled, winners = _forward(images, weight1, bias1, weight2, bias2)
        ctx.save_for_backward(pooled, winners, images, weight1, bias1, weight2)
        return pooled

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        from pairdigits import kernel

        (gradient,) = gradients
        pooled, winners, images, weight1, bias1, weight2 = ctx.saved_tensors
        weights = weight1.view(16, 9).T, bias1, weight2.permute(0, 2, 3, 1).reshape(32, 3, 48)
        into1, into_bias1, into2, into_bias2 = (gradient.new_zeros(size) for size in ((9, 16), 16, (32, 3, 48), 32))
        maps = (part.view(-1, 32, 25) for part in (gradient.contiguous(), pooled))
        kernel.backward(*_arrays(*maps, winners, images, *weights, into1, into_bias1, into2, into_bias2))
        return None, into1.T.reshape(16, 1, 3, 3), into_bias1, into2.view(32, 3, 3, 16).permute(0, 3, 1, 2), into_bias2


def _arrays(*tensors: Tensor) -> list[np.ndarray]:
    return [tensor.detach().contiguous().numpy() for tensor in tensors]
