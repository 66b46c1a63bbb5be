"""A run that was trained beforehand, for a page on which nothing has been trained yet.

Importing this loads torch.
"""

from __future__ import annotations

import streamlit as st

from dashboard.charts import curves, probes
from dashboard.charts.curves import Curve
from dashboard.components.live_chart import live_chart
from dashboard.shared import committed_rounds, state
from dashboard.train import watched
from pairdigits import cells
from pairdigits.choices import PROBE_KINDS
from pairdigits.models import VARIANTS


def draw(variant: str, height: int) -> None:
    """The curves and the probe of a committed round of this model."""
    found = committed_rounds.first_with_curves(variant)
    if found is None or found.curves is None:
        return
    title, config = VARIANTS[variant].title, found.config
    columns = found.curves
    epochs = range(1, len(next(iter(columns.values()))) + 1)
    records = [{"epoch": epoch} | {name: values[epoch - 1] for name, values in columns.items()} for epoch in epochs]
    curve = Curve(title, [records], found.outcome.epoch, epochs=config.epochs)
    left, right = st.columns([1.55, 1], gap="medium")
    with left:
        live_chart(
            curves.learning_curves([curve], height=height + 60), "train.curves.0", revision=f"prepared {variant}"
        )
        if VARIANTS[variant].siamese:
            figure = curves.learning_curves([curve], "digit_accuracy", height=height)
            for trace in figure["data"]:
                trace["showlegend"] = False
            live_chart(figure, "train.curves.1", revision=f"prepared {variant}")
    with right:
        board = cells.as_array(found.probe)
        live_chart(
            probes.probe_heatmap(board, height=330), "train.probe", toolbar=False,
            alt=f"Probe of {title}: {cells.wrong(board).sum()} of 100 cells wrong.",
        )  # fmt: skip
    row = VARIANTS[variant]
    errs = "its last layer" if row.siamese and row.trains_head else "its comparison"  # a formula is no layer
    st.caption(
        f"{title}, trained beforehand {config.protocol}, learning rate {config.learning_rate:g}: the first of the "
        f"rounds behind the report's figures (n = 1). Its chosen epoch {found.outcome.epoch} compares "
        f"{found.outcome.test_accuracy:.1%} of the test pairs rightly (★), and {errs} errs in "
        f"{cells.wrong(board).sum()} of the probe's 100 cells ({PROBE_KINDS[row.probe_kinds[0]].title.lower()}). "
        "**Start** trains one of your own: its curves appear here while it learns."
    )
    running = state.store().page(limit=1, statuses=["running"]).runs
    if running and st.button(f"Show run {running[0].id}, which is training now"):
        watched.show(running[0].id)
        st.rerun()
