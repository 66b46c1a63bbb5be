"""How many labels do you need? Accuracy against labelled digits, wrong labels, when they end, and their side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.auxiliary.inside_towers import inside
from dashboard.components.live_chart import live_chart
from dashboard.shared import address, live_runs, teaching_data
from dashboard.shared.label_sweeps import NAMES, SWEEPS, Sweep, chart
from pairdigits.report.sweeps import READERS

if TYPE_CHECKING:
    from dashboard.shared.launches import Launch

KEY = "few labels"


def draw() -> str | None:
    """The section."""
    st.write(
        "An auxiliary loss needs somebody to name digits. How many names does it take, how many may be wrong, until "
        "when, and on which side of the pairs?"
    )
    sweep = SWEEPS[
        st.segmented_control(
            "Against", list(SWEEPS), default="share", required=True,
            **address.bound("labels_against", [one.title for one in SWEEPS.values()]),
            format_func=lambda name: SWEEPS[name].title, label_visibility="collapsed",
        )
    ]  # fmt: skip
    lines = sweep.lines()
    own = [
        (
            NAMES[launch.config.variant],
            sweep.place(sweep.setting(launch.config)),
            100 * launch.outcomes[0].test_accuracy,
        )
        for name, launch in live_runs.runs(KEY).items()
        if launch.finished and name.startswith(sweep.title)
    ]
    live_chart(chart(sweep, lines, own), "labels.curves", filename="labels")
    rounds = max((one.n or 0 for line in lines.values() for one in line), default=0)
    st.caption(
        f"Test accuracy on 1000 pairs; the report's settings, corrected protocol, learning rate {sweep.rate:g} "
        f"for all, 800 training pairs; mean and a band for its 95% interval over up to n = {rounds} rounds (n on "
        "hover). The settings stand at equal distances."
    )
    teaching_data.tell_missing(sweep.experiment)
    _run_it(sweep)
    if sweep is SWEEPS["share"]:
        inside(NAMES, sweep.settings, sweep.named)
    said = sweep.say(lines)
    return f"At learning rate {sweep.rate:g}, n = {rounds}: {said[0].lower()}{said[1:]}" if said else None


def _run_it(sweep: Sweep) -> None:
    with st.container(border=True):
        st.markdown("**Train one live**, with pairs and first weights that no round has")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            variant = st.segmented_control(
                "Model", READERS, default="v7", **address.bound("labels_model", READERS), required=True
            )
            setting = st.segmented_control(
                sweep.axis, sweep.offered, default=sweep.offered[-1], required=True, wrap=True,
                format_func=_offer,
                **address.bound(f"labels_{sweep.experiment}", map(_offer, sweep.offered)),
            )  # fmt: skip
            if st.button("Train it", icon=":material/play_arrow:", type="primary"):
                name = f"{sweep.title}, {variant}, {setting}"
                live_runs.start(KEY, {name: sweep.config(variant, setting, live_runs.new_seed())})
                st.rerun()
        live_runs.watch(KEY, lambda runs: [_result(name, one) for name, one in runs.items() if one.finished])


def _offer(setting: object) -> str:
    return f"{100 * setting:g}%" if isinstance(setting, float) else str(setting)


def _result(name: str, launch: Launch) -> None:
    outcome = launch.outcomes[0]
    digits = 100 * (outcome.test_digit_accuracy or 0.0)  # all of these models read digits
    st.success(
        f"{name}: {100 * outcome.test_accuracy:.1f}% of its test pairs, digits "
        f"{digits:.1f}% (seed {launch.config.data_seed}). The star in the chart is yours."
    )
