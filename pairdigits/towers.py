"""What reads a digit: the report's LeNet."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

MAPS_WIDTH = 32 * 5 * 5
ENCODING_WIDTH = 50
DIGITS = 10


class TowerOutput(NamedTuple):
    """What a tower says of one digit."""

    encoding: Tensor  # (..., 50), after its leaky ReLU and before dropout
    logits: Tensor  # (..., 10)


class Kept(NamedTuple):
    """What dropout leaves of a batch: factors, 0 or 1 / (1 - rate); None where the rate is 0."""

    maps: Tensor | None  # (..., N, 800), the flattened feature maps of N images that are read one by one
    encoding: Tensor | None  # (..., N, 50)

    def of(self, tower: int, towers: int) -> Kept:
        """The share of one of several towers, which read the images in turn."""
        return Kept(*(None if part is None else part.flatten(0, -2)[tower::towers] for part in self))


NOTHING_DROPPED = Kept(None, None)


class Tower(nn.Module):
    """The report's LeNet: two 3x3 convolutions, one pooling, two linear layers (section II).

    Parameters
    ----------
    channels, outputs : int
        1 and 10 to read a digit; 2 and 2 make the base model of the same layers.
    """

    def __init__(self, channels: int = 1, outputs: int = DIGITS):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.encoder = nn.Linear(MAPS_WIDTH, ENCODING_WIDTH)
        self.classifier = nn.Linear(ENCODING_WIDTH, outputs)
        self.fused: Callable[[Tensor], Tensor] | None = None  # in place of `maps`, see `pairdigits.fused`

    def forward(self, images: Tensor, kept: Kept = NOTHING_DROPPED) -> TowerOutput:
        """Read images of shape (N, channels, 14, 14); `kept` is for as many."""
        maps = self.maps(images) if self.fused is None else self.fused(images)
        encoding = F.leaky_relu(self.encoder(maps if kept.maps is None else maps * kept.maps))  # (N, 50)
        heard = encoding if kept.encoding is None else encoding * kept.encoding
        return TowerOutput(encoding, self.classifier(heard))

    def maps(self, images: Tensor) -> Tensor:
        """The pooled maps of the two convolutions, flattened: (N, channels, 14, 14) -> (N, 800)."""
        maps = F.leaky_relu(self.conv1(images), inplace=True)  # (N, 16, 12, 12)
        # Pooling first is the same function, leaky ReLU being monotonic, on a quarter of the values.
        return F.leaky_relu(F.max_pool2d(self.conv2(maps), 2), inplace=True).flatten(1)
