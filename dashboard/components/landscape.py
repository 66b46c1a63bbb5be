"""A square of pairs under every model, and a point in it that is dragged: nothing is asked of the server."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.components.v2 import component

from dashboard.components.sent import sent

HERE = Path(__file__).parent

_mount = component(
    "landscape",
    html="""
<div class="landscape">
  <div class="sides">
    <label><canvas class="first" width="28" height="28" aria-hidden="true"></canvas>
      <span></span><input type="range" min="0" step="1"></label>
    <label><canvas class="second" width="28" height="28" aria-hidden="true"></canvas>
      <span></span><input type="range" min="0" step="1"></label>
  </div>
  <p class="said" aria-live="polite"></p>
  <div class="squares"></div>
</div>
""",
    css=(HERE / "landscape.css").read_text(),
    js="".join((HERE / file).read_text() for file in ("address.js", "feed.js", "landscape.js")),
    isolate_styles=False,  # a slide measures its text, and knows what has the focus
)


def landscape(
    key: str,
    squares: Mapping[str, np.ndarray],
    firsts: np.ndarray,
    seconds: np.ndarray,
    labels: tuple[str, str],
    point: Sequence[int],
    on_move: Callable[[list[int]], None] | None = None,
    run: tuple[int, str] | None = None,
) -> None:
    """Show the squares side by side; a drag in any of them, or a slider, moves the point in all.

    Parameters
    ----------
    key : str
        Unique on the page.
    squares : mapping of str to array (N, M)
        Title -> P(first <= second), the first digit along axis 0.
    firsts, seconds : uint8 array (N, 28, 28) and (M, 28, 28)
        The digits along the sides.
    labels : (str, str)
        What the sliders are about: "First digit, from 3 to 5".
    point : (int, int)
        Where it stands at first: places among `firsts` and `seconds`.
    on_move : callable, optional
        Called with the point where a drag has ended, before the page runs again.
    run : (int, str), optional
        A stored run and its title: its square stands before the others, and changes while it trains.
    """

    def moved() -> None:
        if on_move and (value := sent(key, "point")) is not None:
            on_move(value)

    data: dict[str, Any] = {
        "squares": {title: _text(np.clip(np.round(square * 255), 0, 255)) for title, square in squares.items()},
        "images": [_text(firsts), _text(seconds)],
        "size": [len(firsts), len(seconds)],
        "labels": list(labels),
        "point": list(point),
    }
    if run:
        ends = [_text(side[place]) for side in (firsts, seconds) for place in (0, -1)]
        data["live"] = {"run": run[0], "title": run[1], "ends": ends}
    _mount(key=key, data=data, on_point_change=moved)


def _text(array: np.ndarray) -> str:
    """Bytes in base64, row by row."""
    return base64.b64encode(np.ascontiguousarray(array, dtype=np.uint8).tobytes()).decode()
