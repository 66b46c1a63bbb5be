"""Whether a drawing is one digit at all: a tower of the report's, trained on digits and on what is none.

The readers themselves cannot tell: on the first 560 drawings that were held out, and at a cost of 1% of MNIST's test
digits, the disagreement of seven towers flagged 36% of what is none, and a linear layer on all their encodings 69% at
0.8%. `tests/non_digit_fit.py` trains this one.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor

from pairdigits.folders import CHECKPOINTS
from pairdigits.towers import Tower

PATH = CHECKPOINTS / "best" / "one-digit.safetensors"
_MEAN, _STD = 0.13, 0.28  # of the pixels of MNIST's pooled digits, about


def normalised(images: Tensor) -> Tensor:
    """Pooled images (N, 14, 14), 0..1, as the tower takes them: (N, 1, 14, 14)."""
    return (images[:, None] - _MEAN) / _STD


def strangeness(tower: Tower, images: Tensor) -> Tensor:
    """How much more than a digit each of some pooled images (N, 14, 14), 0..1, looks like none: (N,), log odds."""
    with torch.inference_mode():
        digit, other = tower(normalised(images)).logits.unbind(1)
    return other - digit


def save(tower: Tower, bound: float, path: Path = PATH) -> None:
    """Write the tower, and above which strangeness a drawing is flagged."""
    safetensors.torch.save_file(tower.state_dict(), path, {"bound": json.dumps(bound)})


@cache
def load(path: Path = PATH) -> tuple[Tower, float]:
    """The committed tower and its bound."""
    tower = Tower(outputs=2)
    with safetensors.safe_open(path, "pt") as file:
        bound = json.loads(file.metadata()["bound"])
        tower.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    return tower.eval(), bound


def doubts(images: list[np.ndarray]) -> list[bool]:
    """Which images are hardly one digit.

    Parameters
    ----------
    images : list of uint8 arrays (14, 14)
        What the networks see, ``round(255 * pooled)``.
    """
    tower, bound = load()
    pooled = torch.from_numpy(np.stack(images)).float() / 255
    return (strangeness(tower, pooled) > bound).tolist()
