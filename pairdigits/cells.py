"""The 100 pairs of digits, [first, second]: how often each is drawn, right verdicts, wrong and contradictory ones.

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


def pair_table(counts: np.ndarray) -> np.ndarray:
    """How likely a drawn pair is to have each pair of digits.

    Parameters
    ----------
    counts : array (10,) of int
        Images of each digit; a pair takes two different ones.

    Returns
    -------
    array (10, 10)
        [first digit, second digit], summing to 1.
    """
    counts = np.asarray(counts, dtype=float)
    table = np.outer(counts, counts) - np.diag(counts)
    return table / table.sum()


def class_shares(table: np.ndarray) -> tuple[float, float, float]:
    """The sums of first < second, of ties, and of first > second.

    Parameters
    ----------
    table : array (10, 10)
        Numbers or shares of pairs, [first digit, second digit].

    Returns
    -------
    tuple of three floats, in the unit of the table
    """
    return float(np.triu(table, 1).sum()), float(np.trace(table)), float(np.tril(table, -1).sum())


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
