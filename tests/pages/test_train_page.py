"""The Train page, driven by Streamlit's AppTest with a stand-in for the engine."""

from __future__ import annotations

import argparse
import csv
import io
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shared import launches
from dashboard.shared.launches import labels
from dashboard.shared.settings_text import from_params, python_code, to_params
from dashboard.train.findings import records_csv
from dashboard.train.watched import Watched
from pairdigits.augmentation import Augmentation
from pairdigits.choices import PUBLISHED
from pairdigits.config import Fork, RunConfig
from pairdigits.fields import NUMBERS
from pairdigits.options import add_run_options, command_line, run_config
from pairdigits.packed_pairs import pack_pair
from pairdigits.presets import preset
from pairdigits.runs import visitors
from pairdigits.training import Training
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


def test_a_link_that_makes_no_sense_gets_one_sentence_and_the_usual_settings(site):
    page = opened(learning_rate="fast", epochs="3")
    (error,) = page.error
    assert "Learning rate is 'fast'" in said(error)
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
    assert len(table.proto.column_order) == 8 and {"Kept model", "Highest"} <= set(table.proto.column_order)
    page.toggle(key="train.every").set_value(True).run()
    (table,) = page.dataframe
    assert not table.proto.column_order and len(table.value.columns) == 16


def test_two_selected_runs_are_compared_by_what_differs(site):
    store, _ = site
    ids = [finished(store, RunConfig("v5")), finished(store, RunConfig("v1"))]
    page = opened(ids)
    (found,) = [one.value for one in page.table]
    assert found.to_dict() == {"Siamese v1": {"Variant": "v1"}, "Siamese v5": {"Variant": "v5"}}


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(),
        RunConfig("v1", shared=False, learning_rate=1e-5, watch_test=False),
        preset("best", "v7", protocol="as published"),
        RunConfig(augmentation=Augmentation(rotation=3.5, resolution=14)),
    ],
)
def test_a_run_as_text(config):
    assert from_params(to_params(config)) == config
    code = python_code(config)
    made = next(line for line in code.splitlines() if line.startswith("config")).removeprefix("config = ")
    assert eval(made, {"RunConfig": RunConfig, "Augmentation": Augmentation}) == config
    parser = argparse.ArgumentParser()
    add_run_options(parser)
    assert run_config(vars(parser.parse_args(shlex.split(command_line(config))[4:]))) == config


def test_labels_name_only_what_differs(site):
    store, _ = site
    configs = [RunConfig("v5"), RunConfig("v5", learning_rate=0.001), RunConfig("v1", shared=False), RunConfig("v5")]
    ids = [store.add(config) for config in configs]
    assert labels(launches.load(store, ids[:1], {})) == ["Siamese v5"]
    assert labels(launches.load(store, ids[:2], {})) == ["learning rate 0.01", "learning rate 0.001"]
    assert labels(launches.load(store, [1, 3], {})) == ["Siamese v5, shared tower", "Siamese v1, separate towers"]
    assert labels(launches.load(store, [1, 4], {})) == ["Siamese v5 (run 1)", "Siamese v5 (run 4)"]
    store.rename(4, "mine")
    assert labels(launches.load(store, [1, 4], {})) == ["Siamese v5", "mine"]


def test_a_group_of_other_settings_is_no_launch(site):
    store, _ = site
    ids = [store.add(config, group="again") for config in (RunConfig(), RunConfig("v1"), RunConfig(data_seed=1))]
    (launch,) = launches.load(store, ids[:1], {})
    assert [run.id for run in launch.runs] == [1, 3]


@pytest.mark.parametrize(
    "choices",
    [{"protocol": PUBLISHED, "validation_pairs": 0}, {}, {"validation_pairs": 0}],
    ids=["test", "validation", "last"],
)
def test_a_launch_chooses_the_epoch_that_its_training_does(site, choices):
    store, _ = site
    training = Training(
        RunConfig(**({"train_pairs": 60, "validation_pairs": 20, "test_pairs": 20, "epochs": 4} | choices))
    )
    id = store.add(training.config)
    for trained in training:
        store.append(id, 1, [trained])
        (launch,) = launches.load(store, [id], {})
        assert launch.chosen_epoch == training.chosen_epoch


def test_records_are_read_once_and_again_after_another_attempt(site):
    store, _ = site
    id, known = store.add(RunConfig()), {}
    store.append(id, 1, [record(1), record(2)])
    (launch,) = launches.load(store, [id, 99], known)
    assert [one.epoch for one in launch.records[0]] == [1, 2] and launch.chosen_epoch == 1
    store.retry(id)
    assert launches.load(store, [id], known)[0].records == [[]]


def test_records_as_csv_have_a_line_for_each_epoch(site):
    store, _ = site
    (launch,) = launches.load(store, [finished(store, RunConfig(data_seed=4))], {})
    lines = list(csv.DictReader(io.StringIO(records_csv(launch))))
    assert [(line["run"], line["data_seed"], line["epoch"]) for line in lines] == [("1", "4", "1"), ("1", "4", "2")]
    assert float(lines[1]["test_accuracy"]) == pytest.approx(0.8)


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


def test_a_run_that_rests_is_forked_and_both_futures_are_compared(site):
    store, engine = site
    parent = RunConfig(variant="v4", epochs=3)
    id = store.add(parent)
    store.append(id, 1, [record(1), record(2), record(3)])
    store.rest(id, "paused")
    page = opened(runs=str(id))
    slot = f"train.fork.{parent.key}.3"
    page.selectbox(key=f"{slot}.variant").set_value("v5")
    page.number_input(key=f"{slot}.epochs").set_value(5)
    page.button(key=f"{slot}.start").click().run()
    (config,) = engine.configs
    assert config == replace(parent, variant="v5", epochs=5, fork=Fork(parent, 3))
    forked = store.runs()[-1]
    assert (forked.parent, forked.parent_epoch) == (parent.key, 3)
    assert page.query_params["runs"] == f"{id},{forked.id}"

    longer = replace(parent, epochs=5)
    other = store.add(longer)
    store.append(other, 1, [record(i) for i in range(1, 6)])
    child = store.add(replace(longer, learning_rate=0.002, fork=Fork(longer, 2)))
    store.append(child, 1, [record(i) for i in range(1, 5)])
    for each in (other, child):
        store.rest(each, "paused")
    page = opened(runs=f"{other},{child}")
    told = next(element.value for element in page.markdown if "are one" in element.value)
    assert f"Up to epoch 2 runs {other} and {child} are one; then learning rate 0.002. After epoch 4" in told


def test_after_the_last_epoch_that_a_run_may_have_there_is_no_fork(site):
    store, _ = site
    longest = RunConfig(variant="v4", epochs=int(NUMBERS["epochs"].high))
    id = store.add(longest)
    store.append(id, 1, [record(epoch) for epoch in range(1, longest.epochs + 1)])
    store.rest(id, "paused")
    page = opened(runs=str(id))
    assert not page.error and not [one for one in page.button if one.label == "Train this future"]
    assert any("Epoch 1,000 is the last that a run may have" in one.value for one in page.caption)


def resting(store, config, count):
    id = store.add(config)
    store.append(id, 1, [record(epoch) for epoch in range(1, count + 1)])
    store.rest(id, "paused")
    return id


def test_a_fork_from_a_runs_last_epoch_is_set_against_its_last_figure(site):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=3)
    child = replace(parent, epochs=6, learning_rate=0.002, fork=Fork(parent, 3))
    ids = [resting(store, parent, 3), resting(store, child, 5)]
    page = opened(runs=",".join(map(str, ids)))
    (told,) = [element.value for element in page.markdown if "goes on from there" in element.value]
    assert f"Run {ids[0]} comes to epoch 3 and no further" in told and "2 epochs on it compares" in told
    assert "cannot be told apart" in told and "all that can have made the difference" not in told
    longer = resting(store, replace(parent, epochs=5, fork=Fork(parent, 3)), 5)
    page = opened(runs=f"{ids[0]},{longer}")
    (told,) = [element.value for element in page.markdown if "goes on from there" in element.value]
    assert "what longer training brought" in told and "cannot be told apart" not in told
    page = opened(runs=str(ids[0]))
    assert any("only its last figure to compare with" in one.value for one in page.caption)


def test_the_form_says_what_is_trained_again_and_for_how_long(site):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=5)
    id = store.add(parent)
    records = [replace(record(epoch), seconds=2.0) for epoch in range(1, 5)]
    store.append(id, 1, records[:2], snapshot=b"state")
    store.append(id, 1, records[2:])
    store.rest(id, "paused")
    for epoch, words in (
        (1, "No earlier state of the run is kept: epochs 1 to 1 are trained again, about 2.0 s"),
        (2, "state after epoch 2 is kept: the fork starts from there, nothing is trained again."),
        (3, "state after epoch 2 is kept, and epoch 3 is trained again, about 2.0 s"),
        (4, "state after epoch 2 is kept, and epochs 3 to 4 are trained again, about 4.0 s"),
    ):
        page = opened(runs=str(id), epoch=str(epoch))
        assert any(words.replace("epochs 1 to 1 are", "epoch 1 is") in one.value for one in page.caption), words


def test_a_link_opens_the_epoch_and_the_fork_as_it_was_chosen(site):
    store, engine = site
    parent = RunConfig(variant="v4", epochs=4)
    id = resting(store, parent, 4)
    address = {
        "runs": str(id), "epoch": "2", "fork.variant": "v5", "fork.shared": "false", "fork.auxiliary_weight": "0.5",
        "fork.learning_rate": "0.002", "fork.epochs": "7",
    }  # fmt: skip
    page = opened(**address)
    slot = f"train.fork.{parent.key}.2"
    assert page.slider(key=f"train.scrub.{id}.4").value == 2 and page.session_state[f"{slot}.open"]
    assert {name: page.query_params[name] for name in address} == address
    page.button(key=f"{slot}.start").click().run()
    (config,) = engine.configs
    assert config == replace(
        parent, variant="v5", shared=False, auxiliary_weight=0.5, learning_rate=0.002, epochs=7, fork=Fork(parent, 2)
    )
    assert not [name for name in page.query_params if name.startswith("fork.")]  # another run is looked at now

    page = opened(runs=str(id))
    page.slider(key=f"train.scrub.{id}.4").set_value(3).run()
    assert page.query_params["epoch"] == "3" and "fork.epochs" not in page.query_params


@pytest.mark.parametrize(
    ("name", "asked"),
    [("epoch", "9"), ("epoch", "x"), ("fork.variant", "base"), ("fork.variant", "v9"), ("fork.epochs", "2"),
     ("fork.epochs", "1001"), ("fork.learning_rate", "nan"), ("fork.shared", "maybe"), ("fork.auxiliary_weight", "11")],
)  # fmt: skip
def test_what_a_link_asks_of_a_fork_in_vain_is_said_once_and_the_usual_stands_there(site, name, asked):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=4)
    id = resting(store, parent, 4)
    page = opened(**({"runs": str(id), "epoch": "3"} | {name: asked}))
    assert not page.exception
    assert [f"{name} = “{asked}”" in said(one) for one in page.warning] == [True]
    slot = f"train.fork.{parent.key}.{3 if name != 'epoch' else 4}"
    assert page.selectbox(key=f"{slot}.variant").value == "v4"
    assert page.number_input(key=f"{slot}.learning_rate").value == 0.01
    assert not page.run().warning


def test_near_the_last_epoch_of_all_a_fork_is_offered_as_far_as_one_can_train(site):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=995)
    id = resting(store, parent, 995)
    page = opened(runs=str(id))
    assert not page.exception
    assert page.number_input(key=f"train.fork.{parent.key}.995.epochs").value == 1000


def test_a_forks_own_epochs_alone_are_chosen_from(site):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=3)
    id = store.add(replace(parent, epochs=4, fork=Fork(parent, 2)))
    store.append(id, 1, [record(1), record(2)])
    assert launches.load(store, [id], {})[0].chosen_epoch is None
    store.append(id, 1, [record(3)])
    assert launches.load(store, [id], {})[0].chosen_epoch == 3


def test_a_figure_that_only_one_round_has_is_shown_without_a_spread():
    def app():
        from dataclasses import replace
        from types import SimpleNamespace

        from dashboard.train import findings
        from pairdigits.config import RunConfig
        from tests.pages.stand_in import outcome

        rounds = [outcome(), replace(outcome(), all_pairs_accuracy=None)]
        findings._outcome(SimpleNamespace(outcomes=rounds, config=RunConfig()))

    page = AppTest.from_function(app, default_timeout=60).run()
    assert not page.exception and "±" in page.metric[0].value
    assert "±" not in page.metric[1].value and "nan" not in page.metric[1].value
