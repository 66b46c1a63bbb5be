"""Browser component: lines about launches, each with its progress, that say by themselves how far they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from streamlit.components.v2 import component

from dashboard.components.sent import sent

HERE = Path(__file__).parent

_mount = component(
    "launch_lines",
    html='<div class="launch-lines"></div><div class="said" role="status"></div>',
    css=(HERE / "launch_lines.css").read_text(),
    js="".join((HERE / file).read_text() for file in ("address.js", "feed.js", "launch_lines.js")),
)


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes
    ----------
    title : str
        Plain text in bold, its colon and space included: "Siamese v5: ".
    text : str
        Plain text, as it is now.
    launch : int, optional
        The launch that pushes new text; none for a line that stays as it is.
    field : str
        What of the launch the text is, as in `dashboard.live.message`.
    active : bool, optional
        Whether the launch trains or waits, as far as the page knows; none if nothing follows from it.
    progress : float, optional
        0..1; none for a line without a bar.
    play : float, optional
        Show the launch, which has come to rest, once more as it trained, at this many epochs a second.
    take : int
        Another one plays it again, though all else is as before.
    """

    title: str
    text: str
    launch: int | None = None
    field: str = "words"
    active: bool | None = None
    progress: float | None = None
    play: float | None = None
    take: int = 0


def launch_lines(key: str, lines: Sequence[Line], on_turn: Callable[[int], None] = lambda launch: None) -> None:
    """Show lines; the page, or the fragment around them, runs again when a launch comes to rest or begins.

    Parameters
    ----------
    key : str
        Unique on the page.
    lines : sequence of Line
    on_turn : callable
        Called with the launch before the page runs again.
    """

    def turned() -> None:
        news = sent(key, "turned")
        if news and any([line.launch, line.take] == news for line in lines):  # not of what was played before
            on_turn(news[0])

    _mount(key=key, data=[dict(vars(line)) for line in lines], on_turned_change=turned)
