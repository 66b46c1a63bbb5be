"""Whether a drawing is one digit at all: a committee of the report's towers, trained on digits and on what is none.

The readers themselves cannot tell: at a cost of 1% of MNIST's test digits their disagreement flags 66% of what is none
where this committee flags 95% (n = 560 drawings; docs/drawings.md). `tests/non_digit_fit.py` trains it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor
from torch.nn import Module, ModuleList

from pairdigits.data import Normalisation
from pairdigits.folders import CHECKPOINTS
from pairdigits.side_by_side import Remembered, SideBySide
from pairdigits.towers import Tower

PATH = CHECKPOINTS / "best" / "one-digit.safetensors"
_NORMALISATION = Normalisation(0.13, 0.28)  # of the pixels of MNIST's pooled digits, about


def normalised(images: Tensor) -> Tensor:
    """Pooled images (N, 14, 14), 0..1, as the tower takes them: (N, 1, 14, 14)."""
    return _NORMALISATION(images[:, None])


def strangeness(committee: Iterable[Module], images: Tensor) -> Tensor:
    """How much more than a digit each of some pooled images (N, 14, 14), 0..1, looks like none: (N,), log odds.

    The mean of what the towers of the committee say.
    """
    with torch.inference_mode():
        digit, other = torch.stack([tower(normalised(images)).logits for tower in committee]).mean(0).unbind(1)
    return other - digit


def save(committee: Sequence[Module], bound: float, path: Path = PATH) -> None:
    """Write the towers, and above which strangeness a drawing is flagged."""
    weights = ModuleList(committee).state_dict()
    safetensors.torch.save_file(weights, path, {"bound": json.dumps(bound), "towers": json.dumps(len(committee))})


@cache
def load(path: Path = PATH) -> tuple[ModuleList, float]:
    """The committed towers and their bound."""
    with safetensors.safe_open(path, "pt") as file:
        bound, count = (json.loads(file.metadata()[name]) for name in ("bound", "towers"))
        committee = ModuleList(Tower(outputs=2) for _ in range(count))
        committee.load_state_dict({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    return committee, bound


def doubts(images: list[np.ndarray]) -> list[bool]:
    """Which images are hardly one digit.

    Parameters
    ----------
    images : list of uint8 arrays (14, 14)
        What the networks see, ``round(255 * pooled)``.
    """
    towers, bound = _beside()
    digit, other = torch.stack([said.logits for said in towers(images)]).mean(0).unbind(1)
    return (other - digit > bound).tolist()


@cache
def _beside() -> tuple[Remembered, float]:
    committee, bound = load()
    towers = [tower for tower in committee if isinstance(tower, Tower)]
    return Remembered(SideBySide(towers, [_NORMALISATION] * len(towers))), bound
