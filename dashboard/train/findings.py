"""What the figures of a run say: overfitting, the optimism of choosing on test data, a visitor's own pair.

Importing this loads torch.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

import numpy as np
import streamlit as st
from markupsafe import Markup

from dashboard.components.launch_lines import Line, launch_lines
from dashboard.components.live_chart import live_chart
from dashboard.components.pictures import digit_image
from dashboard.shared import settings_text, state
from dashboard.shared.launch_words import accuracies, gap_words
from dashboard.shared.launches import Launch
from dashboard.train import charts
from pairdigits.choices import PUBLISHED
from pairdigits.config import RunConfig
from pairdigits.estimates import Estimate
from pairdigits.options import command_line
from pairdigits.packed_pairs import unpack_pair
from pairdigits.records import EpochRecord

OVERFIT = 0.03  # from this gap on the page says that a model overfits; 1000 test pairs leave +-0.7 points of noise


def draw(launch: Launch, epoch: int | None) -> None:
    """Everything there is to say of a launch after an epoch; while it trains, what follows by itself."""
    rounds = [records[min(epoch or 1, len(records)) - 1] for records in launch.records if records]
    if launch.active:
        launch_lines("train.gap", [Line("", gap_words(rounds), launch.id, "gap")])
    elif rounds:
        _gap(rounds)
    if launch.finished:
        _outcome(launch)
    if launch.config.own_pair:
        _own_pair(launch, rounds[0] if rounds else None)
    if rounds or launch.active:
        _take_along(launch)


def _gap(rounds: Sequence[EpochRecord]) -> None:
    """Train minus test, for the class and for the digits side by side as in the report's Figure 1."""
    gaps = {name: train - test for name, (train, test) in accuracies(rounds).items()}
    with st.container(horizontal=True):  # side by side on a phone too
        for name, gap in gaps.items():
            st.metric(
                f"{name.capitalize()}: train − test",
                f"{100 * gap:+.1f} points",
                help=f"Accuracy on the training pairs less that on the test pairs after epoch {rounds[0].epoch}"
                f"{f', mean of {len(rounds)} rounds' if len(rounds) > 1 else ''}.",
            )
    if gaps:
        st.caption(f"{gap_words(rounds)} {_verdict(gaps)}")
    else:
        st.caption("This run does not watch its test pairs, so there is no gap to show before its end.")


def _verdict(gaps: dict[str, float]) -> str:
    if max(gaps.values()) < OVERFIT:
        return "Little overfitting: the model does nearly as well on pairs that it never saw."
    more = ""
    if len(gaps) == 2 and abs(gaps["class"] - gaps["digits"]) > 0.005:
        words = ("comparing", "reading digits") if gaps["class"] > gaps["digits"] else ("reading digits", "comparing")
        more = ", in {} more than in {}".format(*words)
    return f"**Overfitting**: the model knows its training pairs better than new ones{more}."


def _outcome(launch: Launch) -> None:
    """The chosen models' scores, and what choosing them on the test pairs flatters."""
    outcomes = launch.outcomes
    count = len(outcomes)
    figures = {
        "Test pairs": ("test_accuracy", f"of {launch.config.test_pairs:,} test pairs, at the chosen epoch"),
        "All pairs": ("all_pairs_accuracy", "of all ordered pairs of the 10,000 test digits (base: 20,000 drawn ones)"),
        "Last epoch": ("last_test_accuracy", "of the test pairs, after the last epoch"),
    }  # fmt: skip
    means = {}
    with st.container(horizontal=True):
        for name, (field, words) in figures.items():
            found = Estimate.of(getattr(outcome, field) for outcome in outcomes)
            if not found.known:
                continue
            means[field] = found.mean
            spread = "" if math.isnan(found.std) else f" ± {100 * found.std:.1f}"
            st.metric(name, f"{100 * found.mean:.1f}{spread}%", help=f"Share compared rightly {words}.")
    chosen = f"Chosen: epoch {outcomes[0].epoch}" if count == 1 else f"n = {count} rounds, mean ± standard deviation"
    wrong = np.mean([outcome.contradictions for outcome in outcomes])
    st.caption(f"{chosen}. When the digits are exchanged, {wrong:.1%} of the verdicts contradict themselves.")
    if launch.config.protocol == PUBLISHED and len(means) == len(figures):
        flattery, late = (
            100 * (means["test_accuracy"] - means[field]) for field in ("all_pairs_accuracy", "last_test_accuracy")
        )
        st.metric(
            "Optimism of choosing on test data",
            f"{flattery:+.1f} points",
            help="Test accuracy at the chosen epoch less the same model's accuracy over all ordered test pairs: the "
            "highest of many noisy figures flatters.",
        )
        st.caption(f"As published, the best epoch is chosen on the test pairs: {late:+.1f} points over the last epoch.")


def pair_images(packed: str, size: int = 96) -> Markup:
    """A packed pair as HTML."""
    images = zip(unpack_pair(packed), ("First digit", "Second digit"), strict=True)
    shown = Markup().join(digit_image(image, name, size) for image, name in images)
    return Markup('<div style="display:flex;gap:8px">{}</div>').format(shown)


def _own_pair(launch: Launch, record: EpochRecord | None) -> None:
    """What a run thinks of the visitor's pair, and how it came to think so."""
    st.markdown("**Your pair**")
    left, right = st.columns([1, 2])
    left.html(pair_images(launch.config.own_pair))
    if record and record.own_pair and not launch.active:
        probability, digits = record.own_pair["probability"], record.own_pair["digits"]
        verdict = "first ≤ second" if probability > 0.5 else "first > second"
        read = ""
        if digits:
            best = [int(np.argmax(side)) for side in digits]
            read = f"reads {best[0]} ({digits[0][best[0]]:.0%}) and {best[1]} ({digits[1][best[1]]:.0%}) and "
        left.caption(f"After epoch {record.epoch} it {read}says **{verdict}**, P(first ≤ second) = {probability:.1%}.")
    with right:
        cursor = None if launch.active or record is None else record.epoch
        figure = charts.pair_curve(launch.curve("your pair"), cursor, height=190)
        live_chart(figure, "train.pair", toolbar=False)


def _take_along(launch: Launch) -> None:
    """The records and the model as files, and the run in Python."""
    run = launch.runs[0]
    with st.container(horizontal=True):
        st.download_button(
            "Records (CSV)", lambda: records_csv(launch), f"pairdigits-run-{run.id}.csv", "text/csv", on_click="ignore",
            key="train.csv", icon=":material/download:", help="A line for each epoch of each round, with every score.",
        )  # fmt: skip
        st.download_button(
            "Model (safetensors)", lambda: state.store().model(run.id) or b"", f"pairdigits-run-{run.id}.safetensors",
            key="train.model", icon=":material/download:", disabled=run.outcome is None, on_click="ignore",
            help="The model of the chosen epoch (of the first round) with settings and scores, when a run is done.",
        )  # fmt: skip
    # No popover: that comes last for the keyboard, behind all that the page has.
    code = st.expander("This run in Python", icon=":material/code:", key=f"train.code.{run.id}", on_change="rerun")
    if code.open:  # coloured code takes a browser long, and this stands in what is drawn again and again
        with code:
            draw_code(launch.config, len(launch.runs))


def draw_code(config: RunConfig, rounds: int = 1) -> None:
    """A run as Python and as a command."""
    st.code(settings_text.python_code(config), wrap_lines=True)
    st.code(command_line(config), language="bash", wrap_lines=True)
    more = " Every further round adds 1 to both seeds." if rounds > 1 else ""
    st.caption(f"Both give the same records as the run here.{more}")


def records_csv(launch: Launch) -> str:
    """All records of all rounds as CSV: run, data_seed, init_seed, then `EpochRecord.flat`."""
    file = io.StringIO()
    writer = None
    for run, records in zip(launch.runs, launch.records, strict=True):
        for record in records:
            seeds = {"run": run.id, "data_seed": run.config.data_seed, "init_seed": run.config.init_seed}
            row = seeds | record.flat()
            if writer is None:
                writer = csv.DictWriter(file, row)
                writer.writeheader()
            writer.writerow(row)
    return file.getvalue()
