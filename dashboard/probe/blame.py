"""“Who is to blame, the tower or the last layer?”: a switch that splits every model's wrong verdicts on real pairs."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts import style
from dashboard.components.live_chart import live_chart
from dashboard.probe import probed_models
from dashboard.probe.probed_models import Subject
from pairdigits.probe import Blame

PARTS = {"last_layer": "the last layer: both digits read rightly", "tower": "the tower: a digit misread"}


def draw(subjects: tuple[Subject, ...]) -> None:
    """The switch, and what it shows."""
    asked = st.toggle(
        "Who is to blame, the tower or the last layer?", key="probe.blame", persist_state="session",
        help="Splits the wrong verdicts on real pairs by whether the model had read both digits rightly.",
    )  # fmt: skip
    readers = [subject for subject in subjects if subject.siamese]
    if not asked or not readers:
        return
    found = {subject: probed_models.blame(subject) for subject in readers}
    live_chart(chart({subject.title: one for subject, one in found.items()}), key="probe.blame.chart", toolbar=False)
    st.markdown(sentence({subject.title: one for subject, one in found.items() if subject.has_last_layer}))
    pairs = next(iter(found.values())).pairs
    st.caption(
        f"{pairs:,} real pairs: all ordered pairs of every tenth test digit. v4 and v7 have no last layer to train: "
        "what they get wrong, their tower has misread, or read too unsurely for v7's sum over both readings."
    )


def chart(found: dict[str, Blame]) -> go.Figure:
    """Wrong verdicts as percent of all pairs, one stacked bar for each model."""
    bars = [
        {
            "type": "bar", "orientation": "h", "name": name, "y": list(found),
            "x": [100 * getattr(one, part) / one.pairs for one in found.values()],
            "marker": {"color": style.colour(index), "pattern": {"shape": ("", "/")[index]}},
            "hovertemplate": f"%{{y}}: %{{x:.2f}}% of all pairs, {name}<extra></extra>",
        }
        for index, (part, name) in enumerate(PARTS.items())
    ]  # fmt: skip
    return go.Figure(
        bars,
        style.layout(
            110 + 30 * len(found),
            barmode="stack",
            xaxis={"title": {"text": "Wrong verdicts (% of all pairs)"}, "automargin": True, "fixedrange": True},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            dragmode=False,
            legend_traceorder="normal",
        ),
    )


def sentence(found: dict[str, Blame]) -> str:
    """Which last layer has most to answer for, and which least."""
    shares = {name: 100 * one.last_layer / max(one.last_layer + one.tower, 1) for name, one in found.items()}
    if not shares:
        return ""
    most, least = max(shares, key=lambda name: shares[name]), min(shares, key=lambda name: shares[name])
    text = f"**{most}**'s last layer is to blame for {shares[most]:.0f}% of its wrong verdicts"
    return text + (f", **{least}**'s for {shares[least]:.0f}%." if least != most else ".")
