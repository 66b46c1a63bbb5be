"""Morphing digits, and what models make of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pairdigits.data import Normalisation, pool
from pairdigits.landscape import landscape, morph, undecided
from pairdigits.models import VARIANTS, build


@pytest.fixture(scope="module")
def digits(mnist) -> np.ndarray:
    return mnist.test.images[:40].numpy()


@settings(max_examples=15, deadline=None)
@given(places=st.tuples(*[st.integers(0, 39)] * 2), steps=st.integers(2, 9))
def test_a_path_keeps_its_ends_and_goes_back_as_it_came(digits, places, steps):
    first, second = (digits[place] for place in places)
    path = morph(first, second, steps)
    assert path.shape == (steps, 28, 28) and path.dtype == np.uint8
    assert np.abs(path[0].astype(int) - first).max() <= 1 and np.abs(path[-1].astype(int) - second).max() <= 1
    strength = np.sort(path.reshape(steps, -1), 1)[:, -60:].mean(1)
    assert strength.min() > 0.8 * min(strength[0], strength[-1])  # ink moves, it does not fade


def test_a_digit_that_only_moves_is_half_way_at_half_time(digits):
    digit = np.zeros((28, 28), np.uint8)
    digit[4:24, 4:20] = digits[0][4:24, 6:22]
    moved = np.roll(digit, 6, 1)
    middle = morph(digit, moved, 3)[1].astype(float)
    expected = np.roll(digit, 3, 1).astype(float)
    assert np.corrcoef(middle.ravel(), expected.ravel())[0, 1] > 0.95
    assert np.corrcoef(middle.ravel(), (digit / 2 + moved / 2).ravel())[0, 1] < 0.7  # no cross-fade


def test_a_blank_image_gets_one_sentence(digits):
    with pytest.raises(ValueError, match="blank"):
        morph(digits[0], np.zeros((28, 28), np.uint8))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("shared", [True, False])
def test_every_point_is_what_the_model_says_of_that_pair(digits, variant, shared):
    torch.manual_seed(0)
    model, normalisation = build(variant, shared).double(), Normalisation(0.1, 0.3)
    firsts, seconds = morph(digits[0], digits[1], 4), morph(digits[2], digits[3], 3)
    square = landscape(model, lambda pooled: normalisation(pooled).double(), firsts, seconds)
    assert square.shape == (4, 3)
    for i in range(4):
        for j in range(3):
            pair = torch.stack([pool(torch.from_numpy(image[None]))[0] for image in (firsts[i], seconds[j])])[None]
            said = model(normalisation(pair).double()).comparison.softmax(-1)[0, 1]
            assert square[i, j].item() == pytest.approx(said.item(), abs=1e-9)


def test_undecided_counts_what_is_sure_of_neither():
    assert undecided(torch.tensor([[0.0, 0.05, 0.5, 0.91]])) == 0.25
