"""The two canvases of the Sketch page: what stands on them, and what a network sees of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dashboard.components.sketchpad import Drawing, sketchpad
from dashboard.sketch.looks import EMPTY, SIDES, Seen, as_json, look, of_json
from dashboard.sketch.visitor import visitor
from pairdigits import sketch
from pairdigits.packed_pairs import pack_pair, unpack_pair


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
        If it cannot be read.
    """
    image = sketch.read_image(content)
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


def current() -> tuple[Seen, Seen]:
    """What the network sees of both canvases as they were drawn last."""
    left, right = (place.now.seen for place in visitor().places)
    return left, right


def packed() -> str:
    """The pair as it stands, as a text.

    Raises
    ------
    ValueError
        If a canvas is empty.
    """
    left, right = (seen.image for seen in current())
    if left is None or right is None:
        raise ValueError("Draw a digit on each canvas first.")
    return pack_pair(left, right)


def swap() -> None:
    """Exchange the drawings, and what the networks see of them with it."""
    left, right = (place.now for place in visitor().places)
    visitor().put(right, left)


def canvas(side: int, pen_width: float, asked: dict[str, str]) -> Seen:
    """Draw a canvas and tell what a network sees of it; only a drawing that changed goes through the pipeline.

    Parameters
    ----------
    side : int
        0 left, 1 right.
    pen_width : float
        Of strokes to come.
    asked : dict
        The preset and the model that answer while the pen moves, as `route` takes them.
    """
    here = visitor()
    place = here.places[side]
    drawing = (
        sketchpad(
            f"canvas.{side}",
            place.given.drawing,
            place.version,
            pen_width=pen_width,
            label=SIDES[side],
            size=300,
            restore=place.first and place.now is place.given,
            live={"side": side, "given": as_json(place.given.seen), **asked},
        )
        or place.given.drawing
    )  # which is never None
    now = next((known for known in (place.now, place.given) if _same(known.drawing, drawing)), None) or drawn(drawing)
    here.places[side] = place._replace(now=now)
    return now.seen


def _same(one: Drawing, other: Drawing) -> bool:
    return one is other or (one.strokes == other.strokes and one.background == other.background)
