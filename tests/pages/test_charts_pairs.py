"""Pairs as pictures with labels, the classes and the table of digit pairs."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dashboard.charts import style
from dashboard.components import pictures
from dashboard.data import charts


def test_a_grid_of_pairs_says_what_it_shows():
    html = pictures.pair_grid(np.zeros((2, 2, 28, 28), dtype=np.uint8), np.array([[3, 7], [7, 3]]))
    assert re.findall(r'alt="(.*?)"', html) == ["3 and 7", "7 and 3"]
    assert ">3 ≤ 7</figcaption>" in html and "<b>7 &gt; 3</b>" in html
    assert pictures.side_by_side(np.zeros((2, 28, 28), dtype=np.uint8)).shape == (28, 58)


def test_class_balance_is_scaled_to_a_hundred():
    figure = charts.class_balance({"drawn": (45, 10, 45), "half": (2, 1, 3)})
    assert [sum(bar.x[row] for bar in figure.data) for row in (0, 1)] == pytest.approx([100, 100])
    assert [bar.x[0] for bar in figure.data] == [45, 10, 45]
    assert len({bar.marker.pattern.shape for bar in figure.data}) == 3  # colour is not the only sign


def test_the_table_of_digits_has_the_step_between_the_classes():
    figure = charts.digit_table(np.arange(100).reshape(10, 10))
    cells, step = figure.data
    assert cells.z[1][2] == 12 and step.line.color == style.WRONG
    assert (step.x[0], step.y[0]) == (-0.5, 0.5) and (step.x[-1], step.y[-1]) == (8.5, 9.5)
