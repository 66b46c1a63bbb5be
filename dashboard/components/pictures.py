"""Digits as pictures in HTML, for ``st.html``: nothing is served, so nothing can go missing; all words are escaped."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable

import numpy as np
from markupsafe import Markup
from PIL import Image

from dashboard.charts import style

GAP = 128  # grey between the two digits


def png_uri(pixels: np.ndarray) -> str:
    """A grey image (H, W), uint8 or float in 0..1, as a ``data:`` URI; nothing to serve, so nothing to go missing."""
    pixels = np.asarray(pixels)
    if pixels.dtype != np.uint8:
        pixels = np.rint(pixels.clip(0, 1) * 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def image(pixels: np.ndarray, alt: str, look: str) -> Markup:
    """A picture with square pixels.

    Parameters
    ----------
    pixels : array (H, W) or (H, W, 3), uint8, or float in 0..1
        White on black.
    alt : str
        What a screen reader says.
    look : str
        Its style besides, as CSS.
    """
    picture = Markup('<img src="{}" alt="{}" style="image-rendering:pixelated;{}">')
    return picture.format(png_uri(pixels), alt, look)


def digit_image(pixels: np.ndarray, alt: str, size: int = 112) -> Markup:
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
    return image(pixels, alt, f"width:{size}px;max-width:100%;aspect-ratio:1;border-radius:6px;border:1px solid #8886")


def verdict(first: int, second: int) -> str:
    """How a pair is labelled, in signs: "3 ≤ 7" or "7 > 3"."""
    return f"{first} ≤ {second}" if first <= second else f"{first} > {second}"


def side_by_side(pair: np.ndarray) -> np.ndarray:
    """Two digits as one image: (2, H, W) uint8 -> (H, 2W + W/14) uint8, a grey line between them."""
    pair = np.asarray(pair)
    line = np.full((pair.shape[1], pair.shape[2] // 14), GAP, dtype=np.uint8)
    return np.concatenate([pair[0], line, pair[1]], axis=1)


def pair_image(pair: np.ndarray, alt: str, width: int = 240) -> Markup:
    """A pair as HTML for ``st.html``, with square pixels."""
    return image(side_by_side(pair), alt, f"width:{width}px;max-width:100%;border-radius:6px;display:block")


def marked(pixels: np.ndarray, row: int, column: int, size: int, alt: str) -> Markup:
    """A digit (H, W) uint8 with a square of ``size`` pixels framed, as HTML for ``st.html``."""
    height, width = pixels.shape
    place = f"left:{100 * column / width}%;top:{100 * row / height}%;width:{100 * size / width}%;"
    frame = Markup(
        '<div style="position:relative;max-width:336px">{}'
        '<div style="position:absolute;{}aspect-ratio:1;box-sizing:border-box;outline:3px solid {}"></div></div>'
    )
    return frame.format(image(pixels, alt, "width:100%;display:block"), place, style.WRONG)


def gallery(cards: Iterable[tuple[np.ndarray, str, str]], width: int = 116) -> Markup:
    """Images with captions that fill the width of the page, as HTML for ``st.html``.

    Parameters
    ----------
    cards : iterable of (array (H, W) uint8, str, str)
        Image, what a screen reader says, and a caption, which may be `Markup`.
    width : int
        Least width of a card in pixels.
    """
    figure = Markup(
        '<figure style="margin:0">{}'
        '<figcaption style="text-align:center;font-size:0.85rem;line-height:1.35;padding-top:2px">{}</figcaption>'
        "</figure>"
    )
    grid = Markup(
        '<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax({}px,1fr));gap:12px 10px">{}</div>'
    )
    look = "width:100%;display:block;border-radius:4px"
    shown = (figure.format(image(pixels, alt, look), caption) for pixels, alt, caption in cards)
    return grid.format(width, Markup().join(shown))


def pair_grid(images: np.ndarray, digits: np.ndarray) -> Markup:
    """Labelled pairs, (N, 2, H, W) uint8 and (N, 2), as HTML; a pair whose first digit is larger has a bold caption."""
    cards = []
    for pair, (first, second) in zip(images, np.asarray(digits).tolist(), strict=True):
        text = verdict(first, second)
        caption = text if first <= second else Markup("<b>{}</b>").format(text)
        cards.append((side_by_side(pair), f"{first} and {second}", caption))
    return gallery(cards)
