"""What a training teaches beyond its curves: the gap between train and test, and one pair over the epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboard.charts import style
from dashboard.charts.curves import METRICS, Curve, summary


def gap_curves(curves: Sequence[Curve], metric: str = "accuracy", height: int = 340) -> go.Figure:
    """Train minus test over the epochs, in points: what a model knows of its training pairs only.

    Parameters
    ----------
    curves : sequence of Curve
        In the order of their colours; of rounds the mean gap is drawn.
    metric : {"accuracy", "digit_accuracy"}
    height : int
        In pixels.
    """
    traces = []
    for index, curve in enumerate(curves):
        train, test = (summary(curve.rounds, f"{split}_{metric}")["mean"] for split in ("train", "test"))
        gap = ((train - test) * 100).dropna()
        if not gap.empty:
            colour = style.MUTED if curve.baseline else style.colour(index)
            traces.append(_line(gap.index.tolist(), gap.tolist(), curve.label, colour, "%{y:+.1f} points"))
    title = METRICS[metric].title.replace("(%)", "gap (points)")
    return go.Figure(traces, _layout(height, title, yaxis={"rangemode": "tozero"}))


def pair_curve(records: Sequence[Mapping], epoch: int | None = None, height: int = 150) -> go.Figure:
    """P(first <= second) of a visitor's own pair over the epochs, with the line where the verdict turns.

    Parameters
    ----------
    records : sequence of mappings
        ``{"epoch": int, "probability": float}``, of one run.
    epoch : int, optional
        Marked.
    height : int
        In pixels.
    """
    epochs, values = [r["epoch"] for r in records], [100 * r["probability"] for r in records]
    traces = [_line(epochs, values, "your pair", style.colour(0), "%{y:.1f}%") | {"showlegend": False}]
    if epoch in epochs:
        marker = {"size": 11, "color": style.CHOSEN, "line": {"color": style.BACKGROUND, "width": 1.5}}
        here = {"x": [epoch], "y": [values[epochs.index(epoch)]], "mode": "markers", "marker": marker}
        traces.append({"type": "scatter", "hoverinfo": "skip", "showlegend": False} | here)
    half = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 50,
        "y1": 50,
        "line": {"color": style.MUTED, "dash": "dot"},
    }
    return go.Figure(traces, _layout(height, "P(first ≤ second) (%)", yaxis={"range": [-3, 103]}, shapes=[half]))


def _line(x: list[int], y: list[float], name: str, colour: str, hover: str) -> dict:
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "name": name,
        "mode": "lines+markers" if len(x) == 1 else "lines",
        "line": {"color": colour, "width": 2.5},
        "hovertemplate": hover,
        "showlegend": True,
    }


def _layout(height: int, title: str, yaxis: dict, **more: object) -> dict:
    xaxis = {"title": {"text": "Epoch"}, "rangemode": "tozero", "automargin": True}
    yaxis = {"title": {"text": title}, "automargin": True} | yaxis
    return style.layout(height, hovermode="x unified", xaxis=xaxis, yaxis=yaxis, **more)
