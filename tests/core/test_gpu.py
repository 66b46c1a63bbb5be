"""What only a GPU can show; skipped where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from pairdigits.augmentation import Augmentation, augment
from pairdigits.choices import PUBLISHED
from pairdigits.dropout import Dropout
from pairdigits.models import VARIANTS
from pairdigits.presets import preset
from pairdigits.together import Together
from pairdigits.training import Training

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")


def weights(training: Training) -> torch.Tensor:
    return torch.cat([value.detach().cpu().flatten() for value in training.model.state_dict().values()])


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_repeats_bit_for_bit(tiny, variant):
    config = replace(tiny, variant=variant, auxiliary_weight=float(variant != "base"))
    one, two = (Training(config, device="cuda") for _ in range(2))
    assert [replace(record, seconds=0) for record in one] == [replace(record, seconds=0) for record in two]
    assert torch.equal(weights(one), weights(two))
    assert one.outcome(all_pairs=True).kernel is False


def test_rounds_together_repeat_bit_for_bit(tiny):
    configs = [replace(tiny, data_seed=seed, init_seed=seed) for seed in range(3)]
    one, two = ([Training(config, device="cuda") for config in configs] for _ in range(2))
    for rounds in (one, two):
        list(Together(rounds))
    for first, second in zip(one, two, strict=True):
        assert torch.equal(weights(first), weights(second))


def test_a_run_does_what_it_does_on_the_cpu():
    """The same weights, batches and dropout; after one epoch only roundings differ."""
    config = preset("report", "v5", protocol=PUBLISHED, epochs=1, learning_rate=1e-4)
    here, there = Training(config, device="cpu"), Training(config, device="cuda")
    (mine,), (its,) = here, there
    assert (weights(here) - weights(there)).abs().max() < 1e-4
    assert its.train.loss == pytest.approx(mine.train.loss, rel=1e-4)


def test_a_snapshot_goes_on_without_the_gpu(tiny):
    training = Training(preset("best", "v5", epochs=4, train_pairs=40, test_pairs=50), device="cuda")
    epochs = iter(training)
    next(epochs)
    restored = Training.restore(training.snapshot(), device="cpu")
    assert restored.epoch == 1 and torch.equal(weights(restored), weights(training))
    assert [record.epoch for record in restored] == [2, 3, 4]


def test_images_are_warped_and_values_dropped_as_on_the_cpu(mnist):
    images, digits = mnist.train.images[:500], mnist.train.labels[:500]
    here, there = (
        augment(images.to(device), digits.to(device), Augmentation(), torch.Generator().manual_seed(0))
        for device in ("cpu", "cuda")
    )
    assert there.is_cuda and (here - there.cpu()).abs().mean() < 1e-4
    kept = (Dropout((0.25, 0.5), [1])(64, torch.empty(0, device=device)).maps.cpu() for device in ("cpu", "cuda"))
    assert torch.equal(*kept)
