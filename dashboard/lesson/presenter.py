"""Presenter's mode, and the keys that turn the lesson's pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.lesson.sizes import presenting

HERE = Path(__file__).parent

_keys = st.components.v2.component("lesson_keys", js=(HERE / "presenter.js").read_text())


def page_keys(step: int, wish: Callable[[str], None]) -> None:
    """Listen to the keyboard, and scroll up when another step is shown.

    Parameters
    ----------
    step : int
        The step now shown.
    wish : callable
        Called with "next", "back" or "leave".
    """

    def pressed() -> None:
        if asked := st.session_state["lesson.keys"].wish:
            wish(asked)

    _keys(key="lesson.keys", data={"step": step, "present": presenting()}, on_wish_change=pressed, height=0)


def dress() -> None:
    """The lesson's own style; in presenter's mode with large type and without controls."""
    sheets = ["lesson.css"] + ["presenter.css"] * presenting()
    st.html("".join(f"<style>{(HERE / sheet).read_text()}</style>" for sheet in sheets))


def present(on: bool) -> None:
    """Enter or leave presenter's mode."""
    if on:
        st.query_params["present"] = "1"
    else:
        st.query_params.pop("present", None)
