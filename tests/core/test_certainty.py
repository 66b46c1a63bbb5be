"""Softmaxes made certain, between the head as it was trained and the argmax."""

from __future__ import annotations

import pytest
import torch

from pairdigits.certainty import by_argmax, by_certainty, sharpened
from pairdigits.models import SiameseNet, build, siamese
from pairdigits.probe import real_pairs
from pairdigits.towers import TowerOutput

DIGITS = torch.arange(40) % 10
LOGITS = torch.randn(40, 10, generator=torch.Generator().manual_seed(0)) + 2 * torch.eye(10)[DIGITS]
SIDE = TowerOutput(torch.zeros(40, 50), LOGITS)
SIDES = (SIDE, SIDE)


@pytest.fixture
def staircase() -> SiameseNet:
    """v5 with a head that is right whenever both digits are read with certainty: a_i + b_j > 0 where i <= j."""
    model = siamese(build("v5"))
    with torch.no_grad():
        weights = torch.cat([-torch.arange(10.0), torch.arange(10.0)])
        model.head.get_parameter("weight").copy_(torch.stack([-weights, weights]))
        model.head.get_parameter("bias").copy_(torch.tensor([-0.5, 0.5]))
    return model


def test_a_factor_divides_the_temperature(staircase):
    left, _ = sharpened(SIDES, 4.0)
    assert torch.equal(left.logits, 4 * LOGITS) and torch.equal(left.encoding, SIDES[0].encoding)
    found = by_certainty(staircase, SIDES, DIGITS, (1, 3))
    assert torch.equal(found[1].probability, real_pairs(staircase, SIDES, DIGITS).probability)
    p = (3 * LOGITS.double()).softmax(-1)
    expected = p @ torch.arange(10.0).double()  # of each image; the head compares these with 0.5 to spare
    called = (expected[None, :] - expected[:, None] + 0.5 > 0).double()
    cell = called[DIGITS == 2][:, DIGITS == 7].mean().item()
    assert found[3].probability[2, 7].item() == pytest.approx(cell)


def test_a_right_head_behind_certain_softmaxes_compares_as_the_argmax_does(staircase):
    certain, argmax = by_certainty(staircase, SIDES, DIGITS, (1000.0,))[1000.0], by_argmax(SIDES, DIGITS)
    assert torch.equal(certain.probability, argmax.probability)
    read = LOGITS.argmax(-1)
    right = (read[:, None] <= read[None, :]) == (DIGITS[:, None] <= DIGITS[None, :])
    assert argmax.accuracy == pytest.approx(right.double().mean().item())


def test_only_softmaxes_have_a_certainty():
    with pytest.raises(ValueError, match="Siamese v1 compares no softmaxes"):
        by_certainty(siamese(build("v1")), SIDES, DIGITS)
