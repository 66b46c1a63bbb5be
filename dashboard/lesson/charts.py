"""The lesson's own figures: what a head adds up, and the price of looking often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style
from pairdigits.estimates import Estimate


def contributions(values: np.ndarray, digits: np.ndarray, height: int = 300) -> go.Figure:
    """What each left digit adds to the sum of an additive head: a strip of dots for each digit, and a line of means.

    Parameters
    ----------
    values : array (N,)
        Log-odds of "first <= second".
    digits : array (N,)
        What each digit really is.
    """
    jitter = np.random.default_rng(0).uniform(-0.28, 0.28, len(digits))  # so that the dots lie beside one another
    dots = {
        "type": "scatter",
        "x": (digits + jitter).round(3).tolist(),
        "y": np.asarray(values, dtype=float).round(3).tolist(),
        "mode": "markers",
        "marker": {"size": 4, "color": style.colour(0), "opacity": 0.45},
        "name": "one image",
        "hoverinfo": "skip",
    }
    means = {
        "type": "scatter",
        "x": list(range(10)),
        "y": [float(values[digits == digit].mean()) if (digits == digit).any() else None for digit in range(10)],
        "mode": "lines+markers",
        "line": {"color": style.WRONG, "width": 2, "shape": "hvh"},
        "marker": {"size": 9, "symbol": "diamond", "color": style.WRONG},
        "name": "mean",
        "hovertemplate": "a left %{x} adds %{y:.2f} on average<extra></extra>",
    }
    return go.Figure(
        [dots, means],
        style.layout(
            height,
            xaxis={
                "title": {"text": "Left digit"},
                "tickmode": "linear",
                "dtick": 1,
                "showgrid": False,
                "automargin": True,
            },
            yaxis={"title": {"text": "Adds (log-odds)"}, "automargin": True},
            dragmode=False,
        ),
    )


def looks(claimed: Sequence[Estimate], chosen: int, levels: Mapping[str, Estimate], height: int = 320) -> go.Figure:
    """The accuracy that one would claim against how many epochs' test scores one chose from.

    Parameters
    ----------
    claimed : sequence of Estimate
        For 1, 2, ... looks, in percent.
    chosen : int
        Looks to mark.
    levels : mapping of str to Estimate
        What to compare it with, by name in the legend: a level line each; one without a round is left out.
    """
    x, means = list(range(1, len(claimed) + 1)), [one.mean for one in claimed]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": x,
            "y": means,
            "name": "claimed: the best of the last epochs",
            "mode": "lines",
            "line": {"color": style.colour(0), "width": 3},
            "hovertemplate": "best of %{x}: %{y:.2f}%<extra></extra>",
        },
        {
            "type": "scatter",
            "x": [chosen],
            "y": [means[chosen - 1]],
            "mode": "markers+text",
            "text": [f"{means[chosen - 1]:.1f}%"],
            "textposition": "bottom right" if chosen < len(x) / 2 else "bottom left",
            "textfont": {"size": 16},
            "marker": {"size": 14, "color": style.colour(0), "line": {"color": style.BACKGROUND, "width": 2}},
            "showlegend": False,
            "hoverinfo": "skip",
        },
    ]
    for colour, dash, (name, level) in zip((style.CHOSEN, style.WRONG), ("dot", "dash"), levels.items(), strict=False):
        if level.n:
            traces.append({
                "type": "scatter", "x": [1, len(x)], "y": [level.mean, level.mean], "mode": "lines", "name": name,
                "line": {"color": colour, "width": 2.5, "dash": dash}, "hovertemplate": "%{y:.2f}%<extra></extra>",
            })  # fmt: skip
    return go.Figure(
        traces,
        style.layout(
            height,
            xaxis={"title": {"text": "Epochs to choose from"}, "automargin": True},
            yaxis={"title": {"text": "Mean test accuracy (%)"}, "automargin": True},
            dragmode=False,
        ),
    )
