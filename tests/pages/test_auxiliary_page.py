"""What the page on auxiliary losses draws and counts."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.auxiliary import charts, encoding_map, unnamed_digits


def test_every_round_is_a_point():
    figure = charts.each_round({"a": [50.0, 60.0], "b": []}, "x")
    assert figure.data[0].x == (50.0, 60.0) and figure.data[1].x == (55.0, 55.0)
    assert figure.layout.yaxis.ticktext == ("a<br>n = 2", "b<br>n = 0")


def test_a_map_writes_each_digit_as_itself():
    figure = charts.encoding_map([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [3, 3, 7], extent=5)
    texts = {trace.name: trace.text for trace in figure.data if len(trace.x)}
    assert texts == {"3": ("<b>3</b>",) * 2, "7": ("<b>7</b>",)}
    assert figure.layout.xaxis.range == (-5, 5)


def test_confusion_is_shares_of_each_digit():
    counts = np.eye(10, dtype=int) * 4
    counts[3] = 0
    counts[3, 5] = 8
    heatmap = charts.confusion_heatmap(counts).data[0]
    assert heatmap.z[3][5] == 1 and heatmap.z[0][0] == 1 and heatmap.text[3][5] == "100"
    assert unnamed_digits.outputs_used(counts) == 9
    assert unnamed_digits.own_output(counts) == pytest.approx(36 / 44)


def test_the_last_empty_output_is_filled_where_ten_stay_in_use():
    full = np.eye(10, dtype=int)
    shared = full[[0, 1, 2, 5, 4, 5, 6, 7, 8, 9]]
    assert unnamed_digits.filled_from([1, 2, 3, 5, 10], [shared, full, shared, full, full]) == 5
    assert unnamed_digits.filled_from([1, 2], [full, shared]) is None
    assert unnamed_digits.filled_from([1, 2], [full, full]) == 1


def test_separation_is_one_for_points_and_nothing_for_mixed_digits():
    digits = [0, 1] * 20
    assert encoding_map.separation([float(d) for d in digits], [0.0] * 40, digits) == pytest.approx(1)
    x = [1.0, 1.0, -1.0, -1.0] * 10
    assert encoding_map.separation(x, [0.0] * 40, digits) == pytest.approx(0)
