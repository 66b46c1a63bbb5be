"""Figures of many rounds: means with their intervals, a setting swept, the grid search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style
from pairdigits.report.tables import Estimate

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x")
ROW = 34  # pixels a row of dots


def dots(
    labels: Sequence[str],
    series: Mapping[str, Sequence[Estimate]],
    title: str,
    spread: str = "interval",
    zero: bool = False,
    published: Sequence[float] = (),
) -> go.Figure:
    """Means with their bars, a row a label from the top down; each series has a symbol as well as a colour.

    Parameters
    ----------
    labels : sequence of str
        Of the rows.
    series : mapping of str to sequence of Estimate
        Name in the legend -> one estimate a row.
    title : str
        Of the axis of figures.
    spread : {"interval", "std"}
        What the bars are: the mean's 95% interval, or one standard deviation on each side.
    zero : bool
        Draw the line at 0, for differences.
    published : sequence of float
        The report's figure of each row, as a vertical stroke; none where it is empty.
    """
    traces = [
        _dots(labels, name, means, spread, index, (index - (len(series) - 1) / 2) * 0.22)
        for index, (name, means) in enumerate(series.items())
    ]
    if published:
        traces.append({
            "type": "scatter", "x": list(published), "y": list(range(len(labels))), "mode": "markers",
            "name": "published", "hovertemplate": "published: %{x}<extra></extra>",
            "marker": {"symbol": "line-ns-open", "size": 16, "color": style.TEXT, "line": {"width": 2}},
        })  # fmt: skip
    return go.Figure(
        traces,
        style.layout(
            110 + ROW * len(labels),
            xaxis={"title": {"text": title}, "zeroline": zero, "zerolinewidth": 2, "automargin": True},
            yaxis={
                "tickmode": "array",
                "tickvals": list(range(len(labels))),
                "ticktext": [_wrapped(label) for label in labels],
                "range": [len(labels) - 0.5, -0.5],
                "automargin": True,
                "fixedrange": True,
            },
        ),
    )


def _dots(
    labels: Sequence[str], name: str, means: Sequence[Estimate], spread: str, index: int, shift: float
) -> dict[str, Any]:
    bars = [(one.low, one.high) if spread == "interval" else (one.mean - one.std, one.mean + one.std) for one in means]
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [one.mean for one in means],
        "y": [row + shift for row in range(len(labels))],
        "marker": {"symbol": SYMBOLS[index % len(SYMBOLS)], "size": 10, "color": style.colour(index)},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_length(high - one.mean) for one, (_, high) in zip(means, bars, strict=True)],
            "arrayminus": [_length(one.mean - low) for one, (low, _) in zip(means, bars, strict=True)],
            "color": style.colour(index),
            "thickness": 2,
        },
        "text": [f"{label}<br>{name}: {one.written()}" for label, one in zip(labels, means, strict=True)],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _length(value: float) -> float:
    return 0.0 if pd.isna(value) else value


def _wrapped(label: str) -> str:
    """Break a long label at its first comma, so that a phone has room left for the dots."""
    return label.replace(", ", ",<br>", 1) if len(label) > 22 else label


def swept(lines: Mapping[str, Mapping[float, Estimate]], axis: str, title: str, logarithmic: bool = False) -> go.Figure:
    """A line a model over the values of a setting, with bars of 95%.

    Parameters
    ----------
    lines : mapping of str to mapping of setting to Estimate
        Settings without a round are left out.
    axis, title : str
        What is swept, and what was measured.
    logarithmic : bool
        Whether the swept axis is.
    """
    traces = []
    for index, (name, points) in enumerate(lines.items()):
        known = {x: one for x, one in points.items() if one.known}
        traces.append({
            "type": "scatter", "name": name, "mode": "lines+markers",
            "x": list(known), "y": [one.mean for one in known.values()],
            "line": {"color": style.colour(index), "width": 2},
            "marker": {"symbol": SYMBOLS[index % len(SYMBOLS)], "size": 9},
            "error_y": {
                "type": "data", "symmetric": False, "thickness": 1.5,
                "array": [_length(one.high - one.mean) for one in known.values()],
                "arrayminus": [_length(one.mean - one.low) for one in known.values()],
            },
            "customdata": [one.n for one in known.values()],
            "hovertemplate": f"{name}<br>{axis} %{{x}}: %{{y:.2f}}, n = %{{customdata}}<extra></extra>",
        })  # fmt: skip
    values = sorted({x for trace in traces for x in trace["x"]})
    return go.Figure(
        traces,
        style.layout(
            400,
            xaxis={
                "title": {"text": axis}, "type": "log" if logarithmic else "linear", "automargin": True,
                "tickmode": "array", "tickvals": values, "ticktext": [f"{value:,g}" for value in values],
            },
            yaxis={"title": {"text": title}, "automargin": True},
        ),
    )  # fmt: skip


def grid_heatmap(cells: pd.DataFrame, measure: str, title: str) -> go.Figure:
    """The grid search: learning rate by regularisation, each cell with its accuracy.

    Parameters
    ----------
    cells : DataFrame
        From ``pairdigits.report.findings.grid_cells``: a row a cell.
    measure : str
        The column to draw: ``validation``, ``test`` or ``all_pairs``.
    title : str
        Above the grid.

    Returns
    -------
    Figure
        The heatmap, a star at the cell that the validation pairs chose, a ring at the one that was best on test.
    """
    rates, decays = (sorted(cells[name].unique()) for name in ("learning_rate", "weight_decay"))
    table = cells.pivot(index="weight_decay", columns="learning_rate", values=measure)
    heatmap = {
        "type": "heatmap",
        "x": list(range(len(rates))),
        "y": list(range(len(decays))),
        "z": table.values.tolist(),
        "text": [["" if pd.isna(value) else f"{value:.1f}" for value in row] for row in table.values],
        "texttemplate": "%{text}",
        "textfont": {"size": 14},
        "colorscale": style.scale(style.SEQUENTIAL),
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": f"%{{y}}, %{{x}}<br>{title}: %{{z:.2f}}<extra></extra>",
    }
    return go.Figure(
        [heatmap, *(_mark(cells, rates, decays, *mark) for mark in MARKS)],
        style.layout(
            330,
            title,
            xaxis=_categories("Learning rate", rates),
            yaxis=_categories("Regularisation", decays),
            dragmode=False,
        ),
    )


# Column, name in the legend, symbol, and how far right of the cell's middle.
MARKS = (
    ("chosen", "chosen on validation pairs", "star", 0.3),
    ("best_on_test", "best on test pairs", "circle-open", -0.3),
)


def _mark(cells: pd.DataFrame, rates: list, decays: list, column: str, name: str, symbol: str, shift: float) -> dict:
    marked = cells[cells[column]]
    rim = style.WRONG if symbol.endswith("open") else style.PAPER
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [rates.index(rate) + shift for rate in marked["learning_rate"]],
        "y": [decays.index(decay) + 0.28 for decay in marked["weight_decay"]],
        "marker": {"symbol": symbol, "size": 13, "color": style.WRONG, "line": {"width": 2, "color": rim}},
        "hovertemplate": f"{name}<extra></extra>",
    }


def _categories(title: str, values: Sequence[float]) -> dict[str, Any]:
    return {
        "title": {"text": title},
        "tickmode": "array",
        "tickvals": list(range(len(values))),
        "ticktext": [f"{value:g}" for value in values],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }
