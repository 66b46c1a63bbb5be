"""The landscape of a stored run, as the route gives it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from dashboard.live import square
from dashboard.shared import state
from pairdigits import checkpoints
from pairdigits.config import RunConfig
from pairdigits.data import load_mnist
from pairdigits.landscape import landscape, morph
from pairdigits.runs.store import Store
from pairdigits.training import Training

TINY = RunConfig(train_pairs=60, validation_pairs=10, test_pairs=20, epochs=2)


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    store = Store(tmp_path / "runs.db")
    monkeypatch.setattr(state, "store", lambda: store)
    square._square.cache_clear()
    return store


@pytest.fixture(scope="module")
def ends() -> list[np.ndarray]:
    return list(load_mnist().test.images[:4].numpy())


def asked(run: int, ends: list[np.ndarray]) -> bytes:
    return json.dumps({"run": run, "ends": [base64.b64encode(one.tobytes()).decode() for one in ends]}).encode()


def test_it_is_painted_by_the_latest_snapshot_and_at_last_by_the_model(store, ends):
    id, training = store.add(TINY), Training(TINY)
    assert square.answer(asked(id, ends)) == {"epoch": None, "square": None}
    store.start(id)
    for record in training:
        store.append(id, 1, [record], snapshot=training.snapshot())
        found = square.answer(asked(id, ends))
        assert found["epoch"] == record.epoch
        painted = np.frombuffer(base64.b64decode(found["square"]), np.uint8).reshape(41, 41)
        expected = landscape(training.model, training.normalisation, morph(*ends[:2]), morph(*ends[2:]))
        assert np.abs(painted - 255 * expected.numpy()).max() <= 1
    outcome = replace(training.outcome(), epoch=1)
    store.finish(id, outcome, checkpoints.dumps(training, outcome))
    assert square.answer(asked(id, ends))["epoch"] == 1


def test_of_a_run_that_is_purged_meanwhile_there_is_no_square(store, ends, monkeypatch):
    id, training = store.add(TINY), Training(TINY)
    store.append(id, 1, [next(iter(training))], snapshot=training.snapshot())
    monkeypatch.setattr(store, "snapshot", lambda id: None)
    assert square.answer(asked(id, ends)) == {"epoch": 1, "square": None}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"run": 1, "ends": ["AA=="]}', b'{"run": "x", "ends": []}', b"\xff"]
)
def test_what_makes_no_sense_gets_a_sentence(store, body):
    with pytest.raises(ValueError, match=r"^Give [^.]*\.$"):
        square.answer(body)


def test_a_run_that_is_not_there_is_said(store, ends):
    with pytest.raises(ValueError, match="There is no run 77"):
        square.answer(asked(77, ends))
