"""The report's Figures 1, 2 and 3 from the committed rounds, under either protocol."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts import probes
from dashboard.charts.curves import Curve, learning_curves
from dashboard.components.live_chart import live_chart
from dashboard.results.table_sections import NOTHING_YET, protocol_switch
from dashboard.shared import committed_rounds
from pairdigits.choices import PROTOCOLS
from pairdigits.report import rounds
from pairdigits.report.experiments import EXPERIMENTS

LAST = 10  # epochs over which the gap between train and test is averaged
SHOWN = {"accuracy": "class accuracy", "digit_accuracy": "digit accuracy"}


def main() -> str | None:
    """All three, and what they show."""
    protocol = protocol_switch("figures", "as published")
    st.caption(PROTOCOLS[protocol].note)
    found = [show(protocol) for show in (figure_one, figure_two, figure_three)]
    said = " ".join(sentence for sentence in found if sentence)
    return f"By the report's settings, {protocol}: {said[0].lower()}{said[1:]}" if said else None


def figure_one(protocol: str) -> str | None:
    """Train and test curves of class and digits, v2 and v4."""
    st.subheader("Figure 1: v2 overfits the comparison, not the digits", anchor=False)
    rounds = {variant: _curves(PROTOCOLS[protocol].every_epoch, variant) for variant in ("v2", "v4")}
    most = max(map(len, rounds.values()))
    if not most:
        st.info(NOTHING_YET)
        return None
    only = _round("Rounds", most, "figure-1")
    columns = st.columns(2)
    for variant, tables in rounds.items():
        for column, (metric, what) in zip(columns, SHOWN.items(), strict=True):
            with column:
                st.markdown(f"**Siamese {variant}, {what}**")
                shown = tables if only is None else tables[only : only + 1]
                live_chart(
                    learning_curves([Curve(variant, shown)], metric, height=280),
                    key=f"results.1.{variant}.{metric}",
                    filename=f"figure-1-{variant}-{metric}",
                )
    st.caption(
        "Dotted: training pairs, solid: test pairs, band: one standard deviation over rounds. The report's settings, "
        f"n = {most} rounds."
    )
    gaps = " and ".join(
        f"{_gap(tables, 'accuracy'):.1f} points for {variant}'s comparison, {_gap(tables, 'digit_accuracy'):.1f} for "
        f"its digits (n = {len(tables)})"
        for variant, tables in rounds.items()
    )
    return f"From training to test pairs {gaps} are lost, mean over the last {LAST} epochs."


def figure_two(protocol: str) -> str | None:
    """Probes of v1, v5 and v6."""
    st.subheader("Figure 2: the last layer of v1, v5 and v6", anchor=False)
    experiment, known = EXPERIMENTS[PROTOCOLS[protocol].experiment], committed_rounds.rounds()
    found = {variant: rounds.probes(experiment, variant, known) for variant in ("v1", "v5", "v6")}
    most = min(map(len, found.values()))
    if not most:
        st.info(NOTHING_YET)
        return None
    number = _round_slider(most)
    shown = {variant: of_variant[number] for variant, of_variant in found.items()}
    live_chart(
        probes.probe_gallery(shown, columns=3, cell=260),
        key="results.2",
        filename=f"figure-2-round-{number}",
    )
    st.caption(f"Ideal signals of strength 10 through the real head, chosen epoch of round {number}, {protocol}.")
    st.page_link("probe/page.py", label="Open these layers on the Probe page", icon=":material/grid_on:")
    row = committed_rounds.tables()[f"wrong-cells-{protocol.replace(' ', '-')}"].frame.set_index("Model")["Ideal"]
    means = ", ".join(f"{row[f'Siamese {variant}'].mean:.1f} for {variant}" for variant in found)
    return f"Of 100 ideal signals the last layer gets {means} wrong, mean over {row['Siamese v1'].n} rounds."


def figure_three(protocol: str) -> str | None:
    """Mean and band of v5's test accuracy and loss."""
    st.subheader("Figure 3: v5 over the epochs", anchor=False)
    tables = _curves(PROTOCOLS[protocol].every_epoch, "v5")
    if not tables:
        st.info(NOTHING_YET)
        return None
    for column, metric in zip(st.columns(2), ("accuracy", "loss"), strict=True):
        with column:
            live_chart(
                learning_curves([Curve("v5", tables)], metric, splits=["test"], height=320),
                key=f"results.3.{metric}",
                filename=f"figure-3-{metric}",
            )
    st.caption(f"Mean and one standard deviation over {len(tables)} rounds, test pairs.")
    early, last = (100 * sum(one["test_accuracy"].iloc[at] for one in tables) / len(tables) for at in (9, -1))
    return (
        f"v5 compares {early:.1f}% of the test pairs rightly after 10 epochs, {last:.1f}% at the end "
        f"(n = {len(tables)})."
    )


def _curves(experiment: str, variant: str) -> list[pd.DataFrame]:
    return rounds.curves(EXPERIMENTS[experiment], variant, committed_rounds.rounds())


def _gap(tables: list[pd.DataFrame], metric: str) -> float:
    """Train minus test in points, over the last epochs of all rounds."""
    ends = [table.tail(LAST) for table in tables]
    return 100 * sum((end[f"train_{metric}"] - end[f"test_{metric}"]).mean() for end in ends) / max(len(ends), 1)


def _round(label: str, count: int, key: str) -> int | None:
    """The mean over all rounds, or one of them."""
    options = ["mean", *range(count)]
    chosen = st.select_slider(
        label, options, key=f"results.{key}", help="The mean over all rounds with its spread, or one of them.",
        format_func=lambda option: f"mean of {count}" if option == "mean" else f"round {option}",
    )  # fmt: skip
    return chosen if isinstance(chosen, int) else None


def _round_slider(count: int) -> int:
    if count == 1:
        return 0
    about = "Each round has pairs and initial weights of its own."
    return st.slider("Round", 0, count - 1, key="results.figure-2", help=about)
