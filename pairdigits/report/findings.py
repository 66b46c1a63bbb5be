"""What the report lacks: what helps, and how accuracy moves with a setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pairdigits.choices import CORRECTED, PROTOCOLS
from pairdigits.config import RunConfig
from pairdigits.estimates import Estimate
from pairdigits.models import VARIANTS
from pairdigits.report import experiments
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.rounds import (
    MEASURE_NOTE,
    Found,
    accuracies,
    all_rounds,
    conditions,
    rounds,
    shortfall,
)
from pairdigits.report.tables import Table

# Experiments that move one setting: its name in a table, and its value in a run.
SWEPT: dict[str, tuple[str, Callable[[RunConfig], float | str]]] = {
    "pairs": ("Training pairs", lambda config: config.train_pairs),
    "weights": ("Auxiliary weight", lambda config: config.auxiliary_weight),
    "labels": ("Labelled share", lambda config: config.labelled if config.auxiliary_weight else 0.0),
    "wrong-labels": ("Wrong labels", lambda config: config.wrong_labels),
    "auxiliary-until": ("Last epoch with it", lambda config: config.auxiliary_until or config.epochs),
    "one-side": ("Labelled side", lambda config: config.labelled_side),
}
GRID_ROUNDS = 20  # as many as may have been run


def factorial(found: Found, protocol: str = CORRECTED) -> Table:
    """{shared, separate} x {auxiliary loss, none} for v1 and v5, and the base model."""
    experiment = EXPERIMENTS[PROTOCOLS[protocol].factorial]
    frame = rounds(experiment, found)
    table = [conditions(config) | accuracies(frame, label) for label, config in experiment.rows.items()]
    notes = (PROTOCOLS[protocol].note, MEASURE_NOTE, *shortfall([experiment.name], found))
    name, title = f"factorial-{PROTOCOLS[protocol].experiment}", f"Sharing × auxiliary loss, {protocol}"
    return Table(name, title, pd.DataFrame(table), notes)


class Effect(NamedTuple):
    """A paired difference of two rows of the factorial."""

    factor: str  # "Weight sharing" or "Auxiliary loss"
    variant: str
    condition: str  # what the other factor is held at
    with_it: str  # labels of the rows
    without: str


def _effects(variant: str) -> list[Effect]:
    def label(towers: str, loss: str) -> str:
        return f"{variant} {towers} {loss}"

    sharing, auxiliary = "Weight sharing", "Auxiliary loss"
    return [
        Effect(sharing, variant, "no auxiliary loss", label("shared", "alone"), label("separate", "alone")),
        Effect(sharing, variant, "auxiliary loss", label("shared", "auxiliary"), label("separate", "auxiliary")),
        Effect(auxiliary, variant, "separate towers", label("separate", "auxiliary"), label("separate", "alone")),
        Effect(auxiliary, variant, "shared towers", label("shared", "auxiliary"), label("shared", "alone")),
    ]


EFFECTS = (*_effects("v1"), *_effects("v5"))


def effects(found: Found, protocol: str = CORRECTED) -> Table:
    """What sharing and the auxiliary loss bring: differences of rounds with the same data and init seed."""
    experiment = EXPERIMENTS[PROTOCOLS[protocol].factorial]
    frame = rounds(experiment, found)
    by_round = {
        measure: frame.pivot(index="round", columns="row", values=measure).reindex(columns=list(experiment.rows))
        for measure in ("test_accuracy", "all_pairs_accuracy")
    }
    table = []
    for effect in EFFECTS:
        row: dict[str, Any] = {
            "Factor": effect.factor,
            "Model": VARIANTS[effect.variant].title,
            "With": effect.condition,
        }
        for name, measure in (("1000 pairs", "test_accuracy"), ("all pairs", "all_pairs_accuracy")):
            difference = by_round[measure][effect.with_it] - by_round[measure][effect.without]
            row[f"Difference, {name}"] = Estimate.of(difference)
        table.append(row)
    paired = (
        "Mean ± standard deviation in points of the difference with minus without, over n pairs of rounds that have "
        "the same train and test pairs and the same init seed."
    )
    notes = (PROTOCOLS[protocol].note, paired, *shortfall([experiment.name], found))
    name, title = f"effects-{PROTOCOLS[protocol].experiment}", f"What helps: paired differences, {protocol}"
    return Table(name, title, pd.DataFrame(table), notes)


def grid_cells(variant: str, found: Found) -> pd.DataFrame:
    """The grid search of a variant, a row for each cell.

    It has the mean accuracies, `n`, and whether the cell is `chosen` (by validation accuracy) and `best_on_test`; it is
    empty where nothing has been run. Only the rounds that all its cells have count: a mean of 20 beside single rounds
    would be another measure, and another experiment may have run one cell more often.
    """
    frame, settings = rounds(experiments.grid(variant, GRID_ROUNDS), found), ["learning_rate", "weight_decay"]
    if frame.empty:
        return frame
    count = frame.groupby(settings).ngroups
    shared = frame.groupby("round").filter(lambda of_round: len(of_round) == count)
    measures = {name: (f"{name}_accuracy", "mean") for name in ("validation", "test", "all_pairs")}
    cells = shared.groupby(settings, as_index=False).agg(n=("round", "count"), **measures)
    return cells.assign(
        chosen=cells.index == cells["validation"].idxmax(), best_on_test=cells.index == cells["test"].idxmax()
    )


def grid(found: Found) -> Table:
    """The chosen cell of every variant's grid search, and what choosing on the test pairs would have claimed."""
    table, counts = [], set()
    for name, row in VARIANTS.items():
        cells = grid_cells(name, found)
        counts.update(cells.get("n", ()))
        chosen, flattered = (
            cells[cells[mark]].iloc[0] if len(cells) else pd.Series(dtype=float) for mark in ("chosen", "best_on_test")
        )
        table.append({
            "Model": row.title,
            "Learning rate": chosen.get("learning_rate", np.nan),
            "Regularisation": chosen.get("weight_decay", np.nan),
            "Validation": chosen.get("validation", np.nan),
            "Test": chosen.get("test", np.nan),
            "All pairs": chosen.get("all_pairs", np.nan),
            "Claimed": flattered.get("test", np.nan),
            "Difference, claimed": flattered.get("test", np.nan) - chosen.get("test", np.nan),
            "Claimed model, all pairs": flattered.get("all_pairs", np.nan),
            "Cells": len(cells),
        })  # fmt: skip
    of_each = f" (n = {' or '.join(map(str, sorted(counts)))} of each)" if counts else ""
    searched = (
        f"Each variant with its auxiliary loss over the report's 5 learning rates and 4 regularisations{of_each}. "
        "The cell shown is the one with the highest accuracy on the held-out validation pairs. Claimed: the highest "
        "test accuracy of any cell, which choosing on the test pairs would have reported. Accuracies in percent."
    )
    return Table("grid", "Grid search", pd.DataFrame(table), (PROTOCOLS[CORRECTED].note, searched))


def sweep(name: str, found: Found) -> Table:
    """An experiment of `SWEPT`: a row for each model and value."""
    experiment, (axis, value) = EXPERIMENTS[name], SWEPT[name]
    frame = all_rounds(name, found)
    table = [
        conditions(config) | {axis: value(config)} | accuracies(frame, label)
        for label, config in experiment.rows.items()
    ]
    order = ["Model", "Towers", "Auxiliary loss", axis] if name == "pairs" else ["Model", axis]
    notes = (PROTOCOLS[CORRECTED].note, MEASURE_NOTE, *shortfall([name], found))
    return Table(name, experiment.title, pd.DataFrame(table).sort_values(order, kind="stable"), notes)
