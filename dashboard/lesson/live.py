"""Short runs beside the committed ones: trained on the engine when somebody asks, drawn while they learn."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import state
from dashboard.charts.curves import Curve, learning_curves
from dashboard.lesson.frame import chart

EPOCHS = 25
TICK = 0.5  # s between looks at the records
SECONDS = 5  # for one run of so many epochs on a quiet core


def run_live(step: str, runs: Mapping[str, dict]) -> None:
    """A button that trains the runs of a step, and their curves.

    Parameters
    ----------
    step : str
        Name of the step; the visitor's runs are kept under it.
    runs : mapping of str to dict
        Label -> arguments of `pairdigits.config.preset`.
    """
    ids = st.session_state.setdefault("lesson.live", {}).get(step)
    unfinished = ids and any(run.status in ("queued", "running") for run in map(state.store().run, ids.values()))
    with st.container(border=True, key=f"live-{step.lower().replace(' ', '-')}"):
        row = st.container(horizontal=True, vertical_alignment="center")
        again = "again" if ids else "live"
        label = f"Run it {again}: {' against '.join(runs)}"
        row.button(label, icon=":material/play_arrow:", on_click=_start, args=(step, runs), disabled=bool(unfinished))
        row.caption(
            f"{EPOCHS} epochs {'each ' if len(runs) > 1 else ''}on 1000 pairs, the report's settings; about "
            f"{SECONDS * len(runs)} seconds on two free cores."
        )
        if ids:
            st.fragment(_watch, run_every=TICK if unfinished else None)(step)


def _start(step: str, runs: Mapping[str, dict]) -> None:
    with state.error_boundary():
        from pairdigits.config import preset

        draw = st.session_state.get("lesson.draw", 0)  # new pairs and first weights every time
        st.session_state["lesson.draw"] = draw + 1
        fields = {"epochs": EPOCHS, "data_seed": draw, "init_seed": draw}
        configs = {label: preset("report", **run, **fields) for label, run in runs.items()}
        st.session_state["lesson.live"][step] = {
            label: state.engine().submit(config, f"Lesson, {step.lower()}: {label}") for label, config in configs.items()
        }


@state.error_boundary()
def _watch(step: str) -> None:
    ids = st.session_state["lesson.live"][step]
    runs = {label: state.store().run(id) for label, id in ids.items()}
    records = {label: [record.flat() for record in state.store().records(id)] for label, id in ids.items()}
    drawn = [Curve(label, [rows]) for label, rows in records.items() if rows]
    if drawn:
        chart(learning_curves(drawn), f"live-{step}", revision=min(ids.values()))
    for label, run in runs.items():
        last = f", {run.last_accuracy:.1%} of the test pairs right" if run.last_accuracy is not None else ""
        reason = f" {run.reason}" if run.reason else ""
        st.caption(f"**{label}**: {run.status}, epoch {run.epochs} of {run.config.epochs}{last}.{reason}")
    if all(run.status not in ("queued", "running") for run in runs.values()) and st.session_state.pop("lesson.busy", 0):
        st.rerun()  # so that the page stops asking
    elif any(run.status in ("queued", "running") for run in runs.values()):
        st.session_state["lesson.busy"] = True
