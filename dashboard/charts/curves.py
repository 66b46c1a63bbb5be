"""Learning curves: one run, many runs over one another, and rounds as mean and band."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts import style
from pairdigits.estimates import Estimate

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
    epochs : int
        Where the axis ends, if not at the last epoch that there is.
    launch : int, optional
        Of a launch that trains, by which `dashboard.components.live_chart` finds the points to come. There is a line
        before its first point, and a round for each that will come.
    splits : sequence of str
        What such a launch measures.
    star : bool
        Whether the chosen epoch is marked.
    """

    label: str
    rounds: Sequence[pd.DataFrame | Sequence[Mapping[str, Any]]]
    chosen_epoch: int | None = None
    baseline: bool = False
    epochs: int = 0
    launch: int | None = None
    splits: Sequence[str] = ("train", "test")
    star: bool = True

    def meta(self, column: str, factor: float, role: str = "mean") -> dict[str, Any]:
        """What live_chart.js is to know of a trace; nothing of a curve that does not grow."""
        return (
            {"meta": {"launch": self.launch, "column": column, "factor": factor, "role": role}} if self.launch else {}
        )

    def grows(self, split: str) -> bool:
        """Whether there are points of this split to come."""
        return bool(self.launch) and split in self.splits


def over_rounds(
    rounds: Sequence[pd.DataFrame | Sequence[Mapping[str, Any]]], column: str, factor: float = 1.0
) -> dict[int, Estimate]:
    """Epoch -> ``column`` times a factor, over rounds of any length; empty where no round has the column."""
    values: dict[int, list[float | None]] = {}  # by epoch: groupby is slower, and this is drawn again and again
    for table in rounds:
        for epoch, value in _points(table, column):
            values.setdefault(epoch, []).append(None if value is None else factor * value)
    found = {epoch: Estimate.of(values[epoch]) for epoch in sorted(values)}
    return {epoch: one for epoch, one in found.items() if one.known}


def _points(table: pd.DataFrame | Sequence[Mapping[str, Any]], column: str) -> Iterator[tuple[int, float | None]]:
    if isinstance(table, pd.DataFrame):
        return zip(table["epoch"], table.get(column, []), strict=False)
    return ((record["epoch"], record.get(column)) for record in table)


def learning_curves(
    curves: Sequence[Curve],
    metric: str = "accuracy",
    splits: Sequence[str] = ("train", "test"),
    height: int = 340,
    cursor: int | None = None,
) -> dict[str, Any]:
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
    cursor : int, optional
        An epoch to mark on all curves.

    Returns
    -------
    dict
        ``data`` and ``layout`` of a figure: one line per run and split, named "label · split"; a band of one standard
        deviation where there are rounds. A plain dictionary, as probes are.
    """
    shown = METRICS[metric]
    traces = []
    for index, curve in enumerate(curves):
        colour = style.MUTED if curve.baseline else style.colour(index)
        drawn, column = None, ""
        for split in splits:
            known = over_rounds(curve.rounds, f"{split}_{shown.column}", shown.factor)
            if not known and not curve.grows(split):
                continue
            drawn, column = known, f"{split}_{shown.column}"
            rounds = len(curve.rounds) if curve.launch else max(one.n or 0 for one in drawn.values())
            if rounds > 1:
                traces.append(_band(drawn, colour) | curve.meta(column, shown.factor, "band"))
            traces.append(_line(drawn, rounds, curve.label, split, colour, shown) | curve.meta(column, shown.factor))
        growing = curve.launch and len(curve.rounds) == 1
        if drawn is not None and curve.star and (curve.chosen_epoch in drawn or growing):
            traces.append(_chosen(drawn, curve, colour, shown) | curve.meta(column, shown.factor, "chosen"))
    yaxis: dict[str, Any] = {"title": {"text": shown.title}, "automargin": True}
    if shown.factor == 100:  # a band of one standard deviation may reach past what there is
        yaxis["autorangeoptions"] = {"maxallowed": 100.5}
    layout = style.layout(height, hovermode="x unified", yaxis=yaxis, **over_epochs(curves, cursor))
    return {"data": traces, "layout": layout}


def over_epochs(curves: Sequence[Curve], cursor: int | None = None) -> dict[str, Any]:
    """The part of a layout that charts over epochs share: an axis to the last of them, and the cursor."""
    reached = (epoch for curve in curves for table in curve.rounds for epoch in _last_epoch(table))
    known = max((curve.epochs for curve in curves), default=0)
    epochs = max(known, *reached, 0)
    xaxis: dict[str, Any] = {"title": {"text": "Epoch"}, "rangemode": "tozero", "automargin": True}
    if epochs <= FEW_EPOCHS:
        xaxis["dtick"] = 1
    if known:
        xaxis["range"] = [0, 1.02 * epochs]
    line = {"type": "line", "x0": cursor, "x1": cursor, "y0": 0, "y1": 1, "yref": "paper"}
    shapes = [line | {"line": {"color": style.MUTED, "width": 1, "dash": "dot"}}] if cursor else []
    return {"xaxis": xaxis, "shapes": shapes}


def _last_epoch(table: pd.DataFrame | Sequence[Mapping[str, Any]]) -> list[int]:
    """Nothing of a round without any."""
    return table["epoch"].tail(1).tolist() if isinstance(table, pd.DataFrame) else [row["epoch"] for row in table[-1:]]


def _line(
    drawn: Mapping[int, Estimate], rounds: int, label: str, split: str, colour: str, metric: Metric
) -> dict[str, Any]:
    counted = f", mean ± std, n = {rounds}" if rounds > 1 else ""
    return {
        "type": "scatter",
        "x": list(drawn),
        "y": [one.mean for one in drawn.values()],
        "name": f"{style.words(label)} · {split}{counted}",
        "mode": "lines+markers" if len(drawn) <= FEW_EPOCHS else "lines",
        "line": {"color": colour, "dash": DASHES[split], "width": 2.5 if split == "test" else 2},
        "marker": {"size": 6},
        "hovertemplate": metric.hover,
    }


def _band(drawn: Mapping[int, Estimate], colour: str) -> dict[str, Any]:
    spreads = [(one.mean, 0.0 if math.isnan(one.std) else one.std) for one in drawn.values()]
    low, high = ([mean + sign * std for mean, std in spreads] for sign in (-1, 1))
    epochs = list(drawn)
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


def _chosen(drawn: Mapping[int, Estimate], curve: Curve, colour: str, metric: Metric) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [epoch for epoch in drawn if epoch == curve.chosen_epoch],
        "y": [one.mean for epoch, one in drawn.items() if epoch == curve.chosen_epoch],
        "name": f"{style.words(curve.label)} · chosen epoch{'' if curve.launch else f' {curve.chosen_epoch}'}",
        "mode": "markers",
        "marker": {"symbol": "star", "size": 15, "color": colour, "line": {"color": style.BACKGROUND, "width": 1.5}},
        "hovertemplate": metric.hover,
    }
