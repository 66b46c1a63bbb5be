"""What reads a digit: the report's LeNet."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

ENCODING_WIDTH = 50
DIGITS = 10


class TowerOutput(NamedTuple):
    """What a tower says of one digit."""

    encoding: Tensor  # (..., 50), after its leaky ReLU and before dropout
    logits: Tensor  # (..., 10)


class Tower(nn.Module):
    """The report's LeNet: two 3x3 convolutions, one pooling, two linear layers (section II).

    Parameters
    ----------
    channels, outputs : int
        1 and 10 to read a digit; 2 and 2 make the base model of the same layers.
    dropout : (float, float)
        On the flattened feature maps and on the encoding.
    """

    def __init__(self, channels: int = 1, outputs: int = DIGITS, dropout: tuple[float, float] = (0.25, 0.5)):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.dropout_flat = nn.Dropout(dropout[0])
        self.encoder = nn.Linear(32 * 5 * 5, ENCODING_WIDTH)
        self.dropout_encoding = nn.Dropout(dropout[1])
        self.classifier = nn.Linear(ENCODING_WIDTH, outputs)
        self.fused: Callable[[Tensor], Tensor] | None = None  # in place of `maps`, see `pairdigits.fused`

    def forward(self, images: Tensor) -> TowerOutput:
        """Read images of shape (N, channels, 14, 14)."""
        maps = self.maps(images) if self.fused is None else self.fused(images)
        encoding = F.leaky_relu(self.encoder(self.dropout_flat(maps)))  # (N, 50)
        return TowerOutput(encoding, self.classifier(self.dropout_encoding(encoding)))

    def maps(self, images: Tensor) -> Tensor:
        """The pooled maps of the two convolutions, flattened: (N, channels, 14, 14) -> (N, 800)."""
        maps = F.leaky_relu(self.conv1(images), inplace=True)  # (N, 16, 12, 12)
        # Pooling first is the same function, leaky ReLU being monotonic, on a quarter of the values.
        return F.leaky_relu(F.max_pool2d(self.conv2(maps), 2), inplace=True).flatten(1)
