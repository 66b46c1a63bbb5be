"""The sections of the Results page that are made of tables, each with the plot that says it at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from dashboard.components.live_chart import live_chart
from dashboard.results import charts as charts
from dashboard.results import rerun, table_view
from dashboard.results.charts import Dot
from dashboard.shared import committed_rounds

if TYPE_CHECKING:
    from pairdigits.report.tables import Table

PROTOCOLS = {"corrected": "Corrected", "as published": "As published"}
NOTHING_YET = (
    "None of these runs has been made yet. `python -m pairdigits report` makes them; “Run it again” makes some here."
)


def report_tables() -> None:
    """Tables I, II and III, and what their protocol adds."""
    tables = committed_rounds.tables()
    for name in ("table-1", "table-2", "table-3"):
        table_view.show(tables[name])
        if name == "table-2":
            beside_published(tables[name])
    table_view.show(tables["optimism"])


def beside_published(table: Table) -> None:
    """Table II as dots beside the report's strokes."""
    frame = table.frame
    series = {name: _dots(frame, name) for name in ("As published", "Corrected") if frame[f"{name} n"].any()}
    if series:
        published = frame["Published"].tolist()
        figure = charts.dots(frame["Model"].tolist(), series, "Accuracy on 1000 pairs (%)", published=published)
        live_chart(figure, key="results.table-2", filename="table-2")
        st.caption("Bars: 95% intervals of the mean. Strokes: the report's figures.")


def what_helps() -> None:
    """The factorial and its paired differences."""
    protocol = protocol_switch("helps")
    tables, slug = committed_rounds.tables(), protocol.replace(" ", "-")
    effects = tables[f"effects-{slug}"]
    st.subheader("Is it weight sharing or the auxiliary loss?", anchor=False)
    st.markdown(answer(effects.frame))
    frame = effects.frame
    labels = [f"{row.Factor}, {row.Model[-2:]} with {row.With}" for row in frame.itertuples()]
    series = {name: _dots(frame, f"Difference, {name}") for name in ("1000 pairs", "all pairs")}
    if frame["Difference, 1000 pairs n"].any():
        live_chart(
            charts.dots(labels, series, "Points gained", zero=True),
            key="results.effects",
            revision=protocol,
            filename=f"effects-{slug}",
        )
        st.caption("Mean differences of rounds with the same pairs and the same init seed; bars: their 95% intervals.")
    else:
        st.info(NOTHING_YET)
    table_view.show(effects)
    factorial = tables[f"factorial-{slug}"]
    frame = factorial.frame
    if frame["1000 pairs n"].any():
        labels = [_condition(*row) for row in frame[["Model", "Towers", "Auxiliary loss"]].values]
        series = {name: _dots(frame, name) for name in ("1000 pairs", "All pairs")}
        live_chart(
            charts.dots(labels, series, "Accuracy (%)"),
            key="results.factorial",
            revision=protocol,
            filename=f"factorial-{slug}",
        )
        st.caption("Bars: 95% intervals of the mean.")
    table_view.show(factorial)


def _condition(model: str, towers: str, auxiliary: str) -> str:
    return model if model == "Base" else f"{model}, {towers}, {'with' if auxiliary == 'yes' else 'no'} auxiliary"


def answer(effects: pd.DataFrame) -> str:
    """The question answered in a sentence a model, from the paired differences over 1000 pairs."""
    sentences = []
    for model, rows in effects.groupby("Model"):
        parts = []
        for factor, of_factor in rows.groupby("Factor", sort=False):
            known = of_factor[of_factor["Difference, 1000 pairs n"] > 1]
            gains = [
                f"{row['Difference, 1000 pairs']:+.1f} points with {row['With']} "
                f"({'clear' if _clear(row) else 'not clear'}, n = {row['Difference, 1000 pairs n']})"
                for _, row in known.iterrows()
            ]
            if gains:
                parts.append(f"**{factor.lower()}** brings {' and '.join(gains)}")
        if parts:
            sentences.append(f"- {model}: {'; '.join(parts)}.")
    if not sentences:
        return "There are no rounds yet to answer it."
    return "\n".join(sentences) + "\n\nClear: the 95% interval of the paired difference leaves out 0."


def _clear(row: pd.Series) -> bool:
    low, high = row["Difference, 1000 pairs low"], row["Difference, 1000 pairs high"]
    return low > 0 or high < 0


def grid_search() -> None:
    """A heatmap of each variant, and what was chosen."""
    from pairdigits.models import VARIANTS
    from pairdigits.report.findings import grid_cells

    measures = {"validation": "Validation accuracy", "test": "Test accuracy", "all_pairs": "Accuracy on all pairs"}
    measure = st.segmented_control(
        "Cells show", list(measures), format_func=measures.get, default="validation", required=True,
        key="results.measure",
        help="The star is chosen on the validation pairs alone; the ring is what the test pairs would have chosen.",
    )  # fmt: skip
    st.caption(
        "The report's grid: 5 learning rates by 4 regularisations (Adam's weight decay), 40 epochs, corrected. "
        "The report chose on what it then reported; the star does not."
    )
    found, columns, missing = committed_rounds.rounds(), st.columns(2), []
    for name, variant in VARIANTS.items():
        cells = grid_cells(name, found)
        if cells.empty:
            missing.append(variant.title)
            continue
        with columns[(list(VARIANTS).index(name) - len(missing)) % 2]:
            live_chart(
                charts.grid_heatmap(cells, measure, f"{variant.title}: {measures[measure].lower()} (%)"),
                key=f"results.grid.{name}",
                filename=f"grid-{name}-{measure}",
            )
            st.caption(claim(cells))
    if missing:
        st.info(f"Not run yet: {', '.join(missing)}. `python -m pairdigits grid` runs them.")
    table_view.show(committed_rounds.tables()["grid"])


def claim(cells: pd.DataFrame) -> str:
    """What was chosen, and what choosing on test data would have claimed, in words."""
    chosen, best = (cells[cells[mark]].iloc[0] for mark in ("chosen", "best_on_test"))
    return (
        f"Chosen: learning rate {chosen.learning_rate:g}, regularisation {chosen.weight_decay:g}, "
        f"test {chosen.test:.1f}%. Choosing on the test pairs would have claimed {best.test:.1f}% "
        f"({best.test - chosen.test:+.1f} points)."
    )


def how_good() -> None:
    """Ours and the best student results on one axis."""
    table = committed_rounds.tables()["beyond"]
    frame = table.frame[table.frame["1000 pairs"].notna()].sort_values("1000 pairs", ascending=False)
    series = {name: _dots(frame, name, spread="std") for name in ("1000 pairs", "All pairs")}
    st.subheader("How good is good?", anchor=False)
    st.write(
        "Everything here was trained on 1000 pairs. The best student results for this task that we know of stand "
        "among ours."
    )
    figure = charts.dots(frame["Model"].tolist(), series, "Accuracy (%)")
    live_chart(figure, key="results.good", filename="how-good-is-good")
    st.caption("Bars: one standard deviation over rounds on each side, which is what the students' results give too.")
    table_view.show(table)


def sweeps() -> None:
    """Accuracy against the number of training pairs and against the auxiliary weight."""
    for name, axis, logarithmic in (("pairs", "Training pairs", True), ("weights", "Auxiliary weight", False)):
        table = committed_rounds.tables()[name]
        lines = {
            model: pd.DataFrame({"x": rows[axis], "mean": rows["1000 pairs"]} | {
                part: rows[f"1000 pairs {part}"] for part in ("low", "high", "n")
            })
            for model, rows in table.frame.groupby("Model", sort=False)
        }  # fmt: skip
        if table.frame["1000 pairs n"].any():
            figure = charts.swept(lines, axis, "Accuracy on 1000 pairs (%)", logarithmic)
            live_chart(figure, key=f"results.{name}", filename=name)
            st.caption("Bars: 95% intervals of the mean.")
        else:
            st.info(NOTHING_YET)
        table_view.show(table)


def run_again() -> None:
    """Start rows of an experiment on the workers, and see them beside the committed rounds."""
    rerun.launch()
    rerun.watch()


def protocol_switch(section: str, first: str = "corrected") -> str:
    """Choose a protocol."""
    return st.segmented_control(
        "Protocol", list(PROTOCOLS), format_func=PROTOCOLS.get, default=first, required=True,
        key=f"results.protocol.{section}",
        help="As published: dropout in the first epoch only, the epoch chosen on the test pairs. Corrected: dropout in "
        "every epoch, the epoch chosen on 200 held-out training pairs.",
    )  # fmt: skip


def _dots(frame: pd.DataFrame, name: str, spread: str = "") -> list[Dot]:
    """A column of a table with its interval, or with one standard deviation on each side."""
    dots = []
    for _, row in frame.iterrows():
        mean, n = row[name], row[f"{name} n"]
        low, high = row[f"{name} low"], row[f"{name} high"]
        if spread:
            low, high = mean - row[f"{name} std"], mean + row[f"{name} std"]
        dots.append(Dot(mean, low, high, f"({low:.2f} to {high:.2f}{f', n = {n:.0f}' if pd.notna(n) else ''})"))
    return dots
