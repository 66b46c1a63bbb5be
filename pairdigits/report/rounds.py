"""The finished rounds of experiments as frames; accuracies in percent."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pairdigits.cells import as_array
from pairdigits.config import RunConfig
from pairdigits.estimates import PERCENT, Estimate
from pairdigits.models import VARIANTS
from pairdigits.report import stored_rounds
from pairdigits.report.experiments import EXPERIMENTS, Experiment
from pairdigits.report.stored_rounds import Round

Found = Mapping[str, Round]  # finished rounds by their keys, as `stored_rounds.read` gives them

RECIPE_NOTE = (
    "Best recipe: the last epoch counts, and nothing is chosen on the test pairs. The 2000 training digits are paired "
    "anew in every one of 160 epochs, so models that are told no digit learn from 160,000 comparisons of them."
)
MEASURE_NOTE = (
    "Mean ± standard deviation in percent over n rounds, each with its own 1000 train and 1000 test pairs and its own "
    "initial weights. All pairs: the same models on all ordered pairs of MNIST's 10,000 test digits (base: 20,000 "
    "pairs drawn from them)."
)
FURTHER = {"pairs": ("many-pairs",)}  # experiments in which rows of another one, under the same labels, had more rounds


def rounds(experiment: Experiment, found: Found | None = None) -> pd.DataFrame:
    """What every finished round of an experiment came to.

    Returns
    -------
    DataFrame
        `row` (its label), `round`, the fields of its `RunConfig`, those of its `Outcome` with accuracies in percent,
        and the wrong cells by kind of probe as `wrong_ideal` and so on. Rounds that have not been run are left out.
    """
    found = stored_rounds.read() if found is None else found
    rows = [
        {"row": label, "round": number} | config.to_dict() | _outcome(found[key])
        for label, number, config, key in _keyed(experiment)
        if key in found
    ]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["row", "round", "test_accuracy", "all_pairs_accuracy"])


def all_rounds(name: str, found: Found | None = None) -> pd.DataFrame:
    """The rounds of an experiment as `rounds` has them, with those that its rows have had in another one."""
    frames = [rounds(EXPERIMENTS[one], found) for one in (name, *FURTHER.get(name, ()))]
    frame = pd.concat(frames).drop_duplicates(["row", "round"])
    return frame[frame["row"].isin(EXPERIMENTS[name].rows)]


def _outcome(finished: Round) -> dict[str, Any]:
    fields = finished.outcome.to_dict()
    cells = fields.pop("wrong_cells") or {}
    percent = {
        name: None if value is None else 100 * value for name, value in fields.items() if name.endswith("accuracy")
    }
    return fields | percent | {f"wrong_{kind}": count for kind, count in cells.items()}


def accuracies(frame: pd.DataFrame, label: str) -> dict[str, Estimate]:
    """The cells of a row of `rounds` in a table: its accuracy on 1000 pairs and on all pairs."""
    of_label = frame[frame["row"] == label]
    measures = {"1000 pairs": "test_accuracy", "All pairs": "all_pairs_accuracy"}
    return {name: Estimate.of(of_label[measure], PERCENT) for name, measure in measures.items()}


def conditions(config: RunConfig) -> dict[str, str | float]:
    """The cells that tell a row of a table from others: a figure without them would be two figures under one name."""
    siamese = VARIANTS[config.variant].siamese
    return {
        "Model": VARIANTS[config.variant].title,
        "Towers": ("shared" if config.shared else "separate") if siamese else "one for both",
        "Auxiliary loss": "yes" if siamese and config.auxiliary_weight else "no",
        "Learning rate": config.learning_rate,
    }


def curves(experiment: Experiment, label: str, found: Found) -> list[pd.DataFrame]:
    """The scores of each round of a row by epoch, as `EpochRecord.flat` names them (accuracies 0..1)."""
    tables = (pd.DataFrame(one.curves) for one in finished(experiment, label, found) if one.curves)
    return [table.assign(epoch=range(1, len(table) + 1)) for table in tables]


def probes(experiment: Experiment, label: str, found: Found) -> list[np.ndarray]:
    """The probe of each round of a row: (10, 10) P(first <= second), NaN where unknown."""
    return [as_array(one.probe) for one in finished(experiment, label, found)]


def finished(experiment: Experiment, label: str, found: Found) -> list[Round]:
    """The finished rounds of a row, in their order."""
    return [found[key] for name, _, _, key in _keyed(experiment) if name == label and key in found]


def progress(experiment: Experiment, found: Found) -> tuple[int, int]:
    """How many runs of an experiment have finished, and how many it has."""
    keys = [key for *_, key in _keyed(experiment)]
    return sum(key in found for key in keys), len(keys)


def _keyed(experiment: Experiment) -> list[tuple[str, int, RunConfig, str]]:
    """The experiment's runs with their keys; making hundreds of them takes long enough to be worth keeping."""
    return _keyed_rows(tuple(experiment.rows.items()), experiment.rounds)


@functools.lru_cache(maxsize=64)
def _keyed_rows(rows: tuple[tuple[str, RunConfig], ...], count: int) -> list[tuple[str, int, RunConfig, str]]:
    configs = Experiment("", "", dict(rows), count).configs()
    return [(label, number, config, config.key) for label, number, config in configs]


def shortfall(names: Iterable[str], found: Found) -> list[str]:
    """A sentence for each experiment that is not complete."""
    counts = {name: progress(EXPERIMENTS[name], found) for name in names}
    return [
        f"Of the {total} runs of “{name}” {done or 'none'} {'has' if done == 1 else 'have'} finished so far."
        for name, (done, total) in counts.items()
        if done < total
    ]
