"""The two canvases of the Sketch page: what stands on them, and what a network sees of it."""

from __future__ import annotations

from dashboard.components.sketchpad import sketchpad
from dashboard.sketch.drawings import drawn
from dashboard.sketch.seen import SIDES, Seen, as_json
from dashboard.sketch.visitor import visitor
from pairdigits.packed_pairs import pack_pair


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
    restore = place.first and place.now is place.given
    drawing = (
        sketchpad(
            f"canvas.{side}",
            place.given.drawing,
            place.version,
            pen_width=pen_width,
            label=SIDES[side],
            restore=restore,
            live={"side": side, "given": as_json(place.given.seen), **asked},
        )
        or place.given.drawing
    )  # which is never None
    now = next((known for known in (place.now, place.given) if drawing.equals(known.drawing)), None) or drawn(drawing)
    if restore and now is not place.given:
        here.complaint = here.complaint or here.told  # the browser brought it, nobody has drawn: what was said stands
    here.places[side] = place._replace(now=now)
    return now.seen
