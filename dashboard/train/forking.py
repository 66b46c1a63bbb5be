"""At any epoch of a run that rests, another future beside its own; and the family of runs that share a past.

Importing this loads torch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.components.live_html import board
from dashboard.shared import sections, state, templates
from dashboard.shared.launches import Launch, differences
from dashboard.train import settings_form, watched
from pairdigits.config import Fork, RunConfig
from pairdigits.fields import NUMBERS
from pairdigits.models import VARIANTS
from pairdigits.runs.store import Run

LONGER = 10  # epochs that a fork from a run's end has at first
LEARNT = (
    "**To be able to say:** both have one past, so what was changed is all that can have made the difference; whether "
    "it would do so again, other seeds must tell."
)
STYLE = """<style>
.family .member { display: flex; flex-wrap: wrap; gap: 0.3rem 0.6rem; align-items: baseline; padding: 0.15rem 0;
  padding-left: calc(1.4rem * var(--depth)); font-size: 0.9rem; }
.family .branch { width: 0.7rem; height: 0.8rem; border: solid #8b929b;
  border-width: 0 0 2px 2px; border-radius: 0 0 0 4px; }
.family .epoch { opacity: 0.85; }
.family button { font: inherit; color: inherit; background: none; border: 1px solid #8b929b; border-radius: 0.4rem;
  padding: 0 0.5rem; cursor: pointer; }
.family button[aria-current] { border-width: 2px; font-weight: 650; }
.family button:focus-visible { outline: 3px solid currentColor; outline-offset: 1px; }
</style>"""


def draw(launch: Launch, epoch: int | None) -> None:
    """The fork of a single run after the epoch that is looked at, and its family."""
    if len(launch.runs) > 1:
        return
    if epoch and epoch < NUMBERS["epochs"].high and not launch.active:  # after the last of all there is no future
        with st.popover(f"Fork after epoch {epoch}", icon=":material/fork_right:"):
            _choose(launch.config, epoch)
    _family(launch.runs[0])


def futures(launches: Sequence[Launch]) -> None:
    """Of every fork that is shown beside the run that it left: how far their futures have come apart, in a sentence."""
    told = [sentence for parted in _parted(launches) if (sentence := _apart(*parted))]
    if told:
        sections.shows(f"{' '.join(told)} {LEARNT}")


def _parted(launches: Sequence[Launch]) -> Iterator[tuple[Launch, Launch, int]]:
    """Forks that are shown, each with the run that it left and after which epoch."""
    singles = [launch for launch in launches if len(launch.runs) == 1 and launch.records[0]]
    by_key = {launch.runs[0].key: launch for launch in singles}
    for child in singles:
        fork = child.config.fork
        if fork and (parent := by_key.get(fork.parent.key)):
            yield child, parent, fork.epoch


def _apart(child: Launch, parent: Launch, epoch: int) -> str:
    """How far a fork and its parent have come apart; nothing while there is no epoch that both have."""
    pairs = list(zip(parent.records[0][epoch:], child.records[0][epoch:], strict=False))
    if not pairs:
        return ""
    old, new = pairs[-1]
    if not (old.test and new.test):
        return ""
    since = f"{len(pairs)} epochs on" if len(pairs) > 1 else "one epoch on"
    change = 100 * (new.test.accuracy - old.test.accuracy)
    return (
        f"Up to epoch {epoch} runs {parent.id} and {child.id} are one; then {_changed(parent.config, child.config)}. "
        f"After epoch {old.epoch}, {since}, run {parent.id} compares {old.test.accuracy:.1%} of the "
        f"{child.config.test_pairs:,} test pairs rightly and run {child.id} {new.test.accuracy:.1%} ({change:+.1f} "
        "points, one run each)."
    )


def _choose(parent: RunConfig, epoch: int) -> None:
    """The settings in which the other future differs; what is not asked stays as it was."""
    st.caption(
        f"The same run up to epoch {epoch}, trained again; from there on its own future, drawn over the other one."
    )
    slot = f"train.fork.{parent.key}.{epoch}"
    siamese = VARIANTS[parent.variant].siamese
    family = [name for name, row in VARIANTS.items() if row.siamese == siamese]
    changes: dict[str, object] = {}
    if siamese:
        changes["variant"] = st.selectbox(
            "Model", family, family.index(parent.variant), format_func=lambda name: VARIANTS[name].title,
            key=f"{slot}.variant", help="The tower is handed on; another model's last layer begins anew.",
        )  # fmt: skip
        changes["shared"] = st.toggle(
            "One tower for both digits", parent.shared, key=f"{slot}.shared",
            help="Untied, two equal towers part. Tied, the left one stays.",
        )  # fmt: skip
        changes["auxiliary_weight"] = settings_form.number(
            st, NUMBERS["auxiliary_weight"], float, f"{slot}.auxiliary", value=float(parent.auxiliary_weight)
        )
    changes["learning_rate"] = settings_form.number(
        st, NUMBERS["learning_rate"], float, f"{slot}.rate", value=float(parent.learning_rate)
    )
    changes["epochs"] = st.number_input(
        "Epochs", epoch + 1, int(NUMBERS["epochs"].high), max(parent.epochs, epoch + (epoch == parent.epochs) * LONGER),
        key=f"{slot}.epochs",
    )  # fmt: skip
    if st.button("Train this future", type="primary", icon=":material/fork_right:", key=f"{slot}.start"):
        watched.start(dataclasses.replace(parent, **changes, fork=Fork(parent, epoch)))
        st.rerun()


def _family(run: Run) -> None:
    members = state.store().family(run.config)
    if len(members) < 2:
        return
    st.html(STYLE)
    html = templates.render("train/family.html", members=_in_order(members, run.id))
    board("train.family", html, on_choose=lambda id: watched.show(int(id)))


def _in_order(members: Sequence[Run], here: int) -> list[dict[str, object]]:
    """The members as a tree read from the top, each fork after the run that it left."""
    placed = []

    def place(run: Run, depth: int, words: str) -> None:
        placed.append({"id": run.id, "depth": depth, "epoch": run.parent_epoch, "words": words, "here": run.id == here})
        for child in members:
            if child.parent == run.key and child.id not in {one["id"] for one in placed}:
                place(child, depth + 1, _changed(run.config, child.config))

    keys = {member.key for member in members}
    for member in members:
        if member.parent not in keys:  # the first ancestor, or what is left of it where that was deleted
            place(member, 0, member.config.describe())
    return placed


def _changed(parent: RunConfig, child: RunConfig) -> str:
    """In what a fork differs from the run that it left."""
    changes = differences({"parent": parent, "child": dataclasses.replace(child, fork=parent.fork)})
    return ", ".join(f"{field.lower()} {values['child']}" for field, values in changes.items()) or "nothing changed"
