"""How accuracy moves with one setting, and what it is worth round by round: labels, pairs, a learned temperature."""

from __future__ import annotations

import pandas as pd

from pairdigits.config import CORRECTED
from pairdigits.models import VARIANTS
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.rounds import MEASURE_NOTE, PROTOCOL_NOTES, RECIPE_NOTE, Found, accuracies, rounds, shortfall
from pairdigits.report.tables import PERCENT, Estimate, Table

AXES = {  # experiments whose rows are named "<model> <value>", and what the value is
    "pairs": "Training pairs",
    "weights": "Auxiliary weight",
    "labels": "Labelled share",
    "wrong-labels": "Share of wrong labels",
    "auxiliary-until": "Last epoch with it",
    "one-side": "Labelled side",
}
PAIRED_NOTE = "Differences are in points, of rounds with the same train and test pairs and the same init seed."
# For each setting: experiments that hold "v5" at temperature 1 and "v4", and "v5" with a learned one.
TEMPERATURES = {
    "as published": ("as-published", "temperature-as-published"),
    "corrected": ("corrected", "temperature-corrected"),
    "best recipe": ("best", "temperature-best"),
}


def sweep(name: str, found: Found) -> Table:
    """An experiment of `AXES`: a row for each model and value."""
    experiment = EXPERIMENTS[name]
    frame, axis = rounds(experiment, found), AXES[name]
    table = []
    for label in experiment.rows:
        model, _, value = label.rpartition(" ")
        table.append({"Model": model, axis: value if name == "one-side" else float(value)} | accuracies(frame, label))
    note = " ".join([PROTOCOL_NOTES[CORRECTED], MEASURE_NOTE, *shortfall([name], found)])
    return Table(name, experiment.title, pd.DataFrame(table).sort_values(["Model", axis], kind="stable"), note)


def difference(with_it: pd.DataFrame, without: pd.DataFrame, measure: str = "all_pairs_accuracy") -> Estimate:
    """Points that one row's rounds (as `rounds` has them) have more than another's, by rounds of both."""
    one, other = (frame.set_index("round")[measure] for frame in (with_it, without))
    return Estimate.of(one - other)


def many_pairs(found: Found) -> Table:
    """v1 with its auxiliary loss against v1 without, given 3,000 and 10,000 training pairs."""
    experiment = EXPERIMENTS["many-pairs"]
    frame, table = rounds(experiment, found), []
    for count in sorted({config.train_pairs for config in experiment.rows.values()}):
        with_it, without = (frame[frame["row"] == f"v1 shared{loss} {count}"] for loss in (" auxiliary", ""))
        row: dict[str, float] = {"Training pairs": count}
        for name, measure in (("1000 pairs", "test_accuracy"), ("all pairs", "all_pairs_accuracy")):
            row |= Estimate.of(with_it[measure], PERCENT).columns(f"With, {name}")
            row |= Estimate.of(without[measure], PERCENT).columns(f"Without, {name}")
            row |= difference(with_it, without, measure).columns(f"Difference, {name}")
        table.append(row)
    note = " ".join([
        PROTOCOL_NOTES[CORRECTED].replace("200 of the 1000", "a fifth of the"), MEASURE_NOTE, PAIRED_NOTE,
        "Learning rate 0.01 with the auxiliary loss and 0.001 without, as the report's.",
        *shortfall(["many-pairs"], found),
    ])  # fmt: skip
    return Table("many-pairs", experiment.title, pd.DataFrame(table), note)


def temperature(found: Found) -> Table:
    """v5 whose softmax learns its temperature, between plain v5 and v4, which is certain of what it reads."""
    table = []
    for setting, (plain, learned) in TEMPERATURES.items():
        known, new = (rounds(EXPERIMENTS[name], found) for name in (plain, learned))
        fixed, free, certain = (
            frame[frame["row"] == label] for frame, label in ((known, "v5"), (new, "v5"), (known, "v4"))
        )
        row: dict[str, str | float] = {"Setting": setting}
        for title, frame in (
            (VARIANTS["v5"].title, fixed), ("with a learned temperature", free), (VARIANTS["v4"].title, certain)
        ):  # fmt: skip
            row |= Estimate.of(frame["all_pairs_accuracy"], PERCENT).columns(title)
        row |= difference(free, fixed).columns("Difference, learned and 1")
        table.append(row | difference(certain, free).columns("Difference, v4 and learned"))
    note = " ".join([
        *PROTOCOL_NOTES.values(), RECIPE_NOTE,
        "Mean ± standard deviation in percent over n rounds, on all ordered pairs of MNIST's 10,000 test digits.",
        PAIRED_NOTE, *shortfall([name for _, name in TEMPERATURES.values()], found),
    ])  # fmt: skip
    return Table("temperature", "v5 with a learned temperature", pd.DataFrame(table), note)
