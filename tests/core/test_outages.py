"""What goes away and comes back while runs train: the database, another server, the visitors. Real workers."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from pairdigits.config import RunConfig
from pairdigits.records import EpochRecord
from pairdigits.runs import attendant, database, keeper
from pairdigits.runs.cluster import Cluster
from pairdigits.runs.database import OWNERS, transaction
from pairdigits.runs.engine import Engine
from pairdigits.runs.store import Store, StoreError
from pairdigits.runs.visitors import NotAllowedError
from tests.core.undisturbed import epochs, timeless, trained

SMALL = RunConfig(variant="v1", train_pairs=40, validation_pairs=0, test_pairs=20, epochs=30)
LONG = replace(SMALL, train_pairs=500, epochs=1000)
PATIENCE = 180  # s


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with Cluster(workers=2) as cluster:
        yield str(cluster.client().scheduler.address)


@pytest.fixture(scope="module")
def undisturbed() -> list[EpochRecord]:
    return trained(SMALL)[1]


@contextmanager
def opened(location: str | Path, scheduler: str) -> Iterator[Engine]:
    with closing(Store(location)) as store, closing(Engine(store, scheduler=scheduler)) as engine:
        yield engine


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def locked(location: str) -> Iterator[None]:
    connection = sqlite3.connect(location, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    with closing(connection):
        yield


@contextmanager
def deleted(location: str) -> Iterator[None]:
    for path in Path(location).parent.glob("runs.db*"):
        path.rename(path.with_name(f"aside.{path.name}"))
    yield
    for path in Path(location).parent.glob("aside.*"):
        path.rename(path.with_name(path.name.removeprefix("aside.")))


@contextmanager
def full(location: str) -> Iterator[None]:
    ballast = Path(location).parent / "ballast"
    ballast.touch()
    while free := shutil.disk_usage(ballast).free:
        with ballast.open("ab", buffering=0) as file:
            file.write(bytes(min(free, 2**20)))
    yield
    ballast.unlink()


@contextmanager
def shut_out(location: str) -> Iterator[None]:
    url = sa.make_url(location)
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false")
        connection.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'"
        )
        yield
        connection.exec_driver_sql(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true")
    engine.dispose()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("A small file system may not be mounted here.")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


WORDS = {locked: "locked", deleted: "deleted or moved", full: "full", shut_out: "administrator|accepting"}
LONG_OUTAGES = [(locked, 30), (full, 12)]  # s, as they are met; SQLite waits for its lock as long as it does
OTHERS = [*((outage, 4) for outage in WORDS if outage is not locked), *LONG_OUTAGES]


@pytest.mark.parametrize(
    ("outage", "seconds"),
    [(locked, 4), *(pytest.param(*other, marks=pytest.mark.slow) for other in OTHERS)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_nothing_is_lost_while_the_database_is_away(outage, seconds, request, monkeypatch, scheduler, undisturbed):
    words = WORDS[outage]
    if (outage, seconds) not in LONG_OUTAGES:
        monkeypatch.setattr(database, "PATIENCE", 200)
    if outage is shut_out:
        location = request.getfixturevalue("postgresql")()
    else:
        location = str(request.getfixturevalue("small_disk" if outage is full else "tmp_path") / "runs.db")
    with opened(location, scheduler) as engine:
        watched, whole = engine.submit(SMALL, speed=SMALL.epochs / (seconds + 3)), engine.submit(SMALL, speed=12)
        for id in (watched, whole):
            engine.wait(id, PATIENCE, epochs(2))
        with outage(location):
            until(lambda: re.search(words, engine.trouble))
            with pytest.raises(StoreError, match=words):
                engine.submit(SMALL)
            began = time.monotonic()
            assert watched not in engine.waits()
            assert time.monotonic() - began < 1
            time.sleep(seconds)  # one of them ends meanwhile
        for id in (watched, whole):
            assert engine.wait(id, PATIENCE).attempt == 1
            assert timeless(engine.store.records(id)) == undisturbed and engine.store.model(id)
        until(lambda: not engine.trouble)


def test_a_server_that_was_taken_for_dead_spoils_nothing(tmp_path, scheduler, undisturbed):
    with opened(tmp_path / "runs.db", scheduler) as first:
        id = first.submit(SMALL, speed=5)
        first.wait(id, PATIENCE, epochs(2))
        with transaction(first.store._engine) as connection:
            connection.execute(sa.update(OWNERS).values(seen=datetime(2026, 1, 1)))
        with opened(tmp_path / "runs.db", scheduler) as second:
            assert second.store.run(id).owner == second.name
            second.set_speed(id, None)
            run = second.wait(id, PATIENCE)
            assert run.status == "finished"
            assert timeless(second.store.records(id)) == undisturbed
            until(lambda: not first._jobs)  # it has noticed
            assert second.store.run(id) == run


@pytest.mark.slow
def test_what_was_for_visitors_who_have_left_is_halted(tmp_path, monkeypatch, scheduler):
    monkeypatch.setattr(attendant, "HEARTBEAT", 0.2)
    monkeypatch.setattr(keeper, "ABSENCE", 5)
    with opened(tmp_path / "runs.db", scheduler) as engine:
        anns = engine.submit(LONG, visitor="ann")
        bobs = [engine.submit(replace(LONG, init_seed=seed), visitor="bob") for seed in (1, 2)]
        assert engine.submit(LONG, visitor="bob", join=True) == anns
        for id in (anns, bobs[0]):
            engine.wait(id, PATIENCE, epochs(1))
        assert engine.waits()[bobs[1]].place == 1 and engine.waits()[bobs[1]].seconds > 0
        while engine.store.run(bobs[0]).status == "running":
            engine.seen("ann")
            time.sleep(0.1)
        halted = [engine.store.run(id) for id in bobs]
        assert [run.status for run in halted] == ["paused", "stopped"]
        assert {run.reason for run in halted} == {"Whoever it was for has left."}
        assert engine.store.run(anns).status == "running"
        engine.seen("bob")
        engine.seen("ann")
        engine.resume(bobs[0])
        engine.wait(bobs[0], PATIENCE, lambda run: run.status == "running")
        for id in (anns, bobs[0]):
            engine.stop(id)
            engine.wait(id, PATIENCE)


def test_the_same_run_is_trained_once_and_limits_hold(tmp_path, monkeypatch, scheduler):
    monkeypatch.setenv("PAIRDIGITS_VISITOR_RUNS", "1")
    with opened(tmp_path / "runs.db", scheduler) as engine:
        first = engine.submit(SMALL, visitor="ann", join=True)
        assert engine.submit(SMALL, visitor="bob", join=True) == first
        engine.wait(first, PATIENCE)
        assert engine.submit(SMALL, visitor="cid", join=True) == first
        with monkeypatch.context() as moment:  # in which another server adds it
            moment.setattr(engine.store, "find", lambda key: None)
            assert engine.submit(SMALL, visitor="dan", join=True) == first
        anew = engine.submit(SMALL, visitor="ann", speed=0.1)
        assert anew != first
        other = replace(SMALL, init_seed=1)
        with pytest.raises(NotAllowedError, match="You have 1 runs waiting or training; 1 more would be 2"):
            engine.submit(other, visitor="ann")
        assert [run.id for run in engine.store.runs()] == [first, anew]  # what is refused is not stored
        assert engine.submit(SMALL, visitor="ann", join=True) == first  # to look on is no work
        for id in (anew, engine.submit(other, visitor="bob")):  # one's limit is not another's
            engine.delete(id)
