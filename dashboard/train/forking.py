"""At any epoch of a run that rests, another future beside its own; and the family of runs that share a past.

Importing this loads torch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.live_html import board
from dashboard.shared import address, sections, state, templates
from dashboard.shared.launches import Launch, differences
from dashboard.train import settings_form, watched
from pairdigits.config import Fork, RunConfig
from pairdigits.fields import NUMBERS
from pairdigits.models import VARIANTS
from pairdigits.records import EpochRecord
from pairdigits.runs.store import Run

LONGER = 10  # epochs that a fork from a run's end has at first
LEARNT = (
    "**To be able to say:** both have one past, so what was changed is all that can have made the difference; whether "
    "it would do so again, other seeds must tell."
)
LONGER_ONLY = "Nothing but the number of epochs was changed, so this is what longer training brought, in one run."
MIXED = "What was changed and what longer training brings cannot be told apart here: fork once more and change nothing."
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
    mine = watched.mine()
    chosen = None
    if len(launch.runs) == 1 and epoch and not launch.active:
        chosen = _offer(launch, epoch)
    if not mine.linked:
        mine.fork = chosen
    if len(launch.runs) == 1 and (launch.records[0] or launch.config.fork):  # what has no epochs, nobody has forked
        _family(launch.runs[0])


def futures(launches: Sequence[Launch]) -> None:
    """Of every fork that is shown beside the run that it left: how far their futures have come apart, in a sentence."""
    parted = list(_parted(launches))
    together = [sentence for parting in parted if (sentence := _apart(*parting))]
    if together:
        sections.shows(f"{' '.join(together)} {LEARNT}")
    after = [sentence for parting in parted if (sentence := _beyond(*parting))]
    if after:
        sections.shows(" ".join(after))


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
    if not pairs or not (pairs[-1][0].test and pairs[-1][1].test):
        return ""
    old, new = pairs[-1]
    return (
        f"Up to epoch {epoch} runs {parent.id} and {child.id} are one; then {_changed(parent.config, child.config)}. "
        f"After epoch {old.epoch}, {_since(len(pairs))}, run {parent.id} compares {_compared(child, old)} and run "
        f"{child.id} {_accuracy(new)} ({_change(old, new)}, one run each)."
    )


def _beyond(child: Launch, parent: Launch, epoch: int) -> str:
    """What a fork from a parent's last epoch has come to, against the parent's last figure."""
    past, future = parent.records[0][:epoch], child.records[0][epoch:]
    if len(parent.records[0]) > epoch or not future or not (past[-1].test and future[-1].test):
        return ""
    last, new = past[-1], future[-1]
    as_parent = dataclasses.replace(child.config, epochs=parent.config.epochs, fork=parent.config.fork)
    return (
        f"Run {parent.id} comes to epoch {epoch} and no further: there it compares {_compared(child, last)}. Run "
        f"{child.id} goes on from there, with {_changed(parent.config, child.config)}; {_since(len(future))} it "
        f"compares {_accuracy(new)} ({_change(last, new)} against the other’s last figure, one run each). "
        f"{LONGER_ONLY if as_parent == parent.config else MIXED}"
    )


def _since(epochs: int) -> str:
    return f"{epochs} epochs on" if epochs > 1 else "one epoch on"


def _compared(child: Launch, record: EpochRecord) -> str:
    return f"{_accuracy(record)} of the {child.config.test_pairs:,} test pairs rightly"


def _accuracy(record: EpochRecord) -> str:
    return f"{record.test.accuracy:.1%}" if record.test else ""


def _change(old: EpochRecord, new: EpochRecord) -> str:
    return f"{100 * (new.test.accuracy - old.test.accuracy):+.1f} points" if old.test and new.test else ""


def _offer(launch: Launch, epoch: int) -> dict[str, Any] | None:
    """Ask for the other future; returns what stands in the form while it is open."""
    if epoch >= NUMBERS["epochs"].high:
        st.caption(f"Epoch {epoch:,} is the last that a run may have: to fork this one, look back at an earlier epoch.")
        return None
    mine, slot = watched.mine(), f"train.fork.{launch.config.key}.{epoch}"
    if mine.linked:
        st.session_state[f"{slot}.open"] = mine.fork is not None
    form = st.expander(f"Fork after epoch {epoch}", icon=":material/fork_right:", key=f"{slot}.open", on_change="rerun")
    with form:
        changes = _choose(launch, epoch, slot)
    return changes if form.open else None


def _choose(launch: Launch, epoch: int, slot: str) -> dict[str, Any]:
    """The settings in which the other future differs; what is not asked stays as it was."""
    parent = launch.config
    siamese, most = VARIANTS[parent.variant].siamese, int(NUMBERS["epochs"].high)
    family = [name for name, row in VARIANTS.items() if row.siamese == siamese]
    _fill(parent, epoch, slot, {"variant": family, "epochs": range(epoch + 1, most + 1)})
    st.caption(_past(launch, epoch))
    changes: dict[str, Any] = {}
    if siamese:
        changes["variant"] = st.selectbox(
            "Model", family, format_func=lambda name: VARIANTS[name].title,
            key=f"{slot}.variant", help="The tower is handed on; another model's last layer begins anew.",
        )  # fmt: skip
        changes["shared"] = st.toggle(
            "One tower for both digits", key=f"{slot}.shared",
            help="Untied, two equal towers part. Tied, the left one stays.",
        )  # fmt: skip
    for name in ("auxiliary_weight", "learning_rate") if siamese else ("learning_rate",):
        changes[name] = settings_form.number(st, NUMBERS[name], float, f"{slot}.{name}")
    changes["epochs"] = st.number_input("Epochs", epoch + 1, most, key=f"{slot}.epochs")
    if st.button("Train this future", type="primary", icon=":material/fork_right:", key=f"{slot}.start"):
        watched.start(dataclasses.replace(parent, **changes, fork=Fork(parent, epoch)))
        st.rerun()
    return changes


def _fill(parent: RunConfig, epoch: int, slot: str, allowed: Mapping[str, Collection[object]]) -> None:
    """Put the parent's settings into the form, or what a link asks for of those that the fork may have."""
    longer = min(epoch + LONGER, int(NUMBERS["epochs"].high)) if epoch == parent.epochs else parent.epochs
    usual = {name: getattr(parent, name) for name in watched.FORKED} | {"epochs": longer}
    asked = watched.mine().fork if watched.mine().linked else None
    for name, value in usual.items():
        st.session_state.setdefault(f"{slot}.{name}", type(getattr(RunConfig, name))(value))
        if asked and name in asked and (name not in allowed or address.checked(f"{watched.FORK}{name}", allowed[name])):
            st.session_state[f"{slot}.{name}"] = asked[name]


def _past(launch: Launch, epoch: int) -> str:
    """What will be trained again, how long that takes, and what there will be to compare with."""
    records = launch.records[0]
    kept = state.store().kept(Fork(launch.config, epoch))
    seconds = sum(record.seconds for record in records[kept:epoch])
    again = f"epoch {epoch} is" if kept == epoch - 1 else f"epochs {kept + 1} to {epoch} are"
    same = f"{again} trained again, about {seconds:.1f} s, to the same figures on the same machine."
    if kept == epoch:
        begins = f"The run’s state after epoch {epoch} is kept: the fork starts from there, nothing is trained again."
    elif kept:
        begins = f"The run’s state after epoch {kept} is kept, and {same}"
    else:
        begins = f"No earlier state of the run is kept: {same}"
    ends = (
        " It has come no further, so there is only its last figure to compare with; what longer training brings, "
        "another fork without a change would tell."
    )
    return f"The same run up to epoch {epoch}, then its own future. {begins}{ends if epoch == len(records) else ''}"


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
