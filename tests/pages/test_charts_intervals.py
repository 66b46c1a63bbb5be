"""Estimates drawn with their intervals."""

from __future__ import annotations

import pytest

from dashboard.charts import intervals, style
from pairdigits.estimates import Estimate


def test_estimates_are_written_out_with_their_interval_and_ones_own_as_stars():
    known, unknown = Estimate.of([80.0, 82.0, 84.0]), Estimate.of([])
    figure = intervals.bars({"a": known, "b": unknown}, "x", own={"a": [90.0]})
    bars, stars = figure.data
    assert bars.x == (82.0, None) and bars.error_x.array[0] == pytest.approx(known.high - 82)
    assert figure.layout.yaxis.ticktext == ("a<br><b>82.0%</b>, n = 3", "b<br>no round yet")
    assert (stars.x, stars.y, stars.marker.symbol) == ((90.0,), (0,), "star")


def test_chosen_bars_are_coloured_and_quoted_ones_drawn():
    rows = {"a": Estimate.of([80.0]), "b": Estimate.quoted(98.3, 0.3)}
    figure = intervals.bars(rows, "x", chosen=["a"])
    assert figure.data[0].x == (80.0, 98.3) and "quoted" in figure.layout.yaxis.ticktext[1]
    assert figure.data[0].marker.color == (style.colour(0), style.MUTED)


def test_a_sweep_leaves_out_what_is_missing_and_marks_the_dial():
    points = {0.0: Estimate.of([80.0, 82.0]), 1.0: Estimate.of([90.0]), 2.0: Estimate.of([])}
    figure = intervals.sweep({"one": points, "none": {}}, "w", "y", chosen=0.5, own=[("one", 0.5, 88.0)])
    band, line, star = figure.data
    assert line.x == (0.0, 1.0) and line.y == (81.0, 90.0) and star.y == (88.0,)
    assert band.y[0] == pytest.approx(points[0.0].high) and band.y[1] == 90  # one round has no interval
    assert figure.layout.shapes[0].x0 == 0.5
    assert intervals.sweep({"one": {100.0: Estimate.of([1.0])}}, "x", "y", log=True).layout.xaxis.ticktext == ("100",)
