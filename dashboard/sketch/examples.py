"""Pairs of digits to start from: one drawn by hand, and others out of MNIST's test digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from dashboard.components.sketchpad import DIGIT_STROKES, SENT, Drawing
from dashboard.sketch.drawings import Shown, drawn, of_digit
from pairdigits.sketch import to_pooled

if TYPE_CHECKING:
    from pairdigits.checkpoints import Checkpoint
    from pairdigits.data import Digits

PEN = 20  # of the canvas's 280 units
CANDIDATES = 400  # test digits among whose 160,000 pairs a misjudged one is looked for


def first_pair() -> tuple[Shown, Shown]:
    """A three and a seven, drawn, not taken from MNIST: it is there before torch is loaded, and shows what to do."""
    three, seven = (_drawn(digit) for digit in (3, 7))
    return three, seven


def _drawn(digit: int) -> Shown:
    shown = drawn(render(DIGIT_STROKES[digit]))
    return shown._replace(seen=shown.seen._replace(label=digit))


def render(strokes: list[list[int]], width: int = PEN, smoothing: int = 4) -> Drawing:
    """Draw strokes, each [x0, y0, x1, y1, ...] in a square of 280 units, as the canvas does."""
    scale = smoothing * SENT / 280
    radius = width * scale / 2
    image = Image.new("L", (SENT * smoothing, SENT * smoothing))
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [(x * scale, y * scale) for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        pen.line(points, fill=255, width=round(2 * radius))
        for x, y in points:  # round joins and caps
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    lines = [{"width": float(width), "points": stroke} for stroke in strokes]
    return Drawing(np.asarray(image.reduce(smoothing)), lines)


def random_pair(test: Digits, rng: np.random.Generator) -> tuple[Shown, Shown]:
    """Two test digits."""
    return _pair(test, *rng.choice(len(test.labels), 2, replace=False))


def equal_pair(test: Digits, rng: np.random.Generator) -> tuple[Shown, Shown]:
    """Two different test images of one digit."""
    alike = np.flatnonzero(test.labels.numpy() == rng.integers(10))
    return _pair(test, *rng.choice(alike, 2, replace=False))


def misjudged_pair(model: Checkpoint, test: Digits, rng: np.random.Generator) -> tuple[Shown, Shown]:
    """Two test digits that a siamese model reads rightly and still compares wrongly.

    Raises
    ------
    ValueError
        If there is no such pair among 160,000.
    """
    import torch

    from pairdigits.models import siamese
    from pairdigits.towers import TowerOutput

    chosen = torch.from_numpy(rng.choice(len(test.labels), CANDIDATES, replace=False))
    labels = test.labels[chosen]
    images = torch.from_numpy(np.stack([to_pooled(image) for image in test.images[chosen].numpy()])).float() / 255
    with torch.inference_mode():
        network = siamese(model.model)
        sides = [network.read(model.normalisation(images), side) for side in (0, 1)]
        rows, columns = (TowerOutput(*(p.unsqueeze(1 - side) for p in part)) for side, part in enumerate(sides))
        says = network.compare(rows, columns).argmax(-1).bool()  # (CANDIDATES, CANDIDATES)
        reads = [part.logits.argmax(-1) == labels for part in sides]
    wrong = (says != (labels[:, None] <= labels)) & reads[0][:, None] & reads[1]
    pairs = wrong.fill_diagonal_(False).nonzero()
    if not len(pairs):
        title = model.model.variant.title
        raise ValueError(f"{title} got every pair right that was looked at: choose the other models, or try again.")
    return _pair(test, *chosen[pairs[rng.integers(len(pairs))]].tolist())


def _pair(test: Digits, left: int, right: int) -> tuple[Shown, Shown]:
    one, other = (of_digit(test.images[place].numpy(), int(test.labels[place])) for place in (left, right))
    return one, other
