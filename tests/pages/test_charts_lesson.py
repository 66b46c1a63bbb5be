"""What the lesson's own figures contain."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.lesson import charts
from pairdigits.estimates import Estimate


def test_contributions_have_a_dot_an_image_and_a_mean_a_digit():
    digits = np.repeat(np.arange(10), 3)
    dots, means = charts.contributions(digits * 2.0, digits).data
    assert len(dots.x) == 30 and list(means.y) == [2.0 * digit for digit in range(10)]
    assert np.abs(np.array(dots.x) - digits).max() < 0.5  # no dot stands under a neighbour's digit


def test_looks_show_what_is_claimed_and_what_it_is_worth():
    claimed = [Estimate.of([value]) for value in (94, 94.5, 95)]
    levels = {"held out": Estimate.of([94.2]), "true": Estimate.of([])}
    line, here, level = charts.looks(claimed, 2, levels).data
    assert list(line.y) == [94, 94.5, 95] and list(here.text) == ["94.5%"]
    assert list(level.y) == [94.2, 94.2] and level.name == "held out"  # what no round has is left out


@pytest.mark.parametrize("looks", [1, 3])
def test_the_mark_stands_on_the_curve(looks):
    here = charts.looks([Estimate.of([94])] * 3, looks, {}).data[1]
    assert list(here.x) == [looks]
