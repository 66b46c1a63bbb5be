"""Who trains which runs: engines of any process, so that one can tell what was left behind by an engine that died."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta

import psutil
import sqlalchemy as sa
from sqlalchemy import select

from pairdigits.runs.clock import Now
from pairdigits.runs.database import OWNERS, RUNS
from pairdigits.runs.listing import UNFINISHED

SILENCE = timedelta(seconds=60)  # an owner that has not been seen for so long is gone


def gone(connection: sa.Connection) -> list[str]:
    """The owners that are known or have unfinished runs, and do not live any more."""
    time = connection.execute(select(Now())).scalar_one()
    seen = dict(connection.execute(select(OWNERS.c.name, OWNERS.c.seen)).all())
    busy = connection.scalars(select(RUNS.c.owner).where(RUNS.c.status.in_(UNFINISHED), RUNS.c.owner != "").distinct())
    return [owner for owner in {*seen, *busy} if _is_gone(owner, seen.get(owner), time)]


def _is_gone(owner: str, seen: datetime | None, time: datetime) -> bool:
    if seen is None or time - seen > SILENCE:
        return True
    host, process, *_ = owner.split(":")
    return host == socket.gethostname() and not psutil.pid_exists(int(process))
