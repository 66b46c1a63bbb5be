"""The 10x10 last-layer probe: one in focus, small multiples, the ideal.

Rows are the first digit, growing upwards; columns the second, growing to the right. White means "first <= second",
black the opposite. So the ideal probe is, in the words under the report's Figure 2, "full black above the main
diagonal and full white otherwise".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.charts import style

DIGITS = list(range(10))
GREYS = [[0, style.INK], [1, style.PAPER]]
BETWEEN = "#8b929b"  # around the cells: seen beside black and white, on a light page and a dark one


def ideal() -> np.ndarray:
    """P(first <= second) (10, 10), [first digit, second digit], of a model without fault."""
    return np.triu(np.ones((10, 10)))


def wrong_cells(probability: np.ndarray) -> np.ndarray:
    """Where the decision at one half is not the ideal one: (10, 10) bool."""
    return (np.asarray(probability) > 0.5) != (ideal() > 0.5)


def probe_heatmap(
    probability: np.ndarray,
    wrong: np.ndarray | None = None,
    mode: str = "decision",
    selected: tuple[int, int] | None = None,
    weights: np.ndarray | None = None,
    height: int = 430,
) -> go.Figure:
    """One probe in focus, with hover and cells to click.

    Parameters
    ----------
    probability : array (10, 10)
        P(first <= second), [first digit, second digit]; NaN where there is nothing to say.
    wrong : array (10, 10) of bool, optional
        The cells to mark; by default those that `wrong_cells` finds.
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
    Figure
        The heatmap, the ideal step, a cross in every wrong cell, the discs, and last a layer of transparent squares
        whose ``customdata`` is ``[first, second, probability]``: a heatmap itself reports no clicks.
    """
    probability = np.asarray(probability, dtype=float)
    wrong = wrong_cells(probability) if wrong is None else np.asarray(wrong, dtype=bool)
    figure = style.figure(height)
    figure.add_traces([_cells(probability, mode), _step(), _crosses(wrong, size=13)])
    if weights is not None:
        figure.add_trace(_discs(np.asarray(weights, dtype=float)))
    figure.add_trace(_targets(probability, wrong))
    if selected is not None:
        _outline(figure, *selected)
    _square(figure)
    figure.update_xaxes(title="Second digit (columns) →")
    figure.update_yaxes(title="First digit (rows) →")
    return figure


def probe_gallery(
    probes: Mapping[str, np.ndarray], mode: str = "decision", columns: int = 4, cell: int = 160
) -> go.Figure:
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
        Height of one, in pixels.
    """
    rows = -(-len(probes) // columns)
    wrong = {name: wrong_cells(probability) for name, probability in probes.items()}
    figure = make_subplots(
        rows,
        columns,
        subplot_titles=[f"<b>{name}</b><br>{cells.sum()} wrong" for name, cells in wrong.items()],
        horizontal_spacing=0.03,
        vertical_spacing=0.25 / max(rows, 2),
    )
    for i, (name, probability) in enumerate(probes.items()):
        heatmap = _cells(np.asarray(probability, dtype=float), mode)
        heatmap.update(
            hovertemplate=_hover("y", "x", "customdata"), hoverinfo=None, customdata=np.asarray(probability).tolist()
        )
        at = {"row": i // columns + 1, "col": i % columns + 1}
        figure.add_trace(heatmap, **at)
        figure.add_trace(_crosses(wrong[name], size=6), **at)
    figure.update_layout(style.figure(cell * rows + 60).layout, margin_t=60, showlegend=False)
    figure.update_annotations(font={"size": 13})
    _square(figure)
    figure.update_xaxes(showticklabels=False, ticks="")
    figure.update_yaxes(showticklabels=False, ticks="", constraintoward="top")
    return figure


def _cells(probability: np.ndarray, mode: str) -> go.Heatmap:
    if mode not in ("decision", "probability"):
        raise ValueError(f'A probe shows its "decision" or its "probability", not "{mode}".')
    shown = np.where(np.isnan(probability), np.nan, probability > 0.5) if mode == "decision" else probability
    return go.Heatmap(
        x=DIGITS,
        y=DIGITS,
        z=[[None if np.isnan(value) else float(value) for value in row] for row in shown],
        zmin=0,
        zmax=1,
        colorscale=GREYS,
        showscale=False,
        xgap=1,
        ygap=1,
        hoverinfo="skip",
    )


def _step() -> go.Scatter:
    """The line between the two halves of the ideal probe."""
    corners = [(digit + dx, digit + 0.5) for digit in range(9) for dx in (-0.5, 0.5)] + [(8.5, 9.5)]
    x, y = zip(*corners, strict=True)
    return go.Scatter(
        x=list(x), y=list(y), mode="lines", line={"color": style.CHOSEN, "width": 2}, hoverinfo="skip", showlegend=False
    )


def _crosses(wrong: np.ndarray, size: int) -> go.Scatter:
    """A cross in every wrong cell: colour alone would not do. The pale rim keeps it visible on any grey."""
    first, second = np.nonzero(wrong)
    return go.Scatter(
        x=second.tolist(),
        y=first.tolist(),
        mode="markers",
        name="wrong",
        marker={"symbol": "x", "size": size, "color": style.WRONG, "line": {"color": style.PAPER, "width": size / 10}},
        hoverinfo="skip",
        showlegend=False,
    )


def _discs(weights: np.ndarray) -> go.Scatter:
    first, second = np.nonzero(weights > 0.005)
    return go.Scatter(
        x=second.tolist(),
        y=first.tolist(),
        mode="markers",
        name="your pair",
        marker={
            "size": [5 + 17 * float(weights[a, b]) ** 0.5 for a, b in zip(first, second, strict=True)],
            "color": style.CHOSEN,
            "opacity": 1,
            "line": {"color": style.PAPER, "width": 2},
        },
        hoverinfo="skip",
        showlegend=False,
    )


def _targets(probability: np.ndarray, wrong: np.ndarray) -> go.Scatter:
    cells = [[a, b, float(probability[a, b])] for a in DIGITS for b in DIGITS if not np.isnan(probability[a, b])]
    return go.Scatter(
        x=[b for _, b, _ in cells],
        y=[a for a, _, _ in cells],
        mode="markers",
        customdata=cells,
        text=["wrong" if wrong[a, b] else "right" for a, b, _ in cells],
        # Larger than a cell would catch its neighbour's clicks.
        marker={"symbol": "square", "size": 20, "color": "rgba(0,0,0,0)"},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        hovertemplate=_hover("customdata[0]", "customdata[1]", "customdata[2]", "<br>%{text}"),
        showlegend=False,
    )


def _hover(first: str, second: str, probability: str, more: str = "") -> str:
    """A hover text from the names under which plotly knows the three values."""
    return (
        f"first %{{{first}}}, second %{{{second}}}<br>P(first ≤ second) = %{{{probability}:.1%}}{more}<extra></extra>"
    )


def _outline(figure: go.Figure, first: int, second: int) -> None:
    """Two rims, pale under dark, so that one of them shows on any cell."""
    for colour, width in ((style.PAPER, 6), (style.CHOSEN, 3)):
        figure.add_shape(
            type="rect",
            x0=second - 0.5,
            x1=second + 0.5,
            y0=first - 0.5,
            y1=first + 0.5,
            line={"color": colour, "width": width},
        )


def _square(figure: go.Figure) -> None:
    """Digits on both axes, square cells, grey around the cells, nothing to drag."""
    for axis in figure.select_yaxes():
        axis.update(scaleanchor=axis.anchor or "x", constrain="domain")
    figure.update_xaxes(constrain="domain")
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(range=[-0.5, 9.5], tickmode="linear", tick0=0, dtick=1, fixedrange=True, showgrid=False, zeroline=False)
        update(showline=True, mirror=True, linecolor=BETWEEN)
    figure.update_layout(plot_bgcolor=BETWEEN, dragmode=False, clickmode="event")
