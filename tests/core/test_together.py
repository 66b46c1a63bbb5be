"""Rounds that train together become what they become alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from pairdigits import together
from pairdigits.augmentation import Augmentation
from pairdigits.checkpoints import loads
from pairdigits.choices import PUBLISHED
from pairdigits.config import ConfigError, Fork
from pairdigits.models import VARIANTS
from pairdigits.together import Together
from pairdigits.training import Training

RECIPE = {
    "optimiser": "adamw", "schedule": "one-cycle", "shuffle": "digits", "augmentation": Augmentation(),
    "dropout_flat": 0.0, "dropout_encoding": 0.1, "label_smoothing": 0.05, "batch_size": 16,
}  # fmt: skip
CHOICES = {
    **{name: {"variant": name, "auxiliary_weight": float(name != "base")} for name in VARIANTS},
    "separate towers": {"variant": "v2", "shared": False},
    "as published": {"protocol": PUBLISHED, "validation_pairs": 0},
    "recipe": RECIPE,
    "a few labels": RECIPE | {"labelled": 0.03, "wrong_labels": 0.5, "batch_size": 4},
    "prior": {"variant": "v7", "auxiliary_weight": 0.0, "prior_weight": 2.0, "learn_temperature": True},
}


def in_float64(config) -> Training:
    """Where two orders of the same sum differ too little for Adam to make anything of it."""
    training = Training(config)
    training.model.to(torch.float64)
    for name, pairs in training.splits.watched.items():
        setattr(training.splits, name, pairs._replace(images=pairs.images.double()))
    normalised = training.normalisation
    training.splits.normalisation = lambda pooled: normalised(pooled).double()  # of warped images
    return training


def rounds(config, count: int = 3):
    return [replace(config, data_seed=number, init_seed=number + 5) for number in range(count)]


@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_rounds_together_are_the_rounds_alone(choices, tiny):
    configs = rounds(replace(tiny, epochs=2, **choices))
    alone, joint = ([in_float64(config) for config in configs] for _ in range(2))
    records = list(zip(*Together(joint), strict=True))
    for one, beside, seen in zip(alone, joint, records, strict=True):
        expected = list(one)
        for name, value in one.model.state_dict().items():
            torch.testing.assert_close(beside.model.state_dict()[name], value, atol=1e-10, rtol=0)
        for mine, its in zip(seen, expected, strict=True):
            assert mine.confusion == its.confusion and mine.train.accuracy == its.train.accuracy
            assert mine.train.loss == pytest.approx(its.train.loss, abs=1e-10)
        assert beside.chosen_epoch == one.chosen_epoch
    assert not torch.equal(*(next(iter(one.model.parameters())) for one in joint[:2]))


def test_a_round_goes_on_alone_where_all_were_left(tiny):
    configs = rounds(replace(tiny, epochs=3))
    alone, joint = in_float64(configs[1]), [in_float64(config) for config in configs]
    next(iter(Together(joint)))
    assert joint[1].epoch == 1 and len(list(joint[1])) == 2 and len(list(alone)) == 3
    for name, value in alone.model.state_dict().items():
        torch.testing.assert_close(joint[1].model.state_dict()[name], value, atol=1e-10, rtol=0)
    assert Training.restore(joint[1].snapshot()).chosen_epoch == alone.chosen_epoch


def test_rounds_of_rows_are_trained_row_by_row(tiny):
    tiny = replace(tiny, epochs=2)
    configs = [
        one for pair in zip(rounds(tiny, 2), rounds(replace(tiny, variant="v1"), 2), strict=True) for one in pair
    ]
    done = list(together.completed(configs, "cpu"))
    assert {one.config for one in done} == set(configs)
    for config, outcome, records, model in done:
        checkpoint = loads(model)
        assert (checkpoint.config, checkpoint.outcome) == (config, outcome) and len(records) == 2
        assert records[outcome.epoch - 1].test.accuracy == outcome.test_accuracy


def test_what_cannot_train_together(tiny):
    for configs, words in (
        ([tiny, replace(tiny, learning_rate=0.1)], "seeds only"),
        (rounds(replace(tiny, balance="over")), "Balanced rounds"),
        ([replace(tiny, fork=Fork(tiny, 1))], "Forks have pasts of their own"),
    ):
        with pytest.raises(ConfigError, match=words):
            Together([Training(config) for config in configs])
