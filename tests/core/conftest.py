"""What tests of the core share: one Dask cluster for all, and a PostgreSQL server of our own."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from distributed import LocalCluster

from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs.engine import Engine
from pairdigits.runs.store import Store
from tests.core.undisturbed import TINY, trained

USER = "postgres" if hasattr(os, "getuid") and os.getuid() == 0 else None  # it refuses to run as root


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine on two worker processes; a file that uses it is named in `TOGETHER`."""
    engine = Engine(Store(tmp_path_factory.mktemp("engine") / "runs.db"), workers=2)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def finished() -> tuple[list[EpochRecord], Outcome]:
    """The records and the outcome of `TINY`."""
    training, records = trained(TINY)
    return records, training.outcome()


@pytest.fixture(scope="session")
def scheduler_here() -> Iterator[str]:
    """Address of a Dask cluster whose only worker is a thread of this process."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # pytest ends before the last that it would say
    one = dict(n_workers=1, threads_per_worker=2, processes=False, protocol="tcp", dashboard_address="127.0.0.1:0")
    with LocalCluster(**one, silence_logs=False) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes an empty database and returns its URL."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    if binaries is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("PostgreSQL is not installed.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = USER or pwd.getpwuid(os.getuid()).pw_name
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are closed to other users
    if USER:
        shutil.chown(folder, USER)
    options = ["--no-sync", "--auth=trust", "--encoding=UTF8", f"--username={name}"]
    subprocess.run([binaries / "initdb", *options, folder / "data"], user=USER, check=True, stdout=subprocess.DEVNULL)
    settings = dict(port=port, listen_addresses="127.0.0.1", unix_socket_directories="", fsync="off")
    command = [binaries / "postgres", "-D", folder / "data", *(f"--{key}={value}" for key, value in settings.items())]
    server = subprocess.Popen(command, user=USER, stderr=subprocess.DEVNULL)
    base = f"postgresql+psycopg://{name}@127.0.0.1:{port}/"
    subprocess.run([binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "30"], timeout=40)

    def made() -> str:
        database = f"d{uuid.uuid4().hex}"
        engine = sa.create_engine(f"{base}postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {database}")
        engine.dispose()
        return base + database

    yield made
    server.send_signal(signal.SIGQUIT)  # at once, nothing is worth keeping
    server.wait(30)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new database is to be, once in a file and once on a server."""
    if request.param == "sqlite":
        return str(tmp_path / "runs.db")
    return request.getfixturevalue("postgresql")()


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    """An empty store."""
    store = Store(location)
    yield store
    store.close()
