"""Sketch: draw two digits and see every model say whether the first is less than or equal to the second, and why."""

from __future__ import annotations

import threading

import numpy as np
import streamlit as st

from dashboard import canvases, examples, state, verdicts
from dashboard.board import board
from dashboard.charts import verdict
from pairdigits import sketch

PROBES = {
    "ideal": "The probe: the last layer alone, given an ideal signal (10 at each digit's index, 0 elsewhere)",
    "typical": "The probe: the last layer alone, given the mean of what the tower says of each digit",
    "real": "The probe: the share of real test pairs that the model calls ≤",
}
DEFAULT_MODEL = "v7"


def page() -> None:
    """The page, top to bottom."""
    st.title("Sketch two digits")
    st.write("Is the first less than or equal to the second? Every model answers as you draw, and shows why.")
    if not canvases.filled():
        _put(examples.first_pair())
    _open_link()
    st.fragment(state.error_boundary()(stage))()
    _warm_up()


def stage() -> None:
    """All that changes with a stroke of the pen."""
    top = st.empty()
    with top:
        board("headline", verdict.waiting("The models are waking up.", "You can draw meanwhile."))
    seen, places = _canvases()
    _toolbar(seen)
    models = _models(st.session_state.get("sketch.preset"))


def _put(pair: tuple[canvases.Shown, canvases.Shown]) -> None:
    for side, shown in enumerate(pair):
        canvases.put(side, shown)
