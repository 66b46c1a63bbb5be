"""The auxiliary weight as a dial: accuracy of class and digits against it, from the committed sweep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from dashboard.charts import intervals
from dashboard.components.live_chart import live_chart
from dashboard.shared import choose, live_runs, teaching_data
from dashboard.shared.launches import Launch
from pairdigits.estimates import Estimate
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.sweeps import AUXILIARY_WEIGHTS

KEY = "auxiliary weight"
WORDS = {"test_accuracy": "class", "test_digit_accuracy": "digits"}
SCORES = {"test_accuracy": "class accuracy", "test_digit_accuracy": "digit accuracy"}


def draw() -> str | None:
    """The section."""
    st.write(
        "The auxiliary losses tell the tower which digits it saw. How much should they count beside the class loss?"
    )
    st.latex(r"L = L_{\text{class}} + w\,\bigl(L_{\text{left digit}} + L_{\text{right digit}}\bigr)")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        variant = choose.siamese("weight_sweep.variant", ["v1", "v5"], "v1")
        weight = st.slider(
            "Auxiliary weight w",
            0.0,
            2.0,
            1.0,
            0.05,
            key="weight_sweep.weight",
            persist_state="session",
            help="1 is the report's.",
        )
    frame = teaching_data.rounds("weights")
    lines = {
        name: {w: teaching_data.estimate(frame, f"{variant} {w:g}", score) for w in AUXILIARY_WEIGHTS}
        for score, name in SCORES.items()
    }
    del lines["digit accuracy"][0.0]  # nobody names the ten outputs there
    own = [
        (name, launch.config.auxiliary_weight, 100 * getattr(launch.outcomes[0], score))
        for launch in live_runs.runs(KEY).values()
        if launch.finished and launch.config.variant == variant
        for score, name in SCORES.items()
    ]
    for column, (name, points) in zip(st.columns(2), lines.items(), strict=True):
        column.metric(f"{name.capitalize()} at w = {weight:g}", *_read(points, weight))
    figure = intervals.sweep(lines, "Auxiliary weight w", "Test accuracy (%)", chosen=weight, own=own)
    live_chart(figure, "weight_sweep.curves", filename="auxiliary-weight")
    rounds = max((one.n or 0 for points in lines.values() for one in points.values()), default=0)
    st.caption(
        f"Siamese {variant}, the report's settings with one learning rate for every weight, corrected protocol; mean "
        f"and a band for its 95% interval over up to n = {rounds} rounds. At w = 0 nobody names the ten "
        "outputs, so they have no digit accuracy there."
    )
    teaching_data.tell_missing("weights")
    if st.button(f"Train one run at w = {weight:g} live", icon=":material/play_arrow:", type="primary"):
        seed = live_runs.new_seed()
        config = replace(
            EXPERIMENTS["weights"].rows[f"{variant} 1"], auxiliary_weight=weight, data_seed=seed, init_seed=seed
        )
        live_runs.start(KEY, {f"{variant}, w = {weight:g}": config})
        st.rerun()
    live_runs.watch(KEY, _results)
    rate = EXPERIMENTS["weights"].rows[f"{variant} 1"].learning_rate
    return _reading(lines["class accuracy"], rate)


def _read(points: dict[float, Estimate], weight: float) -> tuple[str, str | None]:
    """The sweep's mean at a weight, on the straight line between measured ones, and how it compares with w = 0."""
    known = {x: one.mean for x, one in sorted(points.items()) if one.n}
    if not known or not min(known) <= weight <= max(known):
        return "–", None
    value = float(np.interp(weight, list(known), list(known.values())))
    beside = f"{value - known[0.0]:+.1f} points beside w = 0" if 0.0 in known and weight else None
    return f"{'' if weight in known else '≈ '}{value:.1f}%", beside


def _reading(points: dict[float, Estimate], rate: float) -> str | None:
    known = {x: one for x, one in points.items() if one.n}
    if len(known) < 2 or 0.0 not in known:
        return None
    first, best = min(x for x in known if x), max(known, key=lambda x: known[x].mean)
    return (
        f"At the learning rate {rate:g} class accuracy goes from {known[0.0].mean:.1f}% without auxiliary losses "
        f"to {known[first].mean:.1f}% at w = {first:g}; the "
        f"highest mean of the sweep is {known[best].mean:.1f}% at w = {best:g}."
    )


def _results(runs: dict[str, Launch]) -> None:
    for name, launch in runs.items():
        if launch.finished:
            scores = (f"{word} {100 * getattr(launch.outcomes[0], score):.1f}%" for score, word in WORDS.items())
            st.success(
                f"Your run, {name}: {', '.join(scores)} (seed {launch.config.data_seed}). The stars in the chart are "
                "yours."
            )
