"""Runs and their records in a database, through SQLAlchemy: SQLite in a file by default, another by URL.

The store knows nothing of how runs are trained. Several threads and several processes (the dashboard and the command
line, say) may use one store at the same time; every method is one short transaction.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import sqlalchemy as sa
from sqlalchemy import func, select

from pairdigits.config import RunConfig
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs.database import LOCATION, OWNERS, RECORDS, RUNS, StoreError, connect, transaction

DEFAULT_FILE = "pairdigits.db"  # in the working directory
UNFINISHED = ("queued", "running")
STATUSES = (*UNFINISHED, "paused", "stopped", "finished", "failed")
SILENCE = timedelta(seconds=60)  # an owner that has not been seen for so long is gone

_LIGHT = [column for column in RUNS.c if column.name not in ("snapshot", "model")]  # all but the blobs


@dataclass(frozen=True)
class Run:
    """One stored run, without its records and blobs (`Store.records`, `Store.snapshot`, `Store.model`)."""

    id: int
    name: str  # given by the user, or ""
    config: RunConfig
    key: str  # RunConfig.key
    group: str | None  # shared by the rounds of one launch
    status: str  # one of STATUSES
    reason: str  # why it failed or stopped by itself, one sentence, or ""
    owner: str  # the engine that trains it, as in Store.seen, or ""
    attempt: int  # 1-based; rises when a run starts again after its worker or server died
    epochs: int  # epochs recorded so far
    snapshot_epoch: int  # the epoch that its snapshot continues after; 0 without a snapshot
    last_accuracy: float | None  # test accuracy of the latest epoch, 0..1; None where test pairs are not watched
    best_accuracy: float | None  # highest test accuracy of any epoch so far, 0..1
    created: datetime  # this and the next two in UTC
    started: datetime | None  # when a worker first took it up
    ended: datetime | None  # when it last came to rest: paused, stopped, finished or failed
    outcome: Outcome | None  # of a finished run
    deleted: bool

    @classmethod
    def _from_row(cls, row: sa.RowMapping) -> Run:
        fields = dict(row)
        fields["config"] = RunConfig.from_json(fields["config"])
        fields["outcome"] = fields["outcome"] and Outcome.from_dict(json.loads(fields["outcome"]))
        for name in ("created", "started", "ended"):
            fields[name] = fields[name] and fields[name].replace(tzinfo=UTC)
        return cls(**fields)


class Store:
    """Runs and records.

    Parameters
    ----------
    location
        A database URL (``"postgresql+psycopg://..."``) or the path of an SQLite file. By default what the environment
        variable ``PAIRDIGITS_DATABASE`` says, else ``pairdigits.db`` in the working directory.

    Raises
    ------
    StoreError
        If the URL is none, its driver is missing, the database cannot be opened or written, or the file is no
        database or one of another version.
    """

    def __init__(self, location: str | Path | None = None):
        self.location = str(location or os.environ.get(LOCATION) or DEFAULT_FILE)
        self._engine = connect(self.location)

    def close(self) -> None:
        """Close the database's connections."""
        self._engine.dispose()

    # Runs

    def add(self, config: RunConfig, name: str = "", group: str | None = None, owner: str = "") -> int:
        """Add a queued run and return its id."""
        values = dict(
            name=name.strip()[:200], config=config.to_json(), key=config.key, group=group, owner=owner, created=_now()
        )
        with transaction(self._engine) as connection:
            return connection.execute(sa.insert(RUNS).values(**values)).inserted_primary_key[0]

    def run(self, id: int) -> Run:
        """The run of this id, deleted or not; `StoreError` if there is none."""
        with transaction(self._engine) as connection:
            row = connection.execute(select(*_LIGHT).where(RUNS.c.id == id)).mappings().first()
        if row is None:
            raise StoreError(f"There is no run {id} in the store.")
        return Run._from_row(row)

    def runs(self, group: str | None = None, include_deleted: bool = False) -> list[Run]:
        """All runs, or those of one group, oldest first."""
        query = select(*_LIGHT).order_by(RUNS.c.id)
        if group is not None:
            query = query.where(RUNS.c.group == group)
        if not include_deleted:
            query = query.where(~RUNS.c.deleted)
        with transaction(self._engine) as connection:
            return [Run._from_row(row) for row in connection.execute(query).mappings()]

    def rename(self, id: int, name: str) -> None:
        """Give a run another name (at most 200 characters are kept)."""
        self._update(id, name=name.strip()[:200])

    def delete(self, id: int) -> None:
        """Hide a run; `undelete` brings it back, `purge` removes it for good."""
        self._update(id, deleted=True)

    def undelete(self, id: int) -> None:
        """Undo `delete`."""
        self._update(id, deleted=False)

    def purge(self) -> int:
        """Remove all deleted runs with their records for good, except those still training; return how many."""
        useless = RUNS.c.deleted & RUNS.c.status.not_in(UNFINISHED)
        with transaction(self._engine) as connection:
            connection.execute(sa.delete(RECORDS).where(RECORDS.c.run.in_(select(RUNS.c.id).where(useless))))
            return connection.execute(sa.delete(RUNS).where(useless)).rowcount

    def model(self, id: int) -> bytes | None:
        """The finished run's model as a safetensors file, see `pairdigits.checkpoints`; None before it has finished."""
        return self._blob(id, RUNS.c.model)

    def snapshot(self, id: int) -> bytes | None:
        """The training state of a paused or stopped run, see `pairdigits.training.Training.restore`; None without."""
        return self._blob(id, RUNS.c.snapshot)

    # Records

    def records(self, id: int, after: int = 0) -> list[EpochRecord]:
        """The records of a run's latest attempt whose epoch is greater than `after`, in order."""
        query = (
            select(RECORDS.c.record)
            .join(RUNS, (RUNS.c.id == RECORDS.c.run) & (RUNS.c.attempt == RECORDS.c.attempt))
            .where(RUNS.c.id == id, RECORDS.c.epoch > after)
            .order_by(RECORDS.c.epoch)
        )
        with transaction(self._engine) as connection:
            return [EpochRecord.from_dict(json.loads(text)) for text in connection.scalars(query)]

    def append(self, id: int, attempt: int, records: Iterable[EpochRecord]) -> None:
        """Add records, in order, to the run's current attempt.

        What the store already has, what belongs to another attempt and what belongs to a purged run is left out, so
        that a record may safely arrive twice or late.
        """
        state = select(RUNS.c.epochs, RUNS.c.best_accuracy).where(RUNS.c.id == id, RUNS.c.attempt == attempt)
        with transaction(self._engine) as connection:
            row = connection.execute(state).first()
            new = [] if row is None else [record for record in records if record.epoch > row.epochs]
            if not new:
                return
            connection.execute(
                sa.insert(RECORDS),
                [dict(run=id, attempt=attempt, epoch=r.epoch, record=json.dumps(r.to_dict())) for r in new],
            )
            accuracies = [record.test and record.test.accuracy for record in new]
            best = max((a for a in (row.best_accuracy, *accuracies) if a is not None), default=None)
            changes = dict(epochs=new[-1].epoch, last_accuracy=accuracies[-1], best_accuracy=best)
            connection.execute(sa.update(RUNS).where(RUNS.c.id == id).values(**changes))

    # What an engine reports

    def queue(self, id: int, owner: str) -> None:
        """A paused, stopped or failed run waits for a worker of `owner` again."""
        self._update(id, status="queued", reason="", owner=owner, ended=None)

    def start(self, id: int) -> None:
        """A worker has taken the run up."""
        self._update(id, status="running", started=func.coalesce(RUNS.c.started, _now()))

    def rest(self, id: int, status: str, reason: str = "", snapshot: bytes | None = None) -> None:
        """The run has been paused, stopped or has failed; without a snapshot it keeps the one that it has."""
        state = {} if snapshot is None else dict(snapshot=snapshot, snapshot_epoch=RUNS.c.epochs)
        self._update(id, status=status, reason=reason, owner="", ended=_now(), **state)

    def finish(self, id: int, outcome: Outcome, model: bytes) -> None:
        """The run has finished."""
        result = dict(outcome=json.dumps(outcome.to_dict()), model=model, snapshot=None, snapshot_epoch=0)
        self._update(id, status="finished", reason="", owner="", ended=_now(), **result)

    def retry(self, id: int) -> int:
        """Begin the run's next attempt with the records up to its snapshot, if any; return the attempt's number."""
        run = self.run(id)
        kept = [record for record in self.records(id) if record.epoch <= run.snapshot_epoch]
        self._update(id, attempt=run.attempt + 1, epochs=0, last_accuracy=None, best_accuracy=None)
        self.append(id, run.attempt + 1, kept)
        return run.attempt + 1

    # Owners: engines of any process, so that one can tell which runs were left behind by an engine that died

    def seen(self, owner: str) -> None:
        """Note that an owner, named ``host:process id:anything``, is alive; it should say so every few seconds."""
        with transaction(self._engine) as connection:
            if not connection.execute(sa.update(OWNERS).where(OWNERS.c.name == owner).values(seen=_now())).rowcount:
                connection.execute(sa.insert(OWNERS).values(name=owner, seen=_now()))

    def forget(self, owner: str) -> None:
        """The owner goes; `recover` whatever it leaves behind."""
        with transaction(self._engine) as connection:
            connection.execute(sa.delete(OWNERS).where(OWNERS.c.name == owner))
        self.recover()

    def recover(self) -> None:
        """Mark the unfinished runs whose owner is gone as stopped, so that they can be continued."""
        unfinished = RUNS.c.status.in_(UNFINISHED)
        with transaction(self._engine) as connection:
            seen = dict(connection.execute(select(OWNERS.c.name, OWNERS.c.seen)).all())
            owners = connection.scalars(select(RUNS.c.owner).where(unfinished).distinct()).all()
            gone = [owner for owner in {*seen, *owners} if _is_gone(owner, seen.get(owner))]
            stopped = dict(status="stopped", reason="The server stopped.", owner="", ended=_now())
            connection.execute(sa.update(RUNS).where(unfinished, RUNS.c.owner.in_(gone)).values(**stopped))
            connection.execute(sa.delete(OWNERS).where(OWNERS.c.name.in_(gone)))

    # Underneath

    def _update(self, id: int, **changes: object) -> None:
        with transaction(self._engine) as connection:
            if not connection.execute(sa.update(RUNS).where(RUNS.c.id == id).values(**changes)).rowcount:
                raise StoreError(f"There is no run {id} in the store.")

    def _blob(self, id: int, column: sa.Column[bytes]) -> bytes | None:
        with transaction(self._engine) as connection:
            return connection.scalar(select(column).where(RUNS.c.id == id))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)  # databases differ in how they keep time zones: store plain UTC


def _is_gone(owner: str, seen: datetime | None) -> bool:
    if seen is None or _now() - seen > SILENCE:
        return True
    host, process, *_ = owner.split(":")
    return host == socket.gethostname() and not psutil.pid_exists(int(process))
