"""States of runs that the store keeps, and the forks that begin there."""

from __future__ import annotations

from dataclasses import replace

from pairdigits.config import Fork
from pairdigits.runs import reports
from tests.core.undisturbed import TINY


def test_a_fork_begins_where_its_parent_has_kept_its_state(store, finished):
    records, _ = finished
    child = replace(TINY, learning_rate=0.002, fork=Fork(TINY, 3))
    id = store.add(TINY)
    store.append(id, 1, records[:2], snapshot=b"after 2")
    assert store.kept(child.fork) == 2 and store.kept(Fork(TINY, 1)) == 0
    store.append(id, 1, records[2:])  # what is beyond the snapshot is not taken
    fork = store.run(store.add(child))
    assert (fork.epochs, fork.snapshot_epoch, fork.status, fork.attempt) == (2, 2, "queued", 1)
    assert store.records(fork.id) == records[:2] and store.snapshot(fork.id) == b"after 2"
    accuracies = [one.test.accuracy for one in records[:2]]
    assert (fork.last_accuracy, fork.best_accuracy) == (accuracies[-1], max(accuracies))
    assert store.append(fork.id, 1, records[2:3]) and store.records(fork.id) == records[:3]

    for early in (store.add(replace(TINY, fork=Fork(TINY, 1))), store.add(child, until=1)):
        assert store.run(early).epochs == 0 and store.snapshot(early) is None
    store.delete(id)
    assert store.kept(child.fork) == 0 and store.run(store.add(child)).epochs == 0
    store.purge()
    assert store.snapshot(fork.id) == b"after 2"  # its own by now


def test_the_newest_finished_runs_keep_their_last_state(store, finished, monkeypatch):
    monkeypatch.setattr(reports, "RECENT", 2)
    records, outcome = finished
    configs = [replace(TINY, init_seed=seed) for seed in range(4)]
    ids = [store.add(config) for config in configs]
    for id in ids:
        store.append(id, 1, records, snapshot=b"on the way")
    store.rest(ids[1], "paused")
    for id in (ids[0], *ids[2:]):
        store.finish(id, outcome, b"model", snapshot=b"last")
    assert [store.kept(Fork(config, 3)) for config in configs] == [0, 0, 0, 0]
    assert [store.kept(Fork(config, 4)) for config in configs] == [0, 4, 4, 4]
    assert [store.snapshot(id) for id in ids] == [None, b"on the way", b"last", b"last"]
    assert store.model(ids[0]) == b"model"
    for config, epochs in zip(configs, (0, 4, 4, 4), strict=True):
        fork = store.run(store.add(replace(config, epochs=6, fork=Fork(config, 4))))
        assert fork.epochs == epochs
