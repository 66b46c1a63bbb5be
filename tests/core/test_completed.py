"""Rounds that a cluster trains for nobody in particular: all of them, and no more than are asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from pairdigits import checkpoints
from pairdigits.config import RunConfig
from pairdigits.runs.cluster import EngineError
from tests.core.undisturbed import timeless, trained

TINY = RunConfig(variant="v1", train_pairs=40, validation_pairs=0, test_pairs=20, epochs=4)
PATIENCE = 120  # s


@pytest.mark.slow
def test_completed_yields_every_run(engine):
    configs = [replace(TINY, init_seed=seed) for seed in range(5)]
    done = {run.config.init_seed: run for run in engine.cluster.completed(iter(configs), all_pairs=False)}
    assert sorted(done) == list(range(5))
    assert timeless(done[0].records) == trained(TINY)[1]
    assert checkpoints.loads(done[0].model).outcome == done[0].outcome
    assert done[0].outcome.all_pairs_accuracy is None


def test_a_run_that_fails_is_named(engine):
    if torch.cuda.is_available():
        pytest.skip("this machine has the device")
    with pytest.raises(EngineError, match=r"^Siamese v1, auxiliary loss failed: .*no cuda device"):
        list(engine.cluster.completed([replace(TINY, device="cuda")]))


def test_completed_stops_when_nobody_wants_more(engine):
    runs = engine.cluster.completed(replace(TINY, epochs=20, init_seed=seed) for seed in range(1000))
    next(runs)
    runs.close()
    id = engine.submit(TINY)
    assert engine.wait(id, PATIENCE).status == "finished"
