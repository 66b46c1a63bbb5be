"""Pairs of digits as pictures with labels, the classes and the table of digit pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import style
from dashboard.charts.digits import png_uri

GAP = 128  # grey between the two digits


def verdict(first: int, second: int) -> str:
    """How a pair is labelled, in signs: "3 ≤ 7" or "7 > 3"."""
    return f"{first} ≤ {second}" if first <= second else f"{first} > {second}"


def side_by_side(pair: np.ndarray) -> np.ndarray:
    """Two digits as one image: (2, H, W) uint8 -> (H, 2W + W/14) uint8, a grey line between them."""
    pair = np.asarray(pair)
    line = np.full((pair.shape[1], pair.shape[2] // 14), GAP, dtype=np.uint8)
    return np.concatenate([pair[0], line, pair[1]], axis=1)


def pair_image(pair: np.ndarray, alt: str, width: int = 240) -> str:
    """A pair as HTML for ``st.html``, with square pixels."""
    return (
        f'<img src="{png_uri(side_by_side(pair))}" alt="{alt}" '
        f'style="image-rendering:pixelated;width:{width}px;max-width:100%;border-radius:6px;display:block">'
    )


def marked(image: np.ndarray, row: int, column: int, size: int, alt: str) -> str:
    """A digit (H, W) uint8 with a square of ``size`` pixels framed, as HTML for ``st.html``."""
    height, width = image.shape
    place = f"left:{100 * column / width}%;top:{100 * row / height}%;width:{100 * size / width}%;"
    return (
        '<div style="position:relative;max-width:336px">'
        f'<img src="{png_uri(image)}" alt="{alt}" style="image-rendering:pixelated;width:100%;display:block">'
        f'<div style="position:absolute;{place}aspect-ratio:1;box-sizing:border-box;outline:3px solid {style.WRONG}">'
        "</div></div>"
    )


def gallery(cards: Iterable[tuple[np.ndarray, str, str]], width: int = 116) -> str:
    """Images with captions that fill the width of the page, as HTML for ``st.html``.

    Parameters
    ----------
    cards : iterable of (array (H, W) uint8, str, str)
        Image, what a screen reader says, and a caption (HTML).
    width : int
        Least width of a card in pixels.
    """
    figures = "".join(
        f'<figure style="margin:0"><img src="{png_uri(image)}" alt="{alt}" style="image-rendering:pixelated;width:100%;'
        f'display:block;border-radius:4px"><figcaption style="text-align:center;font-size:0.85rem;line-height:1.35;'
        f'padding-top:2px">{caption}</figcaption></figure>'
        for image, alt, caption in cards
    )
    return (
        f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax({width}px,1fr));gap:12px 10px">'
        f"{figures}</div>"
    )


def pair_grid(images: np.ndarray, digits: np.ndarray) -> str:
    """Labelled pairs, (N, 2, H, W) uint8 and (N, 2), as HTML; a pair whose first digit is larger has a bold caption."""
    cards = []
    for pair, (first, second) in zip(images, np.asarray(digits).tolist(), strict=True):
        text = verdict(first, second)
        caption = text.replace(">", "&gt;") if first <= second else f"<b>{text.replace('>', '&gt;')}</b>"
        cards.append((side_by_side(pair), f"{first} and {second}", caption))
    return gallery(cards)


def class_balance(rows: Mapping[str, tuple[float, float, float]], height: int = 280) -> go.Figure:
    """Shares of pairs with a smaller first digit, a tie and a larger first digit, one stacked bar a row.

    Parameters
    ----------
    rows : mapping of str to (float, float, float)
        Counts or shares; each row is scaled to 100%.
    """
    totals = [sum(row) for row in rows.values()]
    parts = (("first < second (label 1)", ""), ("tie (label 1)", "/"), ("first > second (label 0)", "x"))
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": list(rows),
            "x": [100 * row[index] / total for row, total in zip(rows.values(), totals, strict=True)],
            "text": [f"{100 * row[index] / total:.1f}%" for row, total in zip(rows.values(), totals, strict=True)],
            "textposition": "inside",
            "insidetextanchor": "start" if index == 1 else "middle",  # beside the line at a half
            "textangle": 0,
            "textfont": {"color": style.BACKGROUND},
            "marker": {
                "color": style.colour(index),
                "pattern": {
                    "shape": pattern,
                    "fillmode": "overlay",
                    "fgcolor": style.BACKGROUND,
                    "fgopacity": 0.25,
                    "size": 8,
                },
            },
            "hovertemplate": f"%{{y}}: {name} %{{x:.2f}}%<extra></extra>",
        }
        for index, (name, pattern) in enumerate(parts)
    ]
    return go.Figure(
        bars,
        style.layout(
            height,
            barmode="stack",
            xaxis={"range": [0, 100], "ticksuffix": "%", "fixedrange": True, "automargin": True},
            yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
            dragmode=False,
            bargap=0.35,
            legend_traceorder="normal",
            uniformtext={"minsize": 11, "mode": "hide"},
            shapes=[
                {"type": "line", "x0": 50, "x1": 50, "y0": 0, "y1": 1, "yref": "paper",
                 "line": {"color": style.TEXT, "width": 1.5, "dash": "dot"}},
            ],
        ),
    )  # fmt: skip


def digit_table(table: np.ndarray, decimals: int = 0, height: int = 460) -> go.Figure:
    """A number for each pair of digits, written into its cell; the step between the classes drawn through them.

    Parameters
    ----------
    table : array (10, 10)
        [first digit, second digit].
    decimals : int
        To write.
    """
    table = np.asarray(table, dtype=float)
    cells = {
        "type": "heatmap",
        "x": list(range(10)),
        "y": list(range(10)),
        "z": table.tolist(),
        "zmin": 0,
        "zmax": float(table.max()),
        "colorscale": style.scale(style.SEQUENTIAL),
        "showscale": False,
        "text": [[f"{value:.{decimals}f}" for value in row] for row in table],
        "texttemplate": "%{text}",
        "textfont": {"size": 13},
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": f"first %{{y}}, second %{{x}}: %{{z:.{decimals}f}} pairs<extra></extra>",
    }
    corners = [(digit + dx, digit + 0.5) for digit in range(9) for dx in (-0.5, 0.5)] + [(8.5, 9.5)]
    step = {
        "type": "scatter",
        "x": [x for x, _ in corners],
        "y": [y for _, y in corners],
        "mode": "lines",
        "line": {"color": style.WRONG, "width": 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    axis = {
        "tickmode": "linear",
        "dtick": 1,
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "range": [-0.5, 9.5],
        "constrain": "domain",
    }
    return go.Figure(
        [cells, step],
        style.layout(
            height,
            xaxis=axis | {"title": {"text": "Second digit (columns) →"}},
            yaxis=axis | {"title": {"text": "First digit (rows) →"}, "scaleanchor": "x"},
            dragmode=False,
        ),
    )
