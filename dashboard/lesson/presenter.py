"""Presenter's mode: the ways to show the lesson, the keys and buttons that turn it, and its dress."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from dashboard.components.sent import sent
from dashboard.lesson.steps import STEPS
from dashboard.lesson.visitor import Visitor
from dashboard.shared import address, state

HERE = Path(__file__).parent
WAYS = {"step": {}, "article": {"view": "article"}, "present": {"present": "1"}, "notes": {"notes": "1"}}

_mount = component(
    "lesson_presenter",
    html=(HERE / "presenter.html").read_text(),
    css=(HERE / "presenter.css").read_text(),
    js=(HERE / "presenter.js").read_text(),
)


def way() -> str:
    """How the address asks for the lesson: a key of `WAYS`."""
    return next((name for name, asked in WAYS.items() if asked and asked.items() <= address.given().items()), "step")


def go(way: str) -> None:
    """Show the lesson in another way, at the same step."""
    step = {} if way == "article" else {"step": str(state.memory(Visitor).step)}
    address.replace(step | WAYS[way])


def turn(to: int) -> None:
    """Show another step."""
    address.put("step", str(min(max(to, 1), len(STEPS))))


def back(here: int) -> None:
    """A button to the step before."""
    st.button("Back", icon=":material/chevron_left:", on_click=turn, args=(here - 1,), disabled=here == 1)


def onward(here: int) -> None:
    """A button to the step after."""
    following = STEPS[here].name if here < len(STEPS) else ""
    st.button(
        f"Next: {following}" if following else "The end",
        icon=":material/chevron_right:",
        on_click=turn,
        args=(here + 1,),
        disabled=not following,
        type="primary" if following else "secondary",
    )


def keys(here: int) -> None:
    """Listen to the keyboard, with a presenter's buttons on a slide and in the notes; windows follow each other."""

    def wished() -> None:
        asked = sent("lesson.keys", "wish")
        if asked in WAYS:
            go(asked)
        elif asked in ("next", "back"):
            turn(here + (1 if asked == "next" else -1))
        elif isinstance(asked, int):
            turn(asked)

    _mount(key="lesson.keys", data={"step": here, "way": way()}, on_wish_change=wished, width="content")


def dress(way: str) -> None:
    """The lesson's own style; a slide fills the screen, with large type."""
    sheets = ["page.css"] + ["slide.css"] * (way == "present") + ["notes.css"] * (way == "notes")
    st.html("".join(f"<style>{(HERE / sheet).read_text()}</style>" for sheet in sheets))
