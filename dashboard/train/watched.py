"""What the Train page remembers of a visitor, in session state and in the page's address.

The address names the settings that are not at their defaults, the rounds, the speed, and the runs that are shown with
the one that is looked at, its epoch, and the fork that is being chosen there. So a link opens the same settings
elsewhere, and a reload finds the runs again. Importing this loads torch.
"""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from dashboard.shared import address, orders, settings_text, state
from dashboard.shared.launches import Known, Launch, keep, load
from dashboard.shared.plain import say_error
from dashboard.train import settings_form
from pairdigits.config import ConfigError, RunConfig
from pairdigits.runs.store import StoreError

SPEEDS = (None, 10.0, 5.0, 2.0, 1.0, 0.5)  # epochs a second at most; None: as fast as it goes
OF_RUNS = ("train.live", "train.table")  # keys of the page's fragments that show runs
PLAYED = 10.0  # epochs a second at which a finished run is played where no speed was chosen
ROUNDS = 20  # at most
VIEWS = {"accuracy": "Accuracy", "loss": "Loss", "gap": "Gap"}
FORK, FORKED = "fork.", ("variant", "shared", "auxiliary_weight", "learning_rate", "epochs")  # in the address
WRITTEN = 50  # addresses remembered: a quick visitor's click may arrive with the address before last


@dataclass
class Watched:
    """A visitor's Train page, besides the widgets' values.

    Attributes
    ----------
    shown : list of int
        Launches on the charts, by the id of one of their runs, in the order of their colours.
    focus : int or None
        The launch that the controls, the probe and the findings are about.
    baseline : int or None
        The launch that is drawn in grey.
    again : int or None
        The launch that was found instead of being trained: its settings were trained before.
    played : int or None
        The launch, which has finished, that is shown once more as it learnt.
    takes : int
        How often that was asked for.
    selected, deleted : lists of int
        Runs ticked in the table, and those deleted last.
    truth : dict
        Packed pair -> its two digits, where the visitor drew one from the test set.
    epoch : int or None
        The one that is looked back at, of the launch that is looked at closely; None is its latest.
    fork : dict or None
        What stands in the form of a fork, by field; None while it is closed.
    linked : bool
        Whether an address has just asked for those two, and no widget has taken them up yet.
    records : dict
        What was read from the store, as `launches.load` keeps it.
    written : list of dict
        Addresses that the page itself has written, the latest first.
    """

    shown: list[int] = field(default_factory=list)
    focus: int | None = None
    baseline: int | None = None
    again: int | None = None
    played: int | None = None
    takes: int = 0
    selected: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    truth: dict[str, list[int]] = field(default_factory=dict)
    epoch: int | None = None
    fork: dict[str, Any] | None = None
    linked: bool = False
    records: Known = field(default_factory=dict)
    written: list[dict[str, str]] = field(default_factory=list)


def mine() -> Watched:
    """What is remembered of the visitor whose page runs."""
    return state.memory(Watched)


def begin() -> None:
    """Start from the usual choices; where the address says something else (a link, a reload), it wins."""
    settings_form.begin()
    for name, usual in (("rounds", 1), ("speed", None), ("view", "accuracy")):
        st.session_state.setdefault(f"train.{name}", usual)
    given = address.given()
    if address.went_back() or (given and given not in mine().written):
        _read(given)


def _read(given: dict[str, str]) -> None:
    try:
        settings_form.fill(settings_text.from_params(given))
    except ConfigError as error:
        settings_form.fill(RunConfig())
        say_error(f"The settings of this link cannot be used, so the usual ones stand here. {error}")
    st.session_state["train.rounds"] = address.checked("rounds", range(1, ROUNDS + 1)) or 1
    st.session_state["train.speed"] = address.checked("speed", [speed for speed in SPEEDS if speed])
    st.session_state["train.view"] = address.checked("view", VIEWS) or "accuracy"
    watched = mine()
    watched.shown = _there(address.read("runs", lambda text: [_id(part) for part in text.split(",")]) or [])
    watched.baseline, watched.focus = address.read("baseline", _id), address.read("focus", _id)
    watched.epoch, watched.fork, watched.linked = address.read("epoch", _id), _fork(given), True


def _fork(given: dict[str, str]) -> dict[str, Any] | None:
    """The form that the address asks to be open, each field that it can have."""
    named = [name for name in FORKED if f"{FORK}{name}" in given]
    read = {name: address.read(f"{FORK}{name}", partial(settings_text.value, name)) for name in named}
    return {name: value for name, value in read.items() if value is not None} if named else None


def _there(asked: list[int]) -> list[int]:
    """Those of the runs that a link asks for that can be shown, and a sentence for the others."""
    try:
        launches = load(state.store(), asked, mine().records)
    except StoreError:  # the database is away: where runs are drawn that is said, and the link may yet be right
        return asked
    there = {run.id for launch in launches for run in launch.runs}
    if gone := [str(id) for id in dict.fromkeys(asked) if id not in there]:
        some = f"{', '.join(gone[:5])}{', …' if len(gone) > 5 else ''}"
        st.warning(f"Of what the address asks for, run {some} does not exist or was deleted.")
    return [id for id in asked if id in there]


def _id(text: str) -> int:
    if not text.isdecimal() or len(text) > 12:
        raise ValueError("A run's id is a number.")
    return int(text)


def write_address() -> None:
    """Put everything that makes the page what it is into its address."""
    session, watched = st.session_state, mine()
    params = {}
    with contextlib.suppress(ConfigError):  # impossible settings stay out of it
        params = settings_text.to_params(settings_form.current())
    if session["train.rounds"] > 1:
        params["rounds"] = str(session["train.rounds"])
    if session["train.speed"]:
        params["speed"] = f"{session['train.speed']:g}"
    if session["train.view"] != "accuracy":
        params["view"] = session["train.view"]
    if watched.shown:
        params["runs"] = ",".join(map(str, watched.shown))
    if watched.baseline:
        params["baseline"] = str(watched.baseline)
    if watched.focus in watched.shown[:-1]:  # the last one is looked at anyway
        params["focus"] = str(watched.focus)
    if watched.epoch:
        params["epoch"] = str(watched.epoch)
    params |= {f"{FORK}{name}": settings_text.text(value) for name, value in (watched.fork or {}).items()}
    watched.written = [params, *(old for old in watched.written if old != params)][:WRITTEN]
    address.replace(params)


def launches() -> list[Launch]:
    """What is shown, as the store has it now; what was read of other runs is forgotten."""
    watched = mine()
    found = load(state.store(), watched.shown, watched.records)
    keep(watched.records, [run.id for launch in found for run in launch.runs] + watched.selected)
    return found


def start(
    config: RunConfig, rounds: int = 1, epochs: int = 0, instead_of: int | None = None, anew: bool = False
) -> None:
    """Add a run, or rounds with a draw and first weights of their own each, to what is shown.

    The same settings and seeds give the same records, so what has been trained, or is being trained, is shown as it
    is, unless it is wanted anew.

    Parameters
    ----------
    config : RunConfig
        Of the first round.
    rounds : int
        1 to `ROUNDS`.
    epochs : int
        Pause after this many; 0 goes on to the end.
    instead_of : int, optional
        The launch whose place the new one takes.
    anew : bool
        Whether to train even what was trained before.
    """
    wanted = [
        dataclasses.replace(config, data_seed=config.data_seed + i, init_seed=config.init_seed + i)
        for i in range(rounds)
    ]
    known = [] if anew or epochs else orders.join(wanted)
    if known:
        id = known[0].id
    else:
        group = uuid.uuid4().hex if rounds > 1 else None
        speed = st.session_state["train.speed"]
        id = orders.start(wanted, group=group, speed=speed, epochs=epochs, anew=anew)[0]
    watched = mine()
    watched.shown = [id if other == instead_of else other for other in watched.shown]
    watched.again = id if known else None
    play(id if known and st.session_state["train.speed"] else None)
    show(id)


def show(id: int) -> None:
    """Add a launch to what is shown, and look at it closely."""
    watched = mine()
    if id not in watched.shown:
        watched.shown = [*watched.shown, id]
    watched.focus = id


def rest() -> None:
    """No launch is shown: no epoch is looked back at, and no fork chosen."""
    watched = mine()
    watched.epoch, watched.fork, watched.linked = None, None, False


def play(id: int | None) -> None:
    """Show a launch that has finished once more as it learnt, from its first epoch; None: as it ended."""
    watched = mine()
    watched.played = id
    watched.takes += id is not None


def hide(id: int) -> None:
    """Take a launch off the page; it stays in the table of runs."""
    watched = mine()
    watched.shown = [other for other in watched.shown if other != id]
    if watched.baseline == id:
        watched.baseline = None
