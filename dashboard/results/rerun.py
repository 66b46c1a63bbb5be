"""“Run it again”: rows of an experiment on the workers, with their figures beside the committed ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components.launch_lines import launch_lines
from dashboard.shared import committed_rounds, live_runs, orders, state
from dashboard.shared.launches import Launch, keep, load
from pairdigits.choices import PROTOCOLS
from pairdigits.estimates import Estimate
from pairdigits.presets import preset
from pairdigits.report.experiments import EXPERIMENTS, TABLE_II, TABLE_III
from pairdigits.report.results import best_alone

GROUP = "again"  # the first word of the group of such a launch in the store


def main() -> str | None:
    """The section: start rows of an experiment, and see them beside the committed rounds."""
    sentence = launch()
    watch()
    return sentence


def launch() -> str | None:
    """Choose a table or an experiment, its rows and rounds, and start them; return what they should show."""
    st.write(
        "Train rows of a table yourself, here, with the settings and seeds of the committed rounds. On the same kind "
        "of machine they come out the same to the last digit; on another, rounding may lead them slightly elsewhere."
    )
    offers = _offers()
    what = st.selectbox("What", list(offers), key="again.what", persist_state="session")
    name, labels = offers[what]
    experiment = EXPERIMENTS[name]
    rows = st.multiselect(
        "Rows", list(experiment.rows), default=labels, key=f"again.rows.{what}",
        format_func=lambda label: f"{label}: {experiment.rows[label].describe()}",
    )  # fmt: skip
    rounds = st.number_input(
        "Rounds", 1, experiment.rounds, key=f"again.rounds.{what}",
        help="Round r has data seed r and init seed r, so 3 rounds are the first three committed ones.",
    )  # fmt: skip
    count = len(rows) * rounds
    epochs = sum(experiment.rows[label].epochs for label in rows) * rounds
    recipe = preset("best", "v4").epochs
    st.caption(
        f"{count} runs, {epochs:,} epochs in all. A run of 40 epochs takes some 5 to 10 seconds on a quiet core, one "
        f"of the best recipe ({recipe} epochs) about half a minute; as many run at a time as there are workers."
    )
    anew = st.checkbox(
        "Even if they were run again before", key="again.anew", persist_state="session",
        help="The same settings and seeds give the same figures on one machine, so the runs of an earlier start are "
        "shown, or joined while they train.",
    )  # fmt: skip
    if st.button("Start", type="primary", icon=":material/play_arrow:", disabled=not rows, key="again.start"):
        with st.spinner("Handing the runs to the workers…"):
            st.session_state["again.group"] = start(name, rows, rounds, anew)
    return expected(name, rows, rounds)


def expected(name: str, labels: Sequence[str], rounds: int) -> str | None:
    """What the same committed rounds came to, in a sentence; None where there are none."""
    found, reached = committed_rounds.rounds(), []
    for label in labels:
        keys = [config.key for row, number, config in EXPERIMENTS[name].configs() if row == label and number < rounds]
        committed = Estimate.of(100 * found[key].outcome.test_accuracy for key in keys if key in found)
        if committed.known:
            row = EXPERIMENTS[name].rows[label]
            settings = f"{row.describe()}, learning rate {row.learning_rate:g}, {row.protocol}"
            reached.append(f"{label} ({settings}) {committed.mean:.1f}% (n = {committed.n})")
    if not reached:
        return None
    return (
        "The same rounds, committed, compare this share of their test pairs rightly, and run again they should come "
        f"to it too: {'; '.join(reached)}."
    )


def start(name: str, labels: list[str], rounds: int, anew: bool = False) -> str:
    """Queue the first rounds of rows of an experiment, round by round; return the group that they have in the store.

    What somebody has run again already is shown, unless it is wanted anew.
    """
    wanted = {
        f"{name}: {label}, round {number}": config
        for label, number, config in EXPERIMENTS[name].configs()
        if label in labels and number < rounds
    }
    if not anew and (known := orders.join(list(wanted.values()))) and known[0].group:
        return known[0].group
    group = f"{GROUP} {name} {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
    orders.start(list(wanted.values()), list(wanted), group)
    return group


def watch() -> None:
    """Choose a launch, the newest first, and follow it."""
    groups = sorted((group for group in state.store().groups() if group.startswith(f"{GROUP} ")), key=_when)
    if not groups:
        st.caption("Nothing has been run again yet.")
        return
    group = st.selectbox("Launch", groups[::-1], format_func=_titled, key="again.group", persist_state="session")
    state.fragment(follow)(group)


def follow(group: str) -> None:
    """How far its rows are, and the figures so far; drawn anew whenever a row comes to rest."""
    orders.tell_trouble()
    ids = [run.id for run in state.store().runs(group)]
    known = state.memory(live_runs.Started).known
    rows = load(state.store(), ids, known)
    keep(known, ids)
    launch_lines("again.lines", [live_runs.line(launch.config.describe(), launch) for launch in rows])
    unfinished = [run for launch in rows for run in launch.unfinished]
    mine = bool(unfinished) and orders.may_change(unfinished)
    if mine and st.button("Stop", icon=":material/stop:", key=f"again.stop.{group}"):
        orders.change(state.engine().stop, unfinished)
    st.dataframe(beside(rows, group.split()[1]), hide_index=True, key="again.table", column_config=columns(),
                 placeholder="–")  # fmt: skip


def columns() -> dict[str, Any]:
    """How the columns of `beside` are written and what they say of themselves."""
    number = st.column_config.NumberColumn
    return {
        "Committed": number(format="%.2f", help="Mean test accuracy of the same committed rounds, percent."),
        "Again": number(format="%.2f", help="Mean test accuracy of the rounds run here, percent."),
        "Again std": number("± std", format="%.2f", help="Standard deviation over the rounds run here, points."),
        "n": number(help="Rounds finished here."),
        "Difference": number(format="%+.2f", help="Again minus committed, over the same rounds, points."),
        "Same": st.column_config.TextColumn(help="Rounds whose accuracy is the committed one to the last digit."),
    }


def beside(rows: Sequence[Launch], name: str) -> pd.DataFrame:
    """A row for each label: the finished runs' mean test accuracy beside that of the same committed rounds."""
    labels, found, runs = _labels(name), committed_rounds.rounds(), [run for launch in rows for run in launch.runs]
    table = []
    for label in dict.fromkeys(labels[run.key] for run in runs if run.key in labels):
        finished = {run.key: run.outcome for run in runs if labels.get(run.key) == label and run.outcome}
        again = Estimate.of(100 * outcome.test_accuracy for outcome in finished.values())
        both = [key for key in finished if key in found]
        before = Estimate.of(100 * found[key].outcome.test_accuracy for key in both)
        after = Estimate.of(100 * finished[key].test_accuracy for key in both)
        same = sum(found[key].outcome.test_accuracy == finished[key].test_accuracy for key in both)
        table.append(
            {"Row": label, "Committed": before.mean, "Again": again.mean, "Again std": again.std, "n": again.n}
            | {"Difference": after.mean - before.mean, "Same": f"{same} of {len(both)}"}
        )
    return pd.DataFrame(table)


@st.cache_data(show_spinner=False)
def _labels(name: str) -> dict[str, str]:
    return {config.key: label for label, _, config in EXPERIMENTS[name].configs()}


def _offers() -> dict[str, tuple[str, list[str]]]:
    """Title -> the experiment and the rows of it that are asked for at first."""
    tables = {
        "Table I": ["base", best_alone(committed_rounds.rounds()), "v5"],
        "Table II": list(TABLE_II),
        "Table III": list(TABLE_III),
    }
    offers = {
        f"{table}, {protocol.name}": (protocol.experiment, labels)
        for protocol in PROTOCOLS.values()
        for table, labels in tables.items()
    }
    return offers | {one.title: (one.name, list(one.rows)[:1]) for one in EXPERIMENTS.values()}


def _when(group: str) -> str:
    return " ".join(group.split()[2:])


def _titled(group: str) -> str:
    _, name, day, time = group.split()
    return f"{name}, {day} {time[:8]} UTC"
