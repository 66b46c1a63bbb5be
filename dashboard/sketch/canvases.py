"""The two canvases of the Sketch page: what stands on them, and what a network sees of it."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
import streamlit as st

from dashboard.components.sketchpad import Drawing, sketchpad
from pairdigits import sketch

SIDES = ("First digit", "Second digit")
EMPTY = "Nothing is drawn here yet."


class Seen(NamedTuple):
    """What a network is shown of a canvas."""

    image: np.ndarray | None  # uint8 (14, 14), 255 * pooled; None where there is nothing to read
    remark: str | None = None  # one sentence where the drawing is missing or hardly is a digit
    label: int | None = None  # which digit it is, where somebody knows


class Shown(NamedTuple):
    """A drawing together with what a network sees of it."""

    drawing: Drawing
    seen: Seen


def drawn(drawing: Drawing) -> Shown:
    """Send a drawing through the pipeline."""
    image, remark = sketch.from_drawing(drawing.pixels)
    return Shown(drawing, Seen(None if image is None else sketch.to_pooled(image), remark))


def of_file(content: bytes) -> Shown:
    """Read an image file as a drawing.

    Raises
    ------
    SketchError
        If it cannot be read.
    """
    image = sketch.read_image(content)
    return Shown(Drawing.of_image(image), drawn(Drawing(image)).seen)


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
        Shown(Drawing.of_image(image), Seen(image) if image.any() else Seen(None, EMPTY))
        for image in sketch.unpack_pair(text)
    )
    return left, right


class _Place(NamedTuple):
    """One canvas in plain session state, which outlives a visit to another page."""

    version: int
    given: Shown  # what was put there last
    now: Shown  # what a visitor made of it


_versions = itertools.count(1)


def put(side: int, shown: Shown) -> None:
    """Replace what is on a canvas (0 left, 1 right)."""
    st.session_state[_key(side)] = _Place(next(_versions), shown, shown)


def filled() -> bool:
    """Whether anything was put on the canvases yet."""
    return _key(0) in st.session_state


def current() -> tuple[Seen, Seen]:
    """What the network sees of both canvases as they were drawn last."""
    left, right = (st.session_state[_key(side)].now.seen for side in (0, 1))
    return left, right


def same_pair(text: str) -> bool:
    """Whether a packed pair is the one on the canvases."""
    images = [seen.image for seen in current()]
    return all(image is not None for image in images) and sketch.pack_pair(*images) == text


def swap() -> None:
    """Exchange the drawings, and what the networks see of them with it."""
    left, right = (st.session_state[_key(side)].now for side in (0, 1))
    put(0, right)
    put(1, left)


def canvas(side: int, pen_width: float) -> Seen:
    """Draw a canvas and tell what a network sees of it; only a drawing that changed goes through the pipeline."""
    place: _Place = st.session_state[_key(side)]
    drawing = sketchpad(
        f"canvas.{side}", place.given.drawing, place.version, pen_width=pen_width, label=SIDES[side], size=300
    )
    now = next((known for known in (place.now, place.given) if _same(known.drawing, drawing)), None) or drawn(drawing)
    st.session_state[_key(side)] = place._replace(now=now)
    return now.seen


def _key(side: int) -> str:
    return f"place.{side}"


def _same(one: Drawing, other: Drawing) -> bool:
    return one is other or (one.strokes == other.strokes and one.background == other.background)
