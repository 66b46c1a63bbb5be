"""Many small images as one: a layer's weights, or what it makes of a digit."""

from __future__ import annotations

import numpy as np

NEGATIVE, ZERO, POSITIVE = ((0, 82, 135), (250, 250, 247), (184, 74, 0))  # readable with any colour vision
GAP = (128, 128, 128)


def tiles(values: np.ndarray, columns: int, signed: bool, zoom: int = 1) -> np.ndarray:
    """Many small images side by side, as one: weights (blue below zero, orange above) or activations (grey).

    Parameters
    ----------
    values : array (n, h, w)
    columns : int
        Tiles in a row.
    signed : bool
        Colours around zero, all tiles on one scale; otherwise from black (0 and below) to white (the largest).
    zoom : int
        Pixels a side of each value.

    Returns
    -------
    array (H, W, 3), uint8
        With a line of two pixels between tiles.
    """
    count, height, width = len(values), values.shape[1] * zoom, values.shape[2] * zoom
    rows = -(-count // columns)
    sheet = np.empty((rows * (height + 2) - 2, columns * (width + 2) - 2, 3), np.uint8)
    sheet[:] = GAP
    largest = np.abs(values).max() or 1.0
    for place, tile in enumerate(values / largest):
        top, left = place // columns * (height + 2), place % columns * (width + 2)
        coloured = _signed(tile) if signed else _grey(tile)
        sheet[top : top + height, left : left + width] = coloured.repeat(zoom, 0).repeat(zoom, 1)
    return sheet


def _signed(tile: np.ndarray) -> np.ndarray:
    share = np.abs(tile)[..., None]
    ends = np.where(tile[..., None] < 0, NEGATIVE, POSITIVE)
    return np.rint(share * ends + (1 - share) * np.array(ZERO)).astype(np.uint8)


def _grey(tile: np.ndarray) -> np.ndarray:
    return np.rint(tile.clip(0, 1) * 255).astype(np.uint8)[..., None].repeat(3, -1)
