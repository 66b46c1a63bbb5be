"""Runs that a section starts on the engine, watched in place until they end. Importing this loads torch."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.shared import launches, state
from dashboard.shared.launches import Launch
from pairdigits.config import RunConfig

POLL = 0.5  # s between looks at runs that train


def new_seed() -> int:
    """One that no committed round has."""
    return random.randrange(1000, 100_000)


def start(key: str, configs: Mapping[str, RunConfig]) -> None:
    """Queue runs under the names by which the section knows them, in place of those it watched before."""
    stop(key)
    engine = state.engine()
    st.session_state[f"live.{key}"] = {
        name: engine.submit(config, f"{key.capitalize()}: {name}") for name, config in configs.items()
    }


def stop(key: str) -> None:
    """Stop what a section has under way."""
    for launch in runs(key).values():
        if launch.active:
            state.engine().stop(launch.id)


def runs(key: str) -> dict[str, Launch]:
    """The runs of a section, by name."""
    ids = st.session_state.get(f"live.{key}", {})
    known = st.session_state.setdefault("live.known", {})
    found = {launch.id: launch for launch in launches.load(state.store(), list(ids.values()), known)}
    return {name: found[id] for name, id in ids.items() if id in found}


def watch(key: str, draw: Callable[[dict[str, Launch]], None]) -> None:
    """Draw the runs again and again for as long as one of them trains, with their progress and a button to stop."""
    active = any(launch.active for launch in runs(key).values())

    @state.error_boundary()
    def look() -> None:
        present = runs(key)
        for name, launch in present.items():
            if launch.active:
                st.progress(launch.progress, f"**{name}**: {_status(launch)}")
            elif not launch.finished:
                st.warning(f"{name} did not finish: {launch.runs[0].reason or launch.runs[0].status}.")
        if active:
            st.button("Stop", icon=":material/stop:", key=f"live.stop.{key}", on_click=stop, args=(key,))
        draw(present)
        if active and not any(launch.active for launch in present.values()):
            st.rerun()  # the whole page, without polling

    st.fragment(look, run_every=POLL if active else None)()


def _status(launch: Launch) -> str:
    run = launch.runs[0]
    if run.status == "queued" and (place := state.engine().queue_position(run.id)):
        return f"place {place} in the queue"
    if run.epochs == run.config.epochs:
        return "scoring the chosen model"
    return f"epoch {run.epochs} of {run.config.epochs}"
