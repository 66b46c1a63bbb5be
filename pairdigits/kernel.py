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

Array = np.ndarray  # of one float type, where nothing else is said

SLOPE = 0.01  # of the leaky ReLU
ROW = 12 * 16  # values of one row of the first convolution's maps

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
    winners : array, shape (N, 32, 25), uint16
        Takes where in an image's first maps the largest value under each window began to look.
    """
    maps, tiles = np.empty((12, ROW), images.dtype), np.empty((16, 25, 16), images.dtype)
    products = np.empty((16, 25, 32), images.dtype)
    largest, places = np.empty((25, 32), images.dtype), np.empty((25, 32), np.uint16)
    for image in range(len(images)):
        _first_maps(images[image], weight1, bias1, maps)
        _to_tiles(maps, tiles)
        _multiply(tiles, filters, products)
        _pool(products, bias2, largest, places)
        for window in range(25):
            for channel in range(32):
                pooled[image, channel, window] = largest[window, channel]
                winners[image, channel, window] = places[window, channel]


@_compiled
def _first_maps(image: Array, weight: Array, bias: Array, maps: Array) -> None:
    slope = image.dtype.type(SLOPE)
    for y in range(12):
        for x in range(12):
            for channel in range(16):
                value = bias[channel]
                for dy in range(3):
                    for dx in range(3):
                        value += image[y + dy, x + dx] * weight[3 * dy + dx, channel]
                maps[y, 16 * x + channel] = max(value, slope * value)


@_compiled
def _to_tiles(maps: Array, tiles: Array) -> None:
    rows = np.empty((4, ROW), maps.dtype)
    for down in range(5):
        above, upper, lower, below = maps[2 * down], maps[2 * down + 1], maps[2 * down + 2], maps[2 * down + 3]
        for k in range(ROW):
            rows[0, k] = above[k] - lower[k]
            rows[1, k] = upper[k] + lower[k]
            rows[2, k] = lower[k] - upper[k]
            rows[3, k] = upper[k] - below[k]
        for row in range(4):
            for along in range(5):
                window, start = 5 * down + along, np.uintp(32 * along)
                for k in range(np.uintp(16)):
                    a, b = rows[row, start + k], rows[row, start + np.uintp(16) + k]
                    c, d = rows[row, start + np.uintp(32) + k], rows[row, start + np.uintp(48) + k]
                    tiles[4 * row, window, k] = a - c
                    tiles[4 * row + 1, window, k] = b + c
                    tiles[4 * row + 2, window, k] = c - b
                    tiles[4 * row + 3, window, k] = b - d


@_compiled
def _multiply(tiles: Array, filters: Array, products: Array) -> None:
    for place in range(16):
        for window in range(25):
            for channel in range(32):
                value = tiles[place, window, 0] * filters[place, 0, channel]
                for given in range(1, 16):
                    value += tiles[place, window, given] * filters[place, given, channel]
                products[place, window, channel] = value


@_compiled
def _pool(products: Array, bias: Array, largest: Array, places: Array) -> None:
    slope = bias.dtype.type(SLOPE)
    for window in range(25):
        first = 2 * ROW * (window // 5) + 32 * (window % 5)
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
            of_upper = first if value0 >= value1 else first + 16
            of_lower = first + ROW if value2 >= value3 else first + ROW + 16
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
    winners : array, shape (N, 32, 25), uint16
    images : array, shape (N, 14, 14)
    weight1, into_weight1, bias1, into_bias1 : array, shape (9, 16) and (16,)
    weight2, into_weight2 : array, shape (32, 3, 48)
        By output channel, row of the 3x3 window, and place in the row times input channel.
    into_bias2 : array, shape (32,)
    """
    maps, into_maps = np.empty((12, ROW), images.dtype), np.empty((12, ROW), images.dtype)
    for image in range(len(images)):
        _first_maps(images[image], weight1, bias1, maps)
        into_maps[:] = 0
        _through_winners(
            gradients[image], pooled[image], winners[image], maps.ravel(), weight2,
            into_maps.ravel(), into_weight2, into_bias2,
        )  # fmt: skip
        _through_first_maps(into_maps, maps, images[image], into_weight1, into_bias1)


@_compiled
def _through_winners(
    gradients: Array,
    pooled: Array,
    winners: Array,
    maps: Array,
    weight: Array,
    into_maps: Array,
    into_weight: Array,
    into_bias: Array,
) -> None:
    slope = maps.dtype.type(SLOPE)
    gradient, starts = np.empty(25, maps.dtype), np.empty(25, np.uintp)
    for channel in range(32):
        for window in range(25):
            value = gradients[channel, window]
            gradient[window] = value if pooled[channel, window] > 0 else slope * value
            starts[window] = winners[channel, window]
            into_bias[channel] += gradient[window]
        for row in range(3):
            into, below = into_weight[channel, row], np.uintp(ROW * row)
            for first in range(0, 25, 5):  # five at a time, so that the sums are stored a fifth as often
                g0, g1, g2 = gradient[first], gradient[first + 1], gradient[first + 2]
                g3, g4 = gradient[first + 3], gradient[first + 4]
                s0, s1, s2 = starts[first] + below, starts[first + 1] + below, starts[first + 2] + below
                s3, s4 = starts[first + 3] + below, starts[first + 4] + below
                for k in range(np.uintp(48)):
                    found = g0 * maps[s0 + k] + g1 * maps[s1 + k] + g2 * maps[s2 + k]
                    into[k] += found + g3 * maps[s3 + k] + g4 * maps[s4 + k]
        given = weight[channel]
        for turn in range(25):
            window = 7 * turn % 25  # no neighbours in succession: each would wait for what the last one stored
            value, start = gradient[window], starts[window]
            for k in range(np.uintp(16)):
                for row in range(np.uintp(3)):
                    for column in range(np.uintp(3)):
                        place = np.uintp(16) * column + k
                        into_maps[start + np.uintp(ROW) * row + place] += value * given[row, place]


@_compiled
def _through_first_maps(into_maps: Array, maps: Array, image: Array, into_weight: Array, into_bias: Array) -> None:
    slope = maps.dtype.type(SLOPE)
    for y in range(12):
        for k in range(ROW):
            into_maps[y, k] *= 1 if maps[y, k] > 0 else slope
        for x in range(12):
            for channel in range(16):
                into_bias[channel] += into_maps[y, 16 * x + channel]
        for dy in range(3):
            for dx in range(3):
                for channel in range(16):
                    value = into_weight[3 * dy + dx, channel]
                    for x in range(12):
                        value += image[y + dy, x + dx] * into_maps[y, 16 * x + channel]
                    into_weight[3 * dy + dx, channel] = value
