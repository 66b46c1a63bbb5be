"""The 2x2 race: {shared, separate} x {auxiliary losses, none}, trained at once; guess first, then see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts import intervals
from dashboard.charts.curves import learning_curves
from dashboard.components.live_chart import live_chart
from dashboard.shared import choose, live_runs, state, teaching_data
from dashboard.shared.launches import Launch
from pairdigits.report.experiments import EXPERIMENTS

CELLS = {
    f"{towers} {loss}": f"{towers}, {'auxiliary losses' if loss == 'auxiliary' else 'no auxiliary loss'}"
    for towers in ("shared", "separate")
    for loss in ("auxiliary", "alone")
}
KEY = "race"


@dataclass
class Visitor:
    """What the race remembers of a visitor besides the widgets' values."""

    raced: tuple[str, str] | None = None  # the variant of the last race, and the guess who wins


def draw() -> str | None:
    """The section."""
    st.write(
        "Two switches, four models: one tower or two, with or without the digits' labels. All four start from one "
        "click, with the same training pairs and the same test pairs. **Guess first.**"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        variant = choose.siamese("race.variant", ["v1", "v5"], "v1")
        epochs = st.number_input(
            "Epochs", 1, 100, 40, key="race.epochs", persist_state="session", width=120, help="The report trains 40."
        )
    guess = st.radio(
        "Which will win?", list(CELLS.values()), index=None, key="race.guess", horizontal=True, persist_state="session",
        help="Highest accuracy on the test pairs at the end.",
    )  # fmt: skip
    if st.button("Start the race", icon=":material/flag:", type="primary", disabled=guess is None) and guess:
        state.memory(Visitor).raced = (variant, guess)
        live_runs.start(KEY, configs(variant, epochs, live_runs.new_seed()))
        st.rerun()
    if guess is None:
        st.caption("Make your guess, then the button starts all four.")
    live_runs.watch(KEY, _runs)
    raced = state.memory(Visitor).raced
    return _finish(*raced) if raced and live_runs.runs(KEY) else _chance(teaching_data.rounds("factorial"), variant)


def configs(variant: str, epochs: int, seed: int) -> dict[str, Any]:
    """The four runs by name, all with the same data and init seed."""
    rows = EXPERIMENTS["factorial"].rows
    changes = {"epochs": epochs, "data_seed": seed, "init_seed": seed, "watch_test": True}
    return {name: replace(rows[f"{variant} {cell}"], **changes) for cell, name in CELLS.items()}


def _runs(runs: dict[str, Launch]) -> None:
    if not runs:
        return
    started = [launch.curve(name, star=False) for name, launch in runs.items()]
    seed = next(iter(runs.values())).config.data_seed
    live_chart(learning_curves(started, splits=("test",)), "race.curves", revision=seed, height=360, filename="race")
    st.caption(f"After every epoch, on the same 1000 test pairs: one run of each with seed {seed}, corrected protocol.")


def _finish(variant: str, guess: str) -> str | None:
    """Final bars: this race as stars over the committed rounds."""
    runs = live_runs.runs(KEY)
    own = {name: [100 * launch.outcomes[0].test_accuracy] for name, launch in runs.items() if launch.finished}
    frame = teaching_data.rounds("factorial")
    rows = {name: teaching_data.estimate(frame, f"{variant} {cell}") for cell, name in CELLS.items()}
    if len(own) == len(CELLS):
        winner = max(own, key=own.__getitem__)
        verdict = "you guessed it" if winner == guess else f"you guessed {guess}"
        st.success(
            f"**{winner.capitalize()}** wins with {own[winner][0]:.1f}%; {verdict}. One race is one round: chance "
            f"moves it by a point or more.",
            icon=":material/flag:",
        )
    st.subheader("And over many rounds", anchor=False)
    live_chart(intervals.bars(rows, "Test accuracy (%)", own=own, span=(50, 100)), "race.bars", filename="race-rounds")
    st.caption(
        f"Siamese {variant}, 40 epochs, corrected protocol; the epoch is chosen on held-out validation pairs, also "
        f"in your race."
    )
    teaching_data.tell_missing("factorial")
    return _wins(frame, variant)


def _wins(frame: pd.DataFrame, variant: str) -> str | None:
    """How often each of the four was first in the rounds that all four have finished."""
    table = _paired(frame, variant)
    if table is None:
        return None
    wins = table.idxmax(axis=1).value_counts()
    words = ", ".join(f"{CELLS[str(row).removeprefix(f'{variant} ')]} {count}" for row, count in wins.items())
    shared = (table[f"{variant} shared alone"] - table[f"{variant} separate alone"]).mean()
    helped = (table[f"{variant} shared auxiliary"] - table[f"{variant} shared alone"]).mean()
    return (
        f"In {len(table)} committed rounds, paired by their data, the first place went to: {words}. On average "
        f"sharing adds {shared:+.1f} points (without auxiliary losses), auxiliary losses add {helped:+.1f} (to "
        "shared towers)."
    )


def _chance(frame: pd.DataFrame, variant: str) -> str | None:
    """What one race can show at all, without a word on who wins: that is still to be guessed."""
    table = _paired(frame, variant)
    if table is None:
        return None
    usual = (table.idxmax(axis=1) == table.mean().idxmax()).sum()
    return (
        "A race shows which of the four is ahead with one set of pairs. The one that is ahead on average came first in "
        f"{usual} of {len(table)} committed rounds of Siamese {variant} (40 epochs, corrected protocol), so "
        f"{'chance may decide yours' if usual < len(table) else 'yours will hardly end otherwise'}."
    )


def _paired(frame: pd.DataFrame, variant: str) -> pd.DataFrame | None:
    """Test accuracies of the rounds that all four have finished, a column each; None where there are none."""
    table = (
        frame[frame["row"].isin([f"{variant} {cell}" for cell in CELLS])]
        .pivot(index="round", columns="row", values="test_accuracy")
        .dropna()
    )
    return None if len(table.columns) < len(CELLS) or table.empty else table
