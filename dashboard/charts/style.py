"""Colours that follow the page's theme, and the layout that every figure starts from.

A figure does not know whether it will stand on a light or a dark page. So it names its colours by the stand-ins that
Streamlit's own Plotly template uses; ``st.plotly_chart`` and our ``live_chart`` both put the theme's colours in their
place, in the browser, whenever the theme changes.
"""

from __future__ import annotations

from html import escape
from typing import Any

# Stand-ins, as in streamlit/elements/lib/streamlit_plotly_theme.py; live_chart.js lists the same.
CATEGORICAL = tuple(f"#{i:06d}" for i in range(1, 11))
SEQUENTIAL = tuple(f"#{i:06d}" for i in range(11, 21))
DIVERGING = tuple(f"#{i:06d}" for i in range(21, 31))
MUTED, TEXT, BACKGROUND, FAINT = "#000036", "#000037", "#000038", "#000039"

# What looks the same on every page: Figure 2's ink and paper, and marks that stand out on both.
INK, PAPER, WRONG, CHOSEN = "#15191e", "#ffffff", "#d55e00", "#0072b2"


def colour(index: int) -> str:
    """The theme's chart colour for series number ``index``; after ten they start again."""
    return CATEGORICAL[index % len(CATEGORICAL)]


def scale(stops: tuple[str, ...]) -> list[list[float | str]]:
    """Evenly spaced colours as a Plotly colour scale."""
    return [[i / (len(stops) - 1), stop] for i, stop in enumerate(stops)]


def words(text: str) -> str:
    """A text that somebody typed, as Plotly shows it unchanged: it reads HTML, links too, in every text."""
    return escape(text, quote=False)


AROUND = 100  # pixels above and below a plot: its toolbar, the numbers of its axis and their title


def layout(height: int, title: str = "", **more: Any) -> dict[str, Any]:
    """A layout with narrow margins and the legend below, so that a phone's width goes to the data.

    The room at the top is for the toolbar, which would otherwise cover the curves, and for the title. It is a plain
    dictionary, for plotly to check once when the figure is made: changing a figure afterwards takes far longer.

    Parameters
    ----------
    height : int
        In pixels.
    title : str
        Short; nothing is drawn where it is empty.
    **more
        Entries of a plotly layout, in place of these or added to them.
    """
    return {
        "height": height,
        "title": {"text": title, "font": {"size": 15}, "x": 0, "xref": "paper"},
        "margin": {"l": 8, "r": 8, "t": 32, "b": 8},
        "legend": {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom"}
        # Half of what title and axis leave: it scrolls before it takes more room than the plot.
        | {"maxheight": max((height - AROUND) // 2, 24)},
    } | more
