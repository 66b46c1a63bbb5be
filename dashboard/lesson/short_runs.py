"""Short runs beside the committed ones: trained on the engine when somebody asks, drawn while they learn."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.charts.curves import Curve, learning_curves
from dashboard.lesson.sizes import chart
from dashboard.shared import state

EPOCHS = 25
TICK = 0.5  # s between looks at the records
UNFINISHED = ("queued", "running")


def run_live(step: str, runs: Mapping[str, dict]) -> None:
    """A button that trains the runs of a step, and their curves.

    Parameters
    ----------
    step : str
        Name of the step; the visitor's runs are kept under it.
    runs : mapping of str to dict
        Label -> arguments of `pairdigits.presets.preset`.
    """
    ids = st.session_state.setdefault("lesson.live", {}).get(step, {})
    unfinished = any(state.store().run(id).status in UNFINISHED for id in ids.values())
    with st.container(border=True, key=f"live-{step.lower().replace(' ', '-')}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            label = f"Run it {'again' if ids else 'live'}: {' against '.join(runs)}"
            st.button(label, icon=":material/play_arrow:", on_click=_start, args=(step, runs), disabled=unfinished)
            if unfinished:
                st.button("Stop", icon=":material/stop:", on_click=_stop, args=(step,))
        st.caption(
            f"{EPOCHS} epochs on 1000 new pairs, the report's settings; a few seconds for each run on a free core."
        )
        if ids:
            st.fragment(_watch, run_every=TICK if unfinished else None)(step)
    state.engine()  # begins to start the workers, so that a run need not wait for them


def _start(step: str, runs: Mapping[str, dict]) -> None:
    with state.error_boundary():
        from pairdigits.presets import preset

        draw = st.session_state.get("lesson.draw", 0)  # new pairs and first weights every time
        st.session_state["lesson.draw"] = draw + 1
        fields = {"epochs": EPOCHS, "data_seed": draw, "init_seed": draw}
        configs = {label: preset("report", **run, **fields) for label, run in runs.items()}
        st.session_state["lesson.live"][step] = {
            label: state.engine().submit(config, f"Lesson, {step.lower()}: {label}")
            for label, config in configs.items()
        }


def _stop(step: str) -> None:
    with state.error_boundary():
        for id in st.session_state["lesson.live"][step].values():
            state.engine().stop(id)


@state.error_boundary()
def _watch(step: str) -> None:
    from dashboard.shared.settings_text import to_params

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
        parameters = to_params(run.config)
        st.page_link("train/page.py", label=f"{label}: change its settings on the Train page", query_params=parameters)
    unfinished = any(run.status in UNFINISHED for run in runs.values())
    if st.session_state.get("lesson.polled") and not unfinished:
        st.session_state["lesson.polled"] = False
        st.rerun()  # so that the page stops asking
    st.session_state["lesson.polled"] = unfinished
