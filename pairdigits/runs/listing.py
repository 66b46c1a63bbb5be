"""Stored runs as rows: what one holds, and finding a page of them among thousands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import sqlalchemy as sa

from pairdigits.config import RunConfig
from pairdigits.records import Outcome
from pairdigits.runs.database import RUNS

UNFINISHED = ("queued", "running")
STATUSES = (*UNFINISHED, "paused", "stopped", "finished", "failed")


@dataclass(frozen=True)
class Run:
    """One stored run, without its records and blobs (`Store.records`, `Store.snapshot`, `Store.model`)."""

    id: int
    name: str  # given by the user, or ""
    config: RunConfig
    key: str  # RunConfig.key
    group: str | None  # shared by the rounds of one launch
    visitor: str  # whose it is, see `pairdigits.runs.visitors`; "" for nobody's
    status: str  # one of STATUSES
    reason: str  # why it failed or stopped by itself, one sentence, or ""
    owner: str  # the engine that trains it, as in Store.seen, or ""
    attempt: int  # 1-based; rises when a run starts again after its worker or server died
    epochs: int  # epochs recorded so far
    snapshot_epoch: int  # the epoch that its snapshot continues after; 0 without a snapshot
    speed: float | None  # the most epochs a second
    until: int  # the epoch to pause after; 0 goes on to the end
    last_accuracy: float | None  # test accuracy of the latest epoch, 0..1; None where test pairs are not watched
    best_accuracy: float | None  # highest test accuracy of any epoch so far, 0..1
    created: datetime  # this and the next two in UTC
    started: datetime | None  # when a worker first took it up
    ended: datetime | None  # when it last came to rest: paused, stopped, finished or failed
    outcome: Outcome | None  # of a finished run
    deleted: bool
    parent: str = ""  # RunConfig.key of the run that it was forked from, or ""
    parent_epoch: int = 0  # after which epoch of that


@dataclass(frozen=True)
class Damaged:
    """A stored run that this version cannot read."""

    id: int
    name: str
    reason: str  # one sentence


@dataclass(frozen=True)
class Page:
    """Some of the runs that match, in order."""

    runs: list[Run]
    damaged: list[Damaged]  # that would have stood among them
    total: int  # how many match, on this page or not


LARGEST = 2**31 - 1  # id that a database can hold
COLUMNS = [RUNS.c[name] for name in Run.__dataclass_fields__]


def read(row: sa.RowMapping) -> Run | Damaged:
    """A row of `COLUMNS` as what it holds; one that cannot be read spoils no other."""
    fields = dict(row)
    try:
        fields["config"] = _config(fields["config"])
        fields["outcome"] = fields["outcome"] and Outcome.from_dict(json.loads(fields["outcome"]))
    except (ValueError, AttributeError, TypeError) as error:
        return Damaged(fields["id"], fields["name"], f"Run {fields['id']} cannot be read: {error}")
    for name in ("created", "started", "ended"):
        fields[name] = fields[name] and fields[name].replace(tzinfo=UTC)
    return Run(**fields)


_config = lru_cache(maxsize=10_000)(RunConfig.from_json)  # checking every field of it takes longer than the database


def matching(
    *,
    search: str = "",
    variants: Sequence[str] = (),
    statuses: Sequence[str] = (),
    visitor: str | None = None,
    group: str | None = None,
    key: str | None = None,
    include_deleted: bool = False,
) -> sa.ColumnElement[bool]:
    """The condition for runs to be listed.

    Parameters
    ----------
    search
        Words within the name, the model's description or variant, or just the run's number; in any case.
    variants, statuses
        Some of these; empty for any.
    visitor, group, key
        Exactly this one; None for any.
    include_deleted
        Also runs that have been hidden.
    """
    conditions = [] if include_deleted else [RUNS.c.deleted == sa.false()]
    if search := search.strip():
        words = [column.icontains(search, autoescape=True) for column in (RUNS.c.name, RUNS.c.title, RUNS.c.variant)]
        conditions.append(sa.or_(*words, sa.cast(RUNS.c.id, sa.String) == search))
    for column, some in ((RUNS.c.variant, variants), (RUNS.c.status, statuses)):
        if some:
            conditions.append(column.in_(some))
    for column, one in ((RUNS.c.visitor, visitor), (RUNS.c.group, group), (RUNS.c.key, key)):
        if one is not None:
            conditions.append(column == one)
    return sa.and_(sa.true(), *conditions)


def is_run(id: int) -> sa.ColumnElement[bool]:
    """The condition for one run, which no number beyond the database's own fulfils."""
    return RUNS.c.id == id if 0 < id <= LARGEST else sa.false()
