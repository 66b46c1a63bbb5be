"""Browser component: a plotly figure that redraws in place.

``st.plotly_chart`` builds a new chart for every change of data, and a visitor's zoom is gone. This one hands the new
data to ``Plotly.react``: the node, the zoom, hidden legend entries and the page's theme stay. Curves of a launch that
trains grow by themselves, from what the server pushes: a trace's ``meta`` says what of it is shown.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
from streamlit.components.v2 import component

from dashboard.components import plotly_script
from dashboard.components.sent import sent

HERE = Path(__file__).parent

_mount = component(
    "live_chart",
    html='<div class="live-chart" role="figure"></div>',
    css=(HERE / "live_chart.css").read_text(),
    js="".join((HERE / file).read_text() for file in ("address.js", "feed.js", "cell_numbers.js", "live_chart.js")),
    isolate_styles=False,  # Plotly's own style sheet lies in the page's head and must reach the chart
)


def live_chart(
    figure: go.Figure | dict[str, Any],
    key: str,
    *,
    height: int | None = None,
    fill: bool = False,
    revision: str | int = 0,
    alt: str = "",
    clickable: bool = False,
    on_click: Callable[[Any], None] | None = None,
    toolbar: bool = True,
    filename: str = "pairdigits",
    probe_of: int | None = None,
) -> Any:
    """Show ``figure``; call it again with the same key and it changes in place.

    Parameters
    ----------
    figure : Figure or dict
        From `dashboard.charts`. Its template is dropped and its stand-in colours become the theme's. A dictionary with
        ``data`` and ``layout`` is shown as it is: what plotly takes to check a figure is most of an answer's time.
    key : str
        Unique on the page.
    height : int, optional
        In pixels; by default the figure's own, or 340.
    fill : bool
        Take the height of the box around the chart in place of `height`, and the page's own size of type: for slides.
    revision : str or int
        Zoom and hidden legend entries are kept for as long as it stays the same.
    alt : str
        What a screen reader says; by default what is written in the figure, as `describe` collects it.
    clickable : bool
        Whether a click on a point that has ``customdata`` makes the page run again.
    on_click : callable, optional
        Called with the clicked point's ``customdata`` before the page runs again, so that the figure which is then
        drawn can already show the choice. It makes the chart clickable.
    toolbar : bool
        Whether there are buttons to zoom and to save the chart.
    filename : str
        Of the PNG or SVG that the toolbar saves.
    probe_of : int, optional
        A launch that trains: its latest probe is shown in place of the figure's traces.

    Returns
    -------
    list or None
        The ``customdata`` of the click that made the page run again, None in any other run.
    """

    def clicked() -> None:
        if on_click and (value := sent(key, "click")) is not None:
            on_click(value)

    traces, layout = parts(figure)
    data = {
        "traces": plain(traces),
        "layout": plain(layout),
        "fill": fill,
        "height": height or layout.get("height") or 340,
        "revision": f"revision {revision}",  # never empty, which Plotly would take for none
        "alt": alt or describe(figure),
        "clickable": clickable or on_click is not None,
        "toolbar": toolbar,
        "filename": filename,
        "probe_of": probe_of,
        "script": plotly_script.ADDRESS,
    }
    # As bytes, because Streamlit looks through anything else for data frames and writes it out twice.
    return _mount(key=key, data=json.dumps(data).encode(), on_click_change=clicked).click


def parts(figure: go.Figure | dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The traces and the layout of a figure, without its template."""
    if isinstance(figure, dict):
        return figure["data"], figure["layout"]
    layout = figure.layout.to_plotly_json()
    layout.pop("template", None)
    return [trace.to_plotly_json() for trace in figure.data], layout


def plain(value: Any) -> Any:
    """A figure's dictionary as JSON knows it: arrays and tuples as lists, numpy's numbers as Python's, no NaN."""
    if type(value) in (str, int, float):  # asked first: most are
        return None if isinstance(value, float) and not math.isfinite(value) else value
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def describe(figure: go.Figure | dict[str, Any]) -> str:
    """What is written in and around the figure: its title, axes, notes and the names of its traces."""
    traces, layout = parts(figure)
    title, *axes = (
        part.get("title", {}).get("text") for part in (layout, layout.get("yaxis", {}), layout.get("xaxis", {}))
    )
    notes = [re.sub("<.*?>", " ", note["text"]).strip() for note in layout.get("annotations", [])]
    named = dict.fromkeys(trace["name"] for trace in traces if trace.get("name"))
    said = [title, " over ".join(filter(None, axes)), ", ".join(notes), ", ".join(named)]
    return f"Chart. {'; '.join(part for part in said if part)}"
