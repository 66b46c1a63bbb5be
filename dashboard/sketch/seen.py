"""What a network sees of a canvas."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from dashboard.components.pixels import decode
from pairdigits import sketch

SIDES = ("First digit", "Second digit")
EMPTY = "Nothing is drawn here yet."
POOLED = (14, 14)
KEPT = 200  # drawings whose looks are kept: while one canvas is drawn on, the other is sent along unchanged


class Seen(NamedTuple):
    """What a network is shown of a canvas."""

    image: np.ndarray | None  # uint8 (14, 14), 255 * pooled; None where there is nothing to read
    remark: str | None = None  # one sentence where the drawing is missing or hardly is a digit
    label: int | None = None  # which digit it is, where somebody knows


def look(pixels: np.ndarray) -> Seen:
    """Send a drawing (H, W), uint8, white on black, through the pipeline."""
    image, remark = sketch.from_drawing(pixels)
    return Seen(None if image is None else sketch.to_pooled(image), remark)


@lru_cache(maxsize=KEPT)
def _of_png(png: str) -> Seen:
    return look(decode(png))


def as_json(seen: Seen) -> dict[str, Any]:
    """For the browser, which hands it back with what is drawn beside it."""
    image = None if seen.image is None else base64.b64encode(seen.image.tobytes()).decode()
    return {"image": image, "remark": seen.remark, "label": seen.label}


def of_json(sent: dict[str, Any]) -> Seen:
    """Unpack what a browser sent of one canvas: a drawing as PNG, or what `as_json` made of what stands there.

    Raises
    ------
    ValueError
        If it is neither.
    """
    try:
        if "pixels" in sent:
            return _of_png(sent["pixels"])
        label = None if sent["label"] is None else range(10)[sent["label"]]
        remark = None if sent["remark"] is None else str(sent["remark"])[:200]
        if sent["image"] is None:
            return Seen(None, remark, label)
        image = np.frombuffer(base64.b64decode(sent["image"], validate=True), np.uint8).reshape(POOLED)
        return Seen(image, remark, label)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise ValueError("The canvas sent something that is no drawing. Clear it and draw again.") from error
