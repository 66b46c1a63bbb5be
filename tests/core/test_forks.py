"""Forked runs: the same past, a future of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from pairdigits.checkpoints import dumps, loads
from pairdigits.config import ConfigError, Fork, RunConfig
from pairdigits.training import Training

PARENT = RunConfig(
    variant="v1", train_pairs=120, validation_pairs=20, test_pairs=40, epochs=5, batch_size=20, init_seed=3
)


def timeless(training: Training) -> list:
    return [replace(record, seconds=0.0) for record in training]


@pytest.fixture(scope="module")
def parents() -> list:
    return timeless(Training(PARENT))


def test_a_fork_that_changes_nothing_is_its_parent(parents):
    assert timeless(Training(replace(PARENT, fork=Fork(PARENT, 2)))) == parents


@pytest.mark.parametrize("variant", ["v1", "v3", "v5"])
def test_its_past_is_the_parents_and_its_future_its_own(parents, variant):
    config = replace(PARENT, variant=variant, learning_rate=0.003, epochs=6, fork=Fork(PARENT, 3))
    training = Training(config)
    records = timeless(training)
    assert records[:3] == parents[:3] and [record.epoch for record in records] == [1, 2, 3, 4, 5, 6]
    assert records[3] != parents[3]
    assert training.chosen_epoch > 3  # no epoch of the parent's is kept as its own
    again = loads(dumps(training))
    assert again.config == config and again.outcome.epoch == training.chosen_epoch


def after(config: RunConfig, epochs: int) -> Training:
    training = Training(config)
    for record in training:
        if record.epoch == epochs:
            break
    return training


def test_towers_are_untied_as_equals_and_tied_as_the_left_one():
    tied = after(PARENT, 2)
    parted = after(replace(PARENT, shared=False, fork=Fork(PARENT, 2)), 2)
    for name, value in tied.model.towers[0].state_dict().items():
        assert all(torch.equal(tower.state_dict()[name], value) for tower in parted.model.towers)
    assert torch.equal(parted.model.head.weight, tied.model.head.weight)
    two = replace(PARENT, shared=False)
    left = after(two, 2).model.towers[0].state_dict()
    one = after(replace(two, shared=True, fork=Fork(two, 2)), 2).model.towers[0].state_dict()
    assert all(torch.equal(one[name], value) for name, value in left.items())


def test_another_variant_gets_the_tower_and_a_new_head():
    v4 = replace(PARENT, variant="v4")
    child = after(replace(PARENT, variant="v5", fork=Fork(v4, 2)), 2)
    tower = after(v4, 2).model.towers[0].state_dict()
    assert all(torch.equal(child.model.towers[0].state_dict()[name], value) for name, value in tower.items())
    assert torch.equal(child.model.head.weight, Training(replace(PARENT, variant="v5")).model.head.weight)


@pytest.mark.parametrize("halted", [1, 2, 3])
def test_a_halted_fork_goes_on_as_if_it_had_not_been(halted):
    config = replace(PARENT, learning_rate=0.002, fork=Fork(replace(PARENT, fork=Fork(PARENT, 1), shared=False), 2))
    whole = timeless(Training(config))
    training = after(config, halted)
    rest = timeless(Training.restore(training.snapshot()))
    assert rest == whole[halted:]


@pytest.mark.parametrize("kept", [2, 3])
def test_from_a_snapshot_of_its_parent_a_fork_is_what_it_is_from_the_beginning(kept):
    config = replace(PARENT, variant="v5", shared=False, learning_rate=0.002, fork=Fork(PARENT, 3))
    begun = Training(config)
    whole = timeless(begun)
    parent = after(PARENT, kept)
    training = Training(config)
    training.follow(Training.restore(parent.snapshot()))
    assert training.epoch == kept and training.seconds == parent.seconds
    assert timeless(training) == whole[kept:]
    assert training.chosen_epoch == begun.chosen_epoch
    for name, value in training.chosen_model.state_dict().items():
        assert torch.equal(value, begun.chosen_model.state_dict()[name])


def test_it_follows_its_parent_only_and_not_beyond_the_fork():
    config = replace(PARENT, learning_rate=0.002, fork=Fork(PARENT, 2))
    for other in (after(PARENT, 3), after(replace(PARENT, init_seed=4), 1)):
        with pytest.raises(ConfigError, match="up to where they part"):
            Training(config).follow(other)
    with pytest.raises(ConfigError, match="up to where they part"):
        Training(PARENT).follow(after(PARENT, 1))


def test_parent_and_epoch_are_part_of_the_key_and_survive_json():
    keys = {replace(PARENT, fork=fork).key for fork in (None, Fork(PARENT, 1), Fork(PARENT, 2),
                                                        Fork(replace(PARENT, init_seed=4), 1))}  # fmt: skip
    assert len(keys) == 4
    forked = replace(PARENT, fork=Fork(replace(PARENT, fork=Fork(PARENT, 1)), 3))
    assert RunConfig.from_json(forked.to_json()) == forked
    assert RunConfig.from_json(forked.to_json()).key == forked.key
    assert PARENT.key == RunConfig.from_json(PARENT.to_json()).key


@pytest.mark.parametrize(
    ("changes", "fork", "sentence"),
    [
        ({}, Fork(PARENT, 0), "Fork epoch is 0: give a whole number from 1 to 4."),
        ({"epochs": 3}, Fork(PARENT, 3), "from 1 to 2"),
        ({"variant": "base", "auxiliary_weight": 0}, Fork(PARENT, 1), "reads both digits at once"),
        ({"data_seed": 9}, Fork(PARENT, 1), "Data seed cannot change in a fork"),
        ({}, {"parent": {}, "epoch": "two"}, "Fork epoch is 'two': give a whole number"),
        ({}, {"epoch": 1}, "give the parent's settings"),
        ({}, {"parent": {"variant": "v9"}, "epoch": 1}, "choose one of"),
    ],
)
def test_what_cannot_branch_off_gets_a_sentence(changes, fork, sentence):
    with pytest.raises(ConfigError, match=sentence):
        replace(PARENT, **changes, fork=fork)
