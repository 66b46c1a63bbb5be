"""Digits drawn by 28 hands: the strokes in data/drawn_digits.json, and the canvas that shows them.

A hand is a person: a slant, a width, a tremor, a speed, a pen and a size of its own, and for every digit one of the
shapes in data/shapes.json. The pipeline and the training recipe were tuned on the first fourteen hands; the others came
after that.
``python -m tests.drawn_digits`` draws them all again, from the same seeds into the same file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.interpolate import CubicSpline

DATA = Path(__file__).parent / "data"
PATH = DATA / "drawn_digits.json"
CANVAS = 280  # pixels
HANDS, FIRST_FRESH_HAND = 28, 14

# "digits": for each digit, name -> shape; "fitted" and "held out": so too, for what is no digit. A shape is a list of
# strokes: points (x, y), y downwards, in a box of height 1 and width 1 (drawn narrower). A smooth curve runs through
# them; a point given twice in a row is a corner.
SHAPES = json.loads((DATA / "shapes.json").read_text())


@dataclass(frozen=True)
class Drawing:
    """One digit on the canvas."""

    digit: int
    hand: int
    shape: str
    pen: float  # pixels, the width of its strokes
    strokes: tuple[np.ndarray, ...]  # each (N, 2), x and y in canvas pixels

    def moved(self, scale: float = 1.0, corner: tuple[int, int] | None = None, pen: float = 1.0) -> Drawing:
        """Scale the drawing about its middle, push it into a corner (0 or 1, 0 or 1), and change the pen's width."""
        points = np.concatenate(self.strokes)
        low, high = points.min(0), points.max(0)
        width, middle = self.pen * pen, (low + high) / 2
        half = (high - low) / 2 * scale
        if corner is not None:
            reach = half + width / 2 + 2
            middle = reach + np.array(corner) * (CANVAS - 2 * reach)
        strokes = tuple((stroke - (low + high) / 2) * scale + middle for stroke in self.strokes)
        return replace(self, pen=width, strokes=strokes)

    def render(self, smoothing: int = 3) -> np.ndarray:
        """Draw as the canvas does, round caps and joins, white on black: uint8 (280, 280)."""
        image = Image.new("L", (CANVAS * smoothing, CANVAS * smoothing))
        draw = ImageDraw.Draw(image)
        radius = self.pen * smoothing / 2
        for stroke in self.strokes:
            points = [tuple(point) for point in (stroke + 0.5) * smoothing]
            draw.line(points, fill=255, width=round(2 * radius))
            for x, y in points:
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        return np.asarray(image.reduce(smoothing))


@cache
def load() -> tuple[Drawing, ...]:
    """All drawings of the test set."""
    return tuple(
        Drawing(row["digit"], row["hand"], row["shape"], row["pen"], tuple(np.array(s, float) for s in row["strokes"]))
        for row in json.loads(PATH.read_text())
    )


def photo(drawing: Drawing, seed: int = 0) -> np.ndarray:
    """Pretend to photograph the digit on paper: dark ink, uneven light, a shadow, grain; uint8 (600, 450)."""
    rng = np.random.default_rng(seed)
    height, width = 600, 450
    ink = np.zeros((height, width))
    top, left = rng.integers(20, height - CANVAS - 20), rng.integers(20, width - CANVAS - 20)
    ink[top : top + CANVAS, left : left + CANVAS] = drawing.render() / 255
    y, x = np.mgrid[:height, :width] / height
    angle = rng.uniform(0, 2 * np.pi)
    light = 190 + rng.uniform(40, 110) * ((x - 0.4) * np.cos(angle) + (y - 0.5) * np.sin(angle))
    edge = np.clip((x + y * rng.uniform(-0.5, 0.5) - rng.uniform(0.2, 0.6)) * 12, 0, 1)
    light *= 1 - rng.uniform(0.1, 0.35) * edge  # the shadow of whoever holds the camera
    grey = light * (1 - rng.uniform(0.5, 0.85) * ink) + rng.normal(0, rng.uniform(2, 7), ink.shape)
    return grey.clip(0, 255).astype(np.uint8)


def _trace(points: list[tuple[float, float]]) -> np.ndarray:
    """Run a smooth curve through the points, broken where a point comes twice; about (100, 2) for every part."""
    places = np.array(points, float)
    corners = np.flatnonzero((places[1:] == places[:-1]).all(1)) + 1
    parts = []
    for part in np.split(places, corners):
        along = np.r_[0, np.cumsum(np.hypot(*np.diff(part, axis=0).T) ** 0.5)]  # centripetal: no overshoot
        parts.append(CubicSpline(along, part)(np.linspace(0, along[-1], 100)))
    return np.concatenate(parts)


def draw(digit: int, hand: int) -> Drawing:
    """Let a hand draw a digit."""
    shapes = SHAPES["digits"][digit]
    names = list(shapes)
    name = names[(hand + digit) % len(names)]
    pen, strokes = by_hand(shapes[name], hand, np.random.default_rng([hand, digit, 2]))
    return Drawing(digit, hand, name, pen, strokes)


def by_hand(
    shape: list[list[Sequence[float]]], hand: int, rng: np.random.Generator
) -> tuple[float, tuple[np.ndarray, ...]]:
    """The pen's width and the strokes that a hand makes of a shape, somewhere on the canvas."""
    person = np.random.default_rng([hand, 1])
    slant, widening = person.normal(0.08, 0.16), person.uniform(0.5, 0.8)
    tremor, step = person.uniform(0.5, 3), person.uniform(4, 12)  # pixels
    pen, height = round(person.uniform(8, 18), 1), person.uniform(120, 235)  # pixels
    sloppiness = person.uniform(0.01, 0.04)

    height *= rng.uniform(0.85, 1.1)
    slant, turn = slant + rng.normal(0, 0.05), np.radians(rng.normal(0, 4))
    frame = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.array([[1, -slant], [0, 1]])
    frame = height * frame @ np.diag([widening * rng.uniform(0.9, 1.15), 1])

    strokes = []
    for stroke in shape:
        points = [(x, y) for x, y in stroke]
        wobble = {point: np.array(point) + rng.normal(0, sloppiness, 2) for point in points}  # corners stay corners
        stroke = _trace([tuple(wobble[point]) for point in points]) @ frame.T
        along = np.r_[0, np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))]
        stops = np.linspace(0, along[-1], max(2, round(along[-1] / step)))
        stroke = np.stack([np.interp(stops, along, values) for values in stroke.T], 1)
        knots = rng.normal(0, tremor, (max(2, int(along[-1] / 30)), 2))
        where = np.linspace(0, along[-1], len(knots))
        strokes.append(stroke + np.stack([np.interp(stops, where, values) for values in knots.T], 1))

    low, high = (bound(np.concatenate(strokes), 0) for bound in (np.min, np.max))
    room = np.maximum(CANVAS - (high - low) - pen - 4, 0)
    place = pen / 2 + 2 + room * rng.beta(2, 2, 2) - low
    return pen, tuple((stroke + place).round().clip(0, CANVAS) for stroke in strokes)


if __name__ == "__main__":
    rows = [
        {
            "digit": digit,
            "hand": hand,
            "shape": (drawing := draw(digit, hand)).shape,
            "pen": drawing.pen,
            "strokes": [stroke.astype(int).tolist() for stroke in drawing.strokes],
        }
        for digit in range(10)
        for hand in range(HANDS)
    ]
    PATH.write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
