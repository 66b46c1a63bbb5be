"""Ten digit probabilities as bars."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style


def digit_bars(probabilities: np.ndarray, title: str = "", height: int = 170, colour: int = 0) -> go.Figure:
    """One bar a digit; the likeliest is coloured and written out, the others are grey.

    Parameters
    ----------
    probabilities : array (10,)
        Of the digits 0 to 9, each in 0..1.
    title : str
        Drawn above the bars.
    height : int
        In pixels.
    colour : int
        Which chart colour of the theme the likeliest digit gets.

    Raises
    ------
    ValueError
        If there are not ten probabilities.
    """
    probabilities = np.asarray(probabilities, dtype=float)
    if probabilities.shape != (10,):
        raise ValueError(f"Bars need the probabilities of ten digits, not an array of shape {probabilities.shape}.")
    best = int(probabilities.argmax())
    bars = {
        "type": "bar",
        "x": list(range(10)),
        "y": probabilities.tolist(),
        "marker": {"color": [style.colour(colour) if digit == best else style.MUTED for digit in range(10)]},
        "text": [f"{p:.0%}" if digit == best else "" for digit, p in enumerate(probabilities)],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "digit %{x}: %{y:.1%}<extra></extra>",
    }
    return go.Figure(
        bars,
        style.layout(
            height,
            title,
            xaxis={"tickmode": "linear", "dtick": 1, "showgrid": False, "fixedrange": True, "automargin": True},
            # Headroom above 1 for the figure on a certain digit's bar.
            yaxis={"range": [0, 1.18], "visible": False, "fixedrange": True},
            showlegend=False,
            bargap=0.25,
            dragmode=False,
        ),
    )
