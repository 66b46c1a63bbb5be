"""The wish that all ten outputs are used equally, for models that are told comparisons and no digit's name.

Such a model may let two digits share one output: nearly all of its training pairs come out right all the same, and no
gradient tells it otherwise. The wish brings the idle outputs into use while the digits find their places; it then
fades out, for real digits are not quite equally many.
"""

from __future__ import annotations

import math

from torch import Tensor

FADED = 0.6  # share of the epochs after which nothing is left of the wish


def idleness(logits: Tensor) -> Tensor:
    """How far the mean softmax of a batch is from uniform, in nats: KL divergence, (..., 10) -> scalar, 0..ln 10."""
    mean = logits.softmax(-1).flatten(0, -2).mean(0)
    return math.log(logits.shape[-1]) + (mean * mean.clamp_min(1e-12).log()).sum()


def fading(epoch: int, epochs: int) -> float:
    """What is left of the wish's weight in an epoch counted from 1, of all epochs: from nearly 1 down to 0."""
    return max(0.0, 1 - epoch / (FADED * epochs))
