"""Browser component: a canvas to draw a digit on with mouse, pen or finger."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.components.v2 import component

from dashboard.components.pictures import png_uri
from dashboard.components.pixels import SENT, decode

HERE = Path(__file__).parent
LARGEST = 2 * SENT  # of an image that is sent to the browser: the canvas shows no more
PNG_URI, LONGEST_URI = "data:image/png;base64,", 500_000  # characters, of an image that the browser kept
# A plain shape of each digit, drawn by a key: strokes [x0, y0, x1, y1, ...] in a square of 280 units.
DIGIT_STROKES = {
    int(digit): strokes for digit, strokes in json.loads((HERE / "digit_strokes.json").read_text()).items()
}

_mount = component(
    "sketchpad",
    html="""
<div class="sketchpad empty">
  <div class="sheet">
    <canvas tabindex="0" role="application" aria-roledescription="drawing area" aria-describedby="keys"
      width="280" height="280"></canvas>
    <span class="hint" aria-hidden="true">Draw a digit here</span>
    <span id="keys" hidden>Draw with mouse, pen or finger, or press a key from 0 to 9 to put that digit here;
      Delete clears, Control and Z takes back.</span>
  </div>
  <div class="tools">
    <button type="button" class="undo">Undo</button>
    <button type="button" class="clear">Clear</button>
  </div>
</div>
""",
    css=(HERE / "sketchpad.css").read_text(),
    js=f"const DIGITS = {json.dumps(DIGIT_STROKES)};\n"
    + "".join((HERE / file).read_text() for file in ("address.js", "ink.js", "sketchpad.js")),
)


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is on a canvas.

    Attributes
    ----------
    pixels : array (H, W), uint8
        White ink on black; 140x140 once it was drawn on, an image's own size before that.
    strokes : list of dict
        Each ``{"width": float, "points": [x0, y0, x1, y1, ...]}`` in a square of 280 units; what undo takes back.
    background : str or None
        The image under the strokes, as a ``data:`` URI.
    known : object
        What the page had given as ``live["given"]``, where the browser restored just that; from outside, so to check.
    """

    pixels: np.ndarray
    strokes: list[dict[str, Any]] = field(default_factory=list)
    background: str | None = None
    known: Any = None

    @classmethod
    def of_image(cls, image: np.ndarray) -> Drawing:
        """A drawing that shows a grey image (H, W), uint8, white on black, enlarged to the canvas."""
        shown = Image.fromarray(np.asarray(image, dtype=np.uint8))
        shown.thumbnail((LARGEST, LARGEST))
        return cls(np.asarray(image, dtype=np.uint8), background=png_uri(np.asarray(shown)))

    @property
    def blank(self) -> bool:
        """Whether there is no ink at all."""
        return not self.pixels.any()

    def equals(self, other: Drawing | None) -> bool:
        """Whether the same stands there, however it came to be."""
        return other is not None and (self.strokes, self.background) == (other.strokes, other.background)


def sketchpad(
    key: str,
    initial: Drawing | None = None,
    version: str | int = 0,
    *,
    pen_width: float = 20,
    label: str = "Drawing area",
    restore: bool = False,
    live: dict[str, Any] | None = None,
) -> Drawing | None:
    """A canvas that runs the page again about ten times a second while a visitor draws, and at the end of a stroke.

    The drawing is kept in plain session state: it is still there after other widgets changed and when the visitor
    comes back from another page. Put the call and what follows from it into one ``st.fragment`` for the fastest answer.

    Parameters
    ----------
    key : str
        Unique on the page.
    initial : Drawing, optional
        What stands on the canvas at first, and again whenever ``version`` changes.
    version : str or int
        Another value replaces what is on the canvas by ``initial`` (an example, a swap); the same value never touches
        a visitor's drawing. Do not use a value twice for two things.
    pen_width : float
        Of strokes to come; the canvas is 280 units wide.
    label : str
        What a screen reader calls the canvas.
    restore : bool
        Whether what the visitor drew here before the page was loaded again may take the place of ``initial``.
    live : dict, optional
        Asks the server while the pen moves and puts its answer on the boards (`live_html`); the page runs when the pen
        lifts. ``"side"`` of this canvas, 0 or 1; ``"given"``, what a network sees of ``initial``; ``"preset"`` and
        ``"model"`` that are asked. Where the server does not answer, the page runs while the pen moves.

    Returns
    -------
    Drawing or None
        What is on the canvas now: ``initial`` itself until the visitor changes it.

    Raises
    ------
    ValueError
        If what the browser sent is no drawing.
    """
    memory = f"sketchpad.{key}"
    kept = st.session_state.get(memory)
    if kept is None or kept.version != version:
        kept = _Kept(version, initial, initial.background if initial else None)
    drawing = kept.drawing
    if live and drawing and not drawing.equals(initial):
        live = live | {"given": None}  # a visitor comes back to what they drew over it
    result = _mount(
        key=key,
        data={
            "version": version,
            "background": drawing.background if drawing else None,
            "strokes": drawing.strokes if drawing else [],
            "pen": pen_width,
            "label": label,
            "restore": restore,
            "live": live,
        },
        on_drawing_change=lambda: None,
    )
    if result.drawing and result.drawing.get("version") == version:
        drawing = received(result.drawing, kept.background)
    st.session_state[memory] = _Kept(version, drawing, kept.background)
    return drawing


class _Kept(NamedTuple):
    """What plain session state holds of one canvas; the background is there for undo after clear."""

    version: str | int
    drawing: Drawing | None
    background: str | None


def received(sent: dict[str, Any], background: str | None = None) -> Drawing:
    """Check and unpack what the browser sent, drawn over ``background`` where it says so.

    Raises
    ------
    ValueError
        If it is no drawing; the page of an honest browser never sends such a thing.
    """
    try:
        pixels = decode(sent["pixels"])
        strokes = [
            {"width": float(stroke["width"]), "points": [int(value) for value in stroke["points"]]}
            for stroke in sent["strokes"]
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError("The canvas sent something that is no drawing. Clear it and draw again.") from error
    under = sent.get("background")
    if isinstance(under, str):  # the browser kept it while the page was loaded again, and alone gets it back
        background = under if under.startswith(PNG_URI) and len(under) < LONGEST_URI else None
    return Drawing(pixels, strokes, background if under else None, sent.get("known"))
