"""Short runs beside the committed ones: trained on the engine when somebody asks, drawn while they learn."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.charts.curves import learning_curves
from dashboard.components.live_chart import live_chart
from dashboard.lesson.step import Step
from dashboard.shared import live_runs
from dashboard.shared.launches import Launch
from dashboard.shared.settings_text import to_params
from pairdigits.presets import preset

EPOCHS = 25


def draw(step: Step) -> None:
    """A button that trains the runs of a step, and their curves."""
    key = f"lesson, {step.name.lower()}"
    with st.container(border=True, key=f"live-{step.name.lower().replace(' ', '-')}"):
        runs = live_runs.runs(key)
        if st.button(
            f"Run it {'again' if runs else 'live'}: {' against '.join(step.live)}",
            icon=":material/play_arrow:",
            disabled=any(launch.active for launch in runs.values()),
        ):
            _start(key, step)
            st.rerun()
        st.caption(
            f"{EPOCHS} epochs on 1000 new pairs, the report's settings; a few seconds for each run on a free core."
        )
        live_runs.watch(key, _curves)


def _start(key: str, step: Step) -> None:
    seed = live_runs.new_seed()  # the same pairs and first weights for all of them
    fields: dict[str, Any] = {"epochs": EPOCHS, "data_seed": seed, "init_seed": seed}
    live_runs.start(key, {label: preset("report", **run, **fields) for label, run in step.live.items()})


def _curves(runs: dict[str, Launch]) -> None:
    if runs:
        figure = learning_curves([launch.curve(name, star=False) for name, launch in runs.items()])
        revision = min(launch.id for launch in runs.values())
        live_chart(figure, "lesson.chart.live", revision=revision, toolbar=False)
    for name, launch in runs.items():
        run = launch.runs[0]
        if launch.finished and run.last_accuracy is not None:
            st.caption(f"**{name}**: {run.last_accuracy:.1%} of the test pairs right after the last epoch.")
        parameters = to_params(run.config)
        st.page_link("train/page.py", label=f"{name}: change its settings on the Train page", query_params=parameters)
