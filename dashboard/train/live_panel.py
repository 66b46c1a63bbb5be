"""The runs that a visitor watches: progress, controls, curves, the probe and what the figures say.

Drawn again and again while something trains. Importing this loads torch.
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
from collections.abc import Sequence

import numpy as np
import streamlit as st

from dashboard.charts import curves, probes
from dashboard.components.live_chart import live_chart
from dashboard.shared import state
from dashboard.shared.launches import Launch, labels
from dashboard.train import charts, findings, watched
from pairdigits import cells
from pairdigits.models import VARIANTS
from pairdigits.runs.store import UNFINISHED, Run

PLOT, LEGEND = 250, 24  # pixels: a chart, and a row of its legend
FIRST_EPOCH = 0.8  # s to wait for it


def choose_view() -> None:
    """What the curves show; it stands outside the panel, which is drawn too often for a choice to be made in peace."""
    st.session_state["train.view"] = st.session_state["train.view"]  # see settings_form.delivered
    st.segmented_control(
        "Curves", list(watched.VIEWS), key="train.view", required=True, format_func=watched.VIEWS.get,
        label_visibility="collapsed",
    )  # fmt: skip


@state.error_boundary()
def draw() -> None:
    """The whole panel; it runs the page again when the last run has come to rest, which ends the polling."""
    launches = watched.launches()
    if not launches:
        _empty()
        return
    names = dict(zip((launch.id for launch in launches), labels(launches), strict=True))
    focus = _focus(launches, names)
    _controls(focus)
    _progress(launches, names)
    if came := _await_first_epoch(focus):
        launches = watched.launches()
    left, right = st.columns([1.55, 1], gap="medium")
    with left:
        _curves(launches, names)
    if came:  # the rest follows at the next drawing: the first point is not to wait for it
        return
    with right:
        epoch = _probe(focus)
    findings.draw(focus, epoch)
    active = any(launch.active for launch in launches)
    if st.session_state.get("train.polling") and not active:
        st.rerun()


def _empty() -> None:
    with st.container(border=True):
        st.subheader("Nothing trains yet")
        st.write(
            "Choose a model and press **Start**: its curves appear here while it learns, with the last layer's probe "
            "beside them. Change a setting and press Start again to draw the next run over it."
        )
        figure = curves.learning_curves([], height=PLOT)  # empty axes; and Plotly is there when the first curve comes
        live_chart(figure, "train.empty", toolbar=False, alt="Empty axes: class accuracy over epochs.")
        unfinished = [run for run in state.store().runs() if run.status == "running"]
        if unfinished and st.button(f"Show run {unfinished[-1].id}, which is training now"):
            watched.show(unfinished[-1].id)
            st.rerun()


def _focus(launches: Sequence[Launch], names: dict[int, str]) -> Launch:
    """The launch that the controls, the probe and the findings are about."""
    ids = list(names)
    if st.session_state.get("train.focus") not in ids:
        st.session_state["train.focus"] = ids[-1]
    slot = f"train.look.{'.'.join(map(str, ids))}"

    def look() -> None:
        st.session_state["train.focus"] = st.session_state[slot]

    if len(ids) > 1:
        if st.session_state.get(slot) != st.session_state["train.focus"]:
            st.session_state[slot] = st.session_state["train.focus"]
        st.selectbox("Look closely at", ids, key=slot, format_func=names.get, on_change=look,
                     help="The run that the buttons, the probe and the figures below are about.")  # fmt: skip
    return next(launch for launch in launches if launch.id == st.session_state["train.focus"])


def _controls(focus: Launch) -> None:
    engine = state.engine()
    waiting = [run for run in focus.runs if run.status in ("paused", "stopped", "failed")]
    training_now = [run for run in focus.runs if run.status in ("queued", "running")]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if training_now:
            pressed = _button("Pause", "pause", "Halt after the epoch that is under way.")
            _tell(engine.pause, training_now, pressed)
        else:
            pressed = _button("Continue", "play_arrow", "Go on from where it was.", disabled=not waiting)
            _tell(engine.resume, waiting, pressed)
        pressed = _button(
            "Step", "skip_next", "Train one epoch, then pause.", disabled=bool(training_now) or not waiting
        )
        _tell(engine.step, waiting, pressed)
        stoppable = training_now + [run for run in waiting if run.status == "paused"]
        _tell(engine.stop, stoppable, _button("Stop", "stop", "End it here.", disabled=not stoppable))
        if _button("Rewind", "replay", "Start again from the same first weights."):
            _again(focus)
        if _button("Reseed", "casino", "Start again from new first weights."):
            _again(focus, init_seed=random.randrange(10_000))
        pinned = st.session_state["train.baseline"] == focus.id
        if _button("Unpin" if pinned else "Pin", "keep", "Keep this run in grey as the baseline for the others."):
            st.session_state["train.baseline"] = None if pinned else focus.id
            st.rerun()
        if _button("Hide", "visibility_off", "Take it off the charts; it stays in the table of runs."):
            watched.hide(focus.id)
            st.rerun()


def _button(words: str, icon: str, help: str, disabled: bool = False) -> bool:
    return st.button(words, key=f"train.{icon}", icon=f":material/{icon}:", help=help, disabled=disabled)


def _tell(order, runs: Sequence[Run], pressed: bool) -> None:
    if pressed:
        for run in runs:
            order(run.id)
        st.rerun()


def _again(launch: Launch, **changes: int) -> None:
    engine = state.engine()
    for run in launch.runs:
        engine.stop(run.id)
    config = dataclasses.replace(launch.config, **changes)
    watched.start(config, rounds=len(launch.runs), instead_of=launch.id)
    st.rerun()


def _progress(launches: Sequence[Launch], names: dict[int, str]) -> None:
    for launch in launches:
        st.progress(launch.progress, text=f"**{names[launch.id]}**: {status(launch)}")


def status(launch: Launch) -> str:
    """How far a launch is, in a few words."""
    running = [run for run in launch.runs if run.status == "running"]
    queued = [run for run in launch.runs if run.status == "queued"]
    finished = sum(run.status == "finished" for run in launch.runs)
    total = len(launch.runs)
    rounds = f"{finished} of {total} rounds done, " if total > 1 else ""
    if running:
        epoch, epochs = max(run.epochs for run in running), launch.config.epochs
        if epoch == epochs and not queued:
            return f"{rounds}all {epochs} epochs trained, scoring the chosen model"
        return f"{rounds}epoch {epoch} of {epochs}{_time_left(launch, len(running))}"
    if queued:
        place = state.engine().queue_position(queued[0].id)
        return f"{rounds}place {place} in the queue" if place else f"{rounds}about to start"
    if launch.finished:
        seconds = sum(run.outcome.seconds for run in launch.runs)
        return f"{f'{total} rounds' if total > 1 else 'finished'}, {seconds:.1f} s of training"
    rest = next(run for run in launch.runs if run.status != "finished")
    reason = f": {rest.reason}" if rest.reason else ""
    return f"{rounds}{rest.status} after epoch {rest.epochs} of {launch.config.epochs}{reason}"


def _time_left(launch: Launch, workers: int) -> str:
    seconds = [record.seconds for records in launch.records for record in records[-10:]]
    if not seconds:
        return ""
    slowest = 1 / speed if (speed := st.session_state["train.speed"]) else 0.0
    left = sum(launch.config.epochs - run.epochs for run in launch.runs if run.status in ("queued", "running"))
    return f", about {left * max(np.mean(seconds), slowest) / workers:.0f} s left"


def _await_first_epoch(focus: Launch) -> bool:
    """Wait, once a launch, for an epoch that is about to end; whether there is one now.

    It takes a few tenths of a second, and comes sooner while nothing else is drawn: empty charts would take as long.
    """
    run, awaited = focus.runs[0], st.session_state["train.awaited"]
    if run.epochs or run.id in awaited or run.status not in UNFINISHED or state.engine().queue_position(run.id) > 1:
        return False
    awaited.add(run.id)
    with contextlib.suppress(TimeoutError):
        state.engine().wait(run.id, FIRST_EPOCH, lambda run: run.epochs or run.status not in UNFINISHED)
        return True
    return False


def _curves(launches: Sequence[Launch], names: dict[int, str]) -> None:
    view = st.session_state["train.view"]
    baseline = st.session_state["train.baseline"]
    shown = [launch.curve(names[launch.id], launch.id == baseline) for launch in launches]
    reading = any(VARIANTS[launch.config.variant].siamese for launch in launches)
    pairs = {
        "accuracy": ("accuracy", "digit_accuracy"),
        "gap": ("accuracy", "digit_accuracy"),
        "loss": ("loss", "digit_loss"),
    }
    for i, metric in enumerate(pairs[view][: 2 if reading else 1]):
        height = PLOT if i else PLOT + LEGEND * (len(shown) + 1)
        if view == "gap":
            figure = charts.gap_curves(shown, metric, height)
        else:
            figure = curves.learning_curves(shown, metric, height=height)
        for trace in figure.data:  # the second chart has the first one's colours, and the star is explained below
            if i or trace.mode == "markers":
                trace.showlegend = False
        live_chart(figure, f"train.curves.{i}", revision=f"{view} {names}", filename=f"pairdigits-{metric}")
    if view != "gap":
        st.caption(
            "★ The epoch whose model is kept: the best on the validation pairs; as published, on the test pairs."
        )


def _probe(focus: Launch) -> int | None:
    """The last layer's verdicts after an epoch that can be chosen once the run rests; returns the epoch."""
    records = focus.records[0]
    if not records:
        st.caption("The probe of the last layer appears after the first epoch.")
        return None
    latest = records[-1].epoch
    epoch = latest
    if latest > 1 and not focus.active:
        slot = f"train.scrub.{focus.id}.{latest}"
        epoch = st.slider(
            "Epoch", 1, latest, latest, key=slot, help="Look back: the probe, the gap and your pair after this epoch."
        )
    record = records[epoch - 1]
    kind = {"ideal": "an ideal signal", "typical": "typical digits", "real": "real pairs"}
    variant = VARIANTS[focus.config.variant]
    probability = cells.as_array(record.probe)
    wrong = cells.wrong(probability).sum()
    live_chart(
        probes.probe_heatmap(probability, height=330), "train.probe", toolbar=False,
        alt=f"Probe of {variant.title} after epoch {epoch}: {wrong} of 100 cells wrong.",
    )  # fmt: skip
    st.caption(
        f"Probe by {kind[variant.probe_kinds[0]]} after epoch {epoch}: white where the model says first ≤ second, "
        f"a cross where that is wrong: **{wrong} of 100 cells**."
    )
    return epoch
