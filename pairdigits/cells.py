"""The 100 pairs of digits, [first, second]: right verdicts, a probe's wrong ones, and verdicts that exclude each other.

This needs numpy alone: a chart counts wrong cells before torch is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

RIGHT = np.triu(np.ones((10, 10), dtype=bool))  # where "first <= second" is the right verdict


def as_array(probe: Sequence[Sequence[float | None]]) -> np.ndarray:
    """A probe as records, rounds and checkpoints keep it, as an array.

    Parameters
    ----------
    probe : 10 rows of 10 numbers
        P(first <= second); None where nothing is known.

    Returns
    -------
    array (10, 10), float64
        NaN where nothing is known.
    """
    return np.array(probe, dtype=float)


def wrong(probability: np.ndarray) -> np.ndarray:
    """Where the verdict at one half is not the right one; what is not known is not wrong.

    Parameters
    ----------
    probability : array (10, 10)
        P(first <= second); NaN where nothing is known.

    Returns
    -------
    array (10, 10), bool
    """
    return ((probability > 0.5) != RIGHT) & ~np.isnan(probability)


def contradicts(forth: Any, back: Any, equal: Any) -> Any:
    """Whether the verdicts on a pair, a <= b, and on the exchanged one, b <= a, cannot both be right.

    Either neither is said to hold, or both are though the digits are not equal.

    Parameters
    ----------
    forth, back, equal : bool each, or bool arrays or tensors of one shape

    Returns
    -------
    As what was given.
    """
    return (forth == back) ^ (forth & back & equal)
