"""The Sketch page below its title: canvases, buttons, and the boards that answer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.components.live_html import board
from dashboard.shared import state
from dashboard.sketch import answering, canvases, examples, toolbar
from dashboard.sketch.board_html import Boards, answered, idle
from dashboard.sketch.seen import SIDES, Seen
from dashboard.sketch.visitor import PEN_WIDTH, PRESET, Visitor, visitor

STYLE = Path(__file__).parent / "page.css"


def show() -> None:
    """Put a pair on the canvases and let the models answer."""
    st.html(STYLE)
    here = visitor()
    if not here.places:
        here.put(*examples.first_pair(), first=True)
    toolbar.heed_address()
    state.fragment(_stage)()


def _stage() -> None:
    """All that changes with a stroke of the pen; what does not is drawn along, because it stands in between.

    There are always the same elements in the same order: on a busy server, where strokes overtake one another,
    Streamlit may drop an update, and the page fails where that leaves a gap among its elements.
    """
    here = visitor()
    places = {name: st.container(key=name) for name in ("verdict", "canvases", "buttons", "choices", "answers")}
    with places["verdict"]:  # a column takes its room while it is empty still, so the canvases come up where they stay
        (verdict,) = st.columns(1)
    with places["choices"]:
        toolbar.choices()
    with places["canvases"]:
        asked = {"preset": st.session_state[PRESET], "model": here.chosen}
        seen, beside = _canvases(st.session_state[PEN_WIDTH], asked)
    toolbar.leave_link()
    with places["buttons"]:
        toolbar.buttons()
    shown = _boards(here, seen)
    with verdict:
        board("headline", shown.headline, toolbar.ask)
    for name, panel, html in zip(("first", "second"), beside, (shown.first, shown.second), strict=True):
        with panel:
            board(name, html)
    with places["answers"]:
        board("cards", shown.cards, toolbar.ask)
        board("why", shown.why)
    if not here.awake:
        here.models = answering.load(st.session_state[PRESET])
        st.rerun()


def _canvases(pen_width: float, asked: dict[str, str]) -> tuple[tuple[Seen, Seen], list[DeltaGenerator]]:
    """The two canvases, each with the place beside it for what the network sees; on a phone they stay side by side."""
    seen, beside = [], []
    for side, half in enumerate(st.columns(2, gap="large", wrap=False)):
        with half:
            st.markdown(f"**{SIDES[side]}**")
            paper, panel = st.columns([3, 2])
            with paper:
                seen.append(canvases.canvas(side, pen_width, asked))
            beside.append(panel)
    return (seen[0], seen[1]), beside


def _boards(here: Visitor, seen: tuple[Seen, Seen]) -> Boards:
    models = here.models if here.awake else None
    if models is None:
        return idle(seen, "The models are waking up.", "You can draw meanwhile.")
    if not models.found:
        return idle(seen, "Nobody answers.", "These models have not been trained here yet: choose the others.")
    return answered(seen, models, here.chosen)
