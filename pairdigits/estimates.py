"""A mean over rounds and how well it is known, which stay together on their way to charts, tables and sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple, Self

import numpy as np
from scipy.special import stdtrit  # the inverse of Student's t; scipy.stats takes a second to import

NOTHING = "–"  # in place of a figure that is not there
PERCENT = 0.0, 100.0  # what an accuracy can be


class Estimate(NamedTuple):
    """A mean over rounds and how well it is known; NaN where there are too few rounds."""

    mean: float
    std: float  # of a sample, ddof = 1
    n: int | None  # rounds; None where a figure is quoted and its rounds are not known
    low: float  # of the mean's 95% interval, Student's t, cut at what a mean can be
    high: float

    @classmethod
    def of(cls, values: Iterable[float | None], possible: tuple[float, float] = (-math.inf, math.inf)) -> Self:
        """Estimate from one value per round, each within what is `possible`; None and NaN do not count.

        Without pandas, which takes ten times as long: curves that grow are drawn from thousands of estimates, most of
        them of one round, for which even NumPy takes long.
        """
        known = [float(value) for value in values if value is not None and not math.isnan(value)]
        n = len(known)
        if n < 2:
            return cls(known[0] if known else math.nan, math.nan, n, math.nan, math.nan)
        mean, std = float(np.mean(known)), float(np.std(known, ddof=1))
        half = float(stdtrit(n - 1, 0.975)) * std / math.sqrt(n)
        return cls(mean, std, n, max(mean - half, possible[0]), min(mean + half, possible[1]))

    @classmethod
    def quoted(cls, mean: float, std: float) -> Self:
        """Somebody else's mean and standard deviation, of whose rounds no more is known."""
        return cls(mean, std, None, math.nan, math.nan)

    @property
    def known(self) -> bool:
        """Whether there is a mean at all."""
        return not math.isnan(self.mean)

    def written(self, signed: bool = False, counted: bool = True) -> str:
        """The mean with its deviation and number of rounds, as far as they are known: "95.60 ± 0.81 (n = 20)"."""
        if not self.known:
            return NOTHING
        text = f"{self.mean:+.2f}" if signed else f"{self.mean:.2f}"
        text += "" if math.isnan(self.std) else f" ± {self.std:.2f}"
        return text + (f" (n = {self.n})" if counted and self.n else "")
