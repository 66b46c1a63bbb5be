"""Browser component: HTML made in Python that changes in place, so that bars move and the keyboard's focus stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.components.v2 import component

from dashboard.components.sent import sent

HERE = Path(__file__).parent

_mount = component(
    "board",
    html='<div class="board"></div>',
    js=(HERE / "live_html.js").read_text(),
    isolate_styles=False,  # the page has the style sheet: here, it would travel with every change
)


def board(key: str, html: str, on_choose: Callable[[str], None] | None = None) -> None:
    """Show HTML from a template; call it again with the same key and only what is new changes.

    Parameters
    ----------
    key : str
        Unique on the page; an event ``boards`` in the browser, key -> HTML, changes it too.
    html : str
        Trusted: every text in it that is not ours must have been escaped.
    on_choose : callable, optional
        Called with the ``data-choose`` of an element that was clicked, before the page runs again.
    """

    def chosen() -> None:
        if on_choose and (value := sent(key, "chosen")) is not None:
            on_choose(value)

    _mount(key=key, data={"name": key, "html": html}, on_chosen_change=chosen)
