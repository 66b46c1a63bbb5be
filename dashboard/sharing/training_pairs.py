"""Twice the data: accuracy against the number of training pairs, and any point of it trained again live."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.charts import intervals
from dashboard.components.live_chart import live_chart
from dashboard.shared import live_runs, state, teaching_data

NAMES = {
    "base": "base", "v1 separate": "v1, separate towers", "v1 shared": "v1, shared tower",
    "v1 shared auxiliary": "v1, shared + auxiliary losses", "v7 shared auxiliary": "v7, shared + auxiliary losses",
}  # fmt: skip
KEY = "more pairs"


def draw() -> None:
    """The section."""
    from pairdigits.report.experiments import EXPERIMENTS
    from pairdigits.report.sweeps import TRAIN_PAIRS
    from pairdigits.report.tables import Estimate

    st.write(
        "A separate tower sees one digit of every pair. A shared one sees **both**: a thousand pairs are two "
        "thousand digits for it. Sharing should therefore pay like more data does. Does it?"
    )
    frame = teaching_data.rounds("pairs")
    lines = {
        name: {float(count): teaching_data.estimate(frame, f"{row} {count}") for count in TRAIN_PAIRS}
        for row, name in NAMES.items()
    }
    own = [
        (NAMES[row], float(count), 100 * launch.runs[0].outcome.test_accuracy)
        for (row, count), launch in ((tuple(name.rsplit(" ", 1)), one) for name, one in live_runs.runs(KEY).items())
        if launch.finished
    ]
    live_chart(
        intervals.sweep(lines, "Training pairs", "Test accuracy (%)", log=True, own=own),
        "amount.curves",
        filename="training-pairs",
    )
    rounds = max((one.n for points in lines.values() for one in points.values()), default=0)
    st.caption(
        "The report's settings, corrected protocol; mean and a band for its 95% interval over up to n = "
        f"{rounds} rounds, each with 1000 test pairs of its own (n of every point on hover)."
    )
    teaching_data.tell_missing("pairs")
    _reading(lines, Estimate)
    with st.container(border=True):
        st.markdown("**Run a point again**, with a seed that no committed round has")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            row = st.selectbox(
                "Model", list(NAMES), key=state.recall("amount.model", "v1 shared"), format_func=NAMES.get, width=260
            )
            count = st.selectbox(
                "Training pairs",
                TRAIN_PAIRS,
                key=state.recall("amount.count", 300),
                format_func="{:,}".format,
                width=140,
            )
            if st.button("Run it live", icon=":material/play_arrow:", type="primary"):
                config = EXPERIMENTS["pairs"].rows[f"{row} {count}"]
                seed = live_runs.new_seed()
                live_runs.start(KEY, {f"{row} {count}": replace(config, data_seed=seed, init_seed=seed)})
                st.rerun()
        live_runs.watch(KEY, lambda runs: [_beside(name, launch, lines) for name, launch in runs.items()])


def _reading(lines: dict, Estimate) -> None:  # noqa: N803
    """What the curves say, in figures."""
    shared, separate = lines[NAMES["v1 shared"]], lines[NAMES["v1 separate"]]
    gains = {x: shared[x].mean - separate[x].mean for x in shared if shared[x].n and separate[x].n}
    if not gains:
        st.info(
            "The first rounds of this experiment are not finished yet; points appear as they come in.",
            icon=":material/hourglass_empty:",
        )
        return
    words = ", ".join(f"{gain:+.1f} points at {x:,.0f} pairs" for x, gain in gains.items())
    sentence = f"**What sharing brings v1**, without auxiliary losses: {words}."
    doubled = [
        f"the shared tower on {x:,.0f} pairs reaches {shared[x].mean:.1f}%, separate towers on {y:,.0f} reach "
        f"{separate[y].mean:.1f}%"
        for x, y in ((300.0, 1000.0), (1000.0, 3000.0))
        if shared[x].n and separate[y].n
    ]
    if doubled:
        sentence += f" Read across: {'; '.join(doubled)}."
    st.markdown(sentence)


def _beside(name: str, launch, lines: dict) -> None:
    if not launch.finished:
        return
    row, count = name.rsplit(" ", 1)
    committed = lines[NAMES[row]][float(count)]
    accuracy = 100 * launch.runs[0].outcome.test_accuracy
    known = f"committed rounds: {committed.mean:.1f}% (n = {committed.n})" if committed.n else "no committed round yet"
    st.success(
        f"{NAMES[row]}, {int(count):,} pairs, seed {launch.config.data_seed}: **{accuracy:.1f}%**; {known}. The star "
        f"in the chart is yours."
    )
