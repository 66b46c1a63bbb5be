"""What the pages on weight sharing and auxiliary losses draw: tiles of weights, estimates, sweeps, rounds, maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style
from pairdigits.report.tables import Estimate

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid")
NEGATIVE, ZERO, POSITIVE = ((0, 82, 135), (250, 250, 247), (184, 74, 0))  # readable with any colour vision
GAP = (128, 128, 128)


def tiles(values: np.ndarray, columns: int, signed: bool, zoom: int = 1) -> np.ndarray:
    """Many small images side by side, as one: weights (blue below zero, orange above) or activations (grey).

    Parameters
    ----------
    values : array (n, h, w)
    columns : int
        Tiles in a row.
    signed : bool
        Colours around zero, all tiles on one scale; otherwise from black (0 and below) to white (the largest).
    zoom : int
        Pixels a side of each value.

    Returns
    -------
    array (H, W, 3), uint8
        With a line of two pixels between tiles.
    """
    count, height, width = len(values), values.shape[1] * zoom, values.shape[2] * zoom
    rows = -(-count // columns)
    sheet = np.empty((rows * (height + 2) - 2, columns * (width + 2) - 2, 3), np.uint8)
    sheet[:] = GAP
    largest = np.abs(values).max() or 1.0
    for place, tile in enumerate(values / largest):
        top, left = place // columns * (height + 2), place % columns * (width + 2)
        coloured = _signed(tile) if signed else _grey(tile)
        sheet[top : top + height, left : left + width] = coloured.repeat(zoom, 0).repeat(zoom, 1)
    return sheet


def _signed(tile: np.ndarray) -> np.ndarray:
    share = np.abs(tile)[..., None]
    ends = np.where(tile[..., None] < 0, NEGATIVE, POSITIVE)
    return np.rint(share * ends + (1 - share) * np.array(ZERO)).astype(np.uint8)


def _grey(tile: np.ndarray) -> np.ndarray:
    return np.rint(tile.clip(0, 1) * 255).astype(np.uint8)[..., None].repeat(3, -1)


def estimates(
    rows: Mapping[str, Estimate],
    title: str,
    unit: str = "%",
    dots: Mapping[str, Sequence[float]] | None = None,
    start: float = 0,
) -> go.Figure:
    """One bar a row with its 95% interval, written out, and a visitor's own figures as stars over it.

    Parameters
    ----------
    rows : mapping of str to Estimate
        From top to bottom; one without a round is left empty.
    title : str
        Of the axis.
    dots : mapping of str to values, optional
        Own results, by row.
    start : float
        Where the axis begins; it then ends at 100.
    """
    known = list(rows.values())
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": [None if one.n == 0 else one.mean for one in known],
        "error_x": {
            "type": "data",
            "array": [_number(one.high - one.mean) for one in known],
            "arrayminus": [min(_number(one.mean - one.low), one.mean) for one in known],  # no share is below 0
            "color": style.TEXT,
            "thickness": 1.5,
            "width": 5,
        },
        "marker": {"color": style.colour(0)},
        "name": "committed rounds: mean, 95% interval",
        "customdata": [[name, one.low, one.high] for name, one in rows.items()],
        "hovertemplate": f"%{{customdata[0]}}: %{{x:.2f}}{unit}, 95% interval %{{customdata[1]:.2f}} to "
        "%{customdata[2]:.2f}<extra></extra>",
        "showlegend": bool(dots),
    }
    places = {name: place for place, name in enumerate(rows)}
    own = [(places[name], value) for name, values in (dots or {}).items() for value in values]
    stars = {
        "type": "scatter",
        "mode": "markers",
        "y": [place for place, _ in own],
        "x": [value for _, value in own],
        "name": "yours",
        "marker": {"symbol": "star", "size": 15, "color": style.WRONG, "line": {"color": style.PAPER, "width": 1.5}},
        "hovertemplate": f"yours: %{{x:.2f}}{unit}<extra></extra>",
    }
    return go.Figure(
        [bars, stars] if own else [bars],
        style.layout(
            80 + 42 * len(rows),
            xaxis={"title": {"text": title}, "range": [start, 100] if start else None, "automargin": True},
            yaxis={
                "range": [len(rows) - 0.5, -0.5], "tickvals": list(places.values()),
                "automargin": True, "fixedrange": True,
                "ticktext": [f"{name}<br>{written(one, unit)}" for name, one in rows.items()],
                "showgrid": False, "zeroline": False,
            },
            dragmode=False,
            bargap=0.25,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
        ),
    )  # fmt: skip


def written(one: Estimate, unit: str = "%") -> str:
    """A mean and its number of rounds in a few words."""
    return f"<b>{one.mean:.1f}{unit}</b>, n = {one.n}" if one.n else "no round yet"


def sweep(
    lines: Mapping[str, Mapping[float, Estimate]],
    x_title: str,
    y_title: str,
    log: bool = False,
    chosen: float | None = None,
    own: Sequence[tuple[str, float, float]] = (),
    height: int = 400,
) -> go.Figure:
    """Means against a setting, one line a name with a band of one standard deviation.

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
        known = sorted((x, one) for x, one in points.items() if one.n)
        if not known:
            continue
        x = [one for one, _ in known]
        low, high = ([one.mean + sign * _number(one.std) for _, one in known] for sign in (-1, 1))
        colour = style.colour(index)
        traces.append(_band(x, low, high, colour))
        traces.append({
            "type": "scatter", "x": x, "y": [one.mean for _, one in known], "name": name, "mode": "lines+markers",
            "line": {"color": colour, "width": 2.5, "dash": DASHES[index]},
            "marker": {"size": 8, "symbol": SYMBOLS[index]},
            "customdata": [[_number(one.std), one.n] for _, one in known],
            "hovertemplate": "%{y:.1f} ± %{customdata[0]:.1f} (n = %{customdata[1]})",
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
    dots = {"color": style.TEXT, "width": 2, "dash": "dot"}
    upright = {"type": "line", "x0": chosen, "x1": chosen, "y0": 0, "y1": 1, "yref": "paper", "line": dots}
    return go.Figure(
        traces,
        style.layout(
            height,
            hovermode="x unified",
            xaxis={"title": {"text": x_title}, "automargin": True} | ticks,
            yaxis={"title": {"text": y_title}, "automargin": True},
            shapes=[] if chosen is None else [upright],
        ),
    )


def spread(
    epochs: Sequence[float],
    values: Mapping[str, Sequence[Sequence[float | None]]],
    title: str,
    level: float | None = None,
) -> go.Figure:
    """Something measured on several batches after every epoch: mean, and a band from the lowest to the highest.

    Parameters
    ----------
    epochs : sequence of int
    values : mapping of str to a list of batches' values at every epoch
    title : str
        Of the axis.
    level : float, optional
        A height to mark by a line.
    """
    traces = []
    for index, (name, table) in enumerate(values.items()):
        colour, numbers = style.colour(index), np.array(table, dtype=float)
        traces.append(_band(list(epochs), numbers.min(1).tolist(), numbers.max(1).tolist(), colour))
        traces.append({
            "type": "scatter", "mode": "lines", "x": list(epochs), "y": numbers.mean(1).tolist(), "name": name,
            "line": {"color": colour, "width": 2.5, "dash": DASHES[index]}, "hovertemplate": "%{y:.2f}",
        })  # fmt: skip
    line = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": level,
        "y1": level,
        "line": {"color": style.MUTED, "dash": "dash"},
    }
    return go.Figure(
        traces,
        style.layout(
            300,
            hovermode="x unified",
            showlegend=len(values) > 1,
            xaxis={"title": {"text": "Epoch (0: untrained)"}, "automargin": True},
            yaxis={"title": {"text": title}, "automargin": True},
            shapes=[] if level is None else [line],
        ),
    )


def each_round(rows: Mapping[str, Sequence[float]], title: str, level: float | None = None) -> go.Figure:
    """Every round as a point, its number on hover, and each row's mean as an upright stroke.

    Parameters
    ----------
    rows : mapping of str to values
        From top to bottom.
    title : str
        Of the axis.
    level : float, optional
        A value to mark by an upright line.
    """
    traces = []
    for index, (name, values) in enumerate(rows.items()):
        heights = index + np.linspace(-0.28, 0.28, len(values)) if len(values) > 1 else [index]
        marker = {"size": 10, "symbol": SYMBOLS[index], "color": style.colour(index), "opacity": 0.85}
        traces.append({
            "type": "scatter", "mode": "markers", "x": list(values), "y": list(heights), "name": name, "marker": marker,
            "text": [f"{name}, round {i}" for i in range(len(values))],
            "hovertemplate": "%{text}: %{x:.1f}%<extra></extra>",
        })  # fmt: skip
        if values:
            mean = float(np.mean(values))
            stroke = {"color": style.TEXT, "width": 3}
            traces.append({
                "type": "scatter", "mode": "lines", "x": [mean, mean], "y": [index - 0.4, index + 0.4], "line": stroke,
                "showlegend": False, "hovertemplate": f"{name}, mean of {len(values)}: {mean:.1f}%<extra></extra>",
            })  # fmt: skip
    names = [f"{name}<br>n = {len(values)}" for name, values in rows.items()]
    upright = {
        "type": "line",
        "x0": level,
        "x1": level,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": style.MUTED, "dash": "dash"},
    }
    return go.Figure(
        traces,
        style.layout(
            80 + 95 * len(rows),
            xaxis={"title": {"text": title}, "automargin": True},
            yaxis={
                "range": [len(rows) - 0.4, -0.6], "tickvals": list(range(len(rows))), "ticktext": names,
                "automargin": True, "fixedrange": True, "showgrid": False, "zeroline": False,
            },
            showlegend=False,
            dragmode=False,
            shapes=[] if level is None else [upright],
        ),
    )  # fmt: skip


def _band(x: Sequence[float], low: Sequence[float], high: Sequence[float], colour: str) -> dict:
    return {
        "type": "scatter", "x": [*x, *reversed(x)], "y": [*high, *reversed(low)], "fill": "toself", "fillcolor": colour,
        "line": {"width": 0}, "mode": "lines", "opacity": 0.16, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _number(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def sizes(lengths: Mapping[str, float], title: str = "Length of the gradient") -> go.Figure:
    """Plain bars, one a name, with the value written out."""
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": list(lengths),
        "x": list(lengths.values()),
        "marker": {"color": [style.colour(i) for i in range(len(lengths))]},
        "text": [f"{value:.3g}" for value in lengths.values()],
        "textposition": "auto",
        "hovertemplate": "%{y}: %{x:.4g}<extra></extra>",
    }
    return go.Figure(
        bars,
        style.layout(
            60 + 40 * len(lengths),
            xaxis={"title": {"text": title}, "rangemode": "tozero", "automargin": True},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            dragmode=False,
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
        ),
    )
