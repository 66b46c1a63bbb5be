"""The engine on real Dask worker processes."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import replace

import psutil
import pytest
import torch

from pairdigits import checkpoints
from pairdigits.config import Fork
from pairdigits.records import EpochRecord
from pairdigits.runs.cluster import Cluster, EngineError
from pairdigits.runs.engine import Engine
from pairdigits.runs.store import Store
from tests.core.undisturbed import TINY, epochs, timeless, trained

LONG = replace(TINY, epochs=500)
BUSY = replace(TINY, epochs=1000, train_pairs=1000)
PATIENCE = 120  # s
CRAWL = 0.02  # epochs a second: never comes to a second epoch in these tests


@pytest.fixture(scope="module")
def uninterrupted() -> list[EpochRecord]:
    return trained(TINY)[1]


def test_run_gives_records_outcome_and_model(engine, uninterrupted):
    id = engine.submit(TINY, "first", group="g")
    run = engine.wait(id, PATIENCE)
    assert (run.status, run.name, run.group, run.attempt) == ("finished", "first", "g", 1)
    assert timeless(engine.store.records(id)) == uninterrupted
    checkpoint = checkpoints.loads(engine.store.model(id))
    assert checkpoint.config == TINY and checkpoint.outcome == run.outcome
    assert id not in engine.waits()
    for ask in (engine.pause, engine.step, engine.resume, engine.stop):
        ask(id)  # too late, and no error
    assert engine.store.run(id) == run


def test_records_stream_while_the_run_goes_on(engine):
    id = engine.submit(LONG, speed=20)
    engine.wait(id, PATIENCE, epochs(1))
    assert engine.wait(id, PATIENCE, epochs(4)).status == "running"
    with pytest.raises(TimeoutError, match=f"Run {id} is not as wanted after 0.1 s"):
        engine.wait(id, 0.1)
    engine.stop(id)
    assert engine.wait(id, PATIENCE).status == "stopped"


def test_listeners_hear_of_every_epoch_and_state(engine):
    heard = []
    engine.listen(lambda id: heard.append((id, engine.store.run(id).status, engine.store.run(id).epochs)))
    id = engine.submit(TINY)
    engine.wait(id, PATIENCE)
    engine.stop(id)  # too late, but it returns only when all has been told
    assert {(id, "queued", 0), *((id, "running", epoch) for epoch in range(5)), (id, "finished", 4)} <= set(heard)


def test_pause_step_resume_equal_an_uninterrupted_run(engine, uninterrupted):
    id = engine.submit(TINY, speed=CRAWL)
    engine.wait(id, PATIENCE, epochs(1))
    engine.pause(id)  # is not held back as the next epoch is
    run = engine.wait(id, 0.5 / CRAWL)
    assert (run.status, run.epochs, run.snapshot_epoch) == ("paused", 1, 1)
    engine.set_speed(id, None)
    engine.step(id)
    run = engine.wait(id, PATIENCE)
    assert (run.status, run.epochs) == ("paused", 2)
    engine.resume(id)
    run = engine.wait(id, PATIENCE)
    assert (run.status, run.attempt) == ("finished", 1)
    assert timeless(engine.store.records(id)) == uninterrupted


def test_a_fork_of_a_paused_run_is_what_it_is_from_the_beginning_and_trains_its_future_only(engine):
    parent = replace(TINY, epochs=5)
    id = engine.submit(parent, epochs=2)
    assert engine.wait(id, PATIENCE).status == "paused"
    config = replace(parent, variant="v5", learning_rate=0.002, fork=Fork(parent, 3))
    forked = engine.submit(config)
    assert engine.store.run(forked).epochs >= 2  # before any worker has had it
    run = engine.wait(forked, PATIENCE)
    kept = engine.store.records(forked)
    assert run.status == "finished" and kept[:2] == engine.store.records(id)  # with the seconds that they took
    begun, records = trained(config)
    assert timeless(kept) == records
    model = checkpoints.loads(engine.store.model(forked)).model
    assert all(torch.equal(value, begun.chosen_model.state_dict()[name]) for name, value in model.state_dict().items())


def test_the_last_epoch_of_a_finished_run_is_forked_at_once(engine):
    id = engine.submit(TINY)
    assert engine.wait(id, PATIENCE).status == "finished"
    config = replace(TINY, epochs=TINY.epochs + 1, learning_rate=0.002, fork=Fork(TINY, TINY.epochs))
    forked = engine.submit(config)
    assert engine.store.run(forked).epochs == TINY.epochs  # before any worker has had it
    assert engine.wait(forked, PATIENCE).status == "finished"
    assert timeless(engine.store.records(forked)) == trained(config)[1]


def test_steps_asked_for_at_once_are_not_lost(engine):
    id = engine.submit(LONG, epochs=1)
    engine.step(id)
    assert engine.wait(id, PATIENCE, lambda run: run.status == "paused" and run.epochs == 2)
    engine.step(id)
    engine.resume(id)
    engine.wait(id, PATIENCE, epochs(6))
    engine.stop(id)
    assert engine.wait(id, PATIENCE).status == "stopped"


def test_a_paused_run_can_be_stopped_and_gone_on_with(engine, uninterrupted):
    id = engine.submit(TINY, epochs=1)
    assert engine.wait(id, PATIENCE).status == "paused"
    engine.stop(id)
    assert engine.store.run(id).status == "stopped"
    engine.resume(id)
    assert engine.wait(id, PATIENCE).status == "finished"
    assert timeless(engine.store.records(id)) == uninterrupted


def test_an_error_of_our_own_is_logged_and_the_engine_goes_on(engine, monkeypatch, caplog):
    caplog.set_level(logging.ERROR)  # clusters of other tests have silenced it
    dispatch, errors = engine._dispatch, iter([KeyError("a mistake")])

    def failing_once() -> None:
        for error in errors:
            raise error
        dispatch()

    monkeypatch.setattr(engine, "_dispatch", failing_once)
    id = engine.submit(TINY)
    assert engine.wait(id, PATIENCE).status == "finished"
    assert caplog.messages == ["The engine goes on after an error."]


def test_speed_holds_and_is_lifted(engine):
    began = time.monotonic()
    id = engine.submit(TINY, speed=10)
    engine.wait(id, PATIENCE, epochs(4))
    assert time.monotonic() - began > 3 / 10
    id = engine.submit(TINY, speed=CRAWL)
    engine.wait(id, PATIENCE, epochs(1))
    engine.set_speed(id, None)
    assert engine.wait(id, PATIENCE).status == "finished"
    with pytest.raises(EngineError, match="speed"):
        engine.set_speed(id, 0)


def test_runs_train_at_once_and_queue_in_order(engine):
    ids = [engine.submit(replace(BUSY, init_seed=seed)) for seed in range(4)]
    for id in ids[:2]:
        engine.wait(id, PATIENCE, epochs(2))
    assert [(id, wait.place) for id, wait in engine.waits().items()] == [(ids[2], 1), (ids[3], 2)]
    engine.pause(ids[2])
    assert engine.store.run(ids[2]).status == "paused"
    assert engine.waits()[ids[3]].place == 1
    engine.stop(ids[0])  # gives its worker to the last
    assert engine.wait(ids[3], PATIENCE, epochs(1)).status == "running"
    engine.resume(ids[2])  # from its beginning, when there is a worker
    assert engine.waits()[ids[2]].place == 1
    for id in ids:
        engine.stop(id)
        assert engine.wait(id, PATIENCE).status == "stopped"


@pytest.mark.slow
def test_what_one_engine_leaves_is_taken_up_by_the_next(tmp_path, uninterrupted, scheduler_here):
    store = Store(tmp_path / "runs.db")
    first = Engine(store, workers=1)
    ids = [first.submit(TINY, speed=CRAWL), first.submit(BUSY), first.submit(TINY)]
    for id in ids[:2]:  # a slow run leaves the only worker to another
        first.wait(id, PATIENCE, epochs(1))
    first.close(PATIENCE)
    assert [run.status for run in store.runs()] == ["queued"] * 3
    assert store.run(ids[0]).snapshot_epoch == store.run(ids[0]).epochs == 1
    with pytest.raises(EngineError, match="closed"):
        first.submit(TINY)

    second = Engine(store, scheduler=scheduler_here)  # as on somebody's own cluster
    assert store.run(ids[0]).speed == CRAWL
    second.set_speed(ids[0], None)
    second.stop(ids[1])
    for id in (ids[0], ids[2]):
        run = second.wait(id, PATIENCE)
        assert (run.status, run.attempt) == ("finished", 1)
        assert timeless(store.records(id)) == trained(TINY)[1]
    second.close()
    with Cluster(scheduler=scheduler_here) as cluster:
        assert cluster.workers(), "it goes on"


def test_run_of_another_living_engine_is_not_touched(engine):
    id = engine.submit(LONG, speed=5)
    engine.wait(id, PATIENCE, epochs(1))
    other = Engine(engine.store)  # recovers what dead engines left behind
    with pytest.raises(EngineError, match="another PairDigits process"):
        other.stop(id)
    other.close()
    assert engine.store.run(id).status == "running"
    engine.delete(id)
    assert engine.wait(id, PATIENCE).status == "stopped"
    assert id not in [run.id for run in engine.store.runs()]


def test_failed_run_has_a_reason(engine):
    id = engine.submit(TINY, epochs=1)
    engine.wait(id, PATIENCE)
    engine.store.rest(id, "paused", snapshot=b"damaged")
    engine.resume(id)
    run = engine.wait(id, PATIENCE)
    assert run.status == "failed" and run.reason.endswith(".") and "\n" not in run.reason
    assert len(engine.store.records(id)) == 1


def test_only_this_machine_reaches_scheduler_and_workers(engine):
    client = engine.cluster.client()
    known = client.scheduler_info()
    told = [known["address"], *known["workers"], *(worker["nanny"] for worker in known["workers"].values())]
    assert len(told) == 5 and all(address.startswith("tcp://127.0.0.1:") for address in told)
    for process in map(psutil.Process, client.run(os.getpid).values()):
        doors = [door.laddr.ip for door in process.net_connections("tcp") if door.status == psutil.CONN_LISTEN]
        assert doors and set(doors) == {"127.0.0.1"}
