"""One setting against another, round by round: v1's auxiliary loss given many pairs, dropout, v5's temperature."""

from __future__ import annotations

import pandas as pd

from pairdigits.choices import CORRECTED, PROTOCOLS, PUBLISHED
from pairdigits.estimates import PERCENT, Estimate
from pairdigits.models import VARIANTS
from pairdigits.report.experiments import EXPERIMENTS, TABLE_I, TABLE_II
from pairdigits.report.rounds import RECIPE_NOTE, Found, curves, rounds, shortfall
from pairdigits.report.tables import Table

PAIRED_NOTE = "Differences are those of rounds that have the same train and test pairs and the same init seed."
# For each setting: the experiment that holds "v5" at temperature 1 and "v4", and the one with a learned temperature.
TEMPERATURES = {
    "as published": ("as-published", "temperature-as-published"),
    "corrected": ("corrected", "temperature-corrected"),
    "best recipe": ("best", "temperature-best"),
}


def difference(with_it: pd.DataFrame, without: pd.DataFrame, measure: str = "all_pairs_accuracy") -> Estimate:
    """Points that one row's rounds (as `rounds` has them) have more than another's, over rounds that both have."""
    one, other = (frame.set_index("round")[measure] for frame in (with_it, without))
    return Estimate.of(one - other)


def many_pairs(found: Found) -> Table:
    """v1 with its auxiliary loss against v1 without, given 3,000 and 10,000 training pairs."""
    experiment = EXPERIMENTS["many-pairs"]
    frame, table = rounds(experiment, found), []
    for count in sorted({config.train_pairs for config in experiment.rows.values()}):
        with_it, without = (frame[frame["row"] == f"v1 shared{loss} {count}"] for loss in (" auxiliary", ""))
        row: dict[str, str | float | Estimate] = {"Model": VARIANTS["v1"].title, "Training pairs": count}
        for name, measure in (("1000 pairs", "test_accuracy"), ("all pairs", "all_pairs_accuracy")):
            row |= {
                f"With auxiliary loss, {name}": Estimate.of(with_it[measure], PERCENT),
                f"Without, {name}": Estimate.of(without[measure], PERCENT),
                f"Difference, {name}": difference(with_it, without, measure),
            }
        table.append(row)
    held_out = PROTOCOLS[CORRECTED].note.replace("200 of the 1000 training pairs", "a fifth of the training pairs")
    rates = "Learning rate 0.01 with the auxiliary loss and 0.001 without it, as the report's."
    notes = (held_out, rates, PAIRED_NOTE, *shortfall(["many-pairs"], found))
    return Table("many-pairs", experiment.title, pd.DataFrame(table), notes)


def dropout(found: Found) -> Table:
    """What dropout in every epoch does to the highest test accuracies: what "as published" is told by."""
    frame, always, table = rounds(EXPERIMENTS["as-published"], found), EXPERIMENTS["dropout"], []
    for label, published in (("base", TABLE_I["base"]), *TABLE_II.items()):
        first = frame[frame["row"] == label].set_index("round")["test_accuracy"]
        every = pd.Series([100 * scores["test_accuracy"].max() for scores in curves(always, label, found)], dtype=float)
        kept = Estimate.of(first, PERCENT)
        table.append({
            "Model": VARIANTS[label].title, "Published": published, "As published": kept,
            "Difference, as published": kept.mean - published,
            "Difference, dropout in every epoch": Estimate.of(every - first.reindex(every.index)),
        })  # fmt: skip
    every_epoch = "Dropout in every epoch: what it adds to the highest test accuracy of any epoch."
    notes = (PROTOCOLS[PUBLISHED].note, every_epoch, PAIRED_NOTE, *shortfall(["dropout"], found))
    return Table("dropout", "As published, and what dropout in every epoch adds", pd.DataFrame(table), notes)


def temperature(found: Found) -> Table:
    """v5 whose softmax learns its temperature, between plain v5 and v4, which is certain of what it reads."""
    table = []
    for setting, (plain, learned) in TEMPERATURES.items():
        known, new = (rounds(EXPERIMENTS[name], found) for name in (plain, learned))
        fixed, free, certain = (
            frame[frame["row"] == label] for frame, label in ((known, "v5"), (new, "v5"), (known, "v4"))
        )
        table.append(
            {"Model": VARIANTS["v5"].title, "Setting": setting}
            | {
                name: Estimate.of(frame["all_pairs_accuracy"], PERCENT)
                for name, frame in (("Temperature 1", fixed), ("Learned", free), ("Argmax, v4", certain))
            }
            | {"Difference, learned": difference(free, fixed), "Difference, v4": difference(certain, fixed)}
        )
    measured = "Mean ± standard deviation in percent over n rounds, on all ordered pairs of MNIST's 10,000 test digits."
    learned = [name for _, name in TEMPERATURES.values()]
    notes = (*(one.note for one in PROTOCOLS.values()), RECIPE_NOTE, measured, PAIRED_NOTE, *shortfall(learned, found))
    return Table("temperature", "How certain the softmax is: v5 with a learned temperature", pd.DataFrame(table), notes)
