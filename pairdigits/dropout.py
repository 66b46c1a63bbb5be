"""Which values dropout silences, drawn apart from the models: the same ones on every device, and for many runs at once.

Sixteen random bits a value, compared with the rate, are many times quicker than torch's own draws on a CPU.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from pairdigits.towers import ENCODING_WIDTH, MAPS_WIDTH, Kept

VALUES = 2**16  # of sixteen bits


class Dropout:
    """Draws for the batches of an epoch, one after the other.

    Parameters
    ----------
    rates : (float, float)
        Share of the flattened maps and of the encoding that is silenced, rounded to 1 / 65,536.
    seeds : sequence of int
        One for each run that trains: each has a stream of random numbers of its own, whoever trains beside it.
    """

    def __init__(self, rates: tuple[float, float], seeds: Sequence[int]):
        self._silenced = [round(rate * VALUES) for rate in rates]
        self._streams = [np.random.SFC64(seed) for seed in seeds]

    def __call__(self, digits: int, like: Tensor) -> Kept:
        """What is kept of a number of digits in each run, on the device and of the type of `like`."""
        return Kept(*(
            self._factors(self._words(digits, width), silenced, like) if silenced else None
            for width, silenced in zip((MAPS_WIDTH, ENCODING_WIDTH), self._silenced, strict=True)
        ))  # fmt: skip

    def _words(self, digits: int, width: int) -> Tensor:
        count = digits * width
        words = [stream.random_raw(-(-count // 4)).view(np.int16)[:count] for stream in self._streams]
        return torch.from_numpy(words[0] if len(words) == 1 else np.stack(words)).view(len(words), digits, width)

    @staticmethod
    def _factors(words: Tensor, silenced: int, like: Tensor) -> Tensor:
        values = words.to(like.device).to(like.dtype)  # -32,768 and up
        return values.ge_(silenced - VALUES // 2).mul_(VALUES / (VALUES - silenced))
