"""What a visitor does with runs on the Train page, and what it says of them, with a stand-in for the engine."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from dashboard.shared import settings_text
from dashboard.train.watched import Watched
from pairdigits.config import RunConfig
from pairdigits.presets import preset
from pairdigits.runs.store import StoreError
from tests.pages.app import memory, said
from tests.pages.stand_in import finished, outcome, record
from tests.pages.test_train_page import button, healthy, opened

MODEL = Path(__file__).parents[2] / "checkpoints" / "report" / "v2.safetensors"


def captions(page) -> str:
    return " ".join(one.value for one in page.caption)


def test_a_baseline_is_pinned_and_goes_with_its_run(site):
    store, _ = site
    ids = [finished(store, RunConfig("v5")), finished(store, RunConfig("v1"))]
    page = opened(runs=f"{ids[0]},{ids[1]}")
    button(page, "Pin").click().run()
    assert healthy(page).query_params["baseline"] == str(ids[1]) and button(page, "Unpin")
    button(page, "Unpin").click().run()
    assert "baseline" not in page.query_params
    button(page, "Pin").click().run()
    button(page, "Hide").click().run()
    assert healthy(page).query_params == {"runs": str(ids[0])}
    assert [run.id for run in store.runs()] == ids


def test_a_link_to_a_run_that_was_deleted_meanwhile_says_so(site):
    store, _ = site
    ids = [finished(store, RunConfig("v5")), finished(store, RunConfig("v1"))]
    store.delete(ids[0])
    page = healthy(opened(runs=f"{ids[0]},{ids[1]},77"))
    assert [said(one) for one in page.warning] == [
        f"Of what the address asks for, run {ids[0]}, 77 does not exist or was deleted."
    ]
    assert page.query_params == {"runs": str(ids[1])}
    page.run()
    assert not page.warning


def test_a_link_keeps_its_runs_while_the_database_is_away(site, monkeypatch):
    store, _ = site
    id = finished(store, RunConfig("v5"))

    def away(*_):
        raise StoreError("The database is away.")

    with monkeypatch.context() as patch:
        patch.setattr("dashboard.train.watched.load", away)
        page = opened(runs=str(id))
    assert page.query_params == {"runs": str(id)} and not page.warning
    assert button(healthy(page.run()), "Hide")


def test_records_are_kept_of_what_is_shown_alone(site):
    store, _ = site
    shown, others = finished(store, RunConfig("v5")), store.add(RunConfig("v1"))
    store.start(others)
    store.append(others, 1, [record(epoch) for epoch in range(1, 21)])
    page = opened(runs=str(shown))
    assert list(memory(page, Watched).records) == [shown]
    lines = [one.proto.json for one in page.get("bidi_component") if one.proto.component_name == "launch_lines"]
    assert any("epoch 20 of 40, about 2 s left" in line for line in lines)
    button(page, "Hide").click().run()
    assert not memory(healthy(page), Watched).records


def test_settings_that_are_being_trained_already_are_watched_instead(site):
    store, engine = site
    id = store.add(RunConfig())
    store.start(id)
    store.append(id, 1, [record(1)])
    page = opened()
    button(page, f"Show run {id}, which is training now").click().run()
    assert healthy(page).query_params["runs"] == str(id) and "you watch that run" not in captions(page)
    button(page, "Start").click().run()
    page.run()
    assert "These settings are being trained since" in captions(page) and "you watch that run" in captions(page)
    assert not engine.configs
    button(page, "Train it anew").click().run()
    assert healthy(page).query_params["runs"] == str(id + 1) and engine.configs == [RunConfig()]


def test_a_finished_run_is_played_and_shown_as_it_ended(site):
    store, _ = site
    page = opened(runs=str(finished(store, RunConfig())))
    button(page, "Play").click().run()
    assert memory(healthy(page), Watched).played == 1
    button(page, "To the end").click().run()
    assert memory(healthy(page), Watched).played is None and button(page, "Play")


def test_before_any_round_has_been_run_no_run_stands_prepared(site, nothing_run):
    page = opened()
    assert "trained beforehand" not in captions(page) and not page.error and button(page, "Start")


def test_a_runs_settings_are_put_into_the_form(site):
    store, _ = site
    config = preset("best", "v7", protocol="as published")
    page = opened([finished(store, config)])
    assert page.selectbox(key="train.variant").value == RunConfig().variant
    button(page, "Use its settings").click().run()
    assert healthy(page).selectbox(key="train.variant").value == "v7"
    button(page, "Start").click().run()
    assert settings_text.from_params({k: v for k, v in page.query_params.items() if k != "runs"}) == config


def test_a_loaded_models_settings_are_put_into_the_form(site):
    page = opened()
    page.file_uploader[0].upload(MODEL.name, MODEL.read_bytes(), "application/octet-stream").run()
    assert any(one.value.startswith("**Siamese v2") for one in healthy(page).markdown)
    page.button(key="train.use_loaded").click().run()
    assert healthy(page).selectbox(key="train.variant").value == "v2"
    assert page.number_input(key="train.weight_decay").value == 0.05


def test_a_run_that_cannot_be_read_is_named_and_the_others_stand(site, tmp_path):
    store, _ = site
    ids = [finished(store, RunConfig()), finished(store, RunConfig("v1"))]
    with sqlite3.connect(tmp_path / "runs.db") as database:
        database.execute("update runs set config = replace(config, 'v1', 'v99') where id = ?", (ids[1],))
    page = opened()
    (error,) = page.error
    assert "Variant is 'v99'" in said(error)
    assert page.dataframe[0].value["Run"].tolist() == ids[:1]


def test_runs_of_equal_settings_do_not_differ(site):
    store, _ = site
    page = opened([finished(store, RunConfig()), finished(store, RunConfig())])
    assert "Nothing: the same settings give the same figures." in captions(page) and not page.table


def test_a_run_that_does_not_watch_its_test_pairs_has_no_gap(site):
    store, _ = site
    id = store.add(RunConfig(watch_test=False))
    store.append(id, 1, [replace(record(1), test=None)])
    store.finish(id, replace(outcome(1), all_pairs_accuracy=None), b"model")
    page = opened(runs=str(id))
    assert "does not watch its test pairs, so there is no gap to show before its end" in captions(page)
    metrics = {metric.label: metric.value for metric in page.metric}
    assert metrics["Test pairs"] == "85.0%" and "All pairs" not in metrics


def test_a_run_stands_as_python_and_as_a_command_where_it_is_asked_for(site):
    store, _ = site
    config = RunConfig("v6", epochs=2)
    id = finished(store, config)
    page = opened(runs=str(id))
    assert not page.code
    page.session_state[f"train.code.{id}"] = True
    python, command = (one.value for one in healthy(page.run()).code)
    assert python == settings_text.python_code(config).strip()
    assert command == "python -m pairdigits train --variant v6 --epochs 2"
    assert "Both give the same records as the run here." in captions(page) and "both seeds" not in captions(page)


def test_what_stands_in_the_form_stands_as_python_too(site):
    page = opened(variant="v6", rounds="2")
    assert not page.code
    page.session_state["train.code"] = True
    python, command = (one.value for one in healthy(page.run()).code)
    assert python == settings_text.python_code(RunConfig("v6")).strip()
    assert command == "python -m pairdigits train --variant v6"
    assert "Every further round adds 1 to both seeds." in captions(page)
