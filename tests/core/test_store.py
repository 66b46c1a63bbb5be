"""The store: real SQLite files, no engine."""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pairdigits.config import RunConfig
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs import store as store_module
from pairdigits.runs.store import Store, StoreError
from pairdigits.training import Training

TINY = RunConfig(train_pairs=40, validation_pairs=0, test_pairs=20, epochs=3)


@pytest.fixture(scope="module")
def finished() -> tuple[list[EpochRecord], Outcome]:
    training = Training(TINY)
    return list(training), training.outcome()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "runs.db")
    yield store
    store.close()


def test_run_and_records_are_the_same_after_a_restart(tmp_path, finished):
    records, outcome = finished
    first = Store(tmp_path / "runs.db")
    id = first.add(TINY, " my run ", group="g")
    first.append(id, 1, records)
    first.finish(id, outcome, b"model")
    first.close()

    again = Store(tmp_path / "runs.db")
    run = again.run(id)
    assert (run.name, run.config, run.key, run.group) == ("my run", TINY, TINY.key, "g")
    assert (run.status, run.epochs, run.outcome) == ("finished", 3, outcome)
    assert run.last_accuracy == records[-1].test.accuracy
    assert run.best_accuracy == max(record.test.accuracy for record in records)
    assert again.records(id) == records
    assert again.model(id) == b"model"
    assert run.created <= run.ended and run.created.tzinfo is not None


def test_records_are_read_on_from_an_epoch(store, finished):
    records, _ = finished
    id = store.add(TINY)
    for record in records:
        store.append(id, 1, [record])
    assert store.records(id, after=1) == records[1:]
    assert store.records(id, after=3) == []


def test_late_double_and_orphaned_records_are_left_out(store, finished):
    records, _ = finished
    id = store.add(TINY)
    store.append(id, 1, records[:2])
    store.append(id, 1, records)  # two of them again
    assert store.records(id) == records
    assert store.retry(id) == 2
    store.append(id, 1, records)  # of the attempt before
    assert store.records(id) == [] and store.run(id).best_accuracy is None
    store.append(id + 1, 1, records)  # of no run at all


def test_next_attempt_keeps_what_the_snapshot_covers(store, finished):
    records, _ = finished
    id = store.add(TINY)
    store.append(id, 1, records[:1])
    store.rest(id, "paused", snapshot=b"state")
    store.append(id, 1, records[1:])
    assert store.retry(id) == 2
    assert store.records(id) == records[:1] and store.run(id).epochs == store.run(id).snapshot_epoch == 1
    assert store.snapshot(id) == b"state"


def test_rename_delete_undelete_purge(store, finished):
    kept, gone = store.add(TINY), store.add(replace(TINY, variant="v1"), group="g")
    store.append(gone, 1, finished[0])
    store.rename(kept, " better ")
    store.delete(gone)
    assert [(run.id, run.name) for run in store.runs()] == [(kept, "better")]
    assert [run.id for run in store.runs(include_deleted=True)] == [kept, gone]
    store.undelete(gone)
    assert [run.id for run in store.runs(group="g")] == [gone] and store.records(gone) == finished[0]
    store.delete(gone)
    assert store.purge() == 0  # it may still be training
    store.rest(gone, "stopped")
    assert store.purge() == 1
    with pytest.raises(StoreError, match=f"no run {gone}"):
        store.run(gone)
    with pytest.raises(StoreError, match=f"no run {gone}"):
        store.rename(gone, "x")
    assert store.add(TINY) > gone


def test_many_threads_write_at_once(tmp_path, finished):
    stores = [Store(tmp_path / "runs.db") for _ in range(2)]  # as in two processes
    ids = [stores[0].add(TINY) for _ in range(8)]

    def write(id: int) -> None:
        for record in finished[0]:
            stores[id % 2].append(id, 1, [record])

    threads = [threading.Thread(target=write, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert all(stores[0].records(id) == finished[0] for id in ids)


def test_runs_of_a_dead_owner_are_stopped_and_others_left_alone(store, monkeypatch):
    alive, dead = f"{store_module.socket.gethostname()}:{os.getpid()}:a", "elsewhere:1:b"
    for owner in (alive, dead):
        store.seen(owner)
    ids = [store.add(TINY, owner=owner) for owner in (alive, dead, "forgotten:1:c")]
    store.recover()
    assert [store.run(id).status for id in ids] == ["queued", "queued", "stopped"]
    assert store.run(ids[2]).reason == "The server stopped."
    monkeypatch.setattr(store_module, "SILENCE", store_module.timedelta(seconds=-1))
    store.recover()
    assert [store.run(id).status for id in ids] == ["stopped"] * 3


def test_owner_whose_process_has_died_here_is_gone_at_once(store):
    owner = f"{store_module.socket.gethostname()}:{2**22 + 1}:a"  # beyond the highest process id
    store.seen(owner)
    id = store.add(TINY, owner=owner)
    store.recover()
    assert store.run(id).status == "stopped"


def test_environment_names_the_database(tmp_path, monkeypatch):
    monkeypatch.setenv("PAIRDIGITS_DATABASE", f"sqlite:///{tmp_path}/named.db")
    Store().close()
    assert (tmp_path / "named.db").exists()
    monkeypatch.delenv("PAIRDIGITS_DATABASE")
    monkeypatch.chdir(tmp_path)
    Store().close()
    assert (tmp_path / "pairdigits.db").exists()


@pytest.mark.parametrize(
    "location",
    ["sqlite://", "nonsense://host/db", "oracle://host/db", "://", "postgresql://host:port/db", "missing/runs.db", "."],
)
def test_bad_location_is_one_sentence(location, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError) as caught:
        Store(location)
    message = str(caught.value)
    assert message.endswith(".") and "\n" not in message


def test_foreign_files_are_refused_and_left_alone(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("no database, but long enough to look for a header in it" * 20)
    before = text.read_bytes()
    with pytest.raises(StoreError, match="not a database"):
        Store(text)
    assert text.read_bytes() == before

    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE runs (id INTEGER, title TEXT)")
    with pytest.raises(StoreError, match="another program or version"):
        Store(other)
    with sqlite3.connect(other) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("runs",)]


def test_database_that_goes_away_is_one_sentence(store):
    with sqlite3.connect(store.location) as connection:
        connection.execute("DROP TABLE records")
    with pytest.raises(StoreError, match="no such table"):
        store.records(1)
