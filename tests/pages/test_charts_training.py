"""What the charts of a training contain."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from dashboard.charts import style
from dashboard.charts.curves import Curve
from dashboard.train import charts

RECORDS = [
    {
        "epoch": epoch,
        "train_accuracy": 0.6 + epoch / 10,
        "test_accuracy": 0.6 + epoch / 20,
        "train_digit_accuracy": None,
    }
    for epoch in (1, 2)
]


def gap_curves(*arguments):
    return go.Figure(charts.gap_curves(*arguments))  # which checks every entry


def pair_curve(*arguments, **options):
    return go.Figure(charts.pair_curve(*arguments, **options))


def test_the_gap_is_train_minus_test_in_points():
    (line,) = gap_curves([Curve("v5", [RECORDS])]).data
    assert (line.x, line.name) == ((1, 2), "v5")
    assert line.y == pytest.approx([5, 10])


def test_the_gap_of_rounds_is_their_mean_and_a_baseline_is_grey():
    better = [record | {"test_accuracy": record["train_accuracy"]} for record in RECORDS]
    (line,) = gap_curves([Curve("v5", [RECORDS, better], baseline=True)]).data
    assert line.y == pytest.approx([2.5, 5]) and line.line.color == style.MUTED


def test_a_model_that_reads_no_digits_has_no_gap_there():
    figure = gap_curves([Curve("base", [RECORDS])], "digit_accuracy")
    assert not figure.data and "Digit accuracy gap" in figure.layout.yaxis.title.text


def test_a_pair_is_followed_over_the_epochs_and_one_is_marked():
    curve = Curve("mine", [[{"epoch": 1, "own_pair": 0.2}, {"epoch": 2, "own_pair": 0.9}]])
    (line,) = pair_curve(curve).data
    assert line.y == (20, 90)
    cursor, half = pair_curve(curve, epoch=2).layout.shapes
    assert cursor.x0 == cursor.x1 == 2 and half.y0 == half.y1 == 50
