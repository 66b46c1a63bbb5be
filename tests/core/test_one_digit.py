"""Whether a drawing is one digit at all."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pairdigits import one_digit
from pairdigits.towers import Tower
from tests import non_digit_scores, non_digits
from tests.drawn_digits import SHAPES
from tests.non_digits import FITTED_HANDS


def test_the_set_is_large_enough_and_nothing_of_it_was_fitted_on():
    held_out, fitted = non_digits.held_out(), non_digits.fitted((100,))
    assert len(held_out) >= 200
    assert not set(SHAPES["fitted"]) & set(SHAPES["held out"])
    assert {one.shape for one in held_out} & {one.shape for one in fitted} == {"two digits"}
    assert not {one.hand for one in held_out} & set(FITTED_HANDS)


def test_its_seeds_give_the_same_drawings_again():
    before = non_digits.fitted((100,))
    non_digits.fitted.cache_clear()
    for one, again in zip(before, non_digits.fitted((100,)), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one.strokes, again.strokes, strict=True))


def test_a_saved_committee_comes_back_with_its_bound(tmp_path):
    committee = [Tower(outputs=2) for _ in range(2)]
    one_digit.save(committee, 1.5, tmp_path / "towers.safetensors")
    again, bound = one_digit.load(tmp_path / "towers.safetensors")
    images = torch.rand(3, 14, 14)
    says = one_digit.strangeness(again, images)
    assert bound == 1.5 and torch.equal(one_digit.strangeness(committee, images), says)
    alone = [one_digit.strangeness([tower], images) for tower in committee]
    torch.testing.assert_close(says, (alone[0] + alone[1]) / 2)


@pytest.mark.slow
def test_what_is_no_digit_is_flagged_and_digits_hardly_ever():
    found = non_digit_scores.groups()
    shares = {name: flagged.all / flagged.count for name, flagged in found.items()}
    assert shares["all non-digits"] >= 0.9
    assert max(share for name, share in shares.items() if name.startswith(("drawn", "MNIST"))) <= 0.01
