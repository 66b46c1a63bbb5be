"""The store: real SQLite files, a real PostgreSQL server, no engine."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from pairdigits.runs import owners
from pairdigits.runs.database import StoreError
from pairdigits.runs.reports import RunTakenError
from pairdigits.runs.store import Store
from tests.core.undisturbed import TINY


def test_run_and_records_are_the_same_after_a_restart(location, finished):
    records, outcome = finished
    first = Store(location)
    id = first.add(TINY, " my run ", group="g")
    first.append(id, 1, records)
    first.finish(id, outcome, b"model")
    first.close()

    again = Store(location)
    run = again.run(id)
    assert (run.name, run.config, run.key, run.group) == ("my run", TINY, TINY.key, "g")
    assert (run.status, run.epochs, run.outcome) == ("finished", TINY.epochs, outcome)
    assert run.last_accuracy == records[-1].test.accuracy
    assert run.best_accuracy == max(record.test.accuracy for record in records)
    assert again.records(id) == records
    assert again.model(id) == b"model"
    assert run.ended and run.created <= run.ended and run.created.tzinfo is not None
    again.close()


def test_records_are_read_on_from_an_epoch(store, finished):
    records, _ = finished
    id = store.add(TINY)
    for record in records:
        store.append(id, 1, [record])
    assert store.records(id, after=1) == records[1:]
    assert store.records(id, after=TINY.epochs) == []


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
    kept, gone = store.add(TINY), store.add(replace(TINY, variant="v5"), group="g")
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


def test_many_threads_write_at_once(location, finished):
    stores = [Store(location) for _ in range(2)]  # as in two processes
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
    for store in stores:
        store.close()


def test_only_the_owner_of_the_present_attempt_writes(store, finished):
    records, outcome = finished
    id = store.add(TINY, owner="one:1:a")
    assert store.append(id, 1, records[:1], "one:1:a")
    with pytest.raises(RunTakenError, match="another PairDigits process"):
        store.queue(id, "two:2:b")
    assert store.adopt("two:2:b") == [id]  # nobody has seen the first
    assert store.queue(id, "two:2:b") == 2
    store.start(id, 2, "two:2:b")
    before = store.run(id)
    for attempt, owner in ((1, "one:1:a"), (2, "one:1:a"), (1, "two:2:b")):
        assert not store.append(id, attempt, records, owner)
        for report in (
            lambda claim: store.start(id, **claim),
            lambda claim: store.rest(id, "paused", snapshot=b"theirs", **claim),
            lambda claim: store.finish(id, outcome, b"theirs", **claim),
        ):
            with pytest.raises(RunTakenError):
                report(dict(attempt=attempt, owner=owner))
    assert store.run(id) == before and store.records(id) == [] and store.model(id) is None
    with pytest.raises(RunTakenError):
        store.retry(id, "one:1:a")
    assert store.append(id, 2, records, "two:2:b")


def test_snapshots_on_the_way_are_gone_on_from(store, finished):
    records, _ = finished
    id = store.add(TINY, owner="one:1:a")
    store.append(id, 1, records[:2], "one:1:a", b"state")
    store.append(id, 1, records[2:], "one:1:a")
    assert store.queue(id, "one:1:a", until=3) == 2
    run = store.run(id)
    assert (run.epochs, run.snapshot_epoch, run.until) == (2, 2, 3)
    assert run.last_accuracy == records[1].test.accuracy
    assert store.records(id) == records[:2] and store.snapshot(id) == b"state"


def test_the_same_run_is_found_by_its_key(store, finished):
    assert store.find(TINY.key) is None
    waiting, other, stepped = store.add(TINY), store.add(replace(TINY, init_seed=1)), store.add(TINY, until=1)
    assert store.find(TINY.key).id == waiting  # the last one halts on the way
    running, stopped = store.add(TINY), store.add(TINY)
    store.start(running)
    store.rest(stopped, "stopped")
    assert store.find(TINY.key).id == running
    store.finish(waiting, finished[1], b"")
    assert store.find(TINY.key).id == waiting
    store.delete(waiting)
    assert store.find(TINY.key).id == running
    assert store.groups() == [] and other != stepped


def test_of_servers_that_start_the_same_run_at_one_moment_one_adds_it(location):
    stores = [Store(location) for _ in range(6)]  # as in so many processes
    ready, found = threading.Barrier(len(stores)), []

    def start(store: Store, name: str) -> None:
        ready.wait(20)
        found.append(store.add_once(TINY, name))

    threads = [threading.Thread(target=start, args=(store, f"{n}")) for n, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    (run,) = stores[0].runs()
    assert sorted(found) == [(run.id, False)] * 5 + [(run.id, True)]
    for store in stores:
        store.close()


@pytest.mark.parametrize("id", [0, -1, 2**31, 2**63, 99999999999999999999])
def test_impossible_numbers_are_no_runs(store, id):
    for ask in (store.run, store.delete, lambda id: store.rename(id, "x")):
        with pytest.raises(StoreError, match=f"no run {id} "):
            ask(id)
    assert store.records(id) == [] and store.model(id) is None and not store.append(id, 1, [])
    with pytest.raises(StoreError, match=f"no run {id} "):
        store.retry(id)


def test_runs_of_a_dead_owner_are_adopted_and_others_left_alone(store, monkeypatch):
    alive, dead, new = f"{socket.gethostname()}:{os.getpid()}:a", "elsewhere:1:b", "here:2:c"
    for owner in (alive, dead):
        store.seen(owner)
    ids = [store.add(TINY, owner=owner, until=2) for owner in (alive, dead, "forgotten:1:c", "")]
    hidden = store.add(TINY, owner="forgotten:1:c")
    store.delete(hidden)
    store.start(ids[2], owner="forgotten:1:c")
    assert store.adopt(new) == ids[2:]
    assert [store.run(id).owner for id in ids] == [alive, dead, new, new]
    assert {store.run(id).status for id in ids} == {"queued"} and store.run(ids[2]).until == 2
    assert store.run(hidden).status == "stopped"
    monkeypatch.setattr(owners, "SILENCE", timedelta(seconds=-1))
    store.seen(new)
    assert store.adopt("last:3:d") == ids
    store.forget("last:3:d")
    assert store.adopt(new) == ids


def test_owner_whose_process_has_died_here_is_gone_at_once(store):
    owner = f"{socket.gethostname()}:{2**22 + 1}:a"  # beyond the highest process id
    store.seen(owner)
    id = store.add(TINY, owner=owner)
    assert store.adopt("here:2:c") == [id]
