"""What an engine reports of the runs that it trains.

It counts only while the run is its own: the engine names itself and the run's attempt. So of two servers on one
database, the one that was silent for too long cannot spoil what the other has taken over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from pairdigits.config import Fork
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs import owners
from pairdigits.runs.clock import Now
from pairdigits.runs.database import BLOBS, OWNERS, RECORDS, RUNS, StoreError, transaction
from pairdigits.runs.listing import UNFINISHED, is_run, matching

RECENT = 200  # newest runs, which keep their snapshot when they finish: 0.7 MB each, four times their model
_NOTHING_DONE = dict(epochs=0, last_accuracy=None, best_accuracy=None)


class RunTakenError(StoreError):
    """The run is another engine's now, or in another attempt; what was to be written has not been."""


class Reports:
    """The part of the store that engines write.

    Raises
    ------
    RunTakenError
        Where the run is not their own any more.
    """

    _engine: sa.Engine

    def append(
        self, id: int, attempt: int, records: Iterable[EpochRecord], owner: str = "", snapshot: bytes | None = None
    ) -> bool:
        """Add records, in order, to the run's current attempt; return whether that is still this owner's.

        What the store already has is left out, and so is all if it is not, so that a record may safely arrive twice or
        late.

        Parameters
        ----------
        snapshot
            The state of the training after the last of these records.
        """
        with transaction(self._engine) as connection:
            if not self._holds(connection, id, attempt, owner):
                return False
            row = connection.execute(select(RUNS.c.epochs, RUNS.c.best_accuracy).where(is_run(id))).one()
            new = [record for record in records if record.epoch > row.epochs]
            if not new:
                return True
            connection.execute(
                sa.insert(RECORDS),
                [dict(run=id, attempt=attempt, epoch=r.epoch, record=json.dumps(r.to_dict())) for r in new],
            )
            changes = dict(epochs=new[-1].epoch, **_accuracies(new, row.best_accuracy))
            if snapshot is not None:
                changes["snapshot_epoch"] = new[-1].epoch
                _keep(connection, id, snapshot=snapshot)
            connection.execute(sa.update(RUNS).where(is_run(id)).values(**changes))
            return True

    def queue(self, id: int, owner: str, until: int = 0) -> int:
        """A paused, stopped or failed run, or the owner's own, waits for a worker of `owner`; return its attempt.

        It is the next one, with the records up to its snapshot, if there are later ones.

        Raises
        ------
        RunTakenError
            If the run is another living owner's.
        """
        free = (RUNS.c.owner == owner) | RUNS.c.status.not_in((*UNFINISHED, "finished"))
        claimed = dict(status="queued", reason="", owner=owner, ended=None, until=until)
        with transaction(self._engine) as connection:
            if not connection.execute(sa.update(RUNS).where(is_run(id), free).values(**claimed)).rowcount:
                raise RunTakenError(f"Run {id} belongs to another PairDigits process, which is still at it.")
            row = connection.execute(
                select(RUNS.c.epochs, RUNS.c.snapshot_epoch, RUNS.c.attempt).where(is_run(id))
            ).one()
        return self.retry(id, owner) if row.epochs > row.snapshot_epoch else row.attempt

    def start(self, id: int, attempt: int = 1, owner: str = "") -> None:
        """A worker has taken the run up."""
        self._report(id, attempt, owner, status="running", started=func.coalesce(RUNS.c.started, Now()))

    def rest(
        self, id: int, status: str, reason: str = "", snapshot: bytes | None = None, attempt: int = 1, owner: str = ""
    ) -> None:
        """The run has been paused, stopped or has failed, or is queued for another engine.

        Without a snapshot it keeps the one that it has.
        """
        state = {} if snapshot is None else dict(snapshot_epoch=RUNS.c.epochs)
        blobs: dict[str, bytes | None] = {} if snapshot is None else dict(snapshot=snapshot)
        ended = None if status in UNFINISHED else Now()
        self._report(id, attempt, owner, blobs, status=status, reason=reason, owner="", ended=ended, **state)

    def finish(
        self,
        id: int,
        outcome: Outcome,
        model: bytes,
        attempt: int = 1,
        owner: str = "",
        snapshot: bytes | None = None,
    ) -> None:
        """The run has finished; a snapshot, for forks of its last epoch, stays until there are `RECENT` newer runs."""
        result = dict(outcome=json.dumps(outcome.to_dict()), status="finished", reason="")
        last = 0 if snapshot is None else RUNS.c.epochs
        blobs = dict(model=model, snapshot=snapshot)
        self._report(id, attempt, owner, blobs, owner="", ended=Now(), snapshot_epoch=last, **result)
        old = (RUNS.c.id <= id - RECENT) & (RUNS.c.status == "finished") & (RUNS.c.snapshot_epoch > 0)
        with transaction(self._engine) as connection:
            ids = connection.scalars(select(RUNS.c.id).where(old)).all()
            connection.execute(sa.update(RUNS).where(RUNS.c.id.in_(ids)).values(snapshot_epoch=0))
            connection.execute(sa.update(BLOBS).where(BLOBS.c.run.in_(ids)).values(snapshot=None))

    def retry(self, id: int, owner: str = "") -> int:
        """Begin the run's next attempt with the records up to its snapshot, if any; return the attempt's number.

        Raises
        ------
        StoreError
            If there is no such run.
        RunTakenError
            If it is another owner's by now.
        """
        position = select(RUNS.c.attempt, RUNS.c.snapshot_epoch).where(is_run(id))
        with transaction(self._engine) as connection:
            run = connection.execute(position).one_or_none()
        if run is None:
            raise StoreError(f"There is no run {id} in the store.")
        upcoming = run.attempt + 1
        with transaction(self._engine) as connection:
            if not self._holds(connection, id, run.attempt, owner):
                raise RunTakenError(f"Run {id} is another PairDigits process's now.")
            mine = RECORDS.c.run == id
            kept = mine & (RECORDS.c.attempt == run.attempt) & (RECORDS.c.epoch <= run.snapshot_epoch)
            connection.execute(sa.update(RECORDS).where(kept).values(attempt=upcoming))
            connection.execute(sa.delete(RECORDS).where(mine, RECORDS.c.attempt != upcoming))
            texts = connection.scalars(select(RECORDS.c.record).where(mine).order_by(RECORDS.c.epoch))
            records = [EpochRecord.from_dict(json.loads(text)) for text in texts]
            done = dict(epochs=records[-1].epoch, **_accuracies(records)) if records else _NOTHING_DONE
            connection.execute(sa.update(RUNS).where(is_run(id)).values(attempt=upcoming, **done))
        return upcoming

    @staticmethod
    def _take_past(connection: sa.Connection, id: int, fork: Fork) -> None:
        """Let a new fork begin where its parent has kept a snapshot, if any: with that, and the records up to it."""
        parent = connection.execute(kept(fork)).first()
        if parent is None:
            return
        theirs = (RECORDS.c.run == parent.id) & (RECORDS.c.attempt == parent.attempt)
        past = theirs & (RECORDS.c.epoch <= parent.snapshot_epoch)
        texts = connection.scalars(select(RECORDS.c.record).where(past).order_by(RECORDS.c.epoch)).all()
        rows = [dict(run=id, attempt=1, epoch=epoch, record=text) for epoch, text in enumerate(texts, 1)]
        connection.execute(sa.insert(RECORDS), rows)
        snapshot = select(sa.literal(id), BLOBS.c.snapshot).where(BLOBS.c.run == parent.id)
        connection.execute(sa.insert(BLOBS).from_select(["run", "snapshot"], snapshot))
        records = [EpochRecord.from_dict(json.loads(text)) for text in texts]
        done = dict(epochs=len(texts), snapshot_epoch=len(texts), **_accuracies(records))
        connection.execute(sa.update(RUNS).where(is_run(id)).values(**done))

    # Owners: engines of any process, so that one can tell which runs were left behind by an engine that died

    def seen(self, owner: str) -> None:
        """Note that an owner, named ``host:process id:anything``, is alive; it should say so every few seconds."""
        with transaction(self._engine) as connection:
            if not connection.execute(sa.update(OWNERS).where(OWNERS.c.name == owner).values(seen=Now())).rowcount:
                connection.execute(sa.insert(OWNERS).values(name=owner, seen=Now()))

    def forget(self, owner: str) -> None:
        """The owner goes; others `adopt` whatever it leaves behind."""
        with transaction(self._engine) as connection:
            connection.execute(sa.delete(OWNERS).where(OWNERS.c.name == owner))

    def adopt(self, owner: str) -> list[int]:
        """Let the unfinished runs that have no living owner wait for a worker of this one; return their ids."""
        with transaction(self._engine) as connection:
            gone = [name for name in owners.gone(connection) if name != owner]
            left = RUNS.c.status.in_(UNFINISHED) & RUNS.c.owner.in_(["", *gone])
            hidden = left & RUNS.c.deleted
            connection.execute(sa.update(RUNS).where(hidden).values(status="stopped", owner="", ended=Now()))
            ids = connection.scalars(select(RUNS.c.id).where(left).order_by(RUNS.c.id)).all()
            claim = sa.update(RUNS).where(left).values(status="queued", owner=owner)
            adopted = [id for id in ids if connection.execute(claim.where(RUNS.c.id == id)).rowcount]
            connection.execute(sa.delete(OWNERS).where(OWNERS.c.name.in_(gone)))
        return adopted

    # Underneath

    def _report(
        self, id: int, attempt: int, held_by: str, blobs: dict[str, bytes | None] | None = None, **changes: object
    ) -> None:
        with transaction(self._engine) as connection:
            if not self._holds(connection, id, attempt, held_by):
                raise RunTakenError(f"Run {id} is another PairDigits process's now.")
            connection.execute(sa.update(RUNS).where(is_run(id)).values(**changes))
            if blobs:
                _keep(connection, id, **blobs)

    @staticmethod
    def _holds(connection: sa.Connection, id: int, attempt: int, owner: str) -> bool:
        """Whether a run is still this owner's in this attempt; an update, so that it stays so in this transaction."""
        held = is_run(id) & (RUNS.c.attempt == attempt) & (RUNS.c.owner == owner)
        return connection.execute(sa.update(RUNS).where(held).values(attempt=attempt)).rowcount > 0


def kept(fork: Fork) -> sa.Select[Any, Any, Any]:
    """Of the runs that a fork may begin from the one whose snapshot is nearest: its id, attempt and snapshot_epoch."""
    near = RUNS.c.snapshot_epoch.between(1, fork.epoch) & BLOBS.c.snapshot.is_not(None)
    return (
        select(RUNS.c.id, RUNS.c.attempt, RUNS.c.snapshot_epoch)
        .join(BLOBS, BLOBS.c.run == RUNS.c.id)
        .where(matching(key=fork.parent.key), near)
        .order_by(RUNS.c.snapshot_epoch.desc(), RUNS.c.id.desc())
        .limit(1)
    )


def _keep(connection: sa.Connection, id: int, **blobs: bytes | None) -> None:
    if not connection.execute(sa.update(BLOBS).where(BLOBS.c.run == id).values(**blobs)).rowcount:
        connection.execute(sa.insert(BLOBS).values(run=id, **blobs))


def _accuracies(records: list[EpochRecord], best: float | None = None) -> dict[str, float | None]:
    accuracies = [record.test and record.test.accuracy for record in records]
    known = [accuracy for accuracy in (best, *accuracies) if accuracy is not None]
    return dict(last_accuracy=accuracies[-1], best_accuracy=max(known, default=None))
