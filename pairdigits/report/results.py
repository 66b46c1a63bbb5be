"""The report's tables from finished rounds, and every other table; accuracies in percent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pairdigits.choices import CORRECTED, PROBE_KINDS, PROTOCOLS, PUBLISHED
from pairdigits.estimates import Estimate
from pairdigits.models import VARIANTS
from pairdigits.report import experiments, repairs, stored_rounds
from pairdigits.report.choosing import choosing_table, optimism
from pairdigits.report.comparisons import dropout, many_pairs, temperature
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.findings import SWEPT, effects, factorial, grid, sweep
from pairdigits.report.rounds import (
    MEASURE_NOTE,
    RECIPE_NOTE,
    Found,
    accuracies,
    rounds,
    shortfall,
)
from pairdigits.report.tables import Table

NOTES = tuple(one.note for one in PROTOCOLS.values())
BOTH = [one.experiment for one in PROTOCOLS.values()]  # experiments that ran the whole report


def best_alone(found: Found) -> str:
    """The row without auxiliary loss that has the highest mean as published; the first before there are rounds."""
    frame = rounds(EXPERIMENTS["as-published"], found)
    means = frame[frame["row"].str.contains(" alone ")].groupby("row")["test_accuracy"].mean()
    return f"{experiments.ALONE[0]} alone {experiments.ALONE_RATES[0]:g}" if means.empty else str(means.idxmax())


def table_one(found: Found) -> Table:
    """Table I: the base model, and the best siamese model without and with auxiliary loss."""
    best = best_alone(found)
    variant, rate = best.split(" alone ")
    frame = _beside_published(
        {
            "Base": ("base", experiments.TABLE_I["base"]),
            f"Siamese ({variant}, learning rate {rate})": (best, experiments.TABLE_I["siamese"]),
            "Siamese with auxiliary loss (v5)": ("v5", experiments.TABLE_I["siamese with auxiliary loss"]),
        },
        found,
    )
    rates = ", ".join(f"{one:g}" for one in experiments.ALONE_RATES)
    chosen = (
        "The report does not say which siamese model, with which learning rate, stands in its second row: this is "
        f"{variant} with {rate}, the best of {', '.join(experiments.ALONE)} with {rates} by its mean as published, for "
        "the report's grid search chose on the test pairs too."
    )
    notes = (*NOTES, MEASURE_NOTE, chosen, *shortfall(BOTH, found))
    return Table("table-1", "Table I: base and siamese models, with and without auxiliary loss", frame, notes)


def table_two(found: Found) -> Table:
    """Table II: every siamese variant with auxiliary loss, in the report's order."""
    rows = {VARIANTS[name].title: (name, value) for name, value in experiments.TABLE_II.items()}
    frame = _beside_published(rows, found)
    notes = (*NOTES, MEASURE_NOTE, *shortfall(BOTH, found))
    return Table("table-2", "Table II: siamese variants with auxiliary loss", frame, notes)


def table_three(found: Found) -> Table:
    """Table III: the standard deviation over rounds of v5 and v6."""
    rows = {VARIANTS[name].title: (name, value) for name, (value, _) in experiments.TABLE_III.items()}
    frame = _beside_published(rows, found)
    frame["Published"] = [Estimate.quoted(mean, std) for mean, std in experiments.TABLE_III.values()]
    notes = (*NOTES, MEASURE_NOTE, *shortfall(BOTH, found))
    return Table("table-3", "Table III: spread over rounds of v5 and v6", frame, notes)


def _beside_published(rows: Mapping[str, tuple[str, float]], found: Found) -> pd.DataFrame:
    """Title -> (label of the row, published figure) as a frame with both protocols."""
    frames = {name: rounds(EXPERIMENTS[one.experiment], found) for name, one in PROTOCOLS.items()}
    table = []
    for title, (label, published) in rows.items():
        row = {"Model": title, "Published": published}
        for protocol, frame in frames.items():
            name = protocol.capitalize()
            tested, everything = accuracies(frame, label).values()
            row |= {name: tested, f"Difference, {protocol}": tested.mean - published, f"{name}, all pairs": everything}
        table.append(row)
    return pd.DataFrame(table)


def beyond(found: Found) -> Table:
    """What goes past the report, beside the best student results."""
    rows = [("Siamese v7, the report's settings", "corrected", "v7")]
    rows += [(f"{row.title}, best recipe", "best", name) for name, row in VARIANTS.items()]
    rows += [("Siamese v4, best recipe, warped at 14x14 only", "strict", "v4")]
    rows += [(f"{VARIANTS[name].title}, best recipe, no digit labels", "unnamed", name) for name in ("v7", "v5")]
    rows += [(f"{VARIANTS['v7'].title}, best recipe, no digit labels, a prior on its outputs", "unnamed-prior", "v7")]
    frames = {name: rounds(EXPERIMENTS[name], found) for name in dict.fromkeys(name for _, name, _ in rows)}
    table = []
    for title, name, label in rows:
        table.append({"Model": title} | accuracies(frames[name], label))
    for title, figures in experiments.STUDENT_RESULTS.items():
        quoted, unknown = Estimate.quoted(*figures), Estimate.quoted(math.nan, math.nan)
        table.append({"Model": f"Best student result, {title}", "1000 pairs": quoted, "All pairs": unknown})
    students = "The student results are quoted; what they counted as a round is not known to us."
    notes = (PROTOCOLS[CORRECTED].note, RECIPE_NOTE, MEASURE_NOTE, students, *shortfall(frames, found))
    return Table("beyond", "Past the report", pd.DataFrame(table), notes)


def wrong_cells(found: Found, protocol: str = CORRECTED) -> Table:
    """Wrong cells of the probe, of 100, by variant and kind."""
    frame = rounds(EXPERIMENTS[PROTOCOLS[protocol].experiment], found)
    table = []
    for name, variant in VARIANTS.items():
        of_label = frame[frame["row"] == name]
        row: dict[str, Any] = {"Model": variant.title}
        for kind in PROBE_KINDS:
            row[kind.capitalize()] = Estimate.of(of_label.get(f"wrong_{kind}", []))
        table.append(row)
    kinds = (
        "Wrong cells of 100, mean ± standard deviation over n rounds. Ideal: signals of strength 10 at the digits' "
        "indices. Typical: the mean of what the tower says of each test digit. Real: the majority verdict over all "
        "ordered pairs of test digits."
    )
    notes = (PROTOCOLS[protocol].note, kinds, *shortfall([PROTOCOLS[protocol].experiment], found))
    name, title = f"wrong-cells-{PROTOCOLS[protocol].experiment}", f"Wrong cells of the probe, {protocol}"
    return Table(name, title, pd.DataFrame(table), notes)


def tables(found: Found | None = None) -> list[Table]:
    """Every table, in the order in which one reads them."""
    found = stored_rounds.read() if found is None else found
    protocols = (CORRECTED, PUBLISHED)
    return [
        table_one(found), table_two(found), table_three(found), dropout(found), beyond(found), repairs.table(found),
        *(make(found, protocol) for make in (factorial, effects) for protocol in protocols),
        choosing_table(found), optimism(found), grid(found), *(sweep(name, found) for name in SWEPT),
        many_pairs(found), temperature(found), *(wrong_cells(found, protocol) for protocol in protocols),
    ]  # fmt: skip
