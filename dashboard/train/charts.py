"""What a training teaches beyond its curves: the gap between train and test, and one pair over the epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.charts import style
from dashboard.charts.curves import METRICS, Curve, over_epochs, over_rounds


def gap_curves(
    curves: Sequence[Curve], metric: str = "accuracy", height: int = 340, cursor: int | None = None
) -> dict[str, Any]:
    """Train minus test over the epochs, in points: what a model knows of its training pairs only.

    Parameters
    ----------
    curves : sequence of Curve
        In the order of their colours; of rounds the mean gap is drawn.
    metric : {"accuracy", "digit_accuracy"}
    height : int
        In pixels.
    cursor : int, optional
        An epoch to mark.
    """
    traces = []
    for index, curve in enumerate(curves):
        train, test = (over_rounds(curve.rounds, f"{split}_{metric}", 100) for split in ("train", "test"))
        gap = {epoch: train[epoch].mean - one.mean for epoch, one in test.items() if epoch in train}
        if gap or curve.grows("test"):
            colour = style.MUTED if curve.baseline else style.colour(index)
            line = _line(list(gap), list(gap.values()), style.words(curve.label), colour, "%{y:+.1f} points")
            traces.append(line | curve.meta(f"gap_{metric}", 100))
    title = METRICS[metric].title.replace("(%)", "gap (points)")
    yaxis = {"title": {"text": title}, "automargin": True, "rangemode": "tozero"}
    layout = style.layout(height, hovermode="x unified", yaxis=yaxis, **over_epochs(curves, cursor))
    return {"data": traces, "layout": layout}


def pair_curve(curve: Curve, epoch: int | None = None, height: int = 150) -> dict[str, Any]:
    """P(first <= second) of a visitor's own pair over the epochs, with the line where the verdict turns.

    Parameters
    ----------
    curve : Curve
        Of one run, whose records have ``own_pair``, a probability.
    epoch : int, optional
        Marked.
    height : int
        In pixels.
    """
    values = over_rounds(curve.rounds[:1], "own_pair", 100)
    line = _line(list(values), [one.mean for one in values.values()], "your pair", style.colour(0), "%{y:.1f}%")
    layout = over_epochs([curve], epoch)
    half = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 50, "y1": 50}
    layout["shapes"].append(half | {"line": {"color": style.MUTED, "dash": "dot"}})
    yaxis = {"title": {"text": "P(first ≤ second) (%)"}, "automargin": True, "range": [-3, 103]}
    traces = [line | {"showlegend": False} | curve.meta("own_pair", 100)]
    return {"data": traces, "layout": style.layout(height, hovermode="x unified", yaxis=yaxis, **layout)}


def _line(x: list[int], y: list[float], name: str, colour: str, hover: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "name": name,
        "mode": "lines+markers" if len(x) <= 1 else "lines",
        "line": {"color": colour, "width": 2.5},
        "hovertemplate": hover,
        "showlegend": True,
    }
