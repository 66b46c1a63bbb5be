"""Dropout's draws, apart from the models."""

from __future__ import annotations

import pytest
import torch

from pairdigits.dropout import Dropout
from pairdigits.models import VARIANTS, build
from pairdigits.towers import Kept

LIKE = torch.empty(0)


def test_values_are_silenced_at_the_rate_and_the_rest_makes_up_for_it():
    kept = Dropout((0.25, 0.1), [3])(2000, LIKE)
    for part, rate in zip(kept, (0.25, 0.1), strict=True):
        values, silenced = part.unique(), (part == 0).float()
        assert torch.allclose(values, torch.tensor([0, 1 / (1 - rate)]), atol=1e-4)
        assert silenced.mean().item() == pytest.approx(rate, abs=0.005)
        assert silenced.mean((0, 1)).std() < 0.02 and silenced.mean((0, 2)).std() < 0.05  # no digit or value apart
    assert Dropout((0.0, 0.0), [3])(2, LIKE) == Kept(None, None)


def test_a_run_draws_the_same_whoever_trains_beside_it():
    alone, beside = Dropout((0.25, 0.5), [7]), Dropout((0.25, 0.5), [6, 7])
    for digits in (5, 3):  # batches
        for one, two in zip(alone(digits, LIKE), beside(digits, LIKE.double()), strict=True):
            assert one.shape == (1, *two.shape[1:]) and two.dtype == torch.float64
            assert torch.equal(one[0], two[1].float()) and not torch.equal(two[0], two[1])
    again = Dropout((0.25, 0.5), [7])
    assert not torch.equal(again(5, LIKE).maps, again(5, LIKE).maps)


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("variant", VARIANTS)
def test_each_reading_of_a_digit_is_dropped_by_itself(variant, shared):
    """A silenced value of one digit moves the answer to its pair, and to no other."""
    model, images = build(variant, shared), torch.randn(3, 2, 14, 14)
    readings = model.readings(images)
    whole = model(images, Kept(torch.ones(readings, 800), torch.ones(readings, 50)))
    assert all(torch.equal(one, two) for one, two in zip(whole, model(images), strict=True) if one is not None)
    maps = torch.ones(1, readings, 800)
    maps[0, readings // 3] = 0  # the second pair, its left digit
    moved = model(images, Kept(maps, None)).digits if model.variant.siamese else model(images, Kept(maps, None))[0]
    changed = (moved != (whole.digits if model.variant.siamese else whole.comparison)).flatten(1).any(1)
    assert changed.tolist() == [False, True, False]
    if model.variant.siamese:
        assert torch.equal(moved[1, 1], whole.digits[1, 1])
