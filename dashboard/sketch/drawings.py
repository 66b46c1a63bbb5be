"""Drawings together with what a network sees of them: by hand, from a file, of MNIST, from a link."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dashboard.components.sketchpad import Drawing
from dashboard.sketch.seen import EMPTY, Seen, look, of_json
from pairdigits import sketch
from pairdigits.packed_pairs import unpack_pair


class Shown(NamedTuple):
    """A drawing together with what a network sees of it."""

    drawing: Drawing
    seen: Seen


def drawn(drawing: Drawing) -> Shown:
    """Send a drawing through the pipeline, unless the browser kept what a network sees of it.

    Raises
    ------
    ValueError
        If what the browser kept makes no sense.
    """
    return Shown(drawing, of_json(drawing.known) if drawing.known else look(drawing.pixels))


def of_file(content: bytes) -> Shown:
    """Read an image file as a drawing.

    Raises
    ------
    SketchError
        If it cannot be read, or nothing is drawn in it.
    """
    image = sketch.read_image(content)
    if not image.any():
        raise sketch.SketchError(
            "Nothing is drawn in this picture: use one with a dark digit on light, or the reverse."
        )
    return Shown(Drawing.of_image(image), look(image))


def of_digit(image: np.ndarray, label: int) -> Shown:
    """Show a digit of MNIST (28, 28), uint8, to a network as it is, without the detour through a drawing."""
    return Shown(Drawing.of_image(image), Seen(sketch.to_pooled(image), label=label))


def of_link(text: str) -> tuple[Shown, Shown]:
    """Unpack the pair of a link.

    Raises
    ------
    SketchError
        If it is none.
    """
    left, right = (
        Shown(Drawing.of_image(image), Seen(image) if image.any() else Seen(None, EMPTY)) for image in unpack_pair(text)
    )
    return left, right
