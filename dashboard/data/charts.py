"""Shares of the classes, and how often each pair of digits comes up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style


def class_balance(rows: Mapping[str, tuple[float, float, float]], height: int = 280) -> go.Figure:
    """Shares of pairs with a smaller first digit, a tie and a larger first digit, one stacked bar a row.

    Parameters
    ----------
    rows : mapping of str to (float, float, float)
        Counts or shares; each row is scaled to 100%.
    """
    totals = [sum(row) for row in rows.values()]
    parts = (("first < second (label 1)", ""), ("tie (label 1)", "/"), ("first > second (label 0)", "x"))
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": list(rows),
            "x": [100 * row[index] / total for row, total in zip(rows.values(), totals, strict=True)],
            "text": [f"{100 * row[index] / total:.1f}%" for row, total in zip(rows.values(), totals, strict=True)],
            "textposition": "inside",
            "insidetextanchor": "start" if index == 1 else "middle",  # beside the line at a half
            "textangle": 0,
            "textfont": {"color": style.BACKGROUND},
            "marker": {
                "color": style.colour(index),
                "pattern": {
                    "shape": pattern,
                    "fillmode": "overlay",
                    "fgcolor": style.BACKGROUND,
                    "fgopacity": 0.25,
                    "size": 8,
                },
            },
            "hovertemplate": f"%{{y}}: {name} %{{x:.2f}}%<extra></extra>",
        }
        for index, (name, pattern) in enumerate(parts)
    ]
    return go.Figure(
        bars,
        style.layout(
            height,
            barmode="stack",
            xaxis={"range": [0, 100], "ticksuffix": "%", "fixedrange": True, "automargin": True},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            dragmode=False,
            bargap=0.35,
            legend_traceorder="normal",
            uniformtext={"minsize": 11, "mode": "hide"},
            shapes=[
                {"type": "line", "x0": 50, "x1": 50, "y0": 0, "y1": 1, "yref": "paper",
                 "line": {"color": style.TEXT, "width": 1.5, "dash": "dot"}},
            ],
        ),
    )  # fmt: skip


def digit_table(table: np.ndarray, decimals: int = 0, height: int = 460) -> go.Figure:
    """A number for each pair of digits, written into its cell; the step between the classes drawn through them.

    Parameters
    ----------
    table : array (10, 10)
        [first digit, second digit].
    decimals : int
        To write.
    """
    table = np.asarray(table, dtype=float)
    cells = {
        "type": "heatmap",
        "x": list(range(10)),
        "y": list(range(10)),
        "z": table.tolist(),
        "zmin": 0,
        "zmax": float(table.max()),
        "colorscale": style.scale(style.SEQUENTIAL),
        "showscale": False,
        "text": [[f"{value:.{decimals}f}" for value in row] for row in table],
        "texttemplate": "%{text}",
        "textfont": {"size": 13},
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": f"first %{{y}}, second %{{x}}: %{{z:.{decimals}f}} pairs<extra></extra>",
    }
    corners = [(digit + dx, digit + 0.5) for digit in range(9) for dx in (-0.5, 0.5)] + [(8.5, 9.5)]
    step = {
        "type": "scatter",
        "x": [x for x, _ in corners],
        "y": [y for _, y in corners],
        "mode": "lines",
        "line": {"color": style.WRONG, "width": 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    axis = {
        "tickmode": "linear",
        "dtick": 1,
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "range": [-0.5, 9.5],
        "constrain": "domain",
    }
    return go.Figure(
        [cells, step],
        style.layout(
            height,
            xaxis=axis | {"title": {"text": "Second digit (columns) →"}},
            yaxis=axis | {"title": {"text": "First digit (rows) →"}, "scaleanchor": "x"},
            dragmode=False,
        ),
    )
