"""How far it is from everywhere in a shape to its outside: scipy's distance transform in a quarter of the time.

scipy also finds which place outside is the nearest, for which it keeps lists; strokes are thin, and just to look around
takes a few steps. Where numba is missing, or finds no folder for what it compiles, scipy's gives the same bits.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from scipy import ndimage


def to_outside(mask: np.ndarray, reach: float = np.inf) -> np.ndarray:
    """Distances to the nearest place outside a mask.

    Parameters
    ----------
    mask : bool array (H, W)
        Not true everywhere; H + 2 W < 46,341, so that squares fit.
    reach : float
        Pixels: what is farther away may come out as even farther, which is sooner found.

    Returns
    -------
    float64 array (H, W)
        Pixels from centre to centre; 0 outside.
    """
    squared = _compiled()
    if squared is None:
        return ndimage.distance_transform_edt(mask)
    return np.sqrt(squared(mask, int(min(reach, len(mask)))), dtype=np.float64)


@functools.cache
def _compiled() -> Callable[[np.ndarray, int], np.ndarray] | None:
    try:
        from numba import njit  # here: up to a second that only a drawing is worth

        return njit(cache=True, nogil=True)(_squared)
    except (ImportError, RuntimeError):
        return None


def _squared(mask: np.ndarray, reach: int) -> np.ndarray:
    height, width = mask.shape
    across = np.empty((height, width), np.int32)  # squares of the distances within each row
    for y in range(height):
        far = height + width
        for x in range(width):
            far = far + 1 if mask[y, x] else 0
            across[y, x] = far
        far = height + width
        for x in range(width - 1, -1, -1):
            far = far + 1 if mask[y, x] else 0
            across[y, x] = min(across[y, x], far) ** 2
    found = across.copy()
    for y in range(height):
        for step in range(1, reach + 1):
            if found[y].max() <= step * step:
                break
            for other in (y - step, y + step):
                if 0 <= other < height:
                    for x in range(width):
                        found[y, x] = min(found[y, x], across[other, x] + step * step)
    return found
