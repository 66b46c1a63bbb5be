"""Prepared lessons: what they hold, that seeds make them, and that they fit the network they tell of."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from pairdigits import checkpoints, one_step
from pairdigits.choices import PUBLISHED
from pairdigits.config import Fork, RunConfig
from pairdigits.data import load_mnist, prepare, sample_pairs
from pairdigits.evaluation import contradictions
from pairdigits.gradients import tower_gradient
from pairdigits.lessons import files, futures, labelled, learning_towers, outputs, readouts, swaps, trained
from pairdigits.models import VARIANTS, build
from pairdigits.presets import preset
from pairdigits.report.experiments import EXPERIMENTS, Experiment
from pairdigits.runs.cluster import Cluster
from pairdigits.training import Training
from tests.core import undisturbed

TINY: dict[str, Any] = {"train_pairs": 60, "validation_pairs": 10, "test_pairs": 20, "epochs": 2, "batch_size": 10}


def quiet(text: str) -> None:
    pass


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    """The same lessons about tiny runs."""
    for module, sizes in (
        (files, {}),
        (futures, {"ROUNDS": 2, "EPOCHS": (1,)}),
        (readouts, {"ROUNDS": 2, "FITTED": 300, "HELD_OUT": 500}),
        (learning_towers, {"MAPPED": 3, "BATCHES": 2}),
    ):
        monkeypatch.setattr(module, "preset", lambda *names, **changes: preset(*names, **(TINY | changes)))
        for name, value in sizes.items():
            monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(outputs, "EVERY_EPOCH", 3)
    row = preset("best", "v7", False, watch_test=False, **(TINY | {"validation_pairs": 0, "epochs": 6}))
    for name, one in (("unnamed", row), ("unnamed-prior", replace(row, prior_weight=1.0))):
        monkeypatch.setitem(EXPERIMENTS, name, Experiment(name, "", {"v7": one, "v5": one}, 2))


def test_gradients_are_those_of_the_run_at_every_epoch():
    found = learning_towers.gradients(None, quiet)["v1"]
    assert found["epochs"] == [0, 1, 2] and found["batches"] == 2
    training = Training(RunConfig.from_dict(found["config"]))
    list(training)
    batch = training.train._make(part[10:20] for part in training.train)
    expected = tower_gradient(training.model, batch)
    assert found["angle"][2][1] == pytest.approx(expected.angle, rel=1e-3)
    assert {name: sizes[2][1] for name, sizes in found["sizes"].items()} == pytest.approx(expected.sizes, rel=1e-3)


def test_maps_place_every_digit_at_every_epoch():
    found = learning_towers.maps(None, quiet)
    assert sorted(found["digits"]) == sorted(list(range(10)) * 3)
    assert set(found["runs"]) == {"v1 auxiliary", "v1 alone", "v5 auxiliary", "v5 alone"}
    for run in found["runs"].values():
        assert np.shape(run["x"]) == np.shape(run["y"]) == (3, 30)
        assert len(run["explained"]) == len(run["accuracy"]) == len(run["epochs"]) == 3
        assert all(0 < share <= 1 for share in run["explained"])
    alone, auxiliary = found["runs"]["v1 alone"], found["runs"]["v1 auxiliary"]
    assert alone["config"]["auxiliary_weight"] == 0 and auxiliary["config"]["auxiliary_weight"] == 1


@pytest.mark.slow
def test_readouts_compare_with_pixels_and_an_untrained_tower():
    found = readouts.readouts(None, quiet)
    assert set(found["rounds"]) == {"pixels", "untrained", "v1 alone", "v1 auxiliary", "v5 alone", "v5 auxiliary"}
    assert all(len(values) == 2 for values in found["rounds"].values())
    assert 0.7 < found["rounds"]["pixels"][0] < 0.95  # 300 digits already say a lot
    assert (found["fitted"], found["held_out"]) == (300, 500)


@pytest.mark.parametrize(("lesson", "weight"), [(outputs.unnamed, 0), (outputs.unnamed_prior, 1)])
def test_unnamed_keeps_every_fifth_epoch_late_and_counts_all_training_digits(lesson, weight):
    found = lesson(None, quiet)["rounds"]
    assert [one["config"]["data_seed"] for one in found] == [0, 1]
    assert found[0]["epochs"] == [1, 2, 3, 5]
    assert all(np.sum(one) == 120 for one in found[0]["confusion"])
    assert found[0]["config"]["auxiliary_weight"] == 0 and found[0]["config"]["prior_weight"] == weight


@pytest.mark.slow
def test_a_future_has_the_past_that_it_left_and_then_its_own():
    found = futures.futures(None, quiet)
    assert set(found["pasts"]) == {"v4", "v5"} and set(found["futures"]) == set(futures.FUTURES)
    for name, (variant, changes) in futures.FUTURES.items():
        past, (rounds,) = found["pasts"][variant], found["futures"][name].values()
        assert [one[0] for one in past] == [one[0] for one in rounds]
        config = replace(preset("report", variant, **TINY, data_seed=1, init_seed=1), epochs=2)
        records = list(Training(replace(config, **changes, fork=Fork(config, 1))))
        assert rounds[1] == [record.test.accuracy for record in records if record.test]


def test_swapped_counts_are_the_contradictions():
    torch.manual_seed(0)
    model = build("v1")
    raw = sample_pairs(load_mnist().test, 200, seed=0)
    training = Training(RunConfig(**(TINY | {"variant": "v1"})))
    pairs = prepare(raw, training.normalisation)
    found = swaps.swapped(model, pairs)
    assert np.sum([found["neither"], found["both"]]) / 200 == pytest.approx(contradictions(model, pairs))
    assert not np.tril(found["both"]).any() and not np.tril(found["neither"], -1).any()


def test_the_reports_models_are_asked_about_swapped_pairs_one_by_one(monkeypatch):
    monkeypatch.setattr(swaps, "SWAPPED", 100)
    found = swaps.swaps(None, quiet)
    assert found["pairs"] == 100 and set(found["models"]) == set(files.read("swaps")["models"])
    checkpoint = checkpoints.trained("report", "v1")
    pairs = prepare(sample_pairs(load_mnist().test, 100, seed=0), checkpoint.normalisation)
    assert found["models"]["v1"] == swaps.swapped(checkpoint.model, pairs)


def test_make_writes_what_is_missing_and_read_gives_it_back(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(files, "SEPARATE", ())
    monkeypatch.setattr(files, "LESSONS", {"one": lambda cluster, progress: calls.append(1) or {"x": [1 / 3]}})
    files.make(None, quiet, tmp_path)
    files.make(None, quiet, tmp_path)
    assert calls == [1] and files.read("one", tmp_path) == {"x": [0.3333]}
    (tmp_path / "one.json").write_text("{")
    with pytest.raises(files.LessonError, match="damaged"):
        files.read("one", tmp_path)
    with pytest.raises(files.LessonError, match="python -m pairdigits lessons"):
        files.read("two", tmp_path)


def test_runs_behind_lessons_may_be_a_clusters(scheduler_here):
    config = preset("report", "v5", **TINY)
    with Cluster(scheduler=scheduler_here) as cluster:
        ((_, outcome, records, model),) = trained.completed([config], cluster)
    training, expected = undisturbed.trained(config)
    assert undisturbed.timeless(records) == expected and outcome.epoch == training.chosen_epoch
    assert checkpoints.loads(model).config == config


def test_a_separate_twin_has_two_different_towers():
    checkpoint = checkpoints.loads(files.separate("v1"))
    left, right = checkpoint.model.towers
    assert not checkpoint.config.shared and not torch.equal(left.conv1.weight, right.conv1.weight)


def test_the_same_seeds_make_the_same_lesson():
    first, second = (json.dumps(learning_towers.gradients(None, quiet)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", list(files.LESSONS))
def test_committed_lessons_are_small_and_tell_of_runs_that_can_be_made_again(name):
    path = files.FOLDER / f"{name}.json"
    if not path.exists():
        pytest.skip("not prepared")
    assert path.stat().st_size < 1_000_000

    def configs(value):
        if isinstance(value, dict):
            if "config" in value:
                yield value["config"]
            for item in value.values():
                yield from configs(item)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                yield from configs(item)

    for fields in configs(files.read(name)):
        config = RunConfig.from_dict(fields)
        assert config.to_dict() == config.to_dict() | fields  # a choice that came later may be missing


@pytest.mark.parametrize("variant", VARIANTS)
def test_committed_moments_are_small_and_of_a_run_that_can_be_made_again(variant):
    path = files.FOLDER / f"{variant}-moments.safetensors"
    assert path.stat().st_size < 1_500_000
    found = one_step.loads(path.read_bytes())
    config = preset("report", variant, protocol=PUBLISHED)
    assert tuple(found) == files.MOMENTS and {moment.config for moment in found.values()} == {config}
    untrained = Training(config).model.state_dict()
    for name, value in found[0].weights.items():  # drawn by torch, whose last bit is the processor's
        torch.testing.assert_close(value, untrained[name], rtol=1e-6, atol=1e-7)


def test_what_few_labels_do_is_measured_on_the_runs_own_labels(monkeypatch):
    row = preset("report", "v5", labelled=0.3, **TINY)
    alone = preset("report", "v5", False, **TINY)
    monkeypatch.setitem(EXPERIMENTS, "labels", Experiment("labels", "", {"v5 0.3": row, "v5 0": alone}, 2))
    monkeypatch.setattr(labelled, "ROUNDS", 2)
    found = labelled.labelled(None, quiet)["rows"]
    assert all(
        len(one["read_out"]) == 2 and all(0.1 < share < 1 for share in one["read_out"]) for one in found.values()
    )
    assert found["v5 0"]["angle"] == [None, None]
    training = Training(replace(row, data_seed=1, init_seed=1))
    list(training)
    told = training.splits.epoch(1)
    assert int((told.digits >= 0).sum()) == 30  # of 100
    expected = tower_gradient(training.chosen_model, told).angle
    assert found["v5 0.3"]["angle"][1] == pytest.approx(expected, rel=1e-3)
