"""Digits nobody named: v7, trained on comparisons alone, finds the digits by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from dashboard.auxiliary import with_repairs
from dashboard.auxiliary.charts import confusion_heatmap
from dashboard.components.live_chart import live_chart
from dashboard.shared import live_runs, teaching_data
from dashboard.shared.launches import Launch
from pairdigits.presets import preset

KEY = "nameless digits"
LESSONS = {"unnamed": "comparisons alone", "unnamed_prior": "and a prior that wants all ten outputs used"}


def draw() -> str:
    """The section."""
    st.write(
        "v7's head cannot be trained: it computes the exact probability that the first digit is at most the second, "
        "from the two towers' ten outputs. Train it on comparisons only: in each of 160 epochs 1000 new pairs of the "
        "same 2000 digits, and which of them are in order. **Nobody ever says which digit is which**, and yet:"
    )
    st.latex(r"P(\text{first}\le\text{second}) = \sum_{i \le j} p_i\, q_j")
    lesson = st.segmented_control(
        "Trained on", list(LESSONS), default="unnamed", key="unnamed.lesson", persist_state="session", required=True,
        format_func=LESSONS.__getitem__,
        help="The prior fades out over the first 60% of the epochs; it names no digit either.",
    )  # fmt: skip
    prepared = teaching_data.prepared(lesson)
    rounds = prepared["rounds"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.segmented_control(
            "Round", range(len(rounds)), default=0, key="unnamed.round", persist_state="session", required=True,
            wrap=True, format_func="round {}".format,
            help="Other pairs and other first weights.",
        )  # fmt: skip
        run = rounds[number]
        epoch = st.select_slider(
            "After epoch", run["epochs"], run["epochs"][-1], key="unnamed.epoch", persist_state="session"
        )
    place = run["epochs"].index(epoch)
    left, right = st.columns([1.3, 1], gap="large")
    with left:
        live_chart(confusion_heatmap(run["confusion"][place]), "unnamed.heatmap", toolbar=False)
    with right:
        _scores(run["confusion"][place], run["accuracy"][place])
    st.caption(
        "Each row is a digit, each column one of the ten outputs; a cell says how many percent of the digit's "
        "training images that output wins. A full diagonal means that the outputs have ordered themselves as 0 to 9. "
        "Only their **order** can be learnt from comparisons; it is the head that knows what an order is."
    )
    with_repairs.draw()
    _live()
    return _all_rounds(rounds)


def _scores(confusion: Sequence[Sequence[int]], accuracy: float) -> None:
    used, named = outputs_used(confusion), own_output(confusion)
    st.metric("Training pairs compared rightly", f"{accuracy:.1%}")
    st.metric("Outputs in use", f"{used} of 10", help="Outputs that win most images of some digit.")
    st.metric(
        "Digits read as themselves",
        f"{named:.1%}",
        help="Images whose own output wins, without anybody having named it.",
    )


def _all_rounds(rounds: list[dict[str, Any]]) -> str:
    ends = [run["confusion"][-1] for run in rounds]
    filled = [epoch for run in rounds if (epoch := filled_from(run["epochs"], run["confusion"]))]
    used = ", ".join(str(outputs_used(end)) for end in ends)
    tested = ", ".join(f"{run['test_accuracy']:.1%}" for run in rounds)
    return (
        f"Nobody named a digit. At the end of the {len(rounds)} prepared rounds, {used} outputs are in use: "
        f"all ten in {len(filled)} of them{_from(filled)}. Test pairs compared rightly: {tested}."
    )


def _from(epochs: Sequence[int]) -> str:
    return f", where the last empty one is filled for good by epoch {', '.join(map(str, epochs))}" if epochs else ""


def filled_from(epochs: Sequence[int], confusions: Sequence[Sequence[Sequence[int]]]) -> int | None:
    """The first of a run's epochs from which on all ten outputs are in use to its end; None if there is none."""
    first = None
    for epoch, confusion in zip(reversed(epochs), reversed(confusions), strict=True):
        if outputs_used(confusion) < 10:
            break
        first = epoch
    return first


def outputs_used(confusion: Sequence[Sequence[int]]) -> int:
    """How many outputs win most images of some digit."""
    return len(set(np.argmax(confusion, axis=1).tolist()))


def own_output(confusion: Sequence[Sequence[int]]) -> float:
    """Share of images that are read as what they are, 0..1."""
    counts = np.asarray(confusion)
    return float(np.trace(counts) / counts.sum())


def _live() -> None:
    with st.container(border=True):
        st.markdown("**Run it live**, with pairs and first weights that no round above has")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            epochs = st.number_input(
                "Epochs",
                1,
                160,
                40,
                key="unnamed.epochs",
                persist_state="session",
                width=120,
                help="The recipe has 160; its one cycle is fitted to what you choose.",
            )
            if st.button("Run it live", icon=":material/play_arrow:", type="primary"):
                seed = live_runs.new_seed()
                config = replace(
                    preset("best", "v7", False, watch_test=False), epochs=epochs, data_seed=seed, init_seed=seed
                )
                live_runs.start(KEY, {"v7 on comparisons alone": config})
                st.rerun()
        live_runs.watch(KEY, _order)


def _order(runs: dict[str, Launch]) -> None:
    for launch in runs.values():
        last = next(reversed(launch.records[0]), None)
        if last is None or last.confusion is None:
            continue
        left, right = st.columns([1.3, 1], gap="large")
        with left:
            live_chart(confusion_heatmap(last.confusion), "unnamed.live", toolbar=False)
        with right:
            st.caption(f"Epoch {last.epoch} of {launch.config.epochs}, seed {launch.config.data_seed}")
            _scores(last.confusion, last.train.accuracy)
            if launch.finished:
                st.success(f"Finished: {launch.outcomes[0].test_accuracy:.1%} of test pairs.")
