"""The section on the grid search: a heatmap of each variant, and what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.charts import style
from dashboard.components.live_chart import live_chart
from dashboard.results import table_view
from dashboard.shared import committed_rounds
from pairdigits.models import VARIANTS
from pairdigits.report.findings import grid_cells
from pairdigits.report.tables import rows


def main() -> None:
    """The section: a heatmap of each variant, and what was chosen."""
    measures = {"validation": "Validation accuracy", "test": "Test accuracy", "all_pairs": "Accuracy on all pairs"}
    measure = st.segmented_control(
        "Cells show", list(measures), format_func=measures.__getitem__, default="validation", required=True,
        key="results.measure",
        help="The star is chosen on the validation pairs alone; the ring is what the test pairs would have chosen.",
    )  # fmt: skip
    st.caption(
        "The report's grid: 5 learning rates by 4 regularisations (Adam's weight decay), 40 epochs, corrected. "
        "The report chose on what it then reported; the star does not."
    )
    found, columns, missing = committed_rounds.rounds(), st.columns(2), []
    for name, variant in VARIANTS.items():
        cells = grid_cells(name, found)
        if cells.empty:
            missing.append(variant.title)
            continue
        with columns[(list(VARIANTS).index(name) - len(missing)) % 2]:
            live_chart(
                heatmap(cells, measure, f"{variant.title}: {measures[measure].lower()} (%)"),
                key=f"results.grid.{name}",
                filename=f"grid-{name}-{measure}",
            )
            st.caption(claim(cells))
    if missing:
        st.info(f"Not run yet: {', '.join(missing)}. `python -m pairdigits grid` runs them.")
    table_view.show("grid")
    table_view.conclude("grid")


def claim(cells: pd.DataFrame) -> str:
    """What was chosen, and what choosing on test data would have claimed, in words."""
    chosen, best = (rows(cells[cells[mark]])[0] for mark in ("chosen", "best_on_test"))
    return (
        f"Chosen: learning rate {chosen['learning_rate']:g}, regularisation {chosen['weight_decay']:g}, "
        f"test {chosen['test']:.1f}% (n = {chosen['n']}). Choosing on the test pairs would have claimed "
        f"{best['test']:.1f}% ({best['test'] - chosen['test']:+.1f} points)."
    )


def heatmap(cells: pd.DataFrame, measure: str, title: str) -> go.Figure:
    """The grid search: learning rate by regularisation, each cell with its accuracy.

    Parameters
    ----------
    cells : DataFrame
        From ``pairdigits.report.findings.grid_cells``: a row for each cell.
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
    board = {
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
        [board, *(_mark(cells, rates, decays, *mark) for mark in MARKS)],
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
