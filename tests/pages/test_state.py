"""What a visitor carries between pages, and what an error looks like."""

from __future__ import annotations

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shared import server_wide, state
from tests.pages.app import said


def test_an_expected_error_shows_its_sentence_and_any_other_an_apology():
    def app():
        import streamlit as st

        from dashboard.shared import state

        @state.error_boundary()
        def broken():
            raise KeyError("a secret")

        broken()
        with state.error_boundary():
            raise ValueError("Epochs must be at least 1, not '[log in](http://a.b)'.")
        st.text("the page goes on")

    at = AppTest.from_function(app, default_timeout=20).run()
    assert not at.exception
    shown = at.error[1].value
    assert said(at.error[1]) == "Epochs must be at least 1, not '[log in](http://a.b)'."
    assert not any(mark in shown for mark in ("](", "://", " [")), "a link"
    assert "secret" not in at.error[0].value and "went wrong" in at.error[0].value
    assert at.text[0].value == "the page goes on"


def test_what_must_be_chosen_and_is_not_gets_a_sentence():
    assert state.chosen("") == ""
    with pytest.raises(ValueError, match=r"^Nothing is chosen: choose again\.$"):
        state.chosen(None)


def test_what_there_is_one_of_is_made_once_and_closed_after_what_needs_it(monkeypatch):
    class Thing:
        def __init__(self, name: str, *needed: Thing):
            self.name = name

        def close(self) -> None:
            closed.append(self.name)

    def broken() -> Thing:
        raise ValueError("There are no bricks.")

    def ground() -> Thing:
        return server_wide.once("ground", lambda: Thing("ground"))

    def house() -> Thing:
        return server_wide.once("house", lambda: Thing("house", ground()))

    closed: list[str] = []
    monkeypatch.setattr(server_wide._kept, "things", {})
    with pytest.raises(ValueError, match="no bricks"):
        server_wide.once("house", broken)
    assert server_wide.made("house") is None
    first = house()
    assert house() is first and server_wide.made("ground") is ground()
    server_wide.close()
    assert closed == ["house", "ground"] and server_wide.made("house") is None and house() is not first


def test_pages_do_not_wait_for_torch():
    code = (
        "import sys; from dashboard.components import live_chart, sketchpad; from dashboard.shared import state; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
