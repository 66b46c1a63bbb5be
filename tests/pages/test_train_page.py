"""The Train page, driven by Streamlit's AppTest with a stand-in for the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shared.settings_text import to_params
from dashboard.train.watched import Watched
from pairdigits.augmentation import Augmentation
from pairdigits.config import RunConfig
from pairdigits.packed_pairs import pack_pair
from pairdigits.presets import preset
from pairdigits.runs import visitors
from tests.pages.app import memory, remember, said
from tests.pages.stand_in import finished, record

PAGE = Path(__file__).parents[2] / "dashboard" / "train" / "page.py"


def opened(selected: tuple[int, ...] = (), **params: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    remember(page, Watched(selected=list(selected)))
    for name, value in params.items():
        page.query_params[name] = value
    return healthy(page.run())


def healthy(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def button(page: AppTest, words: str):
    return next(one for one in page.button if one.label == words)


def test_start_hands_over_what_stands_in_the_form(site):
    _, engine = site
    page = opened()
    assert any("trained beforehand" in caption.value for caption in page.caption)
    page.selectbox(key="train.variant").set_value("v1").run()
    page.number_input(key="train.epochs").set_value(7).run()
    button(page, "Start").click().run()
    healthy(page)
    assert engine.configs == [RunConfig("v1", epochs=7)]
    assert page.query_params["runs"] == "1"


def test_what_the_auxiliary_loss_is_told_is_handed_over(site):
    _, engine = site
    page = opened()
    page.number_input(key="train.labelled").set_value(0.1).run()
    page.number_input(key="train.auxiliary_until").set_value(5).run()
    page.selectbox(key="train.labelled_side").set_value("left").run()
    button(page, "Start").click().run()
    healthy(page)
    assert engine.configs == [RunConfig(labelled=0.1, auxiliary_until=5, labelled_side="left")]


def test_without_an_auxiliary_loss_nobody_is_told_a_label(site):
    _, engine = site
    page = opened(auxiliary_weight="0", labelled="0.1", labelled_side="left")
    assert page.number_input(key="train.labelled").disabled
    button(page, "Start").click().run()
    healthy(page)
    assert engine.configs == [RunConfig(auxiliary_weight=0.0)]


def test_the_address_opens_the_same_settings(site):
    store, engine = site
    config = RunConfig("v2", shared=False, learning_rate=0.005, augmentation=Augmentation(rotation=5), data_seed=3)
    page = opened(**to_params(config), rounds="2", speed="5")
    assert page.number_input(key="train.learning_rate").value == 0.005
    assert page.number_input(key="train.warp.rotation").value == 5
    assert page.slider(key="train.rounds").value == 2
    assert page.query_params == to_params(config) | {"rounds": "2", "speed": "5"}
    button(page, "Start").click().run()
    assert engine.configs == [config, replace(config, data_seed=4, init_seed=1)]
    assert [given[2] for given in engine.asked if given[0] == "submit"] == [5.0, 5.0]
    groups = {run.group for run in store.runs()}
    assert len(groups) == 1 and None not in groups


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"learning_rate": "fast"}, "Learning rate is 'fast'"),
        ({"augmentation": "rotation"}, "Augmentation is 'rotation': give numbers such as rotation=12,shift=1."),
        ({"augmentation": "rotation=far"}, "Augmentation is 'rotation=far': give numbers"),
    ],
)
def test_a_link_that_makes_no_sense_gets_one_sentence_and_the_usual_settings(asked, sentence, site):
    page = opened(**asked, epochs="3")
    (error,) = page.error
    assert sentence in said(error)
    assert page.number_input(key="train.learning_rate").value == 0.01


def test_choices_that_there_are_not_get_a_sentence_each(site):
    page = opened(rounds="99", speed="7", view="upside down", epochs="3")
    asked = [said(warning).removeprefix("The address asks for ").split(",")[0] for warning in page.warning]
    assert asked == ["rounds = “99”", "speed = “7”", "view = “upside down”"]
    assert page.slider(key="train.rounds").value == 1 and page.number_input(key="train.epochs").value == 3


def test_settings_that_do_not_go_together_cannot_be_started(site):
    page = opened()
    page.selectbox(key="train.variant").set_value("v4").run()
    page.number_input(key="train.auxiliary_weight").set_value(0.0).run()
    assert "learns from its digits only" in said(page.error[0])
    assert button(healthy(page), "Start").disabled


def test_presets_follow_the_model_until_something_else_is_chosen(site):
    page = opened()
    page.segmented_control(key="train.preset").set_value("report").run()
    page.selectbox(key="train.variant").set_value("v2").run()
    assert page.number_input(key="train.weight_decay").value == 0.05
    assert page.segmented_control(key="train.preset").value == "report"
    page.number_input(key="train.epochs").set_value(5).run()
    assert page.segmented_control(key="train.preset").value is None
    page.segmented_control(key="train.preset").set_value("best").run()
    assert page.number_input(key="train.epochs").value == 160
    assert page.toggle(key="train.warp").value


def test_advanced_settings_in_use_are_named_and_ones_own_pair_stands_beside_start(site):
    page = opened()
    assert not any("Advanced settings in use" in caption.value for caption in page.caption)
    pair = pack_pair(*np.full((2, 14, 14), 200, np.uint8))
    page = opened(**to_params(replace(preset("best", "v7"), own_pair=pair)))
    (used,) = (caption.value for caption in page.caption if "Advanced settings in use" in caption.value)
    assert "weight decay" in used and "warped images" in used and "test pairs" not in used
    labels = [one.label for one in page.button]
    assert labels.index("Start") < labels.index("Remove") < labels.index("New pairs")
    page.button[labels.index("Remove")].click().run()
    labels = [one.label for one in page.button]
    assert "Remove" not in labels and labels.index("New pairs") < labels.index("Draw a test pair")


def test_a_finished_run_shows_its_gap_and_the_optimism_of_its_choice(site):
    store, _ = site
    id = finished(store, preset("report", "v5", protocol="as published"))
    page = opened(runs=str(id))
    metrics = {metric.label: metric.value for metric in page.metric}
    assert metrics["Class: train − test"] == "+10.0 points"
    assert metrics["Digits: train − test"] == "+5.0 points"
    assert metrics["Optimism of choosing on test data"] == "+2.0 points"
    assert any("Overfitting" in caption.value for caption in page.caption)


def test_controls_ask_the_engine(site):
    store, engine = site
    id = store.add(RunConfig(epochs=5))
    store.start(id)
    store.append(id, 1, [record(1), record(2)])
    page = opened(runs=str(id))
    button(page, "Pause").click().run()
    assert engine.asked[-1] == ("pause", id)
    store.rest(id, "paused")
    page.run()
    button(page, "Step").click().run()
    assert engine.asked[-1] == ("step", id)
    button(page, "Continue").click().run()
    assert engine.asked[-1] == ("resume", id)
    button(page, "Rewind").click().run()
    assert ("stop", id) in engine.asked and engine.configs == [RunConfig(epochs=5)]
    assert page.query_params["runs"] == "2"  # the new run stands where the old one stood


def test_delete_can_be_undone(site):
    store, engine = site
    id = finished(store, RunConfig())
    page = opened([id])
    button(page, "Delete").click().run()
    assert engine.asked[-1] == ("delete", id)
    button(page, "Undo").click().run()
    assert memory(page, Watched).deleted == []


def test_the_teacher_removes_deleted_runs_for_good(site):
    store, _ = site
    kept, gone = finished(store, RunConfig()), finished(store, RunConfig("v1"))
    store.delete(gone)
    page = opened([kept])
    assert not [one for one in page.button if "for good" in one.label]
    page.text_input(key="teacher.typed").set_value(visitors.teacher_code()).run()
    button(page, "Remove 1 deleted run for good").click().run()
    assert [run.id for run in store.runs(include_deleted=True)] == [kept]
    assert button(page, "Remove 0 deleted runs for good").disabled


def test_the_table_of_runs_has_eight_columns_until_all_are_asked_for(site):
    store, _ = site
    page = opened([finished(store, RunConfig())])
    (table,) = page.dataframe
    assert len(table.proto.column_order) == 8 and {"Kept model", "Highest (peeked)"} <= set(table.proto.column_order)
    page.toggle(key="train.every").set_value(True).run()
    (table,) = page.dataframe
    assert not table.proto.column_order and len(table.value.columns) == 16


def test_two_selected_runs_are_compared_by_what_differs(site):
    store, _ = site
    ids = [finished(store, RunConfig("v5")), finished(store, RunConfig("v1"))]
    page = opened(ids)
    (found,) = [one.value for one in page.table]
    assert found.to_dict() == {"Siamese v1": {"Variant": "v1"}, "Siamese v5": {"Variant": "v5"}}


def test_somebody_elses_run_is_changed_with_the_teachers_code_only(site):
    store, engine = site
    id = store.add(RunConfig(epochs=3), visitor="ann")
    store.rest(id, "paused")
    page = opened(runs=str(id))
    assert button(page, "Continue").disabled and not button(page, "Rewind").disabled
    page.text_input(key="teacher.typed").set_value("chalk").run()
    assert said(page.error[0]) == "That is not the code."
    assert button(page, "Continue").disabled
    page.text_input(key="teacher.typed").set_value(visitors.teacher_code()).run()
    button(healthy(page), "Continue").click().run()
    assert engine.asked == [("resume", id)]


def test_what_is_in_the_way_is_said(site):
    site[1].trouble = "No worker is connected: runs wait until one is."
    (warning,) = opened().warning
    assert said(warning) == site[1].trouble


def test_a_limit_that_is_reached_is_said_in_a_sentence(site, monkeypatch):
    def full(visitor, configs):
        raise visitors.NotAllowedError("You have 60 runs waiting or training.")

    monkeypatch.setattr(site[1], "check_limits", full)
    page = opened()
    button(page, "Start").click().run()
    assert [said(error) for error in page.error] == ["You have 60 runs waiting or training."] and not site[1].configs
    assert not page.run().error
