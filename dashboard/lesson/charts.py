"""The lesson's own figures: accuracies with intervals, a sweep, what a head adds up, and the price of looking often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style

Accuracies = Mapping[str, tuple[float, float]]  # name -> mean and standard deviation in percent (NaN where unknown)


def accuracies(
    rows: Accuracies,
    chosen: Sequence[str] = (),
    height: int = 260,
    span: tuple[float, float] = (50, 100),
) -> go.Figure:
    """Mean test accuracies as bars with a whisker of one standard deviation, written out at their ends.

    Parameters
    ----------
    rows : mapping of str to (float, float)
        In the order from top to bottom.
    chosen : sequence of str
        The rows to colour; the others are grey. Without any, all are coloured.
    height : int
        In pixels.
    span : (float, float)
        Of the axis, in percent.
    """
    names, means = list(rows), [mean for mean, _ in rows.values()]
    spreads = [0 if np.isnan(std) else std for _, std in rows.values()]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": means,
        "error_x": {"type": "data", "array": spreads, "color": style.TEXT, "thickness": 1.5, "width": 5},
        "marker": {"color": [style.colour(0) if name in (chosen or names) else style.MUTED for name in names]},
        "text": [f"{mean:.1f}%" for mean in means],
        "textposition": "inside",
        "insidetextanchor": "start",
        "textfont": {"color": style.BACKGROUND, "size": 15},
        "hovertemplate": "%{y}: %{x:.1f}% ± %{error_x.array:.1f}<extra></extra>",
    }
    return go.Figure(
        bars,
        style.layout(
            height,
            xaxis={"title": {"text": "Test accuracy (%)"}, "range": list(span), "fixedrange": True, "automargin": True},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            dragmode=False,
            bargap=0.3,
        ),
    )


def sweep(
    x: Sequence[float], lines: Mapping[str, Accuracies], chosen: float, title: str, height: int = 320
) -> go.Figure:
    """Accuracy against a setting, one line a name with whiskers of one standard deviation, the chosen setting marked.

    Parameters
    ----------
    x : sequence of float
        The settings.
    lines : mapping of str to sequence of (float, float)
        Mean and standard deviation at each setting, in percent.
    chosen : float
        One of `x`.
    title : str
        Of the axis.
    """
    traces = [
        {
            "type": "scatter",
            "x": list(x),
            "y": [mean for mean, _ in points],
            "error_y": {"type": "data", "array": [0 if np.isnan(std) else std for _, std in points], "width": 4},
            "name": name,
            "mode": "lines+markers",
            "line": {"color": style.colour(index), "dash": ("solid", "dash", "dot")[index % 3], "width": 2.5},
            "marker": {"size": 8, "symbol": ("circle", "square", "diamond")[index % 3]},
            "hovertemplate": "%{y:.1f}%",
        }
        for index, (name, points) in enumerate(lines.items())
    ]
    return go.Figure(
        traces,
        style.layout(
            height,
            hovermode="x unified",
            xaxis={"title": {"text": title}, "automargin": True},
            yaxis={"title": {"text": "Test accuracy (%)"}, "automargin": True},
            shapes=[upright(chosen)],
        ),
    )


def upright(x: float) -> dict:
    """A vertical line through a chart, as an entry of its layout's shapes."""
    line = {"color": style.TEXT, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def contributions(values: np.ndarray, digits: np.ndarray, height: int = 300) -> go.Figure:
    """What each left digit adds to the sum of an additive head: a strip of dots for each digit, and a line of means.

    Parameters
    ----------
    values : array (N,)
        In units of their own standard deviation, say.
    digits : array (N,)
        What each digit really is.
    """
    jitter = np.random.default_rng(0).uniform(-0.28, 0.28, len(digits))  # so that the dots lie beside one another
    dots = {
        "type": "scatter",
        "x": (digits + jitter).round(3).tolist(),
        "y": np.asarray(values, dtype=float).round(3).tolist(),
        "mode": "markers",
        "marker": {"size": 4, "color": style.colour(0), "opacity": 0.45},
        "name": "one image",
        "hoverinfo": "skip",
    }
    means = {
        "type": "scatter",
        "x": list(range(10)),
        "y": [float(values[digits == digit].mean()) if (digits == digit).any() else None for digit in range(10)],
        "mode": "lines+markers",
        "line": {"color": style.WRONG, "width": 2, "shape": "hvh"},
        "marker": {"size": 9, "symbol": "diamond", "color": style.WRONG},
        "name": "mean",
        "hovertemplate": "a left %{x} adds %{y:.2f} on average<extra></extra>",
    }
    return go.Figure(
        [dots, means],
        style.layout(
            height,
            xaxis={
                "title": {"text": "Left digit"},
                "tickmode": "linear",
                "dtick": 1,
                "showgrid": False,
                "automargin": True,
            },
            yaxis={"title": {"text": "What it adds to the sum"}, "automargin": True},
            dragmode=False,
        ),
    )


def looks(claimed: Sequence[float], chosen: int, honest: float, height: int = 320) -> go.Figure:
    """The accuracy that one would claim against how many epochs' test scores one chose from.

    Parameters
    ----------
    claimed : sequence of float
        For 1, 2, ... looks, in percent.
    chosen : int
        Looks to mark.
    honest : float
        The accuracy without choosing on test pairs, in percent; NaN if unknown.
    """
    x = list(range(1, len(claimed) + 1))
    traces = [
        {
            "type": "scatter",
            "x": x,
            "y": list(claimed),
            "name": "claimed: the best of the last epochs",
            "mode": "lines",
            "line": {"color": style.colour(0), "width": 3},
            "hovertemplate": "best of %{x}: %{y:.2f}%<extra></extra>",
        },
        {
            "type": "scatter",
            "x": [chosen],
            "y": [claimed[chosen - 1]],
            "mode": "markers+text",
            "text": [f"{claimed[chosen - 1]:.1f}%"],
            "textposition": "bottom right" if chosen < len(x) / 2 else "bottom left",
            "textfont": {"size": 16},
            "marker": {"size": 14, "color": style.colour(0), "line": {"color": style.BACKGROUND, "width": 2}},
            "showlegend": False,
            "hoverinfo": "skip",
        },
    ]
    if not np.isnan(honest):
        line = {"color": style.WRONG, "width": 2, "dash": "dash"}
        level = {"type": "scatter", "x": [1, len(x)], "y": [honest, honest], "mode": "lines", "line": line}
        traces.append(
            level | {"name": "corrected: chosen on validation pairs", "hovertemplate": "%{y:.2f}%<extra></extra>"}
        )
    return go.Figure(
        traces,
        style.layout(
            height,
            xaxis={"title": {"text": "Epochs to choose from"}, "automargin": True},
            yaxis={"title": {"text": "Mean test accuracy (%)"}, "automargin": True},
            dragmode=False,
        ),
    )
