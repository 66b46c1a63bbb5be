"""The database behind the store: its tables, and opening it with one clear sentence for whatever can go wrong."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

LOCATION = "PAIRDIGITS_DATABASE"  # environment variable: a database URL or the path of an SQLite file
VERSION = "1.2"  # of the tables, the newest in migrations/versions
BLOB = 2**26  # bytes that a snapshot or model may have; MySQL chooses the column's type by it
MIGRATIONS = Path(__file__).parent / "migrations"
FIRST = {"config", "key", "attempt", "snapshot", "snapshot_epoch", "model"}  # columns that tell a table of runs of 1.0
PATIENCE = 5000  # ms that SQLite's writers wait for one another
LOCK = 20_260_101  # number of the lock that is taken in PostgreSQL

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
    sa.Column("snapshot_epoch", sa.Integer, nullable=False, default=0),
    sa.Column("deleted", sa.Boolean, nullable=False, default=False),
    sa.Column("visitor", sa.String(64), nullable=False, server_default=""),
    sa.Column("variant", sa.String(10), nullable=False, server_default=""),
    sa.Column("title", sa.String(200), nullable=False, server_default=""),
    sa.Column("speed", sa.Float),
    sa.Column("until", sa.Integer, nullable=False, server_default="0"),
    sa.Column("parent", sa.String(64), nullable=False, server_default=""),
    sa.Column("parent_epoch", sa.Integer, nullable=False, server_default="0"),
    sa.Index("runs_by_parent", "parent"),
    sa.Index("runs_by_key", "key"),
    sa.Index("runs_by_group", "group"),
    sa.Index("runs_by_status", "status"),
    sa.Index("runs_by_visitor", "deleted", "visitor", "id"),
    sqlite_autoincrement=True,  # a purged run's number never names another run
)
BLOBS = sa.Table(  # apart, because a listing of runs would have to walk through them
    "blobs",
    metadata,
    sa.Column("run", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("snapshot", sa.LargeBinary(BLOB)),
    sa.Column("model", sa.LargeBinary(BLOB)),
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
VERSIONS = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


class StoreError(ValueError):
    """A database that cannot be used, or a run that it does not hold; the message is one sentence for the user."""


class DatabaseAwayError(StoreError):
    """The database cannot be used now and may be back later: locked, full, deleted or not answering."""


def connect(location: str) -> sa.Engine:
    """Open the database and see that it holds this version's tables: made if there are none, migrated if older.

    Parameters
    ----------
    location
        A database URL, or the path of an SQLite file, which is made readable for its owner only.

    Raises
    ------
    StoreError
        If the URL is none, its driver is missing, the database cannot be opened or written, the file is no database, or
        it holds tables of another program or a newer version.
    """
    if "\0" in location:
        raise StoreError("A database's URL or path has no null characters.")
    try:
        url = sa.make_url(location) if "://" in location else sa.URL.create("sqlite", database=location)
        engine = _open_file(url) if url.get_backend_name() == "sqlite" else sa.create_engine(url, pool_pre_ping=True)
    except StoreError:
        raise
    except (SQLAlchemyError, ImportError, ValueError, TypeError) as error:
        scheme = location.split("://")[0]  # the rest may hold a password
        raise StoreError(f"The database URL {scheme}://... cannot be used: {_sentence(error)}") from error
    with transaction(engine) as connection:
        if _version(connection) != VERSION:
            lock(connection)
            _set_up(connection, _version(connection))
    return engine


@contextmanager
def transaction(engine: sa.Engine) -> Generator[sa.Connection]:
    """A connection whose changes are committed together.

    Raises
    ------
    StoreError
        If the database refuses; as a `DatabaseAwayError` where that may pass.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        lost = isinstance(error, DBAPIError) and error.connection_invalidated
        away = lost or isinstance(error, OperationalError | InterfaceError | PoolTimeout)
        raise (DatabaseAwayError if away else StoreError)(_refusal(engine.url, error)) from error


def _open_file(url: sa.URL) -> sa.Engine:
    if not url.database or url.database == ":memory:" or url.query:
        raise StoreError("Name an SQLite database by its file alone: one in memory cannot be shared between threads.")
    path = Path(url.database).resolve()
    with suppress(OSError):  # which SQLite tells in its own words
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    uri = f"{path.as_uri()}?mode=rw"  # never makes another where ours has been deleted
    engine = sa.create_engine(
        url,
        creator=lambda: sqlite3.connect(uri, uri=True, check_same_thread=False),
        pool_use_lifo=True,  # each connection keeps the last snapshots that it wrote: let one do most of it
    )

    def identity() -> tuple[int, int] | None:
        with suppress(OSError):
            return path.stat().st_dev, path.stat().st_ino

    def set_up(connection: sqlite3.Connection, entry: sa.pool.ConnectionPoolEntry) -> None:
        entry.info["file"] = identity()
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        connection.execute("PRAGMA journal_mode = WAL")  # readers never wait for a writer
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last records, never the file
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -500")  # kB; by default snapshots fill 2,000 for each connection

    def check(_: object, entry: sa.pool.ConnectionPoolEntry, __: object) -> None:
        if entry.info["file"] != identity():  # what we write would go to a file that nobody can find
            raise DisconnectionError("The file has been deleted or replaced.")

    event.listen(engine, "connect", set_up)
    event.listen(engine, "checkout", check)
    return engine


def _version(connection: sa.Connection) -> str | None:
    """Of the tables: None if there are none yet, or if they are of 1.0, which did not say."""
    if not sa.inspect(connection).has_table(VERSIONS.name):
        return None
    return connection.scalar(sa.select(VERSIONS.c.version_num))


def lock(connection: sa.Connection) -> None:
    """Until the end of the transaction let no other process come as far: what is found missing is added once."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _set_up(connection: sa.Connection, version: str | None) -> None:
    """Make this version's tables, or migrate older ones; done already if another process was faster."""
    inspector, url = sa.inspect(connection), connection.engine.url
    present = [table.name for table in metadata.sorted_tables if inspector.has_table(table.name)]
    if version is None and not present:
        metadata.create_all(connection)
        VERSIONS.create(connection, checkfirst=True)
        connection.execute(sa.insert(VERSIONS).values(version_num=VERSION))
    elif version is None and not (
        "runs" in present and {column["name"] for column in inspector.get_columns("runs")} >= FIRST
    ):
        raise StoreError(
            f"The database {_shown(url)} has a table {present[0]!r} of another program or version; "
            f"name another database by {LOCATION}."
        )
    elif version != VERSION:
        _migrate(connection)


def _migrate(connection: sa.Connection) -> None:
    from alembic import command, config, util  # a quarter of a second, for old databases only

    migrations = config.Config(attributes={"connection": connection})
    migrations.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(migrations, "head")
    except util.CommandError as error:
        raise StoreError(
            f"The database {_shown(connection.engine.url)} was made by a newer version of PairDigits: "
            f"use that one, or name another database by {LOCATION}."
        ) from error
    if connection.dialect.name == "sqlite":
        with suppress(OSError):
            os.chmod(_file(connection.engine.url), 0o600)


def _file(url: sa.URL) -> Path:
    """Of an SQLite database, which `_open_file` has seen to be named."""
    return Path(url.database or "")


def _shown(url: sa.URL) -> str:
    return str(_file(url)) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _refusal(url: sa.URL, error: Exception) -> str:
    if url.get_backend_name() == "sqlite" and not _file(url).exists() and _file(url).parent.exists():
        return f"The database file {_file(url)} has been deleted or moved: put it back, or restart for a new one."
    return f"The database {_shown(url)} cannot be used: {_sentence(error)}"


def _sentence(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return text.rstrip(".") + "."
