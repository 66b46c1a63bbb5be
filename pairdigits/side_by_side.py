"""Trained towers that read the same images in one go: for a few images, calling one after the other costs most."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pairdigits.data import Normalisation
from pairdigits.towers import ENCODING_WIDTH, MAPS_WIDTH, Tower, TowerOutput


class SideBySide:
    """Towers of one shape, each with what normalises its images; a copy of their weights, for inference.

    Normalising is linear, and so is the first convolution: it is left to the weights, and all towers share the image.

    Parameters
    ----------
    towers : sequence of Tower
        T of them, which read single digits.
    normalisations : sequence of Normalisation
        One for each.
    """

    def __init__(self, towers: Sequence[Tower], normalisations: Sequence[Normalisation]):
        with torch.no_grad():
            first = [list(tower.conv1.parameters()) for tower in towers]  # a weight and a bias each
            second = [list(tower.conv2.parameters()) for tower in towers]
            weights = [weight / given.std for (weight, _), given in zip(first, normalisations, strict=True)]
            biases = [
                bias - given.mean * weight.sum((1, 2, 3))
                for (_, bias), weight, given in zip(first, weights, normalisations, strict=True)
            ]
            self._first = torch.cat(weights), torch.cat(biases)  # (16 T, 1, 3, 3)
            self._second = torch.cat([weight for weight, _ in second]), torch.cat([bias for _, bias in second])
            self._encoder = _stacked([tower.encoder for tower in towers])
            self._classifier = _stacked([tower.classifier for tower in towers])
            self._count = len(towers)

    def __call__(self, images: Tensor) -> list[TowerOutput]:
        """What each tower says of pooled images (N, 14, 14), 0..1."""
        with torch.inference_mode():
            maps = F.leaky_relu(F.conv2d(images[:, None], *self._first), inplace=True)  # (N, 16 T, 12, 12)
            maps = F.conv2d(maps, *self._second, groups=self._count)  # (N, 32 T, 10, 10)
            maps = F.leaky_relu(F.max_pool2d(maps, 2), inplace=True)
            maps = maps.view(len(images), self._count, MAPS_WIDTH).transpose(0, 1)  # (T, N, 800)
            encodings = F.leaky_relu(_linear(maps, *self._encoder))  # (T, N, 50)
            logits = _linear(encodings, *self._classifier)  # (T, N, outputs)
            return [TowerOutput(*both) for both in zip(encodings, logits, strict=True)]


class Remembered:
    """Towers side by side that know what they said of the latest images: while one canvas is drawn on, one stays.

    Parameters
    ----------
    towers : SideBySide
    most : int
        Images that are remembered.
    """

    def __init__(self, towers: SideBySide, most: int = 200):
        self._towers, self._most = towers, most
        self._said: dict[bytes, Tensor] = {}  # image -> encodings and logits (T, 50 + outputs), the latest last
        self._lock = threading.Lock()  # guards them

    def __call__(self, images: Sequence[np.ndarray]) -> list[TowerOutput]:
        """What each tower says of N images, uint8 (14, 14), 255 * pooled."""
        names = [image.tobytes() for image in images]
        with self._lock:
            new = {name: image for name, image in zip(names, images, strict=True) if name not in self._said}
            if new:
                said = self._towers(torch.from_numpy(np.stack(list(new.values()))).float() / 255)
                self._said.update(zip(new, torch.stack([torch.cat(one, 1) for one in said], 1), strict=True))
            found = torch.stack([self._said[name] for name in names], 1)  # (T, N, 50 + outputs)
            for name in list(self._said)[: -self._most]:
                del self._said[name]
        return [TowerOutput(one[:, :ENCODING_WIDTH], one[:, ENCODING_WIDTH:]) for one in found]


def _stacked(layers: Sequence[nn.Linear]) -> tuple[Tensor, Tensor]:
    return torch.stack([one.weight.T for one in layers]), torch.stack([one.bias[None] for one in layers])


def _linear(values: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    return torch.baddbmm(biases, values, weights)
