"""What is claimed after looking often, above what is true."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.charts import style


def claims(
    looks: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    chosen: int,
    span: tuple[float, float],
    height: int = 340,
) -> dict[str, Any]:
    """The claim and the truth against how often each run was looked at; what lies between them is luck.

    Parameters
    ----------
    looks : sequence of int
        Ascending, each at least 1.
    lines : mapping of str to sequence of float
        Name in the legend -> percent at each number of looks: what is claimed, what is true of it, and what is true of
        a run that nobody chose.
    chosen : int
        One of `looks`, to be marked.
    span : (float, float)
        Where the axis of percents begins and ends.
    """
    (claimed, top), (true, middle), (plain, bottom) = lines.items()
    hover = {"hovertemplate": "%{y:.2f}%<extra>%{fullData.name}</extra>"}
    x = list(looks)

    def line(name: str, values: Sequence[float], colour: str, **more: Any) -> dict[str, Any]:
        shape = {"color": colour, "width": 3} | more.pop("line", {})
        return (
            {"type": "scatter", "x": x, "y": list(values), "name": name, "mode": "lines", "line": shape} | hover | more
        )

    here = x.index(chosen)
    marks = {
        "type": "scatter", "x": [chosen, chosen], "y": [top[here], middle[here]], "mode": "markers",
        "hoverinfo": "skip", "showlegend": False, "cliponaxis": False,
        "marker": {"size": 13, "color": [style.WRONG, style.CHOSEN], "line": {"color": style.BACKGROUND, "width": 2}},
    }  # fmt: skip
    return {
        "data": [
            line(true, middle, style.CHOSEN),
            line(claimed, top, style.WRONG, fill="tonexty", fillcolor="rgba(213, 94, 0, 0.18)"),
            line(plain, bottom, style.MUTED, line={"dash": "dot", "width": 2}),
            marks,
        ],
        "layout": style.layout(
            height,
            xaxis={
                "title": {"text": "Looks at the test score of each run"}, "type": "log", "tickvals": x,
                "range": [math.log10(x[0]) - 0.05, math.log10(x[-1]) + 0.05],
                "ticktext": list(map(str, x)), "automargin": True,
            },
            yaxis={"title": {"text": "Accuracy (%)"}, "automargin": True, "range": list(span)},
            dragmode=False,
        ),
    }  # fmt: skip
