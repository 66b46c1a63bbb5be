"""Lengths of gradients, as plain bars."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.charts import style


def bars(lengths: Mapping[str, float], title: str = "Length of the gradient") -> go.Figure:
    """Plain bars, one a name, with the value written out."""
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": list(lengths),
        "x": list(lengths.values()),
        "marker": {"color": [style.colour(i) for i in range(len(lengths))]},
        "text": [f"{value:.3g}" for value in lengths.values()],
        "textposition": "auto",
        "insidetextfont": {"color": style.BACKGROUND},
        "hovertemplate": "%{y}: %{x:.4g}<extra></extra>",
    }
    return go.Figure(
        bars,
        style.layout(
            60 + 40 * len(lengths),
            xaxis={"title": {"text": title}, "rangemode": "tozero", "automargin": True},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            dragmode=False,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
        ),
    )
