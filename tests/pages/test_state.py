"""What a visitor carries between pages, and what an error looks like."""

from __future__ import annotations

import subprocess
import sys

from streamlit.testing.v1 import AppTest

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


def test_pages_do_not_wait_for_torch():
    code = (
        "import sys; from dashboard.components import live_chart, sketchpad; from dashboard.shared import state; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
