"""What a visitor does with the runs on the charts: look closely, pause, go on, repeat, hide.

Importing this loads torch.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard.shared import orders, state
from dashboard.shared.launches import Launch
from dashboard.train import watched
from pairdigits.runs.listing import UNFINISHED, Run


def focus(launches: Sequence[Launch], names: Mapping[int, str]) -> Launch:
    """The launch that the controls, the probe and the findings are about, chosen where there are several."""
    ids, mine = list(names), watched.mine()
    if mine.focus not in ids:
        mine.focus = ids[-1]
    slot = f"train.look.{'.'.join(map(str, ids))}"

    def look() -> None:
        mine.focus = st.session_state.get(slot, mine.focus)  # gone where it crossed with a launch that was added
        watched.write_address()

    if len(ids) > 1:
        if st.session_state.get(slot) != mine.focus:
            st.session_state[slot] = mine.focus
        st.selectbox("Look closely at", ids, key=slot, format_func=names.__getitem__, on_change=look,
                     help="The run that the buttons, the probe and the figures below are about.")  # fmt: skip
    return next(launch for launch in launches if launch.id == mine.focus)


def draw(launch: Launch) -> None:
    """The buttons for a launch; what is somebody else's can be watched, repeated and hidden."""
    engine, mine = state.engine(), watched.mine()
    allowed = orders.may_change(launch.runs)
    waiting = [run for run in launch.runs if run.status in ("paused", "stopped", "failed")]
    training_now = [run for run in launch.runs if run.status in UNFINISHED]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if training_now:
            pressed = _button("Pause", "pause", "Halt after the epoch that is under way.", not allowed)
            _tell(engine.pause, training_now, pressed)
        elif launch.finished:
            _play(launch)
        else:
            pressed = _button("Continue", "play_arrow", "Go on from where it was.", not (waiting and allowed))
            _tell(engine.resume, waiting, pressed)
        idle = bool(training_now) or not (waiting and allowed)
        _tell(engine.step, waiting, _button("Step", "skip_next", "Train one epoch, then pause.", idle))
        stoppable = training_now + [run for run in waiting if run.status == "paused"]
        pressed = _button("Stop", "stop", "End it here.", not (stoppable and allowed))
        _tell(engine.stop, stoppable, pressed)
        if _button("Rewind", "replay", "Start again from the same first weights."):
            _repeat(launch, allowed)
        if _button("Reseed", "casino", "Start again from new first weights."):
            _repeat(launch, allowed, init_seed=random.randrange(10_000))
        pinned = mine.baseline == launch.id
        if _button("Unpin" if pinned else "Pin", "keep", "Keep this run in grey as the baseline for the others."):
            mine.baseline = None if pinned else launch.id
            st.rerun()
        if _button("Hide", "visibility_off", "Take it off the charts; it stays in the table of runs."):
            watched.hide(launch.id)
            st.rerun()
    if mine.again == launch.id:
        _shown_again(launch)


def _shown_again(launch: Launch) -> None:
    """Why nothing trains although Start was pressed, and how to train it all the same."""
    began = launch.runs[0].started or launch.runs[0].created
    when = f"{began:%H:%M} UTC on {began.day} {began:%B}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if launch.active:
            st.caption(f"These settings are being trained since {when}: you watch that run.")
        else:
            st.caption(
                f"Trained at {when}, shown again: on one machine the same settings and seeds give the same figures."
            )
        if st.button("Train it anew", icon=":material/restart_alt:", key="train.anew"):
            watched.start(launch.config, rounds=len(launch.runs), instead_of=launch.id, anew=True)
            st.rerun()


def _play(launch: Launch) -> None:
    if watched.mine().played == launch.id:
        if _button("To the end", "fast_forward", "Show it as it ended."):
            watched.play(None)
            st.rerun()
    elif _button("Play", "play_arrow", "Watch it learn once more, at the speed that is chosen."):
        watched.play(launch.id)
        st.rerun()


def _button(words: str, icon: str, help: str, disabled: bool = False) -> bool:
    return st.button(words, key=f"train.{icon}", icon=f":material/{icon}:", help=help, disabled=disabled)


def _tell(order: Callable[[int], None], runs: Sequence[Run], pressed: bool) -> None:
    if pressed:
        orders.change(order, runs)
        st.rerun()


def _repeat(launch: Launch, stop: bool, **changes: int) -> None:
    if stop:
        orders.change(state.engine().stop, launch.runs)
    config = dataclasses.replace(launch.config, **changes)
    watched.start(config, rounds=len(launch.runs), instead_of=launch.id, anew=True)
    st.rerun()
