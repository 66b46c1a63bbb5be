"""What tests of the pages share."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.shared import committed_rounds, state
from pairdigits.report import stored_rounds
from pairdigits.runs.store import Store
from tests.pages.stand_in import FakeEngine


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, FakeEngine]:
    """An empty store, and the engine that the pages ask."""
    store = Store(tmp_path / "runs.db")
    engine = FakeEngine(store)
    monkeypatch.setattr(state, "store", lambda: store)
    monkeypatch.setattr(state, "engine", lambda: engine)
    return store, engine


@pytest.fixture
def nothing_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No experiment has any round yet."""
    monkeypatch.setattr(committed_rounds, "FOLDER", tmp_path)  # or else what has been read is still known
    monkeypatch.setattr(stored_rounds, "FOLDER", tmp_path)
    monkeypatch.setattr(stored_rounds.read, "__defaults__", (tmp_path,))
