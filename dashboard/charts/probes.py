"""The 10x10 last-layer probe: one in focus, small multiples, the ideal.

Rows are the first digit, growing upwards; columns the second, growing to the right. White means "first <= second",
black the opposite. So the ideal probe is, in the words under the report's Figure 2, "full black above the main
diagonal and full white otherwise".

These figures are plain dictionaries, ``data`` and ``layout``: to check one, plotly takes as long as half an answer of
the Probe page may take, so only the tests make a ``Figure`` of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dashboard.charts import style
from pairdigits import cells

DIGITS = list(range(10))
GAP = 2  # cells between two boards of a gallery
PITCH = len(DIGITS) + GAP
GREYS = [[0, style.INK], [1, style.PAPER]]
BETWEEN = "#8b929b"  # around the cells: seen beside black and white, on a light page and a dark one
BOARD: dict[str, Any] = {"plot_bgcolor": BETWEEN, "dragmode": False, "clickmode": "event", "showlegend": False}


def ideal() -> np.ndarray:
    """P(first <= second) (10, 10), [first digit, second digit], of a model without fault."""
    return cells.RIGHT.astype(float)


def probe_heatmap(
    probability: np.ndarray,
    mode: str = "decision",
    selected: tuple[int, int] | None = None,
    weights: np.ndarray | None = None,
    height: int = 430,
) -> dict[str, Any]:
    """One probe in focus, with hover and cells to click.

    Parameters
    ----------
    probability : array (10, 10)
        P(first <= second), [first digit, second digit]; NaN where there is nothing to say.
    mode : str
        ``decision`` for black and white as in Figure 2, ``probability`` for greys.
    selected : (int, int), optional
        First and second digit of the cell to outline.
    weights : array (10, 10), optional
        How likely a drawn pair is to be in each cell, drawn as discs whose area is the probability.
    height : int
        In pixels.

    Returns
    -------
    dict
        The heatmap, whose ``customdata`` in each cell begins with ``[first, second, probability]``, the ideal step, a
        cross in every wrong cell, and the discs.
    """
    probability = np.asarray(probability, dtype=float)
    wrong = cells.wrong(probability)
    traces = [_cells(probability, wrong, mode), _step(), _crosses(wrong, size=13)]
    if weights is not None:
        traces.append(_discs(np.asarray(weights, dtype=float)))
    layout = style.layout(
        height,
        **BOARD,
        xaxis=_axis("Second digit (columns) →"),
        yaxis=_axis("First digit (rows) →") | {"scaleanchor": "x"},
        shapes=[] if selected is None else _outline(*selected),
    )
    return {"data": traces, "layout": layout}


def probe_gallery(
    probes: Mapping[str, np.ndarray],
    mode: str = "decision",
    columns: int = 4,
    cell: int = 170,
) -> dict[str, Any]:
    """Small multiples of many probes, each titled with its name and its count of wrong cells.

    Parameters
    ----------
    probes : mapping of str to array (10, 10)
        Title -> P(first <= second), [first digit, second digit].
    mode : str
        As in `probe_heatmap`.
    columns : int
        How many stand side by side.
    cell : int
        Height of one with its title, in pixels.

    Returns
    -------
    dict
        One heatmap per row of boards, whose ``customdata`` in each cell is ``[first, second, probability, title]``.
    """
    rows = [list(probes.items())[i : i + columns] for i in range(0, len(probes), columns)]
    height, width = cell * max(len(rows), 1), PITCH * min(columns, len(probes)) - GAP  # pixels; digits
    traces, layout = (
        [],
        style.layout(height + 40, **BOARD | {"plot_bgcolor": "rgba(0,0,0,0)"}, annotations=[], shapes=[]),
    )
    for i, row in enumerate(rows):
        number = str(i + 1) if i else ""  # x, x2, x3, ... as plotly counts them
        x, y = f"x{number}", f"y{number}"
        top = 1 - i * cell / height
        floor, ceiling = top - (cell - 6) / height, top - 40 / height
        hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
        layout[f"xaxis{number}"] = hidden | {"range": [-0.6, width - 0.4], "anchor": y}
        layout[f"yaxis{number}"] = hidden | {
            "range": [-0.6, 9.6], "domain": [floor, ceiling], "anchor": x, "scaleanchor": x, "constraintoward": "top"
        }  # fmt: skip
        # Boards in a row are one trace with holes: plotly takes half as long as for a subplot each.
        board = np.full((10, PITCH * len(row) - GAP), np.nan)
        wrong = np.zeros_like(board, dtype=bool)
        for j, (name, probability) in enumerate(row):
            left = PITCH * j
            board[:, left : left + 10] = probability
            wrong[:, left : left + 10] = cells.wrong(probability)
            count = wrong[:, left : left + 10].sum()
            edges = {"x0": left - 0.6, "x1": left + 9.6, "y0": -0.6, "y1": 9.6, "xref": x, "yref": y}
            layout["shapes"].append(
                edges | {"type": "rect", "layer": "below", "fillcolor": BETWEEN, "line": {"width": 0}}
            )
            layout["annotations"].append(
                {
                    "text": f"<b>{style.words(name)}</b><br>{count} wrong",
                    "font": {"size": 13},
                    "x": left + 4.5,
                    "xref": x,
                    "y": ceiling,
                    "yref": "paper",
                    "yanchor": "bottom",
                    "showarrow": False,
                }
            )
        traces += [
            trace | {"xaxis": x, "yaxis": y}
            for trace in (_cells(board, wrong, mode, [style.words(name) for name, _ in row]), _crosses(wrong, size=6))
        ]
    return {"data": traces, "layout": layout}


def _cells(probability: np.ndarray, wrong: np.ndarray, mode: str, names: Sequence[str] = ("",)) -> dict[str, Any]:
    """The cells of one board, or of a row of boards with holes between them."""
    if mode not in ("decision", "probability"):
        raise ValueError(f'A probe shows its "decision" or its "probability", not "{mode}".')
    shown = np.where(np.isnan(probability), np.nan, probability > 0.5) if mode == "decision" else probability
    return {
        "type": "heatmap",
        "x": list(range(probability.shape[1])),
        "y": DIGITS,
        "z": [[None if np.isnan(value) else float(value) for value in row] for row in shown],
        "zmin": 0,
        "zmax": 1,
        "colorscale": GREYS,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "customdata": [
            [[a, b % PITCH, p, names[b // PITCH]] for b, p in enumerate(row)]
            for a, row in enumerate(probability.tolist())
        ],
        "text": np.where(wrong, "wrong", "right").tolist(),
        "hovertemplate": "first %{customdata[0]}, second %{customdata[1]}<br>"
        "P(first ≤ second) = %{customdata[2]:.1%}<br>%{text}<extra></extra>",
        "hoverongaps": False,
    }


def _step() -> dict[str, Any]:
    """The line between the two halves of the ideal probe."""
    corners = [(digit + dx, digit + 0.5) for digit in range(9) for dx in (-0.5, 0.5)] + [(8.5, 9.5)]
    x, y = zip(*corners, strict=True)
    return _quiet(x=list(x), y=list(y), mode="lines", line={"color": style.CHOSEN, "width": 2})


def _crosses(wrong: np.ndarray, size: int) -> dict[str, Any]:
    """A cross in every wrong cell: colour alone would not do. The pale rim keeps it visible on any grey."""
    first, second = np.nonzero(wrong)
    rim = {"color": style.PAPER, "width": size / 10}
    return _quiet(
        x=second.tolist(),
        y=first.tolist(),
        mode="markers",
        name="wrong",
        marker={"symbol": "x", "size": size, "color": style.WRONG, "line": rim},
    )


def _discs(weights: np.ndarray) -> dict[str, Any]:
    first, second = np.nonzero(weights > 0.005)
    sizes = 5 + 17 * np.sqrt(weights[first, second])
    rim = {"color": style.PAPER, "width": 2}
    return _quiet(
        x=second.tolist(),
        y=first.tolist(),
        mode="markers",
        name="your pair",
        marker={"size": sizes.tolist(), "color": style.CHOSEN, "opacity": 1, "line": rim},
    )


def _quiet(**trace: Any) -> dict[str, Any]:
    """A scatter trace that stays out of the legend and leaves hover and clicks to the cells under it."""
    return {"type": "scatter", "hoverinfo": "skip", "showlegend": False} | trace


def _outline(first: int, second: int) -> list[dict[str, Any]]:
    """Two rims around a cell, pale under dark, so that one of them shows on any grey."""
    edges = {"x0": second - 0.5, "x1": second + 0.5, "y0": first - 0.5, "y1": first + 0.5}
    rims = ((style.PAPER, 6), (style.CHOSEN, 3))
    return [{"type": "rect", "line": {"color": colour, "width": width}} | edges for colour, width in rims]


def _axis(title: str) -> dict[str, Any]:
    """The ten digits, with square cells and nothing to drag."""
    return {
        "title": {"text": title},
        "range": [-0.5, 9.5],
        "tickmode": "linear",
        "tick0": 0,
        "dtick": 1,
        "automargin": True,
        "ticks": "",
        "fixedrange": True,
        "constrain": "domain",
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "mirror": True,
        "linecolor": BETWEEN,
    }
