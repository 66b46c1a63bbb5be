"""The wish for ten used outputs, against its definition."""

from __future__ import annotations

import math

import pytest
import torch

from pairdigits.prior import FADED, fading, idleness


def test_idleness_is_the_divergence_from_uniform():
    logits = torch.randn(6, 2, 10, generator=torch.Generator().manual_seed(0))
    mean = [sum((one.exp()[i] / one.exp().sum()).item() for one in logits.view(12, 10)) / 12 for i in range(10)]
    assert idleness(logits).item() == pytest.approx(sum(p * math.log(10 * p) for p in mean), abs=1e-5)


def test_idleness_is_0_for_ten_used_outputs_and_largest_for_one():
    each, one = 100 * torch.eye(10), 100 * torch.eye(10)[[3] * 10]
    assert idleness(each).item() == pytest.approx(0, abs=1e-5)
    assert idleness(one).item() == pytest.approx(math.log(10), abs=1e-5)


def test_a_gradient_calls_the_idle_output_into_use():
    logits = torch.randn(40, 10, generator=torch.Generator().manual_seed(1))
    logits[:, 7] -= 5
    logits.requires_grad_()
    idleness(logits).backward()
    assert (logits.grad[:, 7] < 0).all()


def test_it_fades():
    left = [fading(epoch, 50) for epoch in range(1, 51)]
    assert left == sorted(left, reverse=True) and left[0] > 0.9
    assert [value > 0 for value in left] == [epoch < FADED * 50 for epoch in range(1, 51)]
