"""A stand-in for the engine, and runs as the engine leaves them."""

from __future__ import annotations

from pairdigits.config import RunConfig
from pairdigits.evaluation import Scores
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs.engine import Engine
from pairdigits.runs.jobs import Wait
from pairdigits.runs.store import Store


class FakeEngine:
    """Stores runs as the engine does, and remembers what it is asked."""

    trouble = ""

    def __init__(self, store: Store):
        self.store, self.asked, self.configs = store, [], []

    def submit(self, config, name="", group=None, speed=None, epochs=0, visitor="", join=False):
        self.check_limits(visitor, [config])
        self.configs.append(config)
        self.asked.append(("submit", epochs, speed))
        return self.store.add(config, name, group)

    def check_limits(self, visitor, configs):
        pass

    def join(self, id, visitor):
        pass

    def waits(self):
        queued = [run.id for run in self.store.runs() if run.status == "queued"]
        return {id: Wait(place, 38.0 * place) for place, id in enumerate(queued, 1)}

    def __getattr__(self, order):
        assert hasattr(Engine, order)
        return lambda *given: self.asked.append((order, *given))


def record(epoch: int, test: float = 0.8) -> EpochRecord:
    probe = [[float(a <= b) for b in range(10)] for a in range(10)]
    scores = Scores(1.0, 0.5, 0.5, test + 0.1, 0.95)
    return EpochRecord(
        epoch, 0.1, scores, Scores(1.0, 0.5, 0.5, test, 0.9), Scores(1.0, 0.5, 0.5, test, 0.9), probe, None, None
    )


def outcome(epoch: int = 2) -> Outcome:
    return Outcome(epoch, 0.8, 0.85, 0.9, 0.83, 0.84, 0.02, {"ideal": 3}, 1.5)


def finished(store: Store, config: RunConfig, epochs: int = 2) -> int:
    id = store.add(config)
    store.append(id, 1, [record(epoch, 0.7 + epoch / 20) for epoch in range(1, epochs + 1)])
    store.finish(id, outcome(), b"model")
    return id
