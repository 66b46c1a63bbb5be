"""Which gradient? What flows into the tower from each branch and from each loss; that it adds up; over the epochs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts import lengths
from dashboard.components.live_chart import live_chart
from dashboard.shared import choose, teaching_data
from dashboard.sharing import charts
from pairdigits.config import RunConfig
from pairdigits.data import prepare
from pairdigits.gradients import TowerGradient, tower_gradient

WORDS = {
    "left": "left branch", "right": "right branch", "class": "class loss", "auxiliary": "auxiliary losses",
    "whole": "all together",
}  # fmt: skip
MODELS = ("v1", "v2", "v3", "v5", "v6", "v7")  # those whose comparison has a gradient
SHOWN = (
    ("0.conv1.weight", 0),
    ("0.conv1.weight", 40),
    ("0.conv2.weight", 1000),
    ("0.encoder.weight", 20_000),
    ("0.classifier.weight", 77),
)


def draw() -> str:
    """The section."""
    st.write(
        "A shared weight is used twice for every pair, so it gets **two** gradients, one back through its left use "
        "and one through its right use. They are simply added. The losses are added too, so their gradients are as "
        "well:"
    )
    st.latex(
        r"\begin{aligned}\frac{\partial L}{\partial\theta}"
        r"&=\left.\frac{\partial L}{\partial\theta}\right|_{\text{left}}+\left.\frac{\partial "
        r"L}{\partial\theta}\right|_{\text{right}}"
        r"\\&=\frac{\partial L_{\text{class}}}{\partial\theta}"
        r"+w\,\frac{\partial L_{\text{digits}}}{\partial\theta}\end{aligned}"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        variant = st.selectbox(
            "Model", MODELS, key="gradient.variant", persist_state="session", width=130, format_func="Siamese {}".format
        )
        stage = st.segmented_control(
            "Weights", ["trained", "untrained"], default="untrained", key="gradient.stage", persist_state="session",
            required=True,
            help="Before the first step, or the report's trained model.",
        )  # fmt: skip
        number = st.number_input(
            "Batch",
            1,
            12,
            key="gradient.batch",
            persist_state="session",
            width=110,
            help="64 of the model's own training pairs.",
        )
        weight = st.slider(
            "Auxiliary weight w", 0.0, 2.0, 1.0, 0.1, key="gradient.weight", persist_state="session", width=240
        )
    found = measure(variant, stage, number, weight)
    bars, numbers = st.columns([1, 1.15], gap="large")
    with bars:
        _sizes(found)
    with numbers:
        _sums(found)
    _over_epochs()
    angle = "have no angle, as one of them is nothing" if found.angle is None else f"stand at {found.angle:.0f}°"
    return (
        f"For all {len(found.whole):,} weights of the tower left + right = class + auxiliary, to within "
        f"{found.error:.1e}; on this batch the gradients of the class loss and of the auxiliary losses {angle}."
    )


@st.cache_data(show_spinner=False, max_entries=256)
def measure(variant: str, stage: str, number: int, weight: float) -> TowerGradient:
    """The gradient of one batch, in its four parts, with dropout off."""
    specimen = teaching_data.specimen(variant)
    model = specimen.model if stage == "trained" else teaching_data.untrained(variant)
    pairs = prepare(teaching_data.batch(specimen, number), specimen.normalisation)
    return tower_gradient(model, pairs, weight)


def _sizes(found: TowerGradient) -> None:
    live_chart(lengths.bars({WORDS[name]: size for name, size in found.sizes.items()}), "gradient.sizes", toolbar=False)
    angle = found.angle
    st.metric(
        "Angle between class and auxiliary gradients", "–" if angle is None else f"{angle:.0f}°",
        help="0°: they ask for the same change. 90°: they do not interfere. 180°: they pull against each other.",
    )  # fmt: skip
    st.caption(
        "Length of the gradient over all weights of the tower. Lengths do not add up, because the arrows point in "
        "different directions; the gradients themselves do."
    )


def _sums(found: TowerGradient) -> None:
    rows = []
    for name, index in SHOWN:
        place = found.layers[name].start + index
        values = {WORDS[source]: float(part[place]) for source, part in found.sources.items()}
        rows.append(
            {"weight": f"{name.removeprefix('0.').removesuffix('.weight')}, no. {index}"}
            | values
            | {WORDS["whole"]: float(found.whole[place])}
        )
    table = pd.DataFrame(rows)
    st.markdown("**Five of the weights, one by one**: left + right = class + auxiliary = all together")
    st.dataframe(
        table, hide_index=True, width="stretch",
        column_config={name: st.column_config.NumberColumn(format="%.6f") for name in table.columns[1:]},
    )  # fmt: skip
    st.metric(
        f"Largest mismatch among all {len(found.whole):,} weights", f"{found.error:.8f}",
        help="Between the sum of the four separately measured parts and one ordinary backward pass.",
    )  # fmt: skip
    st.caption(
        f"The largest single entry is {float(found.whole.abs().max()):.3f}: what is left over is rounding of 32-bit "
        f"numbers."
    )


def _over_epochs() -> None:
    st.subheader("Over the epochs of a run", anchor=False)
    prepared = teaching_data.prepared("gradients")
    variant = choose.siamese("gradient.run", list(prepared), "v1", "Run")
    run = prepared[variant]
    left, right = st.columns(2, gap="large")
    with left:
        shown = {WORDS[name]: run["sizes"][name] for name in ("left", "right", "class", "auxiliary")}
        live_chart(charts.spread(run["epochs"], shown, "Length of the gradient"), "gradient.over")
    with right:
        live_chart(
            charts.spread(run["epochs"], {"angle": run["angle"]}, "Angle, class to auxiliary (°)", level=90),
            "gradient.angle",
        )
    angles = np.array(run["angle"])
    made = RunConfig.from_dict(run["config"])
    st.caption(
        f"One run of Siamese {variant} with the report's settings, {made.protocol}, learning rate "
        f"{made.learning_rate:g} and auxiliary weight {made.auxiliary_weight:g}, measured after every epoch on the "
        f"same {run['batches']} batches of {made.batch_size} training pairs (line: mean, band: lowest to highest). The "
        "angle starts at "
        f"{angles[0].mean():.0f}° and ends at {angles[-1].mean():.0f}°; {(angles < 90).mean():.0%} of all "
        "measurements lie below 90°, where a step along one gradient also lowers the other loss."
    )
