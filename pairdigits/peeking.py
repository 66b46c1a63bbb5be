"""Fooling oneself: how far the best of many looks at the same test pairs is above what the chosen model is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

DRAWS = 300  # of test pairs, runs and cells: on 1000 pairs the standard error of a mean is then 0.05 points


@dataclass(frozen=True, eq=False)
class Bank:
    """Runs that were looked at on the way, each look at the same many pairs of test digits.

    Attributes
    ----------
    right : float32 array (R, L, N)
        1 where run r, at look l, compared pair n rightly.
    true : array (R, L)
        Its accuracy over all ordered pairs of test digits, 0..1.
    cell : int array (R,)
        Which settings the run had.
    """

    right: np.ndarray
    true: np.ndarray
    cell: np.ndarray


class Peeking(NamedTuple):
    """What whoever peeks would say, and what is true of it: one figure for each draw, accuracies 0..1."""

    claimed: np.ndarray  # (D,) the highest score of all looks, on the drawn test pairs
    true: np.ndarray  # (D,) what the run is worth, at that look, over all ordered pairs
    plain: np.ndarray  # (D,) mean worth of the drawn runs at their last look, which nobody chose

    @property
    def luck(self) -> np.ndarray:
        """(D,) what is claimed above the truth."""
        return self.claimed - self.true

    @property
    def selection(self) -> np.ndarray:
        """(D,) what choosing was really worth."""
        return self.true - self.plain


def peek(bank: Bank, epochs: int, cells: int, seeds: int, pairs: int, draws: int = DRAWS, seed: int = 0) -> Peeking:
    """Let somebody peek, again and again with other runs and other test pairs.

    Parameters
    ----------
    bank : Bank
        Drawn from without replacement.
    epochs : int
        Looks at each run, evenly spaced, the last one among them.
    cells, seeds : int
        Settings that are tried, and runs of each.
    pairs : int
        Test pairs.
    draws, seed : int
        How often, and where the random numbers begin.

    Raises
    ------
    ValueError
        If there is not so much in the bank.
    """
    _, looks, held = bank.right.shape
    members = [np.flatnonzero(bank.cell == cell) for cell in np.unique(bank.cell)]
    most = (looks, len(members), min(map(len, members)), held)
    if not all(1 <= asked <= there for asked, there in zip((epochs, cells, seeds, pairs), most, strict=True)):
        raise ValueError("Peek 1 to {} times, at 1 to {} settings, 1 to {} runs and 1 to {} pairs.".format(*most))
    rng = np.random.default_rng(seed)
    watched = np.arange(1, epochs + 1) * looks // epochs - 1  # the last is among them
    score = _scores(bank, pairs, draws, seed)[:, watched]
    claimed, true, plain = np.empty((3, draws))
    for draw in range(draws):
        chosen = [rng.permutation(members[cell])[:seeds] for cell in rng.permutation(len(members))[:cells]]
        tried = np.concatenate(chosen)
        seen = score[tried, :, draw]
        run, look = np.unravel_index(seen.argmax(), seen.shape)
        claimed[draw], true[draw] = seen[run, look], bank.true[tried[run], watched[look]]
        plain[draw] = bank.true[tried, -1].mean()
    return Peeking(claimed, true, plain)


@lru_cache(maxsize=16)
def _scores(bank: Bank, pairs: int, draws: int, seed: int) -> np.ndarray:
    """Every look at a number of drawn pairs, (R, L, D): the same pairs for all looks of a draw."""
    runs, looks, held = bank.right.shape
    place = np.random.default_rng([seed, pairs]).random((draws, held), np.float32).argpartition(pairs - 1)[:, :pairs]
    drawn = np.zeros((draws, held), np.float32)
    np.put_along_axis(drawn, place, 1, 1)
    return (bank.right.reshape(-1, held) @ drawn.T).reshape(runs, looks, draws) / pairs
