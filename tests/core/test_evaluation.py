"""Scores against sums written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from pairdigits.cells import contradicts
from pairdigits.data import Pairs
from pairdigits.evaluation import Scores, confusion, contradictions, digit_loss, predict, probability, score
from pairdigits.labels import HIDDEN
from pairdigits.models import VARIANTS, Prediction, build
from pairdigits.verdicts import Answer, contradiction

DIGITS = torch.tensor([[3, 5], [5, 3], [4, 4], [0, 9]])
PAIRS = Pairs(torch.randn(4, 2, 14, 14), torch.tensor([1, 0, 1, 1]), DIGITS)


def test_score_is_what_its_definition_says():
    comparison = torch.tensor([[0.0, 2.0], [0.0, 1.0], [0.0, 1.0], [3.0, 0.0]])  # right, wrong, right, wrong
    logits = torch.zeros(4, 2, 10)
    logits[torch.arange(4), 0, DIGITS[:, 0]] = 5.0  # left digits right, right ones all read as 0
    class_loss = sum(math.log(1 + math.exp(-margin)) for margin in (2, -1, 1, -3)) / 4
    left, right = math.log(1 + 9 * math.exp(-5)), math.log(10)
    got = score(Prediction(comparison, logits), PAIRS, auxiliary_weight=0.5)
    assert got.class_loss == pytest.approx(class_loss, rel=1e-5)
    assert got.digit_loss == pytest.approx(left + right, rel=1e-5)
    assert got.loss == pytest.approx(class_loss + 0.5 * (left + right), rel=1e-5)
    assert (got.accuracy, got.digit_accuracy) == (0.5, 0.5)
    assert score(Prediction(comparison, None), PAIRS, 0.0) == Scores(got.class_loss, got.class_loss, None, 0.5, None)
    assert confusion(logits, DIGITS)[3].tolist() == [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_digits_without_a_label_do_not_count():
    logits = torch.randn(4, 2, 10, generator=torch.Generator().manual_seed(0))
    told = DIGITS.clone()
    told[1:] = HIDDEN
    exact = -sum(logits[0, side].log_softmax(-1)[DIGITS[0, side]].item() for side in (0, 1))  # two labels, weight 2 / 2
    assert digit_loss(logits, told).item() == pytest.approx(exact, rel=1e-5)
    logits.requires_grad_()
    nobody = digit_loss(logits, torch.full_like(told, HIDDEN))
    nobody.backward()
    assert nobody.item() == 0 and not logits.grad.any()


def test_probability_of_logits_and_of_certain_log_probabilities():
    assert probability(torch.tensor([0.0, math.log(3)])).item() == pytest.approx(0.75)
    assert probability(torch.tensor([[0.0, -math.inf], [-math.inf, 0.0]])).tolist() == [0.0, 1.0]


def test_batches_change_no_prediction():
    model = build("v5")
    once, again = predict(model, PAIRS.images, batch=3), predict(model, PAIRS.images)
    torch.testing.assert_close(once.comparison, again.comparison)


class Always(nn.Module):
    """A model that gives the same verdict to everything."""

    fused = False

    def __init__(self, verdict: int):
        super().__init__()
        self.verdict = torch.eye(2)[verdict]

    def forward(self, images):
        return Prediction(self.verdict.expand(len(images), 2), None)


@given(forth=st.booleans(), back=st.booleans(), first=st.integers(0, 1), second=st.integers(0, 1))
def test_what_contradicts_itself_is_the_same_for_one_pair_and_for_many(forth, back, first, second):
    clash = (not forth and not back) or (forth and back and first != second)
    assert contradicts(forth, back, first == second) is clash
    many = (np.array([value]) for value in (forth, back, first == second))
    assert contradicts(*many).tolist() == [clash]
    answer = Answer(VARIANTS["v1"], forth, 0.9, back, np.eye(10)[[first, second]])
    assert (contradiction(answer, None) is not None) == clash


def test_contradictions():
    assert contradictions(Always(0), PAIRS) == 1.0  # neither a <= b nor b <= a
    assert contradictions(Always(1), PAIRS) == 0.75  # both, which is right for the equal pair only
