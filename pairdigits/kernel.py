"""From an image to the pooled maps of a tower in one go, compiled by numba, forwards and backwards.

Three ideas. An image stays in a core's cache from its pixels to its pooled maps. The second convolution is made in
tiles of 2x2 outputs (Winograd's F(2x2, 3x3): 16 products in place of 36), and such a tile is just what one pooling
window looks at. And of the four values under a window only the largest passes on a gradient, so backwards walks the
winners and never meets the three zeros beside them, which a dense convolution cannot skip.

Sizes are written out as constants for the compiler to unroll; unsigned places spare it Python's negative ones.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from pairdigits.vectors import add_patches, product

Array = np.ndarray  # of one float type, where nothing else is said

SLOPE = 0.01  # of the leaky ReLU
ROW = 12 * 16  # values of one row of the first convolution's maps
EVEN = ROW // 2  # of them, those of its even columns
WINDOWS = np.array([2 * ROW * down + 32 * along for down in range(5) for along in range(5)])  # where each begins there
CORNERS = np.array([0, 16, ROW, ROW + 16])  # and how far each of its four values is from there

_TAPS = [14 * dy + dx for dy in range(3) for dx in range(3)]  # where a 3x3 window of an image looks
_make_row = product(range(12), _TAPS, 16)  # of the first maps, from where its windows begin in the image
_make_parted_row = product([*range(0, 12, 2), *range(1, 12, 2)], _TAPS, 16)  # its even columns first, then the odd ones
_add_row = product(_TAPS, range(12), 16, adds=True)  # back through such a row, to the weights
_make_products = product(range(0, 5 * 16, 16), range(16), 32)  # of five tiles, at one place in them

# Products and sums may be fused into one rounding, but nothing is reordered: the same machine gives the same bits.
_compiled = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})


@_compiled
def forward(
    images: Array, weight1: Array, bias1: Array, filters: Array, bias2: Array, pooled: Array, winners: Array
) -> None:
    """Pooled maps of single images.

    Parameters
    ----------
    images : array, shape (N, 14, 14)
    weight1, bias1 : array, shape (9, 16) and (16,)
        Of the first convolution, by place in the 3x3 window.
    filters, bias2 : array, shape (16, 16, 32) and (32,)
        Of the second, transformed for tiles: by place in the tile, input and output channel.
    pooled : array, shape (N, 32, 25)
        Takes the result.
    winners : array, shape (N, 25, 32), uint8
        Takes which of the four values under each window is the largest, row by row.
    """
    maps, tiles = np.empty((12, ROW), images.dtype), np.empty((16, 25, 16), images.dtype)
    rows, products = np.empty((4, ROW), images.dtype), np.empty((16, 25, 32), images.dtype)
    largest, bias = np.empty((25, 32), images.dtype), _repeated(bias1)
    for image in range(len(images)):
        for y in range(12):
            _make_parted_row(images[image, y:], weight1, maps[y])
        _leak(maps, bias)
        _to_tiles(maps, rows, tiles.reshape(4, 4, 5, 80))
        for place in range(16):
            for window in range(0, 25, 5):
                _make_products(tiles[place, window:], filters[place], products[place, window:])
        _pool(products, bias2, largest, winners[image])
        for window in range(25):
            for channel in range(32):
                pooled[image, channel, window] = largest[window, channel]


@_compiled
def _repeated(bias: Array) -> Array:
    row = np.empty(ROW, bias.dtype)
    for k in range(ROW):
        row[k] = bias[k % 16]
    return row


@_compiled
def _leak(maps: Array, bias: Array) -> None:
    slope = maps.dtype.type(SLOPE)
    for y in range(12):
        for k in range(ROW):
            value = maps[y, k] + bias[k]
            maps[y, k] = max(value, slope * value)


@_compiled
def _to_tiles(maps: Array, rows: Array, tiles: Array) -> None:
    for down in range(5):
        above, upper, lower, below = maps[2 * down], maps[2 * down + 1], maps[2 * down + 2], maps[2 * down + 3]
        for k in range(ROW):
            rows[0, k] = above[k] - lower[k]
            rows[1, k] = upper[k] + lower[k]
            rows[2, k] = lower[k] - upper[k]
            rows[3, k] = upper[k] - below[k]
        for row in range(4):
            given, made = rows[row], tiles[row]
            for k in range(EVEN - 16):
                a, b, c, d = given[k], given[EVEN + k], given[16 + k], given[EVEN + 16 + k]
                made[0, down, k], made[1, down, k], made[2, down, k], made[3, down, k] = a - c, b + c, c - b, b - d


@_compiled
def _pool(products: Array, bias: Array, largest: Array, places: Array) -> None:
    slope = bias.dtype.type(SLOPE)
    for window in range(25):
        for channel in range(32):
            top0 = products[0, window, channel] + products[4, window, channel] + products[8, window, channel]
            top1 = products[1, window, channel] + products[5, window, channel] + products[9, window, channel]
            top2 = products[2, window, channel] + products[6, window, channel] + products[10, window, channel]
            top3 = products[3, window, channel] + products[7, window, channel] + products[11, window, channel]
            low0 = products[4, window, channel] - products[8, window, channel] - products[12, window, channel]
            low1 = products[5, window, channel] - products[9, window, channel] - products[13, window, channel]
            low2 = products[6, window, channel] - products[10, window, channel] - products[14, window, channel]
            low3 = products[7, window, channel] - products[11, window, channel] - products[15, window, channel]
            value0, value1 = top0 + top1 + top2, top1 - top2 - top3
            value2, value3 = low0 + low1 + low2, low1 - low2 - low3
            upper, lower = max(value0, value1), max(value2, value3)
            value = max(upper, lower) + bias[channel]
            largest[window, channel] = max(value, slope * value)
            of_upper, of_lower = 0 if value0 >= value1 else 1, 2 if value2 >= value3 else 3
            places[window, channel] = of_upper if upper >= lower else of_lower


@_compiled
def backward(
    gradients: Array,
    pooled: Array,
    winners: Array,
    images: Array,
    weight1: Array,
    bias1: Array,
    weight2: Array,
    into_weight1: Array,
    into_bias1: Array,
    into_weight2: Array,
    into_bias2: Array,
) -> None:
    """The gradient of what `forward` gave -> the gradients of the weights, added to the last four.

    The first maps are made again, which is quicker than to fetch them from memory.

    Parameters
    ----------
    gradients, pooled : array, shape (N, 32, 25)
    winners : array, shape (N, 25, 32), uint8
    images : array, shape (N, 14, 14)
    weight1, into_weight1, bias1, into_bias1 : array, shape (9, 16) and (16,)
    weight2, into_weight2 : array, shape (32, 3, 48)
        By output channel, row of the 3x3 window, and place in the row times input channel.
    into_bias2 : array, shape (32,)
    """
    maps, into_maps = np.empty((12, ROW), images.dtype), np.empty((12, ROW), images.dtype)
    gradient = np.empty((32, 25), images.dtype)
    bias, into_bias = _repeated(bias1), np.zeros(ROW, images.dtype)
    for image in range(len(images)):
        for y in range(12):
            _make_row(images[image, y:], weight1, maps[y])
        _leak(maps, bias)
        _through_slope(gradients[image], pooled[image], gradient, into_bias2)
        _into_second_weight(gradient, winners[image], maps.ravel(), into_weight2)
        _into_first_maps(gradient, winners[image], weight2.ravel(), into_maps.ravel())
        _through_first_maps(into_maps, maps, images[image], into_weight1, into_bias)
    for k in range(ROW):
        into_bias1[k % 16] += into_bias[k]


@_compiled
def _through_slope(gradients: Array, pooled: Array, gradient: Array, into_bias: Array) -> None:
    slope = gradient.dtype.type(SLOPE)
    for channel in range(32):
        total = slope * 0
        for window in range(25):
            value = gradients[channel, window]
            gradient[channel, window] = value if pooled[channel, window] > 0 else slope * value
            total += gradient[channel, window]
        into_bias[channel] += total


@_compiled
def _into_second_weight(gradient: Array, winners: Array, maps: Array, into_weight: Array) -> None:
    starts = np.empty(25, np.intp)
    for channel in range(32):
        for window in range(25):
            starts[window] = WINDOWS[window] + CORNERS[winners[window, channel]]
        add_patches(25, gradient[channel], starts, maps, ROW, 48, into_weight[channel])


@_compiled
def _into_first_maps(gradient: Array, winners: Array, weight: Array, into_maps: Array) -> None:
    # Channels with the same winner meet the same values: they are added up before these are touched.
    counts, factors, starts = (
        np.zeros((25, 4), np.intp),
        np.empty((25, 4, 32), weight.dtype),
        np.empty((25, 4, 32), np.intp),
    )
    for channel in range(32):
        for window in range(25):
            corner = winners[window, channel]
            count = counts[window, corner]
            factors[window, corner, count], starts[window, corner, count] = gradient[channel, window], 144 * channel
            counts[window, corner] = count + 1
    into_maps[:] = 0
    for window in range(25):
        for corner in range(4):
            start = WINDOWS[window] + CORNERS[corner]
            add_patches(
                counts[window, corner], factors[window, corner], starts[window, corner], weight, 48, ROW,
                into_maps[start:],
            )  # fmt: skip


@_compiled
def _through_first_maps(into_maps: Array, maps: Array, image: Array, into_weight: Array, into_bias: Array) -> None:
    slope = maps.dtype.type(SLOPE)
    for y in range(12):
        for k in range(ROW):
            into_maps[y, k] *= 1 if maps[y, k] > 0 else slope
            into_bias[k] += into_maps[y, k]
        _add_row(image[y:], into_maps[y], into_weight)
