"""Runs that were started together: what they are called, which epoch is chosen, their records."""

from __future__ import annotations

import argparse
import csv
import io
import shlex

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shared import launches
from dashboard.shared.launches import labels
from dashboard.shared.settings_text import from_params, python_code, to_params
from dashboard.train.findings import records_csv
from pairdigits.augmentation import Augmentation
from pairdigits.choices import PUBLISHED
from pairdigits.config import RunConfig
from pairdigits.options import add_run_options, command_line, run_config
from pairdigits.presets import preset
from pairdigits.training import Training
from tests.pages.stand_in import finished, record


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
    published = store.add(RunConfig("v5", protocol=PUBLISHED, validation_pairs=0))  # which goes without saying
    assert labels(launches.load(store, [1, published], {})) == ["corrected", "as published"]
    warped = store.add(RunConfig("v5", augmentation=Augmentation(rotation=7)))
    plain, told = labels(launches.load(store, [1, warped], {}))
    assert plain == "not warped" and told.startswith("warped (rotation 7, ")


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
