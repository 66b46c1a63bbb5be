"""What was measured on several batches after every epoch of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style
from dashboard.charts.intervals import DASHES, band


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
        traces.append(band(list(epochs), numbers.min(1).tolist(), numbers.max(1).tolist(), colour))
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
