"""Learning curves: one run, many runs over one another, and rounds as mean and band."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style

# The split is told by the dash as well as by the legend's words: colour tells runs apart.
DASHES = {"train": "dot", "validation": "dash", "test": "solid"}
FEW_EPOCHS = 15  # up to here every epoch is a visible point: a run's first point must show before there is a line


@dataclass(frozen=True)
class Metric:
    """What a chart of curves shows: the column's name after the split, its axis, the factor to its unit, its hover."""

    column: str
    title: str
    factor: float = 1.0
    hover: str = "%{y:.3f}"


METRICS = {
    "accuracy": Metric("accuracy", "Class accuracy (%)", 100, "%{y:.1f}%"),
    "digit_accuracy": Metric("digit_accuracy", "Digit accuracy (%)", 100, "%{y:.1f}%"),
    "loss": Metric("loss", "Loss"),
    "class_loss": Metric("class_loss", "Class loss"),
    "digit_loss": Metric("digit_loss", "Digit loss"),
}


@dataclass(frozen=True)
class Curve:
    """One run, or several rounds of it, ready to draw.

    Attributes
    ----------
    label : str
        What the legend calls it: what differs from the other curves in the chart.
    rounds : sequence of tables
        One table a round; each a DataFrame or a list of flat records (``EpochRecord.flat()``) with ``epoch`` and
        columns such as ``test_accuracy``. More than one round is drawn as mean and standard deviation.
    chosen_epoch : int, optional
        The epoch that early stopping chose, marked on the curve of the last split drawn.
    baseline : bool
        Drawn in grey, for the others to be compared with.
    """

    label: str
    rounds: Sequence[pd.DataFrame | Sequence[Mapping]]
    chosen_epoch: int | None = None
    baseline: bool = False


def summary(rounds: Sequence[pd.DataFrame | Sequence[Mapping]], column: str) -> pd.DataFrame:
    """Mean, standard deviation (of a sample) and count of ``column`` at every epoch over rounds of any length.

    Returns
    -------
    DataFrame
        Indexed by epoch, with columns ``mean``, ``std`` (NaN for one round) and ``count``; empty where no round has
        the column.
    """
    values: dict[int, list[float]] = {}  # by epoch: groupby is slower, and this is drawn again and again
    for table in rounds:
        for epoch, value in _points(table, column):
            if value is not None and not math.isnan(value):
                values.setdefault(epoch, []).append(value)
    rows = [(np.mean(v), np.std(v, ddof=1) if len(v) > 1 else math.nan, len(v)) for _, v in sorted(values.items())]
    return pd.DataFrame(rows, index=sorted(values), columns=["mean", "std", "count"])


def _points(table: pd.DataFrame | Sequence[Mapping], column: str) -> Iterator[tuple[int, float | None]]:
    if isinstance(table, pd.DataFrame):
        return zip(table["epoch"], table.get(column, []), strict=False)
    return ((record["epoch"], record.get(column)) for record in table)


def learning_curves(
    curves: Sequence[Curve], metric: str = "accuracy", splits: Sequence[str] = ("train", "test"), height: int = 340
) -> go.Figure:
    """Curves of one metric over the epochs.

    Parameters
    ----------
    curves : sequence of Curve
        In the order of their colours.
    metric : str
        A key of `METRICS`.
    splits : sequence of str
        Of ``train``, ``validation``, ``test``; a split that a run has no figures for is left out.
    height : int
        In pixels.

    Returns
    -------
    Figure
        One line a run and split, named "label · split"; a band of one standard deviation where there are rounds.
    """
    shown = METRICS[metric]
    traces = []
    for index, curve in enumerate(curves):
        colour = style.MUTED if curve.baseline else style.colour(index)
        drawn = None
        for split in splits:
            table = summary(curve.rounds, f"{split}_{shown.column}")
            if table.empty:
                continue
            drawn = table.assign(mean=table["mean"] * shown.factor, std=table["std"] * shown.factor)
            if drawn["count"].max() > 1:
                traces.append(_band(drawn, colour))
            traces.append(_line(drawn, curve.label, split, colour, shown))
        if drawn is not None and curve.chosen_epoch in drawn.index:
            traces.append(_chosen(drawn, curve, colour, shown))
    epochs = max((max(trace["x"]) for trace in traces), default=0)
    return go.Figure(
        traces,
        style.layout(
            height,
            hovermode="x unified",
            xaxis={
                "title": {"text": "Epoch"},
                "rangemode": "tozero",
                "dtick": 1 if epochs <= FEW_EPOCHS else None,
                "automargin": True,
            },
            yaxis={"title": {"text": shown.title}, "automargin": True},
        ),
    )


def _line(table: pd.DataFrame, label: str, split: str, colour: str, metric: Metric) -> dict[str, Any]:
    rounds = int(table["count"].max())
    counted = f", mean ± std, n = {rounds}" if rounds > 1 else ""
    return {
        "type": "scatter",
        "x": table.index.tolist(),
        "y": table["mean"].tolist(),
        "name": f"{label} · {split}{counted}",
        "mode": "lines+markers" if len(table) <= FEW_EPOCHS else "lines",
        "line": {"color": colour, "dash": DASHES[split], "width": 2.5 if split == "test" else 2},
        "marker": {"size": 6},
        "hovertemplate": metric.hover,
    }


def _band(table: pd.DataFrame, colour: str) -> dict[str, Any]:
    spread = table["std"].fillna(0)
    low, high = (table["mean"] - spread).tolist(), (table["mean"] + spread).tolist()
    epochs = table.index.tolist()
    return {
        "type": "scatter",
        "x": epochs + epochs[::-1],
        "y": high + low[::-1],
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0},
        "mode": "lines",
        "opacity": 0.18,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _chosen(table: pd.DataFrame, curve: Curve, colour: str, metric: Metric) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [curve.chosen_epoch],
        "y": [table["mean"][curve.chosen_epoch]],
        "name": f"{curve.label} · chosen epoch {curve.chosen_epoch}",
        "mode": "markers",
        "marker": {"symbol": "star", "size": 15, "color": colour, "line": {"color": style.BACKGROUND, "width": 1.5}},
        "hovertemplate": metric.hover,
    }
