"""What the class loss alone learns about digits: a linear read-out of the encodings, on held-out digits."""

from __future__ import annotations

import streamlit as st

from dashboard.charts import intervals
from dashboard.components.live_chart import live_chart
from dashboard.shared import teaching_data
from pairdigits.estimates import PERCENT, Estimate
from pairdigits.report.experiments import EXPERIMENTS

NAMES = {
    "pixels": "the 196 pixels, no network", "untrained": "v1's tower, untrained", "v1 alone": "v1, class loss alone",
    "v1 auxiliary": "v1 with auxiliary losses", "v5 alone": "v5, class loss alone",
    "v5 auxiliary": "v5 with auxiliary losses",
}  # fmt: skip


def draw() -> str:
    """The section."""
    st.write(
        "A model trained on comparisons alone is never told a digit. Do its encodings know them all the same? Freeze "
        "the tower, fit a **linear classifier** from its 50 numbers to the ten digits, and see how many it names."
    )
    prepared = teaching_data.prepared("readouts")
    rows = {
        name: Estimate.of((100 * value for value in prepared["rounds"][label]), PERCENT)
        for label, name in NAMES.items()
    }
    live_chart(intervals.bars(rows, "Digits named rightly (%)", span=(50, 100)), "knowledge.bars", filename="read-out")
    of = {
        label: EXPERIMENTS["factorial"].rows[label.replace(" ", " shared ")] for label in ("v1 alone", "v1 auxiliary")
    }
    st.caption(
        f"Multinomial logistic regression, nothing tuned, fitted to {prepared['fitted']:,} training digits that the "
        f"run never saw and scored on the {prepared['held_out']:,} test digits. The towers: the report's settings "
        f"(learning rate {of['v1 alone'].learning_rate:g} for the class loss alone, "
        f"{of['v1 auxiliary'].learning_rate:g} with auxiliary losses), corrected protocol, chosen epoch; mean and 95% "
        f"interval over n = {rows[NAMES['v1 alone']].n} rounds."
    )
    alone, auxiliary, pixels, untrained = (
        rows[NAMES[label]] for label in ("v1 alone", "v1 auxiliary", "pixels", "untrained")
    )
    pairs = Estimate.of((100 * value for value in prepared["class"]["v1 alone"]), PERCENT)
    return (
        f"Honest reading needs the first two bars: a linear classifier names **{pixels.mean:.1f}%** from bare pixels "
        f"and **{untrained.mean:.1f}%** from a tower that has learnt nothing. Comparisons alone bring v1's encodings "
        f"to **{alone.mean:.1f}%**, {alone.mean - untrained.mean:+.1f} points beside the untrained tower; the "
        f"auxiliary losses to **{auxiliary.mean:.1f}%**. So comparing teaches the digits in part, though nobody "
        f"names them; the same runs compare {pairs.mean:.1f}% of test pairs rightly (n = {pairs.n})."
    )
