"""Learning curves: one run, many runs over one another, and rounds as mean and band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style

# The split is told by the dash as well as by the legend's words: colour tells runs apart.
DASHES = {"train": "dot", "validation": "dash", "test": "solid"}
FEW_EPOCHS = 15  # up to here every epoch is a visible point: a run's first point must show before there is a line


@dataclass(frozen=True)
class Metric:
    """What a chart of curves shows: the column's name after the split, the axis title and the factor to its unit."""

    column: str
    title: str
    factor: float = 1.0
    unit: str = ""


METRICS = {
    "accuracy": Metric("accuracy", "Class accuracy (%)", 100, "%"),
    "digit_accuracy": Metric("digit_accuracy", "Digit accuracy (%)", 100, "%"),
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
    frames = [pd.DataFrame(table) for table in rounds]
    frames = [frame[["epoch", column]] for frame in frames if column in frame]
    if not frames:
        return pd.DataFrame(columns=["mean", "std", "count"])
    values = pd.concat(frames).astype(float).dropna()
    return values.set_index("epoch")[column].groupby(level=0).agg(["mean", "std", "count"])


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
    figure = style.figure(height)
    for index, curve in enumerate(curves):
        colour = style.MUTED if curve.baseline else style.colour(index)
        drawn = None
        for split in splits:
            table = summary(curve.rounds, f"{split}_{shown.column}")
            if table.empty:
                continue
            drawn = table[["mean", "std"]] * shown.factor
            drawn["count"] = table["count"]
            if drawn["count"].max() > 1:
                figure.add_trace(_band(drawn, colour))
            figure.add_trace(_line(drawn, curve.label, split, colour, shown))
        if drawn is not None and curve.chosen_epoch in drawn.index:
            figure.add_trace(_chosen(drawn, curve, colour, shown))
    epochs = max((max(trace.x) for trace in figure.data), default=0)
    figure.update_xaxes(title="Epoch", rangemode="tozero", dtick=1 if epochs <= FEW_EPOCHS else None)
    figure.update_yaxes(title=shown.title)
    figure.update_layout(hovermode="x unified")
    return figure


def _line(table: pd.DataFrame, label: str, split: str, colour: str, metric: Metric) -> go.Scatter:
    rounds = int(table["count"].max())
    counted = f", mean ± std, n = {rounds}" if rounds > 1 else ""
    return go.Scatter(
        x=table.index.tolist(),
        y=table["mean"].tolist(),
        name=f"{label} · {split}{counted}",
        mode="lines+markers" if len(table) <= FEW_EPOCHS else "lines",
        line={"color": colour, "dash": DASHES[split], "width": 2.5 if split == "test" else 2},
        marker={"size": 6},
        hovertemplate=f"%{{y:.{1 if metric.unit else 3}f}}{metric.unit}",
    )


def _band(table: pd.DataFrame, colour: str) -> go.Scatter:
    spread = table["std"].fillna(0)
    low, high = (table["mean"] - spread).tolist(), (table["mean"] + spread).tolist()
    epochs = table.index.tolist()
    return go.Scatter(
        x=epochs + epochs[::-1],
        y=high + low[::-1],
        fill="toself",
        fillcolor=colour,
        line={"width": 0},
        mode="lines",
        opacity=0.18,
        hoverinfo="skip",
        showlegend=False,
    )


def _chosen(table: pd.DataFrame, curve: Curve, colour: str, metric: Metric) -> go.Scatter:
    return go.Scatter(
        x=[curve.chosen_epoch],
        y=[table["mean"][curve.chosen_epoch]],
        name=f"{curve.label} · chosen epoch {curve.chosen_epoch}",
        mode="markers",
        marker={"symbol": "star", "size": 15, "color": colour, "line": {"color": style.BACKGROUND, "width": 1.5}},
        hovertemplate=f"%{{y:.{1 if metric.unit else 3}f}}{metric.unit}",
    )
