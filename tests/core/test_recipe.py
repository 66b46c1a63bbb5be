"""What a step of training learns from, and how: batches, warps, rates, losses and what decays."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from pairdigits.augmentation import Augmentation
from pairdigits.config import RunConfig
from pairdigits.labels import HIDDEN
from pairdigits.objective import learning_rate, training_loss
from pairdigits.presets import preset
from pairdigits.prior import idleness
from pairdigits.training import Training


@pytest.mark.parametrize("shuffle", ["none", "pairs", "digits"])
def test_shuffling(tiny, shuffle):
    training = Training(replace(tiny, shuffle=shuffle))
    first, second = (training.splits.epoch(number) for number in (1, 2))
    assert torch.equal(first.digits, second.digits) == (shuffle == "none")
    assert torch.equal(first.labels, (first.digits[:, 0] <= first.digits[:, 1]).long())
    assert torch.equal(first.images.flatten().sort().values, training.train.images.flatten().sort().values)
    pairs = {tuple(pair) for pair in training.train.digits.tolist()}
    assert shuffle == "digits" or {tuple(pair) for pair in first.digits.tolist()} == pairs


def test_augmentation_is_new_every_epoch(tiny):
    training = Training(replace(tiny, augmentation=Augmentation()))
    first, second = (training.splits.epoch(number).images for number in (1, 2))
    assert (first - second).abs().max() > 0.5 and first.shape == training.train.images.shape


def test_one_cycle_warms_up_and_ends_at_nothing():
    config = RunConfig(schedule="one-cycle", learning_rate=0.006)
    rates = [learning_rate(config, step, 100) for step in range(100)]
    assert rates[19] == pytest.approx(0.006) == max(rates)
    assert rates[9] == pytest.approx(0.003) and rates[-1] == pytest.approx(0, abs=1e-9)
    assert rates[59] == pytest.approx(0.003)  # half way down the cosine
    assert learning_rate(RunConfig(), 5, 100) == 0.01


def test_the_prior_acts_until_it_has_faded(tiny):
    alone = replace(tiny, variant="v7", auxiliary_weight=0.0, epochs=5)
    prediction, pairs = Training(alone).model(Training(alone).train.images), Training(alone).train
    plain = training_loss(prediction, pairs, alone)
    with_it = [training_loss(prediction, pairs, replace(alone, prior_weight=2.0), epoch) for epoch in (1, 3, 5)]
    added = 2 * idleness(prediction.digits)
    assert torch.allclose(torch.stack(with_it) - plain, added * torch.tensor([2 / 3, 0, 0]), atol=1e-6)


@pytest.mark.parametrize("optimiser", ["adam", "adamw"])
def test_a_temperature_does_not_decay(tiny, optimiser):
    training = Training(replace(tiny, optimiser=optimiser, learn_temperature=True))
    *_, free = training.optimiser.param_groups
    assert free["weight_decay"] == 0 and any(one is training.model.log_temperature for one in free["params"])
    list(training)
    restored = Training.restore(training.snapshot()).chosen_model
    assert torch.equal(*(model.get_parameter("log_temperature") for model in (restored, training.chosen_model)))


def test_adamw_decays_matrices_only(tiny):
    groups = Training(replace(tiny, optimiser="adamw")).optimiser.param_groups
    assert [group["weight_decay"] for group in groups] == [0.01, 0.0]
    assert {parameter.dim() for parameter in groups[1]["params"]} == {1}


def test_balance_and_auxiliary_weight(tiny):
    labels = Training(replace(tiny, balance="over")).train.labels
    assert labels.bincount().unique().numel() == 1
    record = next(iter(Training(replace(tiny, auxiliary_weight=0.5))))
    assert record.train.loss == pytest.approx(record.train.class_loss + 0.5 * record.train.digit_loss)


def test_the_auxiliary_loss_sees_only_what_is_labelled(tiny):
    def learnt(config):
        training = Training(config)
        list(training)
        return training.model.state_dict()

    none, off, few = (
        replace(tiny, **fields) for fields in ({"labelled": 0.0}, {"auxiliary_weight": 0.0}, {"labelled": 0.1})
    )
    alone = learnt(off)
    for name, value in learnt(none).items():
        assert torch.equal(value, alone[name])
    assert any(not torch.equal(value, alone[name]) for name, value in learnt(few).items())
    recipe = preset("best", "v4", train_pairs=40, test_pairs=20, labelled=0.25, wrong_labels=0.5)
    pairs = Training(recipe).splits.epoch(1)
    assert (pairs.digits == HIDDEN).sum() == 60
    assert torch.equal(pairs.labels.sort().values.unique(), torch.tensor([0, 1]))


def test_the_auxiliary_loss_can_be_switched_off(tiny):
    whole, until = (list(Training(replace(tiny, auxiliary_until=last))) for last in (0, 2))
    assert [record.train.digit_loss for record in whole[:2]] == [record.train.digit_loss for record in until[:2]]
    assert whole[2].train.digit_loss != until[2].train.digit_loss and until[2].train.loss == until[2].train.class_loss
