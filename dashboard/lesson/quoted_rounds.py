"""The committed rounds as the lesson quotes them: no number in its texts is typed by hand."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import pandas as pd
import streamlit as st

from dashboard.shared import committed_rounds
from pairdigits.estimates import Estimate
from pairdigits.report import choosing, rounds
from pairdigits.report.choosing import Choosing
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.stored_rounds import Round

UNKNOWN = "(not measured yet)"


class Percent(Estimate):
    """A mean in percent that writes itself into a sentence."""

    unit = "%"

    def __str__(self) -> str:
        return f"{self.mean:.1f}{self.unit}" if self.n else UNKNOWN

    @property
    def signed(self) -> str:
        """A difference, in points."""
        return f"{self.mean:+.1f} points" if self.n else UNKNOWN

    def gap(self, other: Percent) -> str:
        """How far it is above another, in points."""
        return f"{self.mean - other.mean:.1f} points" if self.n and other.n else UNKNOWN

    @property
    def full(self) -> str:
        """With the standard deviation and the number of rounds."""
        spread = f" ± {self.std:.1f}" if (self.n or 0) > 1 else ""
        return f"{self.mean:.1f}{spread}{self.unit} (n = {self.n})" if self.n else UNKNOWN


class Count(Percent):
    """A mean number of things."""

    unit = ""


class Evidence:
    """Scores of finished rounds by the experiment and the row that they belong to; whatever is missing is `UNKNOWN`."""

    def __init__(self, found: rounds.Found):
        self._found = found
        # Every step asks for the same rows again and again, and so does every visitor.
        self.rounds, self.curves = functools.cache(self.rounds), functools.cache(self.curves)

    def rounds(self, experiment: str, row: str) -> list[Round]:
        """The finished rounds of a row."""
        return rounds.finished(EXPERIMENTS[experiment], row, self._found)

    def accuracy(self, experiment: str, row: str, score: str = "test_accuracy") -> Percent:
        """An accuracy of `Outcome`."""
        values = (getattr(finished.outcome, score) for finished in self.rounds(experiment, row))
        return Percent.of(None if value is None else 100 * value for value in values)

    def choosing(self, row: str) -> Choosing[Percent]:
        """What choosing the epoch adds to a row's figure, honestly and by flattery."""
        return Choosing(*(Percent(*one) for one in choosing.choosing(row, self._found)))

    def wrong_cells(self, experiment: str, row: str, kind: str) -> Count:
        """Wrong cells, of 100, of a kind of probe."""
        return Count.of(finished.outcome.wrong_cells.get(kind) for finished in self.rounds(experiment, row))

    def curves(self, experiment: str, row: str) -> list[pd.DataFrame]:
        """One table a round, as `dashboard.charts.curves` takes them."""
        return rounds.curves(EXPERIMENTS[experiment], row, self._found)

    def at_epoch(self, experiment: str, row: str, column: str, epoch: int = -1) -> Percent:
        """An accuracy of the curves at one epoch, from 1; -1 is the last."""
        tables = [table for table in self.curves(experiment, row) if column in table]
        return Percent.of(100 * table[column].iloc[epoch - (epoch > 0)] for table in tables)


def best_of_last(tables: Iterable[pd.DataFrame], looks: int) -> Percent:
    """What one would claim after looking at the test accuracy of the last epochs and keeping the highest."""
    return Percent.of(100 * table["test_accuracy"].tail(looks).max() for table in tables)


def load() -> Evidence:
    """The committed rounds as they stand now."""
    return _load(committed_rounds.signature())


@st.cache_resource(max_entries=2, show_spinner=False)
def _load(signature: committed_rounds.Signature) -> Evidence:
    return Evidence(committed_rounds.rounds())
