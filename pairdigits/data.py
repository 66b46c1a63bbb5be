"""MNIST, and pairs of its digits at 14x14 as the report's task has them."""

from __future__ import annotations

import functools
import hashlib
import io
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

BUNDLE = Path(__file__).parent / "mnist" / "mnist.npz"
BUNDLE_SHA256 = "06af5dfe73b70e3bc1c36439982b18a8d76803db9b544f6fdf838a37fbb01b64"
BALANCES = ("none", "over", "under")


class DataError(ValueError):
    """The digits, or what was asked of them, cannot be had; the message says why in one sentence."""


class Digits(NamedTuple):
    """One split of MNIST."""

    images: Tensor  # (N, 28, 28) uint8
    labels: Tensor  # (N,) int64


class MNIST(NamedTuple):
    """Both splits: 60,000 training digits and 10,000 test digits."""

    train: Digits
    test: Digits


class RawPairs(NamedTuple):
    """Pairs as drawn, before pooling and normalisation."""

    images: Tensor  # (N, 2, 28, 28) uint8
    digits: Tensor  # (N, 2) int64
    indices: Tensor  # (N, 2) int64, places in the split they come from


class Pairs(NamedTuple):
    """Pairs as the models take them."""

    images: Tensor  # (N, 2, 14, 14) float32, normalised
    labels: Tensor  # (N,) int64, 1 where the first digit <= the second
    digits: Tensor  # (N, 2) int64

    def to(self, device: torch.device) -> Pairs:
        """The same pairs on a device."""
        return Pairs(*(part.to(device) for part in self))


class Normalisation(NamedTuple):
    """Mean and standard deviation of the training pairs' pixels; whatever a model is shown goes through it."""

    mean: float
    std: float

    @classmethod
    def fit(cls, pooled: Tensor) -> Normalisation:
        """Measure pooled images.

        Parameters
        ----------
        pooled : Tensor of any shape, float32 in 0..1
            Of training pairs alone: what test pairs are like is not for a model to know.
        """
        return cls(pooled.mean().item(), pooled.std().item())

    def __call__(self, pooled: Tensor) -> Tensor:
        """Pooled images to mean 0 and spread 1 of what was measured."""
        return (pooled - self.mean) / self.std


def load_mnist(root: str | Path | None = None, download: bool = False) -> MNIST:
    """Load MNIST, once per process and source.

    Parameters
    ----------
    root : path, optional
        A folder for `torchvision.datasets.MNIST`; by default the bundle that ships with the package.
    download : bool
        Let torchvision fetch the files into `root` when they are missing.

    Raises
    ------
    DataError
        If files are missing, truncated, altered or not MNIST.
    """
    return _load_bundle(BUNDLE) if root is None else _load_folder(Path(root), download)


@functools.lru_cache(maxsize=2)
def _load_bundle(path: Path) -> MNIST:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"The bundled MNIST file {path.name} cannot be read ({error.strerror}): install again."
        ) from None
    if hashlib.sha256(content).hexdigest() != BUNDLE_SHA256:
        raise DataError(f"The bundled MNIST file {path.name} is truncated or altered: install the package again.")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return MNIST(
            *(
                Digits(torch.from_numpy(arrays[f"x_{split}"]), torch.from_numpy(arrays[f"y_{split}"]).long())
                for split in ("train", "test")
            )
        )


@functools.lru_cache(maxsize=2)
def _load_folder(root: Path, download: bool) -> MNIST:
    datasets = import_torchvision().datasets
    try:
        splits = [datasets.MNIST(root, train=train, download=download) for train in (True, False)]
    except (OSError, RuntimeError, ValueError, AssertionError, EOFError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"No usable MNIST under {root} ({reason}): give a folder with MNIST/raw in it.") from None
    return MNIST(*(Digits(split.data, split.targets.long()) for split in splits))


_torchvision_lock = threading.Lock()
_schemas: list[torch.library.Library] = []


def import_torchvision() -> Any:
    """Import torchvision, also beside a CPU build of torch that its compiled extension does not fit.

    There the import fails because two operators lack their schemas; declaring them mends everything that this
    package uses (datasets). Slow (about a second), hence only called where it is needed.
    """
    with _torchvision_lock:
        try:
            import torchvision
        except RuntimeError:  # operator torchvision::nms does not exist
            for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
                del sys.modules[name]
            library = torch.library.Library("torchvision", "FRAGMENT")
            for operator in ("nms", "qnms"):
                library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            _schemas.append(library)  # it must outlive this call, or its schemas go with it
            import torchvision
    return torchvision


def pool(images: Tensor) -> Tensor:
    """Shrink 28x28 images to the report's 14x14 by 2x2 average pooling.

    Parameters
    ----------
    images : Tensor, shape (..., 28, 28), uint8 or float in 0..255

    Returns
    -------
    Tensor, shape (..., 14, 14), float32 in 0..1
    """
    return F.avg_pool2d(images.float().reshape(-1, 1, *images.shape[-2:]) / 255, 2).reshape(*images.shape[:-2], 14, 14)


def label_pairs(digits: Tensor) -> Tensor:
    """1 where the first digit is less than or equal to the second: (N, 2) -> (N,) int64."""
    return (digits[..., 0] <= digits[..., 1]).long()


def sample_pairs(digits: Digits, count: int, seed: int, balance: str = "none") -> RawPairs:
    """Draw pairs of different digits' images, none of them used twice.

    Parameters
    ----------
    digits : Digits
        The split to draw from.
    count : int
        Pairs to draw, at most half the number of digits.
    seed : int
        Same seed, same pairs.
    balance : {"none", "over", "under"}
        Ties make about 55% of pairs "less than or equal". "over" repeats pairs of the rarer class until both are
        equally many, "under" leaves pairs of the commoner one out; so the number of pairs changes.

    Raises
    ------
    DataError
        If there are not enough digits, or the balance is unknown.
    """
    available = len(digits.labels) // 2
    if not 1 <= count <= available:
        raise DataError(
            f"{count:,} pairs were asked for: give a number from 1 to {available:,}, each digit is used once."
        )
    generator = torch.Generator().manual_seed(seed)
    indices = torch.randperm(len(digits.labels), generator=generator)[: 2 * count].view(count, 2)
    return rebalance(RawPairs(digits.images[indices], digits.labels[indices], indices), balance, seed)


def rebalance(raw: RawPairs, balance: str, seed: int) -> RawPairs:
    """Make both classes equally many; pairs keep their order and repeated ones come last.

    Parameters
    ----------
    raw : RawPairs
    balance : str
        "none" leaves them as they are; "over" repeats pairs of the rarer class; "under" leaves out pairs of the other.
    seed : int
        Of the choice of those pairs.

    Raises
    ------
    DataError
        If the balance is none of these.
    """
    if balance not in BALANCES:
        raise DataError(f"The balance is {balance!r}: choose one of {', '.join(BALANCES)}.")
    labels = label_pairs(raw.digits)
    everything = torch.arange(len(labels))
    rare, common = sorted((everything[labels == label] for label in (0, 1)), key=len)
    if balance == "none" or len(rare) == 0:
        return raw
    generator = torch.Generator().manual_seed(seed)
    if balance == "over":
        extra = rare[torch.randint(len(rare), (len(common) - len(rare),), generator=generator)]
        kept = torch.cat([everything, extra])
    else:
        kept = torch.cat([rare, common[torch.randperm(len(common), generator=generator)[: len(rare)]]]).sort().values
    return RawPairs(*(part[kept] for part in raw))


def prepare(raw: RawPairs, normalisation: Normalisation) -> Pairs:
    """Pool, normalise and label drawn pairs."""
    return Pairs(normalisation(pool(raw.images)), label_pairs(raw.digits), raw.digits)
