"""Runs that a section starts on the engine, watched in place until they end. Importing this loads torch."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from dashboard.components.launch_lines import Line, launch_lines
from dashboard.shared import launches, orders, state
from dashboard.shared.launch_words import describe
from dashboard.shared.launches import Known, Launch
from pairdigits.config import RunConfig


@dataclass
class Started:
    """What a visitor has started in the sections."""

    ids: dict[str, dict[str, int]] = field(default_factory=dict)  # section -> name -> run
    known: Known = field(default_factory=dict)  # their records
    active: set[str] = field(default_factory=set)  # sections that had something under way when they were drawn last


def new_seed() -> int:
    """One that no committed round has."""
    return random.randrange(1000, 100_000)


def start(key: str, configs: Mapping[str, RunConfig]) -> None:
    """Queue runs under the names by which the section knows them, in place of those it watched before."""
    stop(key)
    ids = orders.start(list(configs.values()), [f"{key.capitalize()}: {name}" for name in configs])
    here = state.memory(Started)
    here.ids[key] = dict(zip(configs, ids, strict=True))
    launches.keep(here.known, [id for section in here.ids.values() for id in section.values()])


def stop(key: str) -> None:
    """Stop what a section has under way, as far as it is the visitor's."""
    for launch in runs(key).values():
        if launch.active and orders.may_change(launch.runs):
            orders.change(state.engine().stop, launch.runs)


_stop = orders.in_callback()(stop)


def runs(key: str) -> dict[str, Launch]:
    """The runs of a section, by name."""
    here = state.memory(Started)
    ids = here.ids.get(key, {})
    found = {launch.id: launch for launch in launches.load(state.store(), list(ids.values()), here.known)}
    return {name: found[id] for name, id in ids.items() if id in found}


def watch(key: str, draw: Callable[[dict[str, Launch]], object]) -> None:
    """Follow the runs of a section, with a button to stop them; they are drawn anew whenever one comes to rest."""
    state.fragment(_look)(key, draw)


def _look(key: str, draw: Callable[[dict[str, Launch]], object]) -> None:
    present = runs(key)
    orders.tell_trouble()
    launch_lines(f"live.lines.{key}", [line(name, launch) for name, launch in present.items()])
    active = any(launch.active for launch in present.values())
    if any(launch.active and orders.may_change(launch.runs) for launch in present.values()):
        st.button("Stop", icon=":material/stop:", key=f"live.stop.{key}", on_click=_stop, args=(key,))
    draw(present)
    sections = state.memory(Started).active
    if active:
        sections.add(key)
    elif key in sections:
        sections.remove(key)
        st.rerun()  # the whole page: it may say what came of them


def line(name: str, launch: Launch, mine: bool = True, play: float | None = None, take: int = 0) -> Line:
    """How far a launch is, which from then on it says by itself.

    Parameters
    ----------
    name : str
        What the page calls it.
    launch : Launch
    mine : bool
        Whether the page is drawn anew when it begins or comes to rest.
    play : float, optional
        Epochs a second at which a launch that has come to rest is shown once more; it is given as it was before.
    take : int
        How often that was asked for.
    """
    engine = state.engine()
    waits = engine.waits() if launch.active else {}  # the whole queue is looked at for it
    return Line(
        f"{name}: ",
        describe(launch, waits, engine.trouble),
        None if launch.finished else launch.id,
        active=launch.active if mine else None,
        progress=launch.progress if mine else None,
        play=play,
        take=take,
    )
