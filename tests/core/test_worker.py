"""What one worker does with a run, on a Dask worker in this process."""

from __future__ import annotations

from dataclasses import replace

import pytest
from distributed import WorkerPlugin

from pairdigits.config import Fork
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs.cluster import Cluster, EngineError
from pairdigits.runs.worker import Task
from tests.core.undisturbed import TINY, timeless, trained

PATIENCE = 60  # s


def test_a_fork_is_taken_up_from_its_parents_snapshot(scheduler_here):
    parent, _ = trained(TINY)
    config = replace(TINY, epochs=6, learning_rate=0.002, fork=Fork(TINY, TINY.epochs))
    with Cluster(scheduler=scheduler_here) as cluster:
        result = cluster.submit(Task(config.to_json(), snapshot=parent.snapshot())).result(PATIENCE)
    assert timeless(map(EpochRecord.from_dict, result.records)) == trained(config)[1][TINY.epochs :]


def test_a_run_whose_worker_died_after_its_last_epoch_is_only_scored(scheduler_here):
    training, records = trained(TINY)
    with Cluster(scheduler=scheduler_here) as cluster:
        result = cluster.submit(Task(TINY.to_json(), snapshot=training.snapshot())).result(PATIENCE)
    outcome = Outcome.from_dict(result.outcome)
    assert result.records == [] and result.model and outcome.epoch == training.chosen_epoch
    assert outcome.test_accuracy == records[outcome.epoch - 1].test.accuracy


def test_workers_that_cannot_import_what_they_need_are_named(scheduler_here, monkeypatch):
    class Elsewhere(WorkerPlugin):
        def __init__(self, niceness: int):
            pass

        def setup(self, worker: object) -> None:
            raise ModuleNotFoundError("No module named 'pairdigits'")

    monkeypatch.setattr("pairdigits.runs.cluster.WarmUp", Elsewhere)
    with pytest.raises(
        EngineError, match=r"workers at 'tcp://.*' cannot run PairDigits: .*No module named 'pairdigits'"
    ):
        Cluster(scheduler=scheduler_here).client()
