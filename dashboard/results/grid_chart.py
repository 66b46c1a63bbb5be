"""The grid search as a heatmap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import style


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


def _mark(
    cells: pd.DataFrame, rates: list[float], decays: list[float], column: str, name: str, symbol: str, shift: float
) -> dict[str, Any]:
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
