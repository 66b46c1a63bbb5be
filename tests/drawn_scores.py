"""How well the committed `best` models read drawings: what tests ask for, and docs/drawings.md's table.

``python -m tests.drawn_scores`` prints the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from pairdigits import checkpoints
from pairdigits.data import load_mnist, pool
from pairdigits.evaluation import predict
from pairdigits.models import VARIANTS, SiameseNet, siamese
from pairdigits.sketch import Sketch, from_drawing, to_digit
from pairdigits.towers import TowerOutput
from tests import drawn_digits
from tests.drawn_digits import CANVAS, FIRST_FRESH_HAND

DRAWINGS = {
    "tuned on": tuple(one for one in drawn_digits.load() if one.hand < FIRST_FRESH_HAND),
    "fresh": tuple(one for one in drawn_digits.load() if one.hand >= FIRST_FRESH_HAND),
}
ALIKE = {
    "as drawn": {},
    "top right corner": {"corner": (1, 0)},
    "bottom left corner": {"corner": (0, 1)},
    "half size": {"scale": 0.5},
    "half size in a corner": {"scale": 0.5, "corner": (0, 0)},
    "half the pen": {"pen": 0.5},
    "twice the pen": {"pen": 2.0},
}


class Reading(NamedTuple):
    """Shares, 0..1."""

    digits: float | None  # read rightly; None for the base model
    pairs: float  # of all ordered pairs of the drawings, compared rightly


@cache
def sketches(hands: str, how: str) -> list[Sketch]:
    """What the pipeline makes of drawings, and what it remarks."""
    return [from_drawing(one.moved(**ALIKE[how]).render()) for one in DRAWINGS[hands]]


def _seen(hands: str, how: str) -> tuple[Tensor, Tensor]:
    """Drawings as a network sees them, before normalisation, (N, 14, 14), and what they are, (N,)."""
    images = [sketch.image for sketch in sketches(hands, how) if sketch.image is not None]
    return pool(torch.from_numpy(np.stack(images))), torch.tensor([one.digit for one in DRAWINGS[hands]])


@cache
def read(variant: str, hands: str, how: str = "as drawn") -> Reading:
    """Show drawings to a model: each alone, and every one beside every one."""
    pooled, digits = _seen(hands, how)
    checkpoint = checkpoints.trained("best", variant)
    model, normalisation = checkpoint.model, checkpoint.normalisation
    right = digits[:, None] <= digits
    if not isinstance(model, SiameseNet):
        everything = torch.arange(len(digits))
        images = normalisation(pooled)[torch.cartesian_prod(everything, everything)]
        verdicts = predict(model, images).comparison.argmax(-1).view(right.shape)
        return Reading(None, _share(verdicts == right))
    with torch.inference_mode():
        left, beside = (model.read(normalisation(pooled), side) for side in (0, 1))
        rows, columns = TowerOutput(*(part[:, None] for part in left)), TowerOutput(*(part[None] for part in beside))
        verdicts = model.compare(rows, columns).argmax(-1)
    return Reading(_share(left.logits.argmax(-1) == digits), _share(verdicts == right))


def digits_read(variant: str, digits: Sequence[np.ndarray] | Tensor) -> Tensor:
    """What a model takes each of the images (N, 28, 28), uint8, for."""
    checkpoint = checkpoints.trained("best", variant)
    pooled = pool(torch.from_numpy(np.stack(digits)) if not isinstance(digits, Tensor) else digits)
    with torch.inference_mode():
        return siamese(checkpoint.model).read(checkpoint.normalisation(pooled), 0).logits.argmax(1)


@cache
def _through_canvas(every: int) -> tuple[Tensor, list[np.ndarray]]:
    """One test digit of ``every``, and the same after it was enlarged to a canvas and sent through the pipeline."""
    images = load_mnist().test.images[::every]
    canvases = [np.asarray(Image.fromarray(image).resize((CANVAS, CANVAS))) for image in images.numpy()]
    return images, [to_digit(canvas) for canvas in canvases]


def unchanged_by_canvas(variant: str, every: int = 5) -> float:
    """The share of 10,000 / ``every`` test digits that a model reads the same when they come through a canvas."""
    images, through = _through_canvas(every)
    return _share(digits_read(variant, images) == digits_read(variant, through))


def markdown() -> str:
    """docs/drawings.md's table."""
    lines = [
        "| Model | Digits read, tuned on | fresh | Pairs compared, tuned on | fresh | Most lost by place, size or pen |"
        " MNIST through a canvas, read as directly |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for variant, row in VARIANTS.items():
        readings = [read(variant, hands) for hands in DRAWINGS]
        lost = [
            plain - changed
            for hands, reading in zip(DRAWINGS, readings, strict=True)
            for how in ALIKE
            for plain, changed in zip(reading, read(variant, hands, how), strict=True)
            if plain is not None and changed is not None
        ]
        digits = [f"{reading.digits:.1%}" if row.siamese else "reads none" for reading in readings]
        cells = [row.title, *digits, *(f"{reading.pairs:.1%}" for reading in readings), f"{max(lost):.1%}"]
        lines.append(f"| {' | '.join(cells)} | {f'{unchanged_by_canvas(variant):.1%}' if row.siamese else '–'} |")
    return "\n".join(lines)


def _share(right: Tensor) -> float:
    return right.float().mean().item()


if __name__ == "__main__":
    print(markdown())
