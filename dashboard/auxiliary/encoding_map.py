"""A map of the encodings over the epochs, with and without the auxiliary losses."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from dashboard.auxiliary.charts import encoding_map
from dashboard.components.live_chart import live_chart
from dashboard.shared import choose, teaching_data
from pairdigits.config import RunConfig

WORDS = {"auxiliary": "With auxiliary losses", "alone": "Class loss alone"}


def draw() -> str:
    """The section."""
    prepared = teaching_data.prepared("maps")
    st.write(
        f"{len(prepared['digits'])} test digits, each drawn where the tower puts it: the plane in which the 50 "
        "numbers of the encodings vary most (PCA). Move the slider and watch the digits find their places."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        variant = choose.siamese("encoding_map.variant", ["v1", "v5"], "v1")
        last = len(prepared["runs"][f"{variant} alone"]["epochs"]) - 1
        epoch = st.slider(
            "After epoch",
            0,
            last,
            last,
            key="encoding_map.epoch",
            persist_state="session",
            help="0: before the first step.",
        )
    apart = {}
    for column, (loss, words) in zip(st.columns(2, gap="large"), WORDS.items(), strict=True):
        with column:
            apart[loss] = _map(prepared, f"{variant} {loss}", words, epoch)
    made = {loss: RunConfig.from_dict(prepared["runs"][f"{variant} {loss}"]["config"]) for loss in WORDS}
    st.caption(
        f"One run each with the report's settings, {made['alone'].protocol}, seed {made['alone'].data_seed}; learning "
        f"rate {made['auxiliary'].learning_rate:g} with the auxiliary losses, {made['alone'].learning_rate:g} without. "
        "Each map shows its own epoch's plane, turned within itself to lie as close as it can to the next one; the "
        "scale stays the same over the epochs of a run. A digit is drawn as its own figure."
    )
    return (
        f"After epoch {epoch}, {apart['auxiliary']:.0%} of the variance in this plane lies between the digits with the "
        f"auxiliary losses, and {apart['alone']:.0%} without them."
    )


def _map(prepared: dict[str, Any], label: str, words: str, epoch: int) -> float:
    """Draw one map; how far it sets the digits apart, see `separation`."""
    run = prepared["runs"][label]
    x, y = run["x"][epoch], run["y"][epoch]
    extent = 1.05 * float(np.abs([run["x"][-1], run["y"][-1]]).max())
    st.markdown(f"**{words}**")
    live_chart(
        encoding_map(x, y, prepared["digits"], extent),
        f"encoding_map.{label.split()[1]}",
        revision=label,
        filename="encodings",
    )
    shown = f"The plane shows {run['explained'][epoch]:.0%} of the variance"
    accuracy = run["accuracy"][epoch]
    apart = separation(x, y, prepared["digits"])
    st.caption(
        f"{shown}; digits apart {apart:.2f}"
        + (f"; test pairs {accuracy:.1%}." if accuracy is not None else "; untrained.")
    )
    return apart


def separation(x: list[float], y: list[float], digits: list[int]) -> float:
    """Share of a map's variance that lies between the digits rather than within them, 0..1."""
    points, labels = np.stack([x, y], 1), np.array(digits)
    centred = points - points.mean(0)
    between = sum((labels == digit).sum() * (centred[labels == digit].mean(0) ** 2).sum() for digit in set(digits))
    return float(between / (centred**2).sum())
