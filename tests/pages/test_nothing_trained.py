"""Pages before any model has been trained, or only some: they stand, and say in a sentence what is missing."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from dashboard.shared import state
from dashboard.sketch import examples, route
from dashboard.sketch.seen import as_json
from pairdigits.checkpoints import CheckpointError
from pairdigits.folders import CHECKPOINTS
from tests.pages.app import boards, open_app, said
from tests.pages.test_sketch_route import body


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of trained models, which is empty."""
    monkeypatch.setattr(state, "CHECKPOINTS", tmp_path)
    monkeypatch.setattr(state, "model", cache(state.model.__wrapped__))  # or else what has been read is still known
    return tmp_path


def train(models: Path, variant: str) -> None:
    """Put a model of the report's there, as training it would."""
    (models / "report").mkdir(exist_ok=True)
    shutil.copy(CHECKPOINTS / "report" / f"{variant}.safetensors", models / "report")


def test_nobody_answers_a_sketch(models):
    app = open_app("sketch")
    assert not app.exception and not app.error
    assert "Nobody answers." in boards(app) and "have not been trained here yet: choose the others" in boards(app)


def test_nobody_answers_while_the_pen_moves(models):
    known = [as_json(shown.seen) for shown in examples.first_pair()]
    with pytest.raises(ValueError, match=r"^These models have not been trained here yet\.$"):
        route.answer(body(*known))


def test_whom_somebody_trains_meanwhile_answers_while_the_pen_moves(models):
    asked = body(*[as_json(shown.seen) for shown in examples.first_pair()], model="v4")
    (models / "report").mkdir()
    os.utime(models / "report", (0, 0))  # some time ago: a file system's clock may tick slowly
    with pytest.raises(ValueError, match="not been trained here yet"):
        route.answer(asked)
    train(models, "v4")
    shown = route.answer(asked)
    assert "Why Siamese v4" in shown["why"] and "Not trained yet: Base, Siamese v1" in shown["cards"]


def test_there_is_nothing_to_probe(models):
    app = open_app("probe")
    assert not app.exception
    assert [said(error) for error in app.error] == [
        "There are no trained models in the folder checkpoints: make them with `python -m pairdigits report`."
    ]


def test_probe_names_the_models_that_are_missing_and_their_command(models):
    train(models, "v1")
    some = "Some models of the preset “report” (base, v2, v3, v4, v5, v6, v7) have not been trained here yet: "
    every = "Some models of the preset “best” (base, v1, v2, v3, v4, v5, v6, v7) have not been trained here yet: "
    some, every = some + "run python -m pairdigits report.", every + "run python -m pairdigits report."
    for preset, sentence in {"report": some, "best": every}.items():
        with pytest.raises(CheckpointError) as refused:
            state.model(preset, "v5")
        assert str(refused.value) == sentence
    app = open_app("probe", strength="3.5")  # another test's probes, of all models, are known at other strengths
    assert not app.exception
    assert {said(error) for error in app.error} <= {some, every}  # its sections may be known from another test, too
    assert sum(caption.value.count(some) for caption in app.caption) == 1
    assert any(header.value.startswith("Siamese v1: ") for header in app.header)


def test_where_only_base_is_trained_no_board_is_drawn(models):
    train(models, "base")
    app = open_app("probe", strength="3.5")
    assert not app.exception
    assert [warning.value for warning in app.warning] == ["None of these models has such a probe. Choose another kind."]


def test_nobody_misreads_a_digit(models):
    app = open_app("data", section="misread")
    assert not app.exception and not app.error
    assert [info.value for info in app.info] == [
        "The models of this preset have not been trained yet: `python -m pairdigits report` makes them."
    ]
