"""Stored runs side by side: their curves, in what their settings differ, their probes.

Importing this loads torch.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.charts import curves, probes
from dashboard.components.live_chart import live_chart
from dashboard.shared import state
from dashboard.shared.launches import Launch, differences, labels, load
from dashboard.shared.plain import plain
from dashboard.train import watched
from pairdigits.cells import as_array
from pairdigits.runs.listing import Run


def draw(selected: Sequence[Run]) -> None:
    """Curves, settings (differences only) and probes of the selected runs."""
    launches = load(state.store(), [run.id for run in selected], watched.mine().records, rounds=False)
    names = labels(launches)
    metric = st.segmented_control(
        "Compare", ["accuracy", "digit_accuracy", "loss"], default="accuracy", key="train.compared",
        persist_state="session", required=True,
        format_func=lambda name: curves.METRICS[name].title, label_visibility="collapsed",
    )  # fmt: skip
    shown = [launch.curve(name) for launch, name in zip(launches, names, strict=True)]
    live_chart(
        curves.learning_curves(shown, state.chosen(metric)),
        "train.compare",
        revision=f"{metric} {names}",
        filename="comparison",
    )
    st.caption("Runs with the same data seed are tested on the same pairs, others on pairs of their own.")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What differs**")
        found = differences(dict(zip(names, (launch.config for launch in launches), strict=True)))
        if found:
            st.table(pd.DataFrame({row: {plain(name): plain(value) for name, value in values.items()}
                                   for row, values in found.items()}).T)  # fmt: skip
        else:
            st.caption("Nothing: the same settings give the same figures.")
    with right:
        st.markdown("**Probes after the last epoch**")
        _probes(launches, names)


def _probes(launches: Sequence[Launch], names: Sequence[str]) -> None:
    last = {
        name: as_array(launch.records[0][-1].probe)
        for name, launch in zip(names, launches, strict=True)
        if launch.records[0]
    }
    live_chart(probes.probe_gallery(last, columns=3, cell=190), "train.probes", toolbar=False)
