"""Where a model trains."""

from __future__ import annotations

from typing import Any

import torch

from pairdigits.config import ConfigError
from pairdigits.models import PairNet


def find(name: str) -> torch.device:
    """A device by its name; "auto" is the quickest that there is.

    Raises
    ------
    ConfigError
        If this machine has no such device.
    """
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device, there in available.items() if there)
    if not available[name]:
        raise ConfigError(f"This machine has no {name} device: choose auto or cpu.")
    if name == "cuda":  # pragma: no cover: a GPU, which tests/core/test_gpu.py needs
        # A run repeats: no rounding to 10 bits (TF32), no sum in whatever order it comes.
        torch.backends.cudnn.allow_tf32, torch.backends.cudnn.deterministic = False, True
    return torch.device(name)


def place(model: PairNet, device: torch.device) -> None:
    """Move a model to a device, its weights in the order that convolutions there like."""
    where: Any = {"device": device, "memory_format": torch.channels_last}  # torch's hints leave the format out
    model.to(**where)
