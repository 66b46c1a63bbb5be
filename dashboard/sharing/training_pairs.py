"""Twice the data: accuracy against the number of training pairs, and any point of it trained again live."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.charts import intervals
from dashboard.components.live_chart import live_chart
from dashboard.shared import committed_rounds, live_runs, teaching_data
from dashboard.shared.launches import Launch
from pairdigits.estimates import Estimate
from pairdigits.report.comparisons import difference
from pairdigits.report.conclusions import conclusion
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.sweeps import TRAIN_PAIRS

NAMES = {
    "base": "base", "v1 separate": "v1, separate towers", "v1 shared": "v1, shared tower",
    "v1 shared auxiliary": "v1, shared + auxiliary losses", "v7 shared auxiliary": "v7, shared + auxiliary losses",
}  # fmt: skip
KEY = "more pairs"


def draw() -> str | None:
    """The section."""
    st.write(
        "A separate tower sees one digit of every pair. A shared one sees **both**: a thousand pairs are two "
        "thousand digits for it. Sharing should therefore pay like more data does. Does it?"
    )
    lines = _lines()
    own = [
        (NAMES[row], float(count), 100 * launch.outcomes[0].test_accuracy)
        for (row, count), launch in ((tuple(name.rsplit(" ", 1)), one) for name, one in live_runs.runs(KEY).items())
        if launch.finished
    ]
    live_chart(
        intervals.sweep(lines, "Training pairs", "Test accuracy (%)", log=True, own=own),
        "amount.curves",
        filename="training-pairs",
    )
    rounds = max((one.n or 0 for points in lines.values() for one in points.values()), default=0)
    rates = {"auxiliary" in row: one.learning_rate for row, one in EXPERIMENTS["pairs"].rows.items()}
    st.caption(
        f"The report's settings, corrected protocol, learning rate {rates[True]:g} with auxiliary losses and "
        f"{rates[False]:g} without; mean and a band for its 95% interval over up to n = {rounds} rounds, each with "
        "1000 test pairs of its own (n of every point on hover)."
    )
    teaching_data.tell_missing("pairs", "many-pairs")
    with st.container(border=True):
        st.markdown("**Run a point again**, with a seed that no committed round has")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            row = st.selectbox(
                "Model",
                list(NAMES),
                list(NAMES).index("v1 shared"),
                key="amount.model",
                persist_state="session",
                format_func=NAMES.__getitem__,
                width=260,
            )
            count = st.selectbox(
                "Training pairs",
                TRAIN_PAIRS,
                TRAIN_PAIRS.index(300),
                key="amount.count",
                persist_state="session",
                format_func="{:,}".format,
                width=140,
            )
            if st.button("Run it live", icon=":material/play_arrow:", type="primary"):
                config = EXPERIMENTS["pairs"].rows[f"{row} {count}"]
                seed = live_runs.new_seed()
                live_runs.start(KEY, {f"{row} {count}": replace(config, data_seed=seed, init_seed=seed)})
                st.rerun()
        live_runs.watch(KEY, lambda runs: _beside(runs, lines))
    return _reading(lines)


def _lines() -> dict[str, dict[float, Estimate]]:
    """Each model's accuracy by training pairs."""
    frame = teaching_data.rounds("pairs")
    return {
        name: {float(count): teaching_data.estimate(frame, f"{row} {count}") for count in TRAIN_PAIRS}
        for row, name in NAMES.items()
    }


def _reading(lines: dict[str, dict[float, Estimate]]) -> str | None:
    """What the curves say, in figures."""
    shared, separate = lines[NAMES["v1 shared"]], lines[NAMES["v1 separate"]]
    frame = teaching_data.rounds("pairs")
    rows = dict(iter(frame.groupby("row")))
    gains = {
        x: difference(rows[f"v1 shared {x:.0f}"], rows[f"v1 separate {x:.0f}"], "test_accuracy")
        for x in shared
        if shared[x].n and separate[x].n
    }
    if not gains:
        st.info(
            "The first rounds of this experiment are not finished yet; points appear as they come in.",
            icon=":material/hourglass_empty:",
        )
        return None
    words = ", ".join(f"{gain.mean:+.1f} points at {x:,.0f} pairs" for x, gain in gains.items())
    paired = max(gain.n or 0 for gain in gains.values())
    sentence = f"Without auxiliary losses sharing brings v1 {words} (paired rounds, n = {paired})."
    doubled = [
        f"the shared tower on {x:,.0f} pairs reaches {shared[x].mean:.1f}% (n = {shared[x].n}), separate towers on "
        f"{y:,.0f} reach {separate[y].mean:.1f}% (n = {separate[y].n})"
        for x, y in ((300.0, 1000.0), (1000.0, 3000.0))
        if shared[x].n and separate[y].n
    ]
    if doubled:
        sentence += f" Read across: {'; '.join(doubled)}."
    return f"{sentence} {conclusion(committed_rounds.tables()['many-pairs'])}"


def _beside(runs: dict[str, Launch], lines: dict[str, dict[float, Estimate]]) -> None:
    for name, launch in runs.items():
        if not launch.finished:
            continue
        row, count = name.rsplit(" ", 1)
        committed = lines[NAMES[row]][float(count)]
        known = f"committed rounds: {committed.mean:.1f}% (n = {committed.n})"
        st.success(
            f"{NAMES[row]}, {int(count):,} pairs, seed {launch.config.data_seed}: "
            f"**{100 * launch.outcomes[0].test_accuracy:.1f}%**; {known if committed.n else 'no committed round yet'}. "
            "The star in the chart is yours."
        )
