"""What the Train page remembers of a visitor, in session state and in the page's address.

The address names the settings that are not at their defaults, the rounds, the speed, and the runs that are shown. So
a link opens the same settings elsewhere, and a reload finds the runs again. Importing this loads torch.
"""

from __future__ import annotations

import contextlib
import dataclasses
import uuid

import streamlit as st

from dashboard.shared import settings_text, state
from dashboard.shared.launches import Launch, load
from dashboard.train import settings_form
from pairdigits.config import ConfigError, RunConfig

SPEEDS = (None, 10.0, 5.0, 2.0, 1.0, 0.5)  # epochs a second at most; None: as fast as it goes
ROUNDS = 20  # at most
VIEWS = {"accuracy": "Accuracy", "loss": "Loss", "gap": "Gap"}
WRITTEN = 50  # addresses remembered: a quick visitor's click may arrive with the address before last


def begin() -> None:
    """Recall what was chosen; where the address says something else (a link, a reload), it wins."""
    settings_form.recall()
    state.recall("train.view", "accuracy")
    for name, default in (("shown", list), ("records", dict), ("written", list), ("awaited", set)):
        st.session_state.setdefault(f"train.{name}", default())
    st.session_state.setdefault("train.baseline", None)
    given = st.query_params.to_dict()
    if given and given not in st.session_state["train.written"]:
        _read(given)


def _read(given: dict[str, str]) -> None:
    try:
        settings_form.fill(settings_text.from_params(given))
    except ConfigError as error:
        settings_form.fill(RunConfig())
        st.error(f"The settings of this link cannot be used, so the usual ones stand here. {error}")
    with contextlib.suppress(ValueError):
        st.session_state["train.rounds"] = min(max(int(given.get("rounds", 1)), 1), ROUNDS)
    with contextlib.suppress(ValueError):
        speed = float(given["speed"]) if "speed" in given else None
        st.session_state["train.speed"] = speed if speed in SPEEDS else None
    if given.get("view") in VIEWS:
        st.session_state["train.view"] = given["view"]
    st.session_state["train.shown"] = [int(id) for id in given.get("runs", "").split(",") if id.isdecimal()]
    baseline = given.get("baseline", "")
    st.session_state["train.baseline"] = int(baseline) if baseline.isdecimal() else None


def write_address() -> None:
    """Put everything that makes the page what it is into its address."""
    session = st.session_state
    params = {}
    with contextlib.suppress(ConfigError):  # impossible settings stay out of it
        params = settings_text.to_params(settings_form.current())
    if session["train.rounds"] > 1:
        params["rounds"] = str(session["train.rounds"])
    if session["train.speed"]:
        params["speed"] = f"{session['train.speed']:g}"
    if (view := session.get("train.view", "accuracy")) != "accuracy":
        params["view"] = view
    if session["train.shown"]:
        params["runs"] = ",".join(map(str, session["train.shown"]))
    if session["train.baseline"]:
        params["baseline"] = str(session["train.baseline"])
    session["train.written"] = [params, *(old for old in session["train.written"] if old != params)][:WRITTEN]
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)


def launches() -> list[Launch]:
    """What is shown, as the store has it now."""
    known = st.session_state["train.records"]
    return load(state.store(), st.session_state["train.shown"], known)


def start(config: RunConfig, rounds: int = 1, epochs: int = 0, instead_of: int | None = None) -> None:
    """Add a run, or rounds with a draw and first weights of their own each, to what is shown.

    Parameters
    ----------
    config : RunConfig
        Of the first round.
    rounds : int
        1 to `ROUNDS`.
    epochs : int
        Pause after so many; 0 goes on to the end.
    instead_of : int, optional
        The launch whose place the new one takes.
    """
    group = uuid.uuid4().hex if rounds > 1 else None
    with st.spinner("Handing it to the workers…"):
        ids = [
            state.engine().submit(
                dataclasses.replace(config, data_seed=config.data_seed + i, init_seed=config.init_seed + i),
                group=group,
                speed=st.session_state["train.speed"],
                epochs=epochs,
            )
            for i in range(rounds)
        ]
    shown = st.session_state["train.shown"]
    st.session_state["train.shown"] = [ids[0] if id == instead_of else id for id in shown]
    show(ids[0])


def show(id: int) -> None:
    """Add a launch to what is shown, and look at it closely."""
    shown = st.session_state["train.shown"]
    st.session_state["train.shown"] = shown if id in shown else [*shown, id]
    st.session_state["train.focus"] = id


def hide(id: int) -> None:
    """Take a launch off the page; it stays in the table of runs."""
    st.session_state["train.shown"] = [other for other in st.session_state["train.shown"] if other != id]
    if st.session_state["train.baseline"] == id:
        st.session_state["train.baseline"] = None
