"""The lesson's figures: without a toolbar, and on a slide as large as there is room."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard.components.live_chart import live_chart
from dashboard.shared import address


def presenting() -> bool:
    """Whether the page is in presenter's mode."""
    return address.given().get("present") == "1"


def chart(figure: go.Figure | dict[str, Any], key: str, **options: Any) -> Any:
    """`live_chart` without a toolbar; on a slide it fills the room and its type is as large as the slide's."""
    name = f"lesson-{key}"
    return live_chart(figure, f"lesson.chart.{key}", fill=presenting(), toolbar=False, filename=name, **options)


def missing(what: str) -> None:
    """Say that rounds are not there yet."""
    st.info(f"The rounds behind this figure ({what}) have not been run yet: `python -m pairdigits report` makes them.")
