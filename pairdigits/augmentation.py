"""Training images changed anew every epoch: warped as handwriting varies, and ones drawn as MNIST's writers did not."""

from __future__ import annotations

import functools
import reprlib
from dataclasses import dataclass
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from pairdigits.choices import Number
from pairdigits.data import pool


def shown(value: object) -> str:
    """A wrong value as a sentence may have it: cut short if it is long or deep."""
    text = reprlib.repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


@dataclass(frozen=True)
class Augmentation:
    """How each training image is changed, anew every epoch.

    The fields of the warp are bounds of uniform draws but for `elastic`, the standard deviation of a smooth random
    displacement (Simard et al., 2003).
    """

    rotation: float = 12.0  # degrees, 0..180
    log_scale: float = 0.12  # the size is multiplied by exp(U(-s, s)), 0..1
    shear: float = 0.15  # horizontal, as a ratio, 0..1
    shift: float = 1.0  # pixels of the 14x14 image, 0..7
    elastic: float = 0.5  # pixels of the 14x14 image, 0..3
    flags: float = 0.25  # share of the ones that get a flag: many people draw them so, MNIST's writers did not, 0..1
    resolution: int = 28  # warp the 28x28 original and pool it, or (strictly what a model is given) the 14x14 image

    NUMBERS: ClassVar = {
        "rotation": Number(0.0, 180.0, 1.0, "Rotation (°)", "By this many degrees at most, either way."),
        "log_scale": Number(0.0, 1.0, 0.02, "Scale", "Size times exp(±s)."),
        "shear": Number(0.0, 1.0, 0.05, "Shear", "Horizontal slant, as a ratio."),
        "shift": Number(0.0, 7.0, 0.5, "Shift (pixels)", "Of the 14x14 image."),
        "elastic": Number(
            0.0, 3.0, 0.1, "Elastic (pixels)", "Standard deviation of a smooth displacement, in 14x14 pixels."
        ),
        "flags": Number(
            0.0, 1.0, 0.05, "Flagged ones",
            "Share of the ones that get a flag: many people draw them so, MNIST's writers did not.",
        ),
    }  # fmt: skip

    def problems(self) -> list[str]:
        """One sentence per field that is out of its range."""
        found = [
            f"Augmentation {name} is {shown(value)}: give a number from 0 to {limit:g}."
            for name, (_, limit, *_) in self.NUMBERS.items()
            if not isinstance(value := getattr(self, name), int | float) or not 0 <= value <= limit
        ]
        if self.resolution not in (14, 28):
            found.append(f"Augmentation resolution is {shown(self.resolution)}: give 14 or 28.")
        return found


AT_ONCE = 250  # images that are warped in one go: what is made on the way stays in the processor's cache
ELASTIC_GRID = 5  # displacements are drawn on 5x5 points and smoothed up to the image


@functools.lru_cache(maxsize=2)
def _warp_basis(size: int) -> Tensor:
    """Where a warp looks is linear in its parameters: (3 affine + 25 elastic, size * size) in -1..1 coordinates."""
    identity = torch.tensor([[[1.0, 0, 0], [0, 1, 0]]])
    x, y = F.affine_grid(identity, [1, 1, size, size], align_corners=False).reshape(-1, 2).T
    points = ELASTIC_GRID**2
    bumps = torch.eye(points).view(points, 1, ELASTIC_GRID, ELASTIC_GRID)
    smooth = F.interpolate(bumps, size=(size, size), mode="bicubic", align_corners=True).view(points, -1)
    return torch.cat([torch.stack([x, y, torch.ones_like(x)]), smooth])


def augment(images: Tensor, digits: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """Give some ones a flag, warp every image by parameters of its own, then pool.

    Parameters
    ----------
    images : Tensor, shape (N, 28, 28), uint8
        On any device, as `digits`.
    digits : Tensor, shape (N,), int64
        What they show; looked at only where `augmentation` has flags.
    augmentation : Augmentation
    generator : torch.Generator
        On the CPU; same state, same images, on every device.

    Returns
    -------
    Tensor, shape (N, 14, 14), float32 in 0..1
    """
    if augmentation.flags:
        images = flag_ones(images, digits, augmentation.flags, generator)
    size = augmentation.resolution
    source = images.float() / 255 if size == 28 else pool(images)
    count, device = len(source), source.device

    def uniform(bound: float) -> Tensor:
        return ((torch.rand(count, generator=generator) * 2 - 1) * bound).to(device)

    pixel = 2 / 14  # one pixel of the 14x14 image in grid_sample's coordinates, -1..1
    angle, scale = torch.deg2rad(uniform(augmentation.rotation)), torch.exp(-uniform(augmentation.log_scale))
    shear, shift = uniform(augmentation.shear), [uniform(augmentation.shift * pixel) for _ in range(2)]
    cos, sin = scale * torch.cos(angle), scale * torch.sin(angle)
    affine = torch.stack([cos, cos * shear - sin, shift[0], sin, sin * shear + cos, shift[1]], 1).view(count, 2, 3)
    elastic = torch.randn(count, 2, ELASTIC_GRID**2, generator=generator).to(device) * (augmentation.elastic * pixel)
    basis, warps = _warp_basis(size).to(device), torch.cat([affine, elastic], 2)  # (N, 2, 28)
    parts = zip(source.split(AT_ONCE), warps.split(AT_ONCE), strict=True)
    return torch.cat([_warped(some, by, basis) for some, by in parts])


def _warped(source: Tensor, warps: Tensor, basis: Tensor) -> Tensor:
    """Images (n, size, size) by warps (n, 2, 28), pooled to 14x14."""
    # One matrix product builds every grid: 7 times faster than affine_grid plus bicubic upsampling.
    grid = (warps.flatten(0, 1) @ basis).view(*warps.shape[:2], *source.shape[1:])
    grid = grid.permute(0, 2, 3, 1)  # (n, size, size, 2)
    warped = F.grid_sample(source.unsqueeze(1), grid, "bilinear", "zeros", align_corners=False).squeeze(1)
    if source.shape[-1] == 14:
        return warped
    # The mean of four, as avg_pool2d has it to the last bit, in a quarter of its time.
    upper, lower = warped[:, ::2], warped[:, 1::2]
    return (upper[..., ::2] + upper[..., 1::2] + lower[..., ::2] + lower[..., 1::2]) / 4


def flag_ones(images: Tensor, digits: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Give some of the ones a flag, and three in ten of those a foot too.

    Parameters
    ----------
    images : Tensor, shape (N, 28, 28), uint8
    digits : Tensor, shape (N,), int64
        What they show; only ones are changed.
    share : float
        The share of ones that get a flag, 0..1.
    generator : torch.Generator
        On the CPU; same state, same images.

    Returns
    -------
    Tensor, shape (N, 28, 28), uint8
    """
    device = images.device
    flagged = (digits == 1) & (torch.rand(len(digits), generator=generator) < share).to(device)
    chosen = torch.nonzero(flagged).flatten()
    if not len(chosen):
        return images
    every, places = torch.arange(len(chosen), device=device), torch.arange(28.0, device=device)
    ones = images[chosen].float()

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(len(chosen), generator=generator).to(device)

    inked = (ones > 100).any(2).float()  # (n, 28), by row
    top, bottom = inked.argmax(1), 27 - inked.flip(1).argmax(1)
    head, sole = ((ones[every, row] @ places) / ones[every, row].sum(1).clamp(min=1) for row in (top, bottom))
    height = (bottom - top).clamp(min=8)
    half_width = (0.45 * ones.sum((1, 2)) / 255 / height).clamp(0.7, 1.8)  # of the pen, pixels

    angle, length = uniform(0.45, 1.15), uniform(0.2, 0.6) * height  # radians from the downward vertical
    reach, footed = uniform(0.15, 0.35) * height, uniform(0, 1) < 0.3
    high, low = top + 0.7, bottom - 0.7
    flag = _strokes(head, high, head - torch.sin(angle) * length, high + torch.cos(angle) * length, half_width)
    foot = _strokes(sole - reach, low, sole + reach, low, half_width)
    ones = ones.maximum(flag).maximum(foot * footed[:, None, None])

    # MNIST centres by the centre of mass, which the new strokes have moved.
    mass = ones.sum((1, 2))
    down = (14 - (ones.sum(2) @ places) / mass).round().long()
    right = (14 - (ones.sum(1) @ places) / mass).round().long()
    row, column = ((places.long() - by[:, None]) % 28 for by in (down, right))
    changed = images.clone()
    changed[chosen] = ones[every[:, None, None], row[:, :, None], column[:, None, :]].to(torch.uint8)
    return changed


def _strokes(x0: Tensor, y0: Tensor, x1: Tensor, y1: Tensor, half_width: Tensor) -> Tensor:
    """One antialiased straight stroke an image, its ends and width in pixels: five (n,) -> (n, 28, 28), 0..255."""
    x0, y0, dx, dy, half_width = (value[:, None, None] for value in (x0, y0, x1 - x0, y1 - y0, half_width))
    places = torch.arange(28.0, device=x0.device)
    x, y = places - x0, places[:, None] - y0
    along = ((x * dx + y * dy) / (dx**2 + dy**2)).clamp(0, 1)
    return 255 * (half_width + 0.5 - torch.hypot(x - along * dx, y - along * dy)).clamp(0, 1)
