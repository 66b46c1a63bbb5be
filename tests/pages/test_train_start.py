"""The left side of the Train page and a visitor's own pair, with a stand-in for the engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.shared.settings_text import to_params
from pairdigits.config import RunConfig
from pairdigits.packed_pairs import unpack_pair
from pairdigits.runs.store import StoreError
from pairdigits.runs.visitors import NotAllowedError
from tests.pages.app import open_app, said
from tests.pages.stand_in import outcome, record


def press(app, words: str):
    app = next(one for one in app.button if one.label == words).click().run()
    assert not app.exception
    return app


def captions(app) -> str:
    return " ".join(one.value for one in app.caption)


def test_settings_that_fit_no_run_are_told_and_cannot_be_started(site):
    app = open_app("train", train_pairs="300")
    app.number_input(key="train.validation_pairs").set_value(300).run()
    assert [said(one) for one in app.error] == [
        "Validation pairs are taken out of the training pairs: give fewer of them."
    ]
    assert all(one.disabled for one in app.button if one.label in ("Start", "First epoch only"))


def test_a_start_that_is_refused_is_told_beside_the_runs(site, monkeypatch):
    store, engine = site

    def refuse(visitor, configs):
        raise NotAllowedError("You have 8 runs waiting or training; 1 more would be 9.")

    monkeypatch.setattr(engine, "check_limits", refuse)
    app = press(open_app("train"), "Start")
    assert [said(one) for one in app.error] == ["You have 8 runs waiting or training; 1 more would be 9."]
    assert store.runs() == []


def test_the_speed_holds_for_the_runs_that_are_shown(site):
    _, engine = site
    app = press(open_app("train"), "Start").run()
    app.select_slider(key="train.speed").set_value(5).run()
    assert ("set_speed", 1, 5) in engine.asked


def test_a_speed_that_cannot_be_set_is_told(site, monkeypatch):
    _, engine = site
    app = press(open_app("train"), "Start").run()

    def away(id, speed):
        raise StoreError("The database is away.")

    monkeypatch.setattr(engine, "set_speed", away)
    app.select_slider(key="train.speed").set_value(5).run()
    assert [said(one) for one in app.error] == ["The database is away."] and not app.exception
    assert app.run().select_slider(key="train.speed").value == 5 and not app.error


def test_a_test_pair_is_drawn_told_and_asked_about(site, mnist):
    _, engine = site
    app = press(open_app("train"), "Draw a test pair")
    assert "From the test set: " in captions(app)
    app = press(app, "Start")
    (config,) = engine.configs
    assert [image.shape for image in unpack_pair(config.own_pair)] == [(14, 14)] * 2
    app = press(app.run(), "Remove")  # Start has drawn anew only what shows runs
    assert "From the test set: " not in captions(app)


@pytest.mark.parametrize(
    ("variant", "digits", "words"),
    [
        (
            "v5",
            [[0.0, 0.0, 0.0, 0.75] + [0.25 / 6] * 6, [0.0] * 8 + [0.1, 0.9]],
            "it reads 3 (75%) and 9 (90%) and says",
        ),
        ("base", None, "it says"),
    ],
)
def test_what_a_run_thinks_of_ones_own_pair_is_told(site, variant, digits, words):
    store, _ = site
    app = press(open_app("train"), "Draw a test pair")
    pair = app.query_params["own_pair"]
    pair = pair if isinstance(pair, str) else pair[0]
    config = RunConfig(variant=variant, auxiliary_weight=float(variant != "base"), own_pair=pair)
    id = store.add(config)
    store.append(id, 1, [replace(record(1), own_pair={"probability": 0.25, "digits": digits})])
    store.finish(id, outcome(1), b"model")
    app = open_app("train", **(to_params(config) | {"runs": str(id)}))
    assert not app.exception
    assert f"After epoch 1 {words} **first > second**, P(first ≤ second) = 25.0%." in captions(app)
