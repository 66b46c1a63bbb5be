"""A worker process that is killed while it trains: another goes on, or the run says what happened."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from pairdigits.runs.cluster import EngineError
from pairdigits.runs.engine import Engine
from tests.core.test_outages import until
from tests.core.undisturbed import TINY, epochs, timeless, trained

LONG = replace(TINY, epochs=500)
PATIENCE = 120  # s
CRAWL = 0.02  # epochs a second: never comes to a second epoch in these tests


def busy_worker(engine: Engine) -> int:
    """Process id of the only worker that trains."""
    client: Any = engine.cluster.client()  # Dask's types take it for one of asyncio's
    address = next(worker for worker, keys in client.processing().items() if keys)
    return client.run(os.getpid, workers=[address])[address]


def test_killed_worker_holds_up_one_run_only(engine):
    killed = engine.submit(TINY, speed=CRAWL)
    engine.wait(killed, PATIENCE, epochs(1))
    worker = busy_worker(engine)
    other = engine.submit(LONG, speed=20)
    engine.wait(other, PATIENCE, epochs(1))
    os.kill(worker, signal.SIGKILL)
    engine.wait(killed, PATIENCE, epochs(2))  # another worker goes on from the snapshot at once
    engine.set_speed(killed, None)
    run = engine.wait(killed, PATIENCE)
    assert (run.status, run.attempt) == ("finished", 1)
    assert timeless(engine.store.records(killed)) == trained(TINY)[1]
    run = engine.store.run(other)
    assert (run.status, run.attempt) == ("running", 1)
    engine.stop(other)
    engine.wait(other, PATIENCE)


def test_a_run_that_was_to_pause_as_its_worker_died_is_paused(engine):
    id = engine.submit(replace(TINY, train_pairs=20_000))  # an epoch takes seconds
    engine.wait(id, PATIENCE, lambda run: run.status == "running")
    engine.pause(id)
    os.kill(busy_worker(engine), signal.SIGKILL)
    run = engine.wait(id, PATIENCE)
    assert (run.status, run.epochs, run.attempt) == ("paused", 0, 1)


def test_a_worker_whose_nanny_has_given_up_is_replaced(engine):
    local = engine.cluster.client().cluster
    nanny = next(iter(local.workers.values()))
    local.sync(nanny.close)
    until(lambda: len(engine.cluster.workers()) == 2 and nanny not in local.workers.values())


@pytest.mark.slow
@pytest.mark.parametrize("attempts", [1, 2])
def test_a_run_of_nobody_in_particular_is_tried_again_on_another_worker(attempts, engine, monkeypatch):
    monkeypatch.setattr("pairdigits.runs.cluster.ATTEMPTS", attempts)
    config, client = replace(TINY, epochs=300), engine.cluster.client()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(next, engine.cluster.completed([config]))
        until(lambda: any(client.processing().values()))
        os.kill(busy_worker(engine), signal.SIGKILL)
        if attempts == 1:
            with pytest.raises(EngineError, match="The worker process died 1 times with Siamese v1"):
                first.result(PATIENCE)
        else:
            assert timeless(first.result(PATIENCE).records) == trained(config)[1]


@pytest.mark.slow
def test_run_whose_workers_keep_dying_fails_and_keeps_its_snapshot(engine, monkeypatch):
    monkeypatch.setattr("pairdigits.runs.attendant.ATTEMPTS", 1)
    id = engine.submit(LONG, speed=CRAWL, epochs=1)
    engine.wait(id, PATIENCE)
    engine.resume(id)
    engine.wait(id, PATIENCE, epochs(2))
    os.kill(busy_worker(engine), signal.SIGKILL)
    run = engine.wait(id, PATIENCE)
    assert run.status == "failed" and "died" in run.reason
    assert run.snapshot_epoch == 2
    engine.set_speed(id, None)
    engine.step(id)  # tries again from there
    run = engine.wait(id, PATIENCE)
    assert (run.status, run.epochs, run.attempt) == ("paused", 3, 1)
    assert [record.epoch for record in engine.store.records(id)] == [1, 2, 3]
