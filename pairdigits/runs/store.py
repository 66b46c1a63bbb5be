"""Runs and records in a database, through SQLAlchemy: SQLite in a file by default, another by URL.

The store knows nothing of how runs are trained. Several threads and several processes (the dashboard and the command
line, say) may use one store at the same time; every method is one short transaction.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from pairdigits.config import Fork, RunConfig
from pairdigits.records import EpochRecord
from pairdigits.runs.clock import Now
from pairdigits.runs.database import BLOBS, LOCATION, RECORDS, RUNS, StoreError, connect, lock, transaction
from pairdigits.runs.listing import COLUMNS, STATUSES, UNFINISHED, Damaged, Page, Run, is_run, matching, read
from pairdigits.runs.reports import Reports, kept

__all__ = ["STATUSES", "UNFINISHED", "Run", "Store", "StoreError"]

DEFAULT_FILE = "pairdigits.db"  # in the working directory


class Store(Reports):
    """Runs and records: what a user asks of them, beside what an engine reports (`Reports`).

    Parameters
    ----------
    location
        A database URL (``"postgresql+psycopg://..."``) or the path of an SQLite file. By default what the environment
        variable ``PAIRDIGITS_DATABASE`` says, else ``pairdigits.db`` in the working directory.

    Raises
    ------
    StoreError
        If the URL is none, its driver is missing, the database cannot be opened or written, or the file is no
        database or one of another version. Every method raises it too where the database cannot be used, as a
        `DatabaseAwayError` where that may pass.
    """

    def __init__(self, location: str | Path | None = None):
        self.location = str(location or os.environ.get(LOCATION) or DEFAULT_FILE)
        self._engine = connect(self.location)

    def close(self) -> None:
        """Close the database's connections."""
        self._engine.dispose()

    # Runs

    def add(
        self,
        config: RunConfig,
        name: str = "",
        group: str | None = None,
        owner: str = "",
        visitor: str = "",
        speed: float | None = None,
        until: int = 0,
    ) -> int:
        """Add a queued run and return its id; the arguments are fields of `Run`.

        A fork that is to go to its end begins where its parent has `kept` its state, with the records up to there.
        """
        with transaction(self._engine) as connection:
            return self._insert(
                connection, config, name, group=group, owner=owner, visitor=visitor, speed=speed, until=until
            )

    def add_once(self, config: RunConfig, name: str = "", **columns: Any) -> tuple[int, bool]:
        """`add`, unless there is what `find` looks for: the run's id, and whether it was added.

        Of several servers that ask at the same moment one adds.
        """
        with transaction(self._engine) as connection:
            lock(connection)
            found = _find(connection, config.key)
            return (found.id, False) if found else (self._insert(connection, config, name, **columns), True)

    def run(self, id: int) -> Run:
        """The run of this id, deleted or not.

        Raises
        ------
        StoreError
            If there is none, or it cannot be read.
        """
        with transaction(self._engine) as connection:
            row = connection.execute(select(*COLUMNS).where(is_run(id))).mappings().first()
        if row is None:
            raise StoreError(f"There is no run {id} in the store.")
        found = read(row)
        if isinstance(found, Damaged):
            raise StoreError(found.reason)
        return found

    def runs(self, group: str | None = None, include_deleted: bool = False) -> list[Run]:
        """All runs that can be read, or those of one group, oldest first; `page` reads some of many."""
        query = select(*COLUMNS).where(matching(group=group, include_deleted=include_deleted)).order_by(RUNS.c.id)
        with transaction(self._engine) as connection:
            found = [read(row) for row in connection.execute(query).mappings()]
        return [run for run in found if isinstance(run, Run)]

    def page(self, limit: int = 50, offset: int = 0, first: str = "", **conditions: Any) -> Page:
        """Some of the runs that match, newest first; it costs the same however many there are.

        Parameters
        ----------
        limit, offset
            How many runs, and how many newer ones are passed over.
        first
            A visitor whose runs come before all others.
        **conditions
            As of `listing.matching`: search, variants, statuses, visitor, group, key, include_deleted.
        """
        matches = matching(**conditions)
        order = (*([sa.case((RUNS.c.visitor == first, 0), else_=1)] if first else []), RUNS.c.id.desc())
        with transaction(self._engine) as connection:
            total = connection.execute(select(func.count()).select_from(RUNS).where(matches)).scalar_one()
            ids = connection.scalars(select(RUNS.c.id).where(matches).order_by(*order).limit(limit).offset(offset))
            query = select(*COLUMNS).where(RUNS.c.id.in_(ids.all())).order_by(*order)
            found = [read(row) for row in connection.execute(query).mappings()]
        damaged = [row for row in found if isinstance(row, Damaged)]
        return Page([row for row in found if isinstance(row, Run)], damaged, total)

    def find(self, key: str) -> Run | None:
        """The newest run with this `RunConfig.key` that has finished, else one on its way to the end."""
        with transaction(self._engine) as connection:
            return _find(connection, key)

    def family(self, config: RunConfig) -> list[Run]:
        """The runs that share a past with this one: its first ancestor, whatever was forked from that, and so on."""
        while config.fork:
            config = config.fork.parent
        found, keys, known = [], {config.key}, set[str]()
        with transaction(self._engine) as connection:
            while keys - known:
                known = keys
                theirs = RUNS.c.key.in_(known) | RUNS.c.parent.in_(known)
                query = select(*COLUMNS).where(theirs).order_by(RUNS.c.id)  # asked for those not deleted, SQLite
                rows = map(read, connection.execute(query).mappings())  # would read all of these, 3 ms of 5,000 runs
                found = [run for run in rows if isinstance(run, Run) and not run.deleted]
                keys = known | {run.key for run in found}
        return found

    def kept(self, fork: Fork) -> int:
        """The latest epoch, not beyond the fork's, after which its parent's state is kept; 0 if there is none."""
        with transaction(self._engine) as connection:
            row = connection.execute(kept(fork)).first()
        return row.snapshot_epoch if row else 0

    def groups(self) -> list[str]:
        """The groups that runs belong to, sorted."""
        with transaction(self._engine) as connection:
            named = matching() & RUNS.c.group.is_not(None)
            return list(connection.scalars(select(RUNS.c.group).where(named).distinct().order_by(RUNS.c.group)))

    def rename(self, id: int, name: str) -> None:
        """Give a run another name (at most 200 characters are kept)."""
        self._update(id, name=_tidy(name))

    def set_speed(self, id: int, speed: float | None) -> None:
        """Note how fast a run is to be trained, see `Run`."""
        self._update(id, speed=speed)

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
            for table in (RECORDS, BLOBS):
                connection.execute(sa.delete(table).where(table.c.run.in_(select(RUNS.c.id).where(useless))))
            return connection.execute(sa.delete(RUNS).where(useless)).rowcount

    def model(self, id: int) -> bytes | None:
        """The finished run's model as a safetensors file, see `pairdigits.checkpoints`; None before it has finished."""
        return self._blob(id, BLOBS.c.model)

    def snapshot(self, id: int) -> bytes | None:
        """The training state that a run goes on from, see `pairdigits.training.Training.restore`; None without."""
        return self._blob(id, BLOBS.c.snapshot)

    # Records

    def records(self, id: int, after: int = 0) -> list[EpochRecord]:
        """The records of a run's latest attempt whose epoch is greater than `after`, in order."""
        query = (
            select(RECORDS.c.record)
            .join(RUNS, (RUNS.c.id == RECORDS.c.run) & (RUNS.c.attempt == RECORDS.c.attempt))
            .where(is_run(id), RECORDS.c.epoch > after)
            .order_by(RECORDS.c.epoch)
        )
        with transaction(self._engine) as connection:
            return [EpochRecord.from_dict(json.loads(text)) for text in connection.scalars(query)]

    # Underneath

    def _insert(self, connection: sa.Connection, config: RunConfig, name: str, **columns: Any) -> int:
        told = dict(config=config.to_json(), key=config.key, variant=config.variant, title=config.describe())
        if config.fork:
            told |= dict(parent=config.fork.parent.key, parent_epoch=config.fork.epoch)
        row = sa.insert(RUNS).values(created=Now(), name=_tidy(name), **told, **columns)
        id = connection.execute(row.returning(RUNS.c.id)).scalar_one()
        if config.fork and not columns.get("until"):
            self._take_past(connection, id, config.fork)
        return id

    def _update(self, id: int, **changes: object) -> None:
        with transaction(self._engine) as connection:
            if not connection.execute(sa.update(RUNS).where(is_run(id)).values(**changes)).rowcount:
                raise StoreError(f"There is no run {id} in the store.")

    def _blob(self, id: int, column: sa.Column[bytes]) -> bytes | None:
        with transaction(self._engine) as connection:
            return connection.scalar(select(column).join(RUNS, RUNS.c.id == BLOBS.c.run).where(is_run(id)))


def _find(connection: sa.Connection, key: str) -> Run | None:
    rank = sa.case((RUNS.c.status == "finished", 0), (RUNS.c.status == "running", 1), else_=2)
    whole = (RUNS.c.status == "finished") | (RUNS.c.status.in_(UNFINISHED) & (RUNS.c.until == 0))
    query = select(*COLUMNS).where(matching(key=key), whole).order_by(rank, RUNS.c.id.desc())
    found = (read(row) for row in connection.execute(query).mappings().all())
    return next((run for run in found if isinstance(run, Run)), None)


def _tidy(name: str) -> str:
    return name.replace("\0", "").strip()[:200]  # PostgreSQL keeps no null characters
