"""States of runs that the store keeps, and the forks that begin there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pairdigits.config import Fork, RunConfig
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs import reports
from pairdigits.training import Training

ROOT = RunConfig(train_pairs=40, validation_pairs=0, test_pairs=20, epochs=6)


@pytest.fixture(scope="module")
def trained() -> tuple[list[EpochRecord], Outcome]:
    training = Training(ROOT)
    return list(training), training.outcome()


def test_a_fork_begins_where_its_parent_has_kept_its_state(store, trained):
    records, _ = trained
    child = replace(ROOT, learning_rate=0.002, fork=Fork(ROOT, 4))
    id = store.add(ROOT)
    store.append(id, 1, records[:3], snapshot=b"after 3")
    assert store.kept(child.fork) == 3 and store.kept(Fork(ROOT, 2)) == 0
    store.append(id, 1, records[3:])  # what is beyond the snapshot is not taken
    fork = store.run(store.add(child))
    assert (fork.epochs, fork.snapshot_epoch, fork.status, fork.attempt) == (3, 3, "queued", 1)
    assert store.records(fork.id) == records[:3] and store.snapshot(fork.id) == b"after 3"
    accuracies = [one.test.accuracy for one in records[:3]]
    assert (fork.last_accuracy, fork.best_accuracy) == (accuracies[-1], max(accuracies))
    assert store.append(fork.id, 1, records[3:4]) and store.records(fork.id) == records[:4]

    for early in (store.add(replace(ROOT, fork=Fork(ROOT, 2))), store.add(child, until=1)):
        assert store.run(early).epochs == 0 and store.snapshot(early) is None
    store.delete(id)
    assert store.kept(child.fork) == 0 and store.run(store.add(child)).epochs == 0
    store.purge()
    assert store.snapshot(fork.id) == b"after 3"  # its own by now


def test_the_newest_finished_runs_keep_their_last_state(store, trained, monkeypatch):
    monkeypatch.setattr(reports, "RECENT", 2)
    records, outcome = trained
    configs = [replace(ROOT, init_seed=seed) for seed in range(4)]
    ids = [store.add(config) for config in configs]
    for id in ids:
        store.append(id, 1, records, snapshot=b"on the way")
    store.rest(ids[1], "paused")
    for id in (ids[0], *ids[2:]):
        store.finish(id, outcome, b"model", snapshot=b"last")
    assert [store.kept(Fork(config, 5)) for config in configs] == [0, 0, 0, 0]
    assert [store.kept(Fork(config, 6)) for config in configs] == [0, 6, 6, 6]
    assert [store.snapshot(id) for id in ids] == [None, b"on the way", b"last", b"last"]
    assert store.model(ids[0]) == b"model"
    for config, epochs in zip(configs, (0, 6, 6, 6), strict=True):
        fork = store.run(store.add(replace(config, epochs=8, fork=Fork(config, 6))))
        assert fork.epochs == epochs
