"""The sections of the Results page that are made of tables, each with the plot that says it at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts import intervals
from dashboard.components.live_chart import live_chart
from dashboard.results import table_view
from dashboard.shared import committed_rounds
from dashboard.shared.sections import shows
from pairdigits.choices import PROTOCOLS
from pairdigits.estimates import Estimate
from pairdigits.report.conclusions import clear
from pairdigits.report.tables import Table, rows

NOTHING_YET = (
    "None of these runs has been made yet. `python -m pairdigits report` makes them; “Run it again” makes some here."
)


def report_tables() -> None:
    """Tables I, II and III."""
    beside_published(committed_rounds.tables()["table-2"])
    table_view.show("table-1", "table-2", "table-3", "dropout")
    table_view.conclude("table-1", "table-2", "table-3", "dropout")


def beside_published(table: Table) -> None:
    """Table II as dots beside the report's strokes."""
    frame = table.frame
    series = {name: frame[name].tolist() for name in ("As published", "Corrected") if _any(frame[name])}
    if series:
        published = frame["Published"].tolist()
        figure = intervals.dots(frame["Model"].tolist(), series, "Accuracy on 1000 pairs (%)", published=published)
        live_chart(figure, key="results.table-2", filename="table-2")
        st.caption(
            "Table II at a glance: the report's settings with the auxiliary loss, each round's own 1000 test pairs. "
            f"Bars: 95% intervals of the mean over {_rounds(*series.values())}. Strokes: the report's figures."
        )


def what_helps() -> None:
    """The factorial and its paired differences."""
    protocol = protocol_switch("helps")
    tables, slug = committed_rounds.tables(), protocol.replace(" ", "-")
    frame = tables[f"effects-{slug}"].frame
    st.write("Is it weight sharing or the auxiliary loss? Rounds with the same pairs and the same initial seed answer.")
    if not _any(frame["Difference, 1000 pairs"]):
        st.info(NOTHING_YET)
    else:
        labels = [f"{row['Factor']}, {row['Model'][-2:]} with {row['With']}" for row in rows(frame)]
        series = {name: frame[f"Difference, {name}"].tolist() for name in ("1000 pairs", "all pairs")}
        live_chart(
            intervals.dots(labels, series, "Points gained", zero=True),
            key="results.effects",
            revision=protocol,
            filename=f"effects-{slug}",
        )
    factorial = tables[f"factorial-{slug}"].frame
    if _any(factorial["1000 pairs"]):
        labels = [_condition(row) for row in rows(factorial)]
        series = {name: factorial[name].tolist() for name in ("1000 pairs", "All pairs")}
        live_chart(
            intervals.dots(labels, series, "Accuracy (%)"),
            key="results.factorial",
            revision=protocol,
            filename=f"factorial-{slug}",
        )
        st.caption(
            f"Above: mean differences of paired rounds. Here: the means themselves. The report's settings, {protocol}; "
            f"bars: 95% intervals of the mean over {_rounds(*series.values())}."
        )
    table_view.show(f"effects-{slug}", f"factorial-{slug}")
    shows("\n\n" + answer(frame))


def _condition(row: dict[str, Any]) -> str:
    added = "with" if row["Auxiliary loss"] == "yes" else "no"
    return row["Model"] if row["Model"] == "Base" else f"{row['Model']}, {row['Towers']}, {added} auxiliary"


def answer(effects: pd.DataFrame) -> str:
    """The question answered in a sentence for each model, from the paired differences over 1000 pairs."""
    sentences = []
    for model, of_model in effects.groupby("Model"):
        parts = []
        for factor, of_factor in of_model.groupby("Factor", sort=False):
            gains = [
                f"{gain.mean:+.1f} points with {condition} ({'clear' if clear(gain) else 'not clear'}, n = {gain.n})"
                for condition, gain in zip(of_factor["With"], of_factor["Difference, 1000 pairs"], strict=True)
                if gain.n > 1
            ]
            if gains:
                parts.append(f"**{str(factor).lower()}** brings {' and '.join(gains)}")
        if parts:
            sentences.append(f"- {model}: {'; '.join(parts)}.")
    if not sentences:
        return "There are no rounds yet to answer it."
    return "\n".join(sentences) + "\n\nClear: the 95% interval of the paired difference leaves out 0."


def how_good() -> None:
    """Ours and the best student results on one axis."""
    frame = committed_rounds.tables()["beyond"].frame
    frame = frame[[one.known for one in frame["1000 pairs"]]]
    frame = frame.iloc[sorted(range(len(frame)), key=lambda row: -frame["1000 pairs"].iloc[row].mean)]
    series = {name: frame[name].tolist() for name in ("1000 pairs", "All pairs")}
    st.write(
        "Everything here was trained on the digits of 1000 pairs. The best student results for this task that we "
        "know of stand among ours."
    )
    if any(one.n for one in frame["1000 pairs"]):  # the students' figures are quoted, so they are always there
        names = frame["Model"].str.removeprefix("Siamese ").tolist()
        figure = intervals.dots(names, series, "Accuracy (%)", spread="std")
        live_chart(figure, key="results.good", filename="how-good-is-good")
        st.caption(
            "Bars: one standard deviation over rounds on each side, which is what the students' results give too; "
            f"ours are means over {_rounds(*series.values())}, which the table says for each."
        )
    else:
        st.info(NOTHING_YET)
    table_view.show("beyond", "repairs")
    table_view.conclude("beyond", "repairs")


def sweeps() -> None:
    """Accuracy against the number of training pairs and against the auxiliary weight."""
    for name, axis, logarithmic in (("pairs", "Training pairs", True), ("weights", "Auxiliary weight", False)):
        frame = committed_rounds.tables()[name].frame
        lines: dict[str, dict[float, Estimate]] = {}
        for row in rows(frame):
            model = row["Model"] if name == "weights" else _condition(row)
            lines.setdefault(model, {})[row[axis]] = row["1000 pairs"]
        if _any(frame["1000 pairs"]):
            figure = intervals.sweep(lines, axis, "Accuracy on 1000 pairs (%)", logarithmic)
            live_chart(figure, key=f"results.{name}", filename=name)
            known = _rounds(*(list(points.values()) for points in lines.values()))
            st.caption(
                "The report's settings, corrected, each round's own 1000 test pairs; bands: 95% intervals of the mean "
                f"over {known} (of a point on hover)."
            )
        else:
            st.info(NOTHING_YET)
    table_view.show("pairs", "many-pairs", "weights")
    table_view.conclude("pairs", "many-pairs", "weights")


def flattery() -> None:
    """What choosing the epoch adds: an honest gain, and luck with the test pairs."""
    table = committed_rounds.tables()["choosing"]
    steps = ("Last epoch", "Chosen on validation", "Highest", "Highest, all pairs")
    names = (
        "last epoch",
        "chosen on validation",
        "claimed: highest on the test pairs",
        "true: that model on all pairs",
    )
    st.write(
        "Whoever looks at the test pairs after every epoch and keeps the best one reports two things at once: a better "
        "model, and luck with these pairs. The same runs tell them apart: an epoch chosen on held-out pairs is the "
        "honest part, and all pairs of test digits show what the claimed model is worth."
    )
    if _any(table.frame["Highest"]):
        series = {name: table.frame[step].tolist() for name, step in zip(names, steps, strict=True)}
        live_chart(
            intervals.dots(table.frame["Model"].tolist(), series, "Accuracy (%)"),
            key="results.choosing",
            filename="choosing",
        )
        st.caption(
            "The report's settings with the auxiliary loss, dropout as published; bars: 95% intervals of the mean over "
            f"{_rounds(*series.values())}."
        )
    else:
        st.info(NOTHING_YET)
    table_view.show("choosing", "optimism")
    table_view.conclude("choosing", "optimism")


def protocol_switch(section: str, first: str = "corrected") -> str:
    """Choose a protocol."""
    return st.segmented_control(
        "Protocol", list(PROTOCOLS)[::-1], format_func=str.capitalize, default=first, required=True,
        key=f"results.protocol.{section}",
        help=" ".join(f"{one.title}: {one.about}." for one in PROTOCOLS.values()),
    )  # fmt: skip


def _rounds(*series: Sequence[Estimate]) -> str:
    """Over how many rounds the means of a figure are."""
    numbers = sorted({one.n for estimates in series for one in estimates if one.n})
    return f"n = {' to '.join(str(number) for number in dict.fromkeys((numbers[0], numbers[-1])))} rounds"


def _any(estimates: pd.Series) -> bool:
    return any(one.known for one in estimates)
