"""Swap test: how often a model contradicts itself when the two digits change places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
import torch
from torch import Tensor

from dashboard.charts import intervals
from dashboard.components.live_chart import live_chart
from dashboard.shared import teaching_data
from pairdigits.cells import contradicts
from pairdigits.choices import PROTOCOLS
from pairdigits.evaluation import predict, probability
from pairdigits.models import VARIANTS, siamese
from pairdigits.presets import REPORT_RATES
from pairdigits.report.experiments import EXPERIMENTS

ALONE_RATE = REPORT_RATES[None][0]  # of the three at which models without auxiliary loss were run, the report's


def draw() -> str | None:
    """The section."""
    st.write(
        r"Ask “is $a \le b$?” and then, with the images exchanged, “is $b \le a$?”. Saying **no** twice "
        "is a contradiction whatever the digits are: no label is needed to catch it. Saying **yes** twice is one "
        "only if the digits differ, for of equal digits both are true: to count those, one has to know the labels."
    )
    protocol = st.segmented_control(
        "Rounds", list(PROTOCOLS)[::-1], default="corrected", key="swap.rounds", persist_state="session", required=True,
        format_func=str.capitalize, help=" ".join(f"{one.title}: {one.about}." for one in PROTOCOLS.values()),
    )  # fmt: skip
    experiment = PROTOCOLS[protocol].experiment
    rows = _rows(experiment)
    live_chart(intervals.bars(rows, "Contradictions (% of test pairs)"), "swap.bars", filename="swap-test")
    st.caption(
        f"The report's settings, {protocol}; mean and 95% interval over n rounds, each on its own 1000 test pairs, "
        "every one in both orders. Counted are “no, no”, and “yes, yes” where the digits differ. Alone: without "
        f"auxiliary loss, at the learning rate {ALONE_RATE:g}."
    )
    teaching_data.tell_missing(experiment)
    left, right = st.columns(2, gap="large")
    with left:
        _kinds()
    with right:
        _try()
    known = {name: one for name, one in rows.items() if one.n}
    if not known:
        return None
    best, second, *_, worst = sorted(known, key=lambda name: known[name].mean)
    return (
        f"**{best}** and **{second}** contradict themselves least, on {known[best].mean:.1f}% and "
        f"{known[second].mean:.1f}% of the test pairs, **{worst}** most, on {known[worst].mean:.1f}% (n = "
        f"{known[best].n} rounds)."
    )


def _rows(experiment: str) -> dict[str, Any]:
    frame = teaching_data.rounds(experiment)
    return {
        config.describe().replace("Siamese ", "").replace("no auxiliary loss", "alone").replace(", auxiliary loss", ""):
        teaching_data.estimate(frame, row, "contradictions", 100)
        for row, config in EXPERIMENTS[experiment].rows.items()
        if config.auxiliary_weight or config.learning_rate == ALONE_RATE
    }  # fmt: skip


def _kinds() -> None:
    st.subheader("Which kind of contradiction", anchor=False)
    prepared = teaching_data.prepared("swaps")
    table = []
    for name, kinds in prepared["models"].items():
        neither, both = np.array(kinds["neither"]), np.array(kinds["both"])
        low, high = np.nonzero(both + neither)
        near = (both + neither)[low, high][high - low <= 1].sum()
        total = int((both + neither).sum())
        table.append(
            {
                "model": name,
                "no, no": int(neither.sum()),
                "yes, yes": int(both.sum()),
                "digits at most 1 apart": 100 * near / max(total, 1),
            }
        )
    st.dataframe(
        pd.DataFrame(table), hide_index=True, width="stretch",
        column_config={
            "digits at most 1 apart": st.column_config.NumberColumn(
                format="%.1f%%", help="Of the contradictions, the share about equal digits or neighbours."
            )
        },
    )  # fmt: skip
    st.caption(f"The report's own models (one round each), {prepared['pairs']:,} test pairs in both orders.")
    reasons = _reasons()
    never = [name for name, kinds in prepared["models"].items() if not np.sum(kinds["neither"])]
    if never:
        said = " ".join(reasons[name] for name in never if name in reasons)
        st.caption(f"Never “no, no”: {', '.join(never)}. {said}")


def _reasons() -> dict[str, str]:
    """Why a model cannot say "no" in both orders, where there is a reason."""
    head = siamese(teaching_data.specimen("v3").model).head
    bias = head.get_parameter("bias").detach()
    constant = float(bias[1] - bias[0])
    reasons = {
        "v4": "v4 cannot: of the two digits that it reads, one is at most the other.",
        "v7": "v7 cannot: its two probabilities add up to 1 + P(equal), so one of them is at least a half.",
    }
    if constant >= 0:
        reasons["v3"] = (
            "v3, as trained, cannot: it asks whether w·(left − right) + c is above 0. Exchanged, the first part "
            "changes its sign and c stays, so the two sums add up to 2c; with c = "
            f"{constant:.2f} one of them is above 0."
        )
    return reasons


def _try() -> None:
    st.subheader("Try it", anchor=False)
    pair = teaching_data.choose_pair()
    first, second = pair.digits
    table = []
    for name, variant in VARIANTS.items():
        specimen = teaching_data.specimen(name)
        images = specimen.normalisation(pair.pooled)
        both = probability(predict(specimen.model, _orders(images)).comparison)
        forth, back = both.tolist()
        table.append(
            {
                "model": variant.title,
                "P(left ≤ right)": forth,
                "P(right ≤ left)": back,
                "verdict": _judge(forth > 0.5, back > 0.5, first, second),
            }
        )
    st.dataframe(
        pd.DataFrame(table), hide_index=True, width="stretch",
        column_config={
            name: st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
            for name in ("P(left ≤ right)", "P(right ≤ left)")
        },
    )  # fmt: skip


def _orders(images: Tensor) -> Tensor:
    """A pair in both orders: (2, 14, 14) -> (2, 2, 14, 14)."""
    return torch.stack([images, images.flip(0)])


def _judge(forth: bool, back: bool, first: int, second: int) -> str:
    if contradicts(forth, back, first == second):
        return "contradicts itself"
    return "right" if (forth, back) == (first <= second, second <= first) else "consistent, but wrong"
