"""What a network makes of the ten digits: a flat map of their encodings, and which output each of them wins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style


def encoding_map(
    x: Sequence[float], y: Sequence[float], digits: Sequence[int], extent: float, title: str = "", height: int = 420
) -> go.Figure:
    """Each digit at its place, written as its own figure, so that colour is not needed to tell them apart.

    Parameters
    ----------
    x, y : sequences of float
    digits : sequence of int
        Labels, 0 to 9.
    extent : float
        The axes go from minus to plus this, so that maps of several epochs can be compared.
    """
    x, y, digits = np.asarray(x), np.asarray(y), np.asarray(digits)
    traces = [
        {
            "type": "scatter",
            "mode": "text",
            "x": x[digits == digit].tolist(),
            "y": y[digits == digit].tolist(),
            "text": [f"<b>{digit}</b>"] * int((digits == digit).sum()),
            "textfont": {"color": style.colour(digit), "size": 13},
            "name": str(digit),
            "showlegend": False,
            "hovertemplate": f"a {digit}<extra></extra>",
        }
        for digit in range(10)
    ]
    axis = {"range": [-extent, extent], "showticklabels": False, "zeroline": False, "automargin": True}
    return go.Figure(
        traces,
        style.layout(
            height,
            title,
            xaxis=axis | {"title": {"text": "first direction"}},
            yaxis=axis | {"title": {"text": "second direction"}, "scaleanchor": "x"},
        ),
    )


def confusion_heatmap(confusion: Sequence[Sequence[int]], height: int = 440) -> go.Figure:
    """Which of the ten outputs the images of each digit win: rows are digits, columns outputs, shares of the row.

    Parameters
    ----------
    confusion : 10x10 counts
        [digit, output].
    """
    counts = np.asarray(confusion, dtype=float)
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    text = [[f"{100 * value:.0f}" if value >= 0.05 else "" for value in row] for row in share]
    axis = {"dtick": 1, "fixedrange": True, "showgrid": False, "zeroline": False, "automargin": True}
    heatmap = {
        "type": "heatmap",
        "z": share.round(4).tolist(),
        "zmin": 0,
        "zmax": 1,
        "x": list(range(10)),
        "y": list(range(10)),
        "colorscale": style.scale(style.SEQUENTIAL),
        "showscale": False,
        "text": text,
        "texttemplate": "%{text}",
        "xgap": 1,
        "ygap": 1,
        "customdata": counts.astype(int).tolist(),
        "hovertemplate": "digit %{y} wins output %{x}: %{z:.0%} of its images (%{customdata})<extra></extra>",
    }
    return go.Figure(
        heatmap,
        style.layout(
            height,
            dragmode=False,
            xaxis=axis | {"title": {"text": "Output that wins"}, "constrain": "domain"},
            yaxis=axis
            | {
                "title": {"text": "What the digit really is"},
                "scaleanchor": "x",
                "autorange": "reversed",
                "constrain": "domain",
            },
        ),
    )
