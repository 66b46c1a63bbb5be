"""What time it is, by the database."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Now(FunctionElement[datetime]):
    """The database's own time in UTC: servers with clocks of their own may share it."""

    type = sa.DateTime()
    inherit_cache = True


@compiles(Now, "postgresql")
def _now_postgresql(*_: object, **__: object) -> str:
    return "TIMEZONE('utc', CLOCK_TIMESTAMP())"


@compiles(Now, "sqlite")
def _now_sqlite(*_: object, **__: object) -> str:
    return "STRFTIME('%Y-%m-%d %H:%M:%f000', 'now')"
