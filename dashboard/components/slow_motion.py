"""One training step in slow motion: a drawn tower, or two, that is played phase by phase; every weight can be asked."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.components.v2 import component

from dashboard.components.sent import sent

HERE = Path(__file__).parent
PHASES = 8

_mount = component(
    "slow_motion",
    html="""
<div class="slow-motion-room"><div class="slow-motion">
  <div class="film">
    <svg></svg>
    <div class="controls">
      <button data-does="back">Back</button>
      <button data-does="play">Play</button>
      <button data-does="step">Step</button>
      <select aria-label="Speed">
        <option value="0.5">half speed</option><option value="1" selected>normal</option><option value="3">fast</option>
      </select>
      <input type="range" min="0" max="8" step="1" aria-label="Phase">
    </div>
  </div>
  <p class="phase" aria-live="polite"><b></b><span></span></p>
  <div class="numbers">
    <p class="small chosen-layer"></p>
    <div class="sheet-of-weights"><canvas tabindex="0" role="application"></canvas><i class="cross"></i></div>
    <table><caption></caption><thead></thead><tbody></tbody></table>
    <div class="moved"></div>
    <p class="small sum"></p>
  </div>
</div></div>
""",
    css=(HERE / "slow_motion.css").read_text(),
    js="".join((HERE / file).read_text() for file in ("tower_scene.js", "picture_scene.js", "slow_motion.js")),
    isolate_styles=False,  # a slide measures all text that stands on it
)


@dataclass(frozen=True)
class Chosen:
    """The layer and the weight that are looked at, in words that are shown as they are.

    Attributes
    ----------
    layer : str
        Its name.
    row, column : int
        Place of the weight in the layer's map.
    label, about, mismatch : str
        Which weight it is; what is to say of its layer; how exactly its sums hold.
    numbers : dict
        For the drawing: "sides" (texts: what comes back on the left and on the right, or at once), and by tower "sums",
        "after" (texts) and "directions" (-1, 0 or 1: where the weight goes).
    moved : sequence of str
        A line for each weight: before, after.
    """

    layer: str
    row: int
    column: int
    label: str
    about: str
    mismatch: str
    numbers: dict[str, list[Any]]
    moved: Sequence[str]


@dataclass(frozen=True)
class Scene:
    """All that is shown of one step.

    Attributes
    ----------
    towers : int
        1: both digits pass the same one; 2: each has its own.
    together : bool
        Whether they pass it at once, as two channels of one picture.
    layers : sequence of str
        Of a tower, in the order in which a digit passes them.
    feeds : str
        The one that the head is given.
    images : (str, str)
        Data URIs of the digits.
    batch : bool
        Whether they stand for many pairs.
    readings : two sequences of str
        Lines under each digit: what it is read as, if it is.
    verdict : str
        What the head says.
    losses : (str or None, str, str or None)
        Of the left digit, the class and the right digit; None where there is none.
    phases : sequence of {"title", "text"}
        Before the first, and then of each of the `PHASES`.
    chosen : Chosen
    gradient : array (rows, columns)
        Of the chosen layer, one cell a weight; not a number where a row has no such weight.
    table : sequence of sequences of str
        Sums of the chosen weight; a row of titles, then rows that begin with theirs.
    """

    towers: int
    together: bool
    layers: Sequence[str]
    feeds: str
    images: tuple[str, str]
    batch: bool
    readings: Sequence[Sequence[str]]
    verdict: str
    losses: Sequence[str | None]
    phases: Sequence[dict[str, str]]
    chosen: Chosen
    gradient: np.ndarray
    table: Sequence[Sequence[str]]


def slow_motion(
    key: str,
    scene: Scene,
    phase: int = 0,
    fill: bool = False,
    on_choose: Callable[[dict[str, Any]], None] = lambda chosen: None,
    on_phase: Callable[[int], None] = lambda phase: None,
) -> None:
    """Show a step; whoever wishes no motion gets its phases as still pictures.

    Parameters
    ----------
    key : str
        Unique on the page.
    scene : Scene
    phase : int
        Where it stands at first: 0 (before the step) to `PHASES`.
    fill : bool
        Take the height of the container and show the drawing alone, as on a slide.
    on_choose : callable
        Called with {"layer", "row", "column"} of what was clicked, before the page runs again.
    on_phase : callable
        Called with the phase at which the visitor rests.
    """

    def told() -> None:
        asked = sent(key, "asked") or {}
        if "phase" in asked:
            on_phase(asked["phase"])
        if "layer" in asked:
            on_choose(asked)

    fields = asdict(scene)
    values = fields.pop("gradient")
    fields["map"] = {"rows": values.shape[0], "columns": values.shape[1], "values": _signed(values)}
    _mount(
        key=key, data={"scene": fields, "phase": phase, "fill": fill}, height="stretch" if fill else "content",
        on_asked_change=told,
    )  # fmt: skip


def _signed(values: np.ndarray) -> str:
    """Whole numbers of -127..127, the largest of all sizes 127, in base64."""
    size = np.abs(values).max() or 1.0
    return base64.b64encode(np.round(127 * values / size).astype(np.int8).tobytes()).decode()
