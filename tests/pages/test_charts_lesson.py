"""What the lesson's own figures contain."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.charts import style
from dashboard.lesson import charts


def test_chosen_accuracies_are_coloured_and_written_out():
    (bars,) = charts.accuracies({"a": (82.44, 0.5), "b": (90.0, math.nan)}, ["b"]).data
    assert list(bars.x) == [82.44, 90.0] and list(bars.text) == ["82.4%", "90.0%"]
    assert list(bars.error_x.array) == [0.5, 0]
    assert list(bars.marker.color) == [style.MUTED, style.colour(0)]


def test_a_sweep_marks_the_chosen_setting():
    figure = charts.sweep([0, 1], {"v1": [(80, 1), (90, 2)], "v5": [(70, 1), (95, 1)]}, 1, "Weight")
    assert [trace.name for trace in figure.data] == ["v1", "v5"] and list(figure.data[0].y) == [80, 90]
    assert figure.data[0].line.dash != figure.data[1].line.dash  # colour is not the only sign
    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == 1


def test_contributions_have_a_dot_an_image_and_a_mean_a_digit():
    digits = np.repeat(np.arange(10), 3)
    dots, means = charts.contributions(digits * 2.0, digits).data
    assert len(dots.x) == 30 and list(means.y) == [2.0 * digit for digit in range(10)]
    assert np.abs(np.array(dots.x) - digits).max() < 0.5  # no dot stands under a neighbour's digit


def test_looks_show_what_is_claimed_and_what_is_true():
    figure = charts.looks([94, 94.5, 95], 2, 93.5)
    line, here, honest = figure.data
    assert list(line.y) == [94, 94.5, 95] and list(here.text) == ["94.5%"]
    assert list(honest.y) == [93.5, 93.5] and "corrected" in honest.name
    assert len(charts.looks([94], 1, math.nan).data) == 2


@pytest.mark.parametrize("looks", [1, 3])
def test_the_mark_stands_on_the_curve(looks):
    here = charts.looks([94, 94.5, 95], looks, 93.5).data[1]
    assert list(here.x) == [looks]
