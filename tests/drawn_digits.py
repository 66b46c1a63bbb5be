"""Digits drawn by 28 hands: the strokes in data/drawn_digits.json, and the canvas that shows them.

A hand is a person: a slant, a width, a tremor, a speed, a pen and a size of its own, and for every digit one of the
shapes below. The pipeline and the training recipe were tuned on the first fourteen hands; the others came after that.
``python -m tests.drawn_digits`` draws them all again, from the same seeds into the same file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.interpolate import CubicSpline

PATH = Path(__file__).parent / "data" / "drawn_digits.json"
CANVAS = 280  # pixels
HANDS, FIRST_FRESH_HAND = 28, 14

# Every shape is a list of strokes: points (x, y), y downwards, in a box of height 1 and width 1 (drawn narrower).
# A smooth curve runs through the points; a point given twice in a row is a corner.
SHAPES: dict[int, dict[str, list[list[tuple[float, float]]]]] = {
    0: {
        "oval": [
            [
                (0.55, 0),
                (0.14, 0.18),
                (0, 0.5),
                (0.15, 0.84),
                (0.5, 1),
                (0.86, 0.82),
                (1, 0.5),
                (0.87, 0.16),
                (0.52, 0.01),
            ]
        ],
        "narrow": [
            [
                (0.55, 0),
                (0.3, 0.2),
                (0.22, 0.55),
                (0.3, 0.87),
                (0.5, 1),
                (0.7, 0.85),
                (0.77, 0.5),
                (0.7, 0.15),
                (0.5, 0),
            ]
        ],
        "overshooting": [
            [
                (0.7, 0.08),
                (0.3, 0.05),
                (0, 0.45),
                (0.15, 0.88),
                (0.55, 1),
                (0.95, 0.7),
                (0.9, 0.25),
                (0.5, 0),
                (0.25, 0.16),
            ]
        ],
        "not quite closed": [
            [(0.6, 0.02), (0.2, 0.12), (0, 0.5), (0.12, 0.85), (0.5, 1), (0.9, 0.8), (1, 0.45), (0.82, 0.12)]
        ],
        "round": [
            [
                (0.6, 0.1),
                (0.1, 0.2),
                (-0.15, 0.5),
                (0.1, 0.85),
                (0.5, 0.97),
                (0.95, 0.85),
                (1.2, 0.5),
                (0.95, 0.18),
                (0.55, 0.1),
            ]
        ],
    },
    1: {
        "bar": [[(0.5, 0), (0.48, 0.5), (0.5, 1)]],
        "flag": [[(0.22, 0.24), (0.55, 0), (0.55, 0), (0.55, 1)]],
        "European": [[(0.05, 0.42), (0.6, 0), (0.6, 0), (0.6, 1)]],
        "flag and foot": [[(0.25, 0.2), (0.5, 0), (0.5, 0), (0.5, 1)], [(0.12, 1), (0.88, 0.99)]],
        "leaning bar": [[(0.72, 0), (0.3, 1)]],
    },
    2: {
        "plain": [
            [
                (0.05, 0.24),
                (0.3, 0.02),
                (0.7, 0.02),
                (0.92, 0.25),
                (0.75, 0.52),
                (0.4, 0.8),
                (0.04, 1),
                (0.04, 1),
                (1, 0.99),
            ]
        ],
        "loop": [
            [
                (0.05, 0.2),
                (0.35, 0),
                (0.8, 0.08),
                (0.85, 0.36),
                (0.5, 0.76),
                (0.15, 0.98),
                (0, 0.88),
                (0.16, 0.78),
                (0.45, 0.9),
                (0.75, 1),
                (1, 0.92),
            ]
        ],
        "swan": [
            [
                (0, 0.3),
                (0.2, 0.04),
                (0.6, 0),
                (0.85, 0.2),
                (0.7, 0.52),
                (0.1, 0.97),
                (0.1, 0.97),
                (0.45, 0.9),
                (0.75, 1),
                (1.05, 0.9),
            ]
        ],
        "flat": [[(0.05, 0.06), (0.6, 0), (0.9, 0.16), (0.75, 0.45), (0, 1), (0, 1), (0.95, 1)]],
    },
    3: {
        "round": [
            [
                (0.05, 0.14),
                (0.4, 0),
                (0.85, 0.12),
                (0.8, 0.36),
                (0.4, 0.47),
                (0.4, 0.47),
                (0.88, 0.56),
                (1, 0.8),
                (0.6, 1),
                (0.2, 0.97),
                (0, 0.85),
            ]
        ],
        "flat top": [
            [
                (0.05, 0.02),
                (0.9, 0),
                (0.9, 0),
                (0.42, 0.4),
                (0.42, 0.4),
                (0.85, 0.47),
                (1, 0.72),
                (0.75, 0.97),
                (0.3, 1),
                (0, 0.86),
            ]
        ],
        "flowing": [
            [
                (0, 0.15),
                (0.45, 0),
                (0.88, 0.2),
                (0.55, 0.44),
                (0.33, 0.48),
                (0.6, 0.5),
                (1, 0.72),
                (0.6, 1),
                (0.05, 0.9),
            ]
        ],
        "knot": [
            [
                (0.05, 0.12),
                (0.45, 0),
                (0.85, 0.2),
                (0.6, 0.44),
                (0.36, 0.5),
                (0.36, 0.4),
                (0.6, 0.47),
                (0.95, 0.72),
                (0.55, 1),
                (0, 0.88),
            ]
        ],
    },
    4: {
        "open": [[(0.15, 0), (0, 0.6), (0, 0.6), (1, 0.6)], [(0.75, 0.1), (0.7, 1)]],
        "closed in one": [[(0.72, 1), (0.75, 0), (0.75, 0), (0, 0.66), (0, 0.66), (1, 0.66)]],
        "cup": [[(0.08, 0), (0.03, 0.4), (0.3, 0.58), (0.85, 0.5)], [(0.88, 0), (0.82, 1)]],
        "closed in two": [[(0.62, 0), (0, 0.68), (0, 0.68), (1.02, 0.68)], [(0.66, 0.02), (0.65, 1)]],
        "steep": [[(0.35, 0), (0.05, 0.5), (0.05, 0.5), (0.95, 0.46)], [(0.7, 0.22), (0.5, 1)]],
    },
    5: {
        "bar last": [
            [(0.2, 0), (0.14, 0.42), (0.14, 0.42), (0.5, 0.35), (0.95, 0.6), (0.8, 0.92), (0.4, 1), (0, 0.9)],
            [(0.2, 0.01), (0.95, 0.03)],
        ],
        "bar apart": [
            [(0.22, 0.08), (0.12, 0.45), (0.12, 0.45), (0.55, 0.38), (0.92, 0.65), (0.7, 0.97), (0.05, 0.95)],
            [(0.36, 0), (1.05, -0.04)],
        ],
        "one stroke": [
            [
                (0.95, 0),
                (0.22, 0.01),
                (0.22, 0.01),
                (0.12, 0.46),
                (0.12, 0.46),
                (0.55, 0.38),
                (0.95, 0.62),
                (0.75, 0.95),
                (0.35, 1),
                (0, 0.9),
            ]
        ],
        "snake": [
            [(0.92, 0.02), (0.45, 0.03), (0.14, 0.2), (0.25, 0.42), (0.7, 0.5), (0.92, 0.75), (0.6, 0.98), (0.03, 0.94)]
        ],
    },
    6: {
        "plain": [
            [
                (0.8, 0),
                (0.35, 0.25),
                (0.05, 0.6),
                (0.1, 0.88),
                (0.5, 1),
                (0.88, 0.85),
                (0.88, 0.62),
                (0.55, 0.5),
                (0.12, 0.68),
            ]
        ],
        "straight": [
            [
                (0.65, 0),
                (0.15, 0.52),
                (0, 0.75),
                (0.2, 0.97),
                (0.6, 1),
                (0.85, 0.8),
                (0.65, 0.58),
                (0.3, 0.57),
                (0.04, 0.75),
            ]
        ],
        "curl": [
            [
                (0.92, 0.12),
                (0.7, 0),
                (0.35, 0.1),
                (0.05, 0.5),
                (0.05, 0.8),
                (0.35, 1),
                (0.75, 0.95),
                (0.85, 0.7),
                (0.55, 0.54),
                (0.2, 0.66),
                (0.22, 0.8),
            ]
        ],
        "upright": [
            [
                (0.3, 0),
                (0.06, 0.4),
                (0.02, 0.75),
                (0.25, 0.98),
                (0.65, 0.98),
                (0.9, 0.75),
                (0.65, 0.52),
                (0.25, 0.55),
                (0.05, 0.72),
            ]
        ],
    },
    7: {
        "plain": [[(0, 0.01), (1, 0), (1, 0), (0.35, 1)]],
        "European": [[(0, 0.03), (0.95, 0), (0.95, 0), (0.35, 1)], [(0.2, 0.5), (0.9, 0.47)]],
        "serif": [[(0, 0.18), (0.02, 0.01), (0.02, 0.01), (1, 0.02), (1, 0.02), (0.42, 1)]],
        "curved": [[(0, 0.06), (0.5, 0.04), (0.97, 0), (0.97, 0), (0.6, 0.42), (0.42, 1)]],
        "European wave": [
            [(0, 0.12), (0.25, 0.02), (0.55, 0.1), (0.95, 0.02), (0.95, 0.02), (0.55, 0.5), (0.4, 1)],
            [(0.25, 0.55), (0.85, 0.48)],
        ],
    },
    8: {
        "crossing": [
            [
                (0.78, 0.14),
                (0.48, 0),
                (0.14, 0.18),
                (0.45, 0.45),
                (0.9, 0.75),
                (0.5, 1),
                (0.08, 0.78),
                (0.5, 0.47),
                (0.86, 0.22),
                (0.74, 0.1),
            ]
        ],
        "two circles": [
            [(0.5, 0), (0.17, 0.22), (0.5, 0.46), (0.83, 0.22), (0.52, 0.01)],
            [(0.5, 0.46), (0.02, 0.73), (0.5, 1), (0.98, 0.73), (0.52, 0.46)],
        ],
        "from the middle": [
            [
                (0.5, 0.47),
                (0.12, 0.25),
                (0.5, 0),
                (0.88, 0.22),
                (0.5, 0.48),
                (0.05, 0.76),
                (0.5, 1),
                (0.95, 0.76),
                (0.48, 0.46),
            ]
        ],
        "open top": [
            [
                (0.9, 0.1),
                (0.5, 0),
                (0.1, 0.2),
                (0.5, 0.46),
                (0.9, 0.76),
                (0.5, 1),
                (0.08, 0.8),
                (0.4, 0.52),
                (0.95, 0.2),
            ]
        ],
    },
    9: {
        "straight tail": [
            [(0.88, 0.2), (0.5, 0), (0.05, 0.2), (0.2, 0.48), (0.6, 0.48), (0.9, 0.16), (0.9, 0.16), (0.85, 1)]
        ],
        "curved tail": [
            [
                (0.87, 0.17),
                (0.45, 0),
                (0.05, 0.25),
                (0.35, 0.5),
                (0.85, 0.2),
                (0.85, 0.2),
                (0.9, 0.65),
                (0.62, 0.97),
                (0.12, 0.93),
            ]
        ],
        "ball and stick": [
            [(0.5, 0.02), (0.1, 0.12), (0.08, 0.4), (0.5, 0.5), (0.8, 0.3), (0.55, 0.02)],
            [(0.85, 0), (0.82, 1)],
        ],
        "leaning": [
            [
                (0.95, 0.12),
                (0.5, 0),
                (0.1, 0.22),
                (0.3, 0.46),
                (0.7, 0.4),
                (0.95, 0.12),
                (0.95, 0.12),
                (0.7, 0.6),
                (0.4, 1),
            ]
        ],
        "flowing": [
            [(0.75, 0.08), (0.35, 0.03), (0.05, 0.28), (0.35, 0.5), (0.8, 0.3), (0.85, 0.08), (0.88, 0.45), (0.7, 1)]
        ],
    },
}


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
    names = list(SHAPES[digit])
    name = names[(hand + digit) % len(names)]
    pen, strokes = by_hand(SHAPES[digit][name], hand, np.random.default_rng([hand, digit, 2]))
    return Drawing(digit, hand, name, pen, strokes)


def by_hand(
    shape: list[list[tuple[float, float]]], hand: int, rng: np.random.Generator
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
    for points in shape:
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
