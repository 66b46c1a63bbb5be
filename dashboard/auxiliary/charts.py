"""What a network makes of the ten digits: a flat map of their encodings, which output each wins; and every round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style
from dashboard.charts.intervals import SYMBOLS, upright


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
    at_x, at_y, labels = np.asarray(x), np.asarray(y), np.asarray(digits)
    traces = [
        {
            "type": "scatter",
            "mode": "text",
            "x": at_x[labels == digit].tolist(),
            "y": at_y[labels == digit].tolist(),
            "text": [f"<b>{digit}</b>"] * int((labels == digit).sum()),
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
        "textfont": {"size": 13},
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


def each_round(rows: Mapping[str, Sequence[float]], title: str, level: float | None = None) -> go.Figure:
    """Every round as a point, its number on hover, and each row's mean as an upright stroke.

    Parameters
    ----------
    rows : mapping of str to values
        From top to bottom.
    title : str
        Of the axis.
    level : float, optional
        A value to mark by an upright line.
    """
    traces = []
    for index, (name, values) in enumerate(rows.items()):
        heights = index + np.linspace(-0.28, 0.28, len(values)) if len(values) > 1 else [index]
        marker = {"size": 10, "symbol": SYMBOLS[index], "color": style.colour(index), "opacity": 0.85}
        traces.append({
            "type": "scatter", "mode": "markers", "x": list(values), "y": list(heights), "name": name, "marker": marker,
            "text": [f"{name}, round {i}" for i in range(len(values))],
            "hovertemplate": "%{text}: %{x:.1f}%<extra></extra>",
        })  # fmt: skip
        if values:
            mean = float(np.mean(values))
            stroke = {"color": style.TEXT, "width": 3}
            traces.append({
                "type": "scatter", "mode": "lines", "x": [mean, mean], "y": [index - 0.4, index + 0.4], "line": stroke,
                "showlegend": False, "hovertemplate": f"{name}, mean of {len(values)}: {mean:.1f}%<extra></extra>",
            })  # fmt: skip
    names = [f"{name}<br>n = {len(values)}" for name, values in rows.items()]
    return go.Figure(
        traces,
        style.layout(
            80 + 95 * len(rows),
            xaxis={"title": {"text": title}, "automargin": True},
            yaxis={
                "range": [len(rows) - 0.4, -0.6], "tickvals": list(range(len(rows))), "ticktext": names,
                "automargin": True, "fixedrange": True, "showgrid": False, "zeroline": False,
            },
            showlegend=False,
            dragmode=False,
            shapes=[] if level is None else [upright(level, style.MUTED)],
        ),
    )  # fmt: skip
