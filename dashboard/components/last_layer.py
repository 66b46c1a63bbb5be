"""A last layer to set by hand: twenty-one bars, and at once what the layer makes of clear signals and of real pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from streamlit.components.v2 import component

from dashboard.components.sent import sent

HERE = Path(__file__).parent
NUMBERS = 21

_mount = component(
    "last_layer",
    html="""
<div class="last-layer">
  <div class="presets" role="group" aria-label="Numbers to begin with"></div>
  <div class="rows"></div>
  <p class="said" aria-live="polite"></p>
  <div class="panels"></div>
</div>
""",
    css=(HERE / "last_layer.css").read_text(),
    js="".join((HERE / file).read_text() for file in ("address.js", "last_layer_sum.js", "last_layer.js")),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Panel:
    """A tower that the layer stands behind.

    Attributes
    ----------
    name : str
        Under which the browser keeps the visitor's record.
    title : str
    what : str
        What the layer is given, in two words: "raw logits".
    readings : str
        The route that gives what it is given of real digits, see `dashboard.live.readings`.
    ideal : sequence of 10 sequences of 10 numbers
        What it is given of a clear signal of each digit.
    trained : sequence of 21 numbers
        The layer that was trained behind this tower.
    """

    name: str
    title: str
    what: str
    readings: str
    ideal: Sequence[Sequence[float]]
    trained: Sequence[float]


def last_layer(
    key: str,
    panels: Sequence[Panel],
    presets: Mapping[str, Sequence[float]],
    numbers: Sequence[float],
    on_set: Callable[[list[float]], None] | None = None,
) -> None:
    """Show the bars, and a panel for each tower; all answers are worked out in the browser.

    Parameters
    ----------
    key : str
        Unique on the page.
    panels : sequence of Panel
        At most two.
    presets : mapping of str to sequence of 21 numbers
        A button each: a_0 to a_9 for the first digit, b_0 to b_9 for the second, and the constant.
    numbers : sequence of 21 numbers
        Where the bars stand at first.
    on_set : callable, optional
        Called with the numbers where a drag has ended or a key was pressed, before the page runs again.
    """

    def told() -> None:
        if on_set and (value := sent(key, "numbers")) is not None:
            on_set(value)

    data = {"panels": [asdict(panel) for panel in panels], "presets": dict(presets), "numbers": list(numbers)}
    _mount(key=key, data=data, on_numbers_change=told)
