"""What each table shows, in a sentence made from its own figures; nothing where they are not there yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from pairdigits.estimates import Estimate
from pairdigits.report.tables import Table, rows

LABELLED_OF = 1600  # digits of the 800 pairs that are left when 200 are held out


def conclusion(table: Table) -> str:
    """What a table shows."""
    estimates = [value for column in table.frame for value in table.frame[column] if isinstance(value, Estimate)]
    if estimates and not any(value.known for value in estimates):
        return ""
    for name, conclude in CONCLUSIONS.items():
        if table.name.startswith(name):
            return conclude(table.frame)
    return ""


def clear(difference: Estimate) -> bool:
    """Whether the 95% interval of a difference leaves out 0."""
    return difference.low > 0 or difference.high < 0


def _of(frame: pd.DataFrame, column: str, **where: Any) -> Estimate:
    """One figure of a table, by the cells that its row has."""
    for name, value in where.items():
        frame = frame[frame[name.replace("_", " ")] == value]
    return frame[column].iloc[0]


def _beside_the_report(name: str, frame: pd.DataFrame) -> str:
    gaps = frame["Difference, as published"].astype(float)
    lower = -frame["Difference, corrected"].astype(float)
    text = f"{name}: as published, every mean is within {gaps.abs().max():.1f} points of the report's"
    if lower.notna().all():
        text += f"; corrected, they are {lower.min():.1f} to {lower.max():.1f} points below it"
    return text + "."


def _table_three(frame: pd.DataFrame) -> str:
    return (
        "Table III: as published, the standard deviation over rounds is "
        + " and ".join(
            f"{row['As published'].std:.1f} points for {row['Model'][-2:]} (the report: {row['Published'].std:.1f})"
            for row in rows(frame)
        )
        + "."
    )


def _effects(frame: pd.DataFrame) -> str:
    differences = frame["Difference, 1000 pairs"]
    count = sum(clear(difference) for difference in differences)
    return f"{count} of the {len(differences)} differences on 1000 pairs are clear: their 95% interval leaves out 0."


def _factorial(frame: pd.DataFrame) -> str:
    parts = []
    for model in ("Siamese v1", "Siamese v5"):
        neither = _of(frame, "1000 pairs", Model=model, Towers="separate", Auxiliary_loss="no")
        both = _of(frame, "1000 pairs", Model=model, Towers="shared", Auxiliary_loss="yes")
        parts.append(f"{model[-2:]} from {neither.mean:.1f} to {both.mean:.1f}%")
    return f"Shared towers and the auxiliary loss together take {' and '.join(parts)} of 1000 pairs."


def _grid(frame: pd.DataFrame) -> str:
    flattery = frame["Difference, claimed"].dropna()
    if flattery.empty:
        return ""
    return (
        f"For {(flattery > 0).sum()} of {len(flattery)} models the test pairs would have chosen another cell than the "
        f"validation pairs did, and claimed up to {flattery.max():.1f} points more."
    )


def _dropout(frame: pd.DataFrame) -> str:
    lifts = [one for one in frame["Difference, dropout in every epoch"] if one.known]
    if not lifts:
        return ""
    gap = frame["Difference, as published"].astype(float).mean()
    lift = sum(one.mean for one in lifts) / len(lifts)
    counts = sorted({one.n for one in lifts if one.n})
    return (
        f"On average over the models our means as published are {_beside(gap)} the report's; dropout in every epoch "
        f"adds {lift:+.1f} points (paired rounds, n = {' or '.join(map(str, counts))}), and would put them "
        f"{_beside(gap + lift)} it."
    )


def _beside(points: float) -> str:
    return f"{abs(points):.1f} points {'above' if points > 0 else 'below'}"


def _choosing(frame: pd.DataFrame) -> str:
    honest, flattery = (
        sum(one.mean for one in frame[name] if one.known) / max(sum(one.known for one in frame[name]), 1)
        for name in ("Difference, honest", "Difference, flattery")
    )
    return (
        f"On average over the models an epoch chosen on held-out pairs is worth {honest:+.1f} points over the last "
        f"one; the highest epoch on the test pairs claims {flattery:+.1f} points beyond what its models reach on all "
        "pairs."
    )


def _optimism(frame: pd.DataFrame) -> str:
    gains = [one.mean for one in frame["Difference, highest and last"] if one.known]
    return f"The highest epoch claims {min(gains):.1f} to {max(gains):.1f} points more than the last one."


def _beyond(frame: pd.DataFrame) -> str:
    recipe = frame[frame["Model"].str.endswith(", best recipe")]
    best = max((row for _, row in recipe.iterrows()), key=lambda row: row["All pairs"].mean)
    students = max(row["1000 pairs"].mean for _, row in frame[frame["Model"].str.contains("student")].iterrows())
    return (
        f"{best['Model']}, compares {best['All pairs'].written()} of all pairs rightly and "
        f"{best['1000 pairs'].written()} of 1000; the best student result that we know of is {students:.2f}."
    )


def _repairs(frame: pd.DataFrame) -> str:
    gap = _of(frame, "Difference, to the prior", Mended_by="re-spacing")
    added = [(row["Mended by"], row["Difference, self-trained"]) for row in rows(frame)]
    if not gap.known or not all(one.known for _, one in added):
        return ""
    on_top = ", ".join(f"by {name} {one.written(signed=True)} ({_clearly(one)})" for name, one in added)
    return (
        f"Re-spacing minus the prior, on all pairs: {gap.written(signed=True)} points ({_clearly(gap)}). Self-training "
        f"on top adds, to v7 mended {on_top}."
    )


def _clearly(difference: Estimate) -> str:
    return "clear" if clear(difference) else "not clear"


def _pairs(frame: pd.DataFrame) -> str:
    few, many = (frame[frame["Training pairs"] == count] for count in (frame["Training pairs"].min(), 10_000))
    base = _of(many, "1000 pairs", Model="Base")
    own = _of(few, "1000 pairs", Model="Siamese v7")
    return (
        f"With {few['Training pairs'].iloc[0]} pairs v7 reaches {own.written()}, on average about as much as base with "
        f"10,000: {base.written()}."
    )


def _many_pairs(frame: pd.DataFrame) -> str:
    known = [row for row in rows(frame) if row["Difference, all pairs"].known]
    parts = []
    for row in known:
        gain = row["Difference, all pairs"]
        parts.append(f"{gain.written(signed=True)} points with {row['Training pairs']:,} pairs ({_clearly(gain)})")
    text = f"On all pairs the auxiliary loss brings v1 {' and '.join(parts)}"
    if known[-1]["Difference, all pairs"].high < 0:
        text += ": with enough pairs the labels stop helping a head that cannot use them"
    return text + "."


def _labels(frame: pd.DataFrame) -> str:
    share = min(value for value in frame["Labelled share"] if value)
    parts = []
    for model, of_model in frame.groupby("Model", sort=False):
        cells: dict[float, Estimate] = dict(zip(of_model["Labelled share"], of_model["All pairs"], strict=True))
        none, few, all_of_them = (cells[value] for value in (0.0, share, 1.0))
        if none.known and few.known:
            parts.append(f"{str(model)[-2:]} from {none.mean:.1f} to {few.mean:.1f}% (all: {all_of_them.mean:.1f})")
    count = round(share * LABELLED_OF)
    return f"Of {LABELLED_OF:,} digits, {count} labels take {', '.join(parts)} of all pairs." if parts else ""


def _temperature(frame: pd.DataFrame) -> str:
    parts = [
        f"{setting} {learned.mean:+.2f} of the {gap.mean:.2f} points to v4 (n = {learned.n})"
        for setting, learned, gap in zip(
            frame["Setting"], frame["Difference, learned"], frame["Difference, v4"], strict=True
        )
        if learned.known
    ]
    return f"A learned temperature brings v5, {', '.join(parts)}."


def _weights(frame: pd.DataFrame) -> str:
    parts = []
    for model, of_model in frame.groupby("Model", sort=False):
        cells: dict[float, Estimate] = dict(zip(of_model["Auxiliary weight"], of_model["1000 pairs"], strict=True))
        without, usual = cells[0.0].mean, cells[1.0].mean
        parts.append(f"{str(model)[-2:]} from {without:.1f} to {usual:.1f}%")
    return (
        f"At one learning rate, {frame['Learning rate'].iloc[0]:g}, the auxiliary loss with the report's weight of 1 "
        f"takes {' and '.join(parts)} (n = {frame['1000 pairs'].iloc[0].n})."
    )


def _wrong_cells(frame: pd.DataFrame) -> str:
    ideal, typical = (_of(frame, kind, Model="Siamese v1") for kind in ("Ideal", "Typical"))
    mended = _of(frame, "Ideal", Model="Siamese v5")
    return (
        f"Ideal signals find {ideal.mean:.1f} of v1's 100 cells wrong and {mended.mean:.1f} of v5's; what v1's own "
        f"tower says of the digits finds only {typical.mean:.1f}."
    )


CONCLUSIONS: dict[str, Callable[[pd.DataFrame], str]] = {
    "table-1": partial(_beside_the_report, "Table I"),
    "table-2": partial(_beside_the_report, "Table II"),
    "table-3": _table_three,
    "effects": _effects,
    "factorial": _factorial,
    "dropout": _dropout,
    "choosing": _choosing,
    "optimism": _optimism,
    "grid": _grid,
    "beyond": _beyond,
    "repairs": _repairs,
    "pairs": _pairs,
    "many-pairs": _many_pairs,
    "labels": _labels,
    "temperature": _temperature,
    "weights": _weights,
    "wrong-cells": _wrong_cells,
}
