"""The Train page, driven by Streamlit's AppTest with a stand-in for the engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from pairdigits.config import RunConfig
from pairdigits.engine import Engine
from pairdigits.evaluation import Scores
from pairdigits.records import EpochRecord, Outcome
from pairdigits.store import Store

PAGE = Path(__file__).parents[1] / "dashboard" / "views" / "train.py"


class FakeEngine:
    """Stores runs as the engine does, and remembers what it is asked."""

    def __init__(self, store: Store):
        self.store, self.asked, self.configs = store, [], []

    def submit(self, config, name="", group=None, speed=None, epochs=0):
        self.configs.append(config)
        self.asked.append(("submit", epochs, speed))
        return self.store.add(config, name, group, "test:1:a")

    def queue_position(self, id):
        return sum(run.status == "queued" and run.id <= id for run in self.store.runs())

    def __getattr__(self, order):
        assert hasattr(Engine, order)
        return lambda *given: self.asked.append((order, *given))


def record(epoch: int, test: float = 0.8) -> EpochRecord:
    probe = [[float(a <= b) for b in range(10)] for a in range(10)]
    scores = Scores(1.0, 0.5, 0.5, test + 0.1, 0.95)
    return EpochRecord(epoch, 0.1, scores, Scores(1.0, 0.5, 0.5, test, 0.9), Scores(1.0, 0.5, 0.5, test, 0.9), probe, None, None)


def outcome(epoch: int = 2) -> Outcome:
    return Outcome(epoch, 0.8, 0.85, 0.9, 0.83, 0.84, 0.02, {"ideal": 3}, 1.5)


@pytest.fixture
def site(tmp_path, monkeypatch):
    store = Store(tmp_path / "runs.db")
    engine = FakeEngine(store)
    monkeypatch.setattr(state, "store", lambda: store)
    monkeypatch.setattr(state, "engine", lambda: engine)
    return store, engine


def opened(**params: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=30)
    for name, value in params.items():
        page.query_params[name] = value
    return healthy(page.run())


def healthy(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def button(page: AppTest, words: str):
    return next(one for one in page.button if one.label == words)


def finished(store: Store, config: RunConfig, epochs: int = 2) -> int:
    id = store.add(config, owner="test:1:a")
    store.append(id, 1, [record(epoch, 0.7 + epoch / 20) for epoch in range(1, epochs + 1)])
    store.finish(id, outcome(), b"model")
    return id


def test_start_hands_over_what_stands_in_the_form(site):
    store, engine = site
    page = opened()
    assert "Nothing trains yet" in page.subheader[0].value
    page.selectbox(key="train.variant").set_value("v1").run()
    page.number_input(key="train.epochs").set_value(7).run()
    button(page, "Start").click().run()
    healthy(page)
    assert engine.configs == [RunConfig("v1", epochs=7)]
    assert page.query_params["runs"] == ["1"]
