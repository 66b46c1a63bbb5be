"""The committed rounds behind the lesson's texts and figures: no number on the page is typed by hand."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pairdigits import experiments
from pairdigits.experiments import EXPERIMENTS, Round

NAMES = ("as-published", "corrected", "best", "factorial", "weights", "unnamed", "figures")
UNKNOWN = "(not measured yet)"


@dataclass(frozen=True)
class Sample:
    """One score of some rounds, in percent or as a count."""

    values: tuple[float, ...]
    unit: str = "%"

    @property
    def n(self) -> int:
        """Rounds."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """NaN without rounds."""
        return statistics.fmean(self.values) if self.values else math.nan

    @property
    def std(self) -> float:
        """Of a sample; NaN for fewer than two rounds."""
        return statistics.stdev(self.values) if self.n > 1 else math.nan

    def __str__(self) -> str:
        return f"{self.mean:.1f}{self.unit}" if self.values else UNKNOWN

    @property
    def full(self) -> str:
        """Mean, standard deviation and the number of rounds."""
        spread = f" ± {self.std:.1f}" if self.n > 1 else ""
        return f"{self.mean:.1f}{spread}{self.unit} (n = {self.n})" if self.values else UNKNOWN


class Evidence:
    """What the rounds of `NAMES` came to, by experiment and row.

    Parameters
    ----------
    rounds : mapping of str to Round
        By the key of their configuration, as `pairdigits.experiments.read` gives them; some or all may be missing.
    """

    def __init__(self, rounds: dict[str, Round]):
        self._rows: dict[tuple[str, str], list[Round]] = {}
        for name in NAMES:
            for label, _, config in EXPERIMENTS[name].configs():
                row = self._rows.setdefault((name, label), [])
                if config.key in rounds:
                    row.append(rounds[config.key])

    def rounds(self, experiment: str, row: str) -> list[Round]:
        """The finished rounds of one row, in order."""
        return self._rows[experiment, row]

    def accuracy(self, experiment: str, row: str, score: str = "test_accuracy") -> Sample:
        """An accuracy of `Outcome` in percent."""
        values = (getattr(finished.outcome, score) for finished in self.rounds(experiment, row))
        return Sample(tuple(100 * value for value in values if value is not None))

    def wrong_cells(self, experiment: str, row: str, kind: str) -> Sample:
        """Wrong cells of a kind of probe, of 100."""
        outcomes = (finished.outcome for finished in self.rounds(experiment, row))
        return Sample(tuple(float(outcome.wrong_cells[kind]) for outcome in outcomes if kind in outcome.wrong_cells), "")

    def curves(self, experiment: str, row: str) -> list[pd.DataFrame]:
        """One table a round, as `dashboard.charts.curves` takes them."""
        kept = [finished.curves for finished in self.rounds(experiment, row) if finished.curves]
        return [pd.DataFrame(curves).assign(epoch=lambda table: table.index + 1) for curves in kept]

    def at_epoch(self, experiment: str, row: str, column: str, epoch: int) -> Sample:
        """One column of the curves at one epoch (from 1; -1 is the last), in percent."""
        tables = [table for table in self.curves(experiment, row) if column in table]
        return Sample(tuple(100 * float(table[column].iloc[epoch - 1 if epoch > 0 else -1]) for table in tables))


def best_of_last(tables: Iterable[pd.DataFrame], looks: int) -> Sample:
    """What one would claim, in percent, after looking at the test accuracy of the last epochs and keeping the best."""
    return Sample(tuple(100 * float(table["test_accuracy"].tail(looks).max()) for table in tables))


def load() -> Evidence:
    """The committed rounds as they stand now, read again when a file has changed."""
    files = [experiments.FOLDER / f"{name}.jsonl" for name in NAMES]
    return _load(tuple((file.stat().st_size, file.stat().st_mtime) if file.exists() else None for file in files))


@st.cache_resource(show_spinner=False, max_entries=1)
def _load(stamp: tuple) -> Evidence:
    return Evidence(experiments.read(NAMES))
