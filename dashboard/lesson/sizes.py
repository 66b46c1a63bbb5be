"""How the lesson's figures are shown: charts in the size of the present mode, and little helpers."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard.components.live_chart import live_chart

LARGE = 20  # pixels, of the type in a presenter's charts


def presenting() -> bool:
    """Whether the page is in presenter's mode."""
    return st.query_params.get("present") == "1"


def chart(figure: go.Figure | dict[str, Any], key: str, **options: Any) -> Any:
    """`live_chart` without a toolbar, in large type for presenters."""
    if presenting():
        figure = go.Figure(figure)
        figure.update_layout(font_size=LARGE, height=round((figure.layout.height or 340) * 1.3))
    return live_chart(figure, key=f"lesson.chart.{key}", toolbar=False, filename=f"lesson-{key}", **options)


def missing(what: str) -> None:
    """Say that rounds are not there yet."""
    st.info(f"The rounds behind this figure ({what}) have not been run yet: `python -m pairdigits report` makes them.")
