"""Rounds that a cluster trains for nobody in particular: all of them, and no more than are asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch

from pairdigits import checkpoints
from pairdigits.runs.cluster import EngineError
from pairdigits.runs.worker import control
from tests.core.test_outages import until
from tests.core.undisturbed import TINY, timeless, trained

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


def test_a_run_that_somebody_else_halts_is_named(engine):
    client = engine.cluster.client()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(next, engine.cluster.completed([replace(TINY, epochs=1000)]))
        until(lambda: any(client.processing().values()))
        key = next(key for keys in client.processing().values() for key in keys)
        until(lambda: client.run(control, key, True, None) and first.done())
        with pytest.raises(EngineError, match=r"^Siamese v1, auxiliary loss was halted before its end\.$"):
            first.result()


def test_completed_stops_when_nobody_wants_more(engine):
    runs = engine.cluster.completed(replace(TINY, epochs=20, init_seed=seed) for seed in range(1000))
    next(runs)
    runs.close()
    id = engine.submit(TINY)
    assert engine.wait(id, PATIENCE).status == "finished"
