"""The database behind the store: its tables, and opening it with one clear sentence for whatever can go wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

LOCATION = "PAIRDIGITS_DATABASE"  # environment variable: a database URL or the path of an SQLite file
BLOB = 2**26  # bytes that a snapshot or model may have; MySQL chooses the column's type by it

metadata = sa.MetaData()
RUNS = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, default=""),
    sa.Column("config", sa.Text, nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("group", sa.String(64)),
    sa.Column("status", sa.String(10), nullable=False, default="queued"),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("owner", sa.String(200), nullable=False, default=""),
    sa.Column("attempt", sa.Integer, nullable=False, default=1),
    sa.Column("epochs", sa.Integer, nullable=False, default=0),
    sa.Column("last_accuracy", sa.Float),
    sa.Column("best_accuracy", sa.Float),
    sa.Column("created", sa.DateTime, nullable=False),
    sa.Column("started", sa.DateTime),
    sa.Column("ended", sa.DateTime),
    sa.Column("outcome", sa.Text),
    sa.Column("snapshot", sa.LargeBinary(BLOB)),
    sa.Column("snapshot_epoch", sa.Integer, nullable=False, default=0),
    sa.Column("model", sa.LargeBinary(BLOB)),
    sa.Column("deleted", sa.Boolean, nullable=False, default=False),
    sqlite_autoincrement=True,  # a purged run's number never names another run
)
RECORDS = sa.Table(
    "records",
    metadata,
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("record", sa.Text, nullable=False),
)
OWNERS = sa.Table(
    "owners",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("seen", sa.DateTime, nullable=False),
)


class StoreError(ValueError):
    """A database that cannot be used, or a run that it does not hold; the message is one sentence for the user."""


def connect(location: str) -> sa.Engine:
    """Open the database and see that it holds this version's tables, made here if there are none.

    Parameters
    ----------
    location
        A database URL, or the path of an SQLite file.

    Raises
    ------
    StoreError
        If the URL is none, its driver is missing, the database cannot be opened or written, the file is no database, or
        it holds tables of another program or version.
    """
    try:
        url = sa.make_url(location) if "://" in location else sa.URL.create("sqlite", database=location)
        engine = sa.create_engine(url)
    except (SQLAlchemyError, ImportError, ValueError) as error:
        scheme = location.split("://")[0]  # the rest may hold a password
        raise StoreError(f"The database URL {scheme}://... cannot be used: {_sentence(error)}") from error
    if engine.dialect.name == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise StoreError("A database in memory cannot be shared between threads; name a file instead.")
        sa.event.listen(engine, "connect", _set_up_sqlite)
    with transaction(engine) as connection:
        inspector = sa.inspect(connection)
        for table in metadata.sorted_tables:
            present = inspector.has_table(table.name)
            if present and {column["name"] for column in inspector.get_columns(table.name)} != set(table.c.keys()):
                raise StoreError(
                    f"The database {_shown(url)} has a table {table.name!r} of another program or version; "
                    f"name another database by {LOCATION}."
                )
        for table in metadata.sorted_tables:  # IF NOT EXISTS: two processes may open a new store at once
            connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
    return engine


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection whose changes are committed together; whatever the database refuses becomes a `StoreError`."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StoreError(f"The database {_shown(engine.url)} cannot be used: {_sentence(error)}") from error


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA busy_timeout = 10000")  # ms; writers wait for one another
    connection.execute("PRAGMA journal_mode = WAL")  # readers never wait for a writer
    connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last records, never the file
    connection.execute("PRAGMA foreign_keys = ON")


def _shown(url: sa.URL) -> str:
    return url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _sentence(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return text.rstrip(".") + "."
