"""Ten digit probabilities as bars, and a digit as an image that a page can show without fetching anything."""

from __future__ import annotations

import base64
import io

import numpy as np
import plotly.graph_objects as go
from PIL import Image

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


def digit_image(pixels: np.ndarray, alt: str, size: int = 112) -> str:
    """A digit as an HTML image with square pixels, for ``st.html``.

    Parameters
    ----------
    pixels : array (H, W), uint8, or float in 0..1
        White on black; 14x14 or 28x28.
    alt : str
        What a screen reader says.
    size : int
        Width and height on the page, in pixels; it shrinks with its column.
    """
    source = png_uri(pixels)
    described = alt.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return (
        f'<img src="{source}" alt="{described}" style="image-rendering:pixelated;width:{size}px;max-width:100%;'
        'aspect-ratio:1;border-radius:6px;border:1px solid #8886">'
    )


def png_uri(pixels: np.ndarray) -> str:
    """A grey image (H, W), uint8 or float in 0..1, as a ``data:`` URI; nothing to serve, so nothing to go missing."""
    pixels = np.asarray(pixels)
    if pixels.dtype != np.uint8:
        pixels = np.rint(pixels.clip(0, 1) * 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
