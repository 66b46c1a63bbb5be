"""Means over rounds with their 95% intervals: bars, dots, or lines over a setting. The one way to draw them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.charts import style
from pairdigits.estimates import Estimate

ROW = 34  # pixels a row of dots, or more where many series share it
LABEL = 30  # letters in a line of a row's label, so that a phone has room left for the dots
SERIES = 14  # pixels, of a series in a row and of its name below
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid")


def bars(
    rows: Mapping[str, Estimate],
    title: str,
    unit: str = "%",
    own: Mapping[str, Sequence[float]] | None = None,
    span: tuple[float, float] | None = None,
    chosen: Sequence[str] = (),
) -> go.Figure:
    """One bar a row with its 95% interval, written out, and a visitor's own figures as stars over it.

    Parameters
    ----------
    rows : mapping of str to Estimate
        From top to bottom; one without a round is left empty.
    title : str
        Of the axis.
    own : mapping of str to values, optional
        A visitor's results, by row.
    span : (float, float), optional
        Of the axis.
    chosen : sequence of str
        The rows to colour; the others are grey. Without any, all are coloured.
    """
    known, places = list(rows.values()), {name: place for place, name in enumerate(rows)}
    stars = [(places[name], value) for name, values in (own or {}).items() for value in values]
    traces = [{
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": [one.mean if one.known else None for one in known],
        "error_x": whiskers(known, color=style.TEXT, thickness=1.5, width=5),
        "marker": {"color": [style.colour(0) if name in (chosen or rows) else style.MUTED for name in rows]},
        "name": "committed rounds: mean, 95% interval",
        "customdata": [[name, one.low, one.high] for name, one in rows.items()],
        "hovertemplate": f"%{{customdata[0]}}: %{{x:.2f}}{unit}, 95% interval %{{customdata[1]:.2f}} to "
        "%{customdata[2]:.2f}<extra></extra>",
        "showlegend": bool(stars),
    }]  # fmt: skip
    if stars:
        traces.append({
            "type": "scatter",
            "mode": "markers",
            "y": [place for place, _ in stars],
            "x": [value for _, value in stars],
            "name": "yours",
            "marker": {
                "symbol": "star", "size": 15, "color": style.WRONG, "line": {"color": style.PAPER, "width": 1.5},
            },
            "hovertemplate": f"yours: %{{x:.2f}}{unit}<extra></extra>",
        })  # fmt: skip
    return go.Figure(
        traces,
        style.layout(
            104 + 42 * len(rows),
            xaxis={"title": {"text": title}, "range": span, "automargin": True},
            yaxis={
                "range": [len(rows) - 0.5, -0.5], "tickvals": list(places.values()),
                "automargin": True, "fixedrange": True,
                "ticktext": [f"{name}<br>{written(one, unit)}" for name, one in rows.items()],
                "showgrid": False, "zeroline": False,
            },
            dragmode=False,
            bargap=0.25,
            margin={"l": 8, "r": 8, "t": 32, "b": 8},  # above: the toolbar, which a finger never hides
        ),
    )  # fmt: skip


def dots(
    labels: Sequence[str],
    series: Mapping[str, Sequence[Estimate]],
    title: str,
    spread: str = "interval",
    zero: bool = False,
    published: Sequence[float] = (),
) -> go.Figure:
    """Means with their bars, one row for each label from the top down; each series has a symbol as well as a colour.

    Parameters
    ----------
    labels : sequence of str
        Of the rows.
    series : mapping of str to sequence of Estimate
        Name in the legend -> one estimate per row.
    spread : {"interval", "std"}
    zero : bool, draw the line at 0
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
            "name": "the report's figure", "hovertemplate": "the report: %{x}<extra></extra>",
            "marker": {"symbol": "line-ns-open", "size": 16, "color": style.TEXT, "line": {"width": 2}},
        })  # fmt: skip
    return go.Figure(
        traces,
        style.layout(
            110 + max(ROW, SERIES * len(series)) * len(labels) + SERIES * len(series),
            xaxis={"title": {"text": title}, "zeroline": zero, "zerolinewidth": 2, "automargin": True},
            yaxis={
                "tickmode": "array",
                "tickvals": list(range(len(labels))),
                "ticktext": ["<br>".join(textwrap.wrap(label, LABEL)) for label in labels],
                "range": [len(labels) - 0.5, -0.5],
                "automargin": True,
                "fixedrange": True,
            },
        ),
    )


def _dots(
    labels: Sequence[str], name: str, means: Sequence[Estimate], spread: str, index: int, shift: float
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [one.mean for one in means],
        "y": [row + shift for row in range(len(labels))],
        "marker": {"symbol": SYMBOLS[index], "size": 10, "color": style.colour(index)},
        "error_x": whiskers(means, spread, color=style.colour(index)),
        "text": [f"{label}<br>{name}: {one.written()}" for label, one in zip(labels, means, strict=True)],
        "hovertemplate": "%{text}<extra></extra>",
    }


def whiskers(means: Sequence[Estimate], spread: str = "interval", **more: Any) -> dict[str, Any]:
    """Plotly's error bars of means: their 95% intervals, or one standard deviation ("std") on each side.

    Nothing is seen where too few rounds are known; `more` are entries of plotly's ``error_x``.
    """
    below, above = (
        [(one.mean - one.low, one.high - one.mean)[side] if spread == "interval" else one.std for one in means]
        for side in (0, 1)
    )
    lengths = {"array": [_length(length) for length in above], "arrayminus": [_length(length) for length in below]}
    return {"type": "data", "symmetric": False, "thickness": 2} | lengths | more


def written(one: Estimate, unit: str = "%") -> str:
    """A mean and its number of rounds, which a quoted one does not tell, in a few words."""
    if not one.known:
        return "no round yet"
    return f"<b>{one.mean:.1f}{unit}</b>, " + (f"n = {one.n}" if one.n else "quoted")


def sweep(
    lines: Mapping[str, Mapping[float, Estimate]],
    x_title: str,
    y_title: str,
    log: bool = False,
    chosen: float | None = None,
    own: Sequence[tuple[str, float, float]] = (),
    height: int = 400,
) -> go.Figure:
    """Means against a setting, one line a name with a band for the 95% interval.

    Parameters
    ----------
    lines : mapping of str to mapping of setting to Estimate
        Settings without a round are left out.
    log : bool
        Whether the settings stand on a logarithmic axis.
    chosen : float, optional
        A setting to mark by an upright line.
    own : sequence of (line, setting, value)
        A visitor's own results, drawn as stars in the line's colour.
    """
    traces, settings = [], sorted({x for points in lines.values() for x in points})
    for index, (name, points) in enumerate(lines.items()):
        known = sorted((x, one) for x, one in points.items() if one.known)
        if not known:
            continue
        x, colour = [one for one, _ in known], style.colour(index)
        low = [one.mean - _length(one.mean - one.low) for _, one in known]
        high = [one.mean + _length(one.high - one.mean) for _, one in known]
        traces.append(band(x, low, high, colour))
        traces.append({
            "type": "scatter", "x": x, "y": [one.mean for _, one in known], "name": name, "mode": "lines+markers",
            "line": {"color": colour, "width": 2.5, "dash": DASHES[index]},
            "marker": {"size": 8, "symbol": SYMBOLS[index]},
            "customdata": [[*ends, one.n] for ends, (_, one) in zip(zip(low, high, strict=True), known, strict=True)],
            "hovertemplate": "%{y:.1f}, %{customdata[0]:.1f} to %{customdata[1]:.1f} (n = %{customdata[2]})",
        })  # fmt: skip
        stars = [(setting, value) for line, setting, value in own if line == name]
        if stars:
            traces.append({
                "type": "scatter", "mode": "markers", "x": [x for x, _ in stars], "y": [y for _, y in stars],
                "name": f"{name}, yours",
                "marker": {"symbol": "star", "size": 16, "color": colour, "line": {"color": style.TEXT, "width": 1.5}},
                "hovertemplate": "%{y:.1f}",
            })  # fmt: skip
    ticks = {"type": "log", "tickvals": settings, "ticktext": [f"{x:,.0f}" for x in settings]} if log else {}
    return go.Figure(
        traces,
        style.layout(
            height,
            hovermode="x unified",
            xaxis={"title": {"text": x_title}, "automargin": True} | ticks,
            yaxis={"title": {"text": y_title}, "automargin": True},
            shapes=[] if chosen is None else [upright(chosen)],
        ),
    )


def upright(x: float, colour: str = style.TEXT) -> dict[str, Any]:
    """A vertical line through a chart, as an entry of its layout's shapes."""
    line = {"color": colour, "width": 2, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def band(x: Sequence[float], low: Sequence[float], high: Sequence[float], colour: str) -> dict[str, Any]:
    """An area between two lines, as a trace to lie under a third."""
    return {
        "type": "scatter", "x": [*x, *reversed(x)], "y": [*high, *reversed(low)], "fill": "toself", "fillcolor": colour,
        "line": {"width": 0}, "mode": "lines", "opacity": 0.16, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _length(value: float) -> float:
    return 0.0 if math.isnan(value) else value
