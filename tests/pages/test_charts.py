"""What the charts contain: traces, values, labels, dashes."""

from __future__ import annotations

import base64
import io
import subprocess
import sys

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image

from dashboard.charts import curves, digits, probes, style
from dashboard.charts.curves import Curve
from dashboard.components import pictures
from pairdigits.cells import wrong


def records(test=(0.5, 0.75), train=(0.6, 0.9)):
    return [
        {"epoch": i + 1, "test_accuracy": b, "train_accuracy": a, "test_loss": 1.0 - b, "validation_accuracy": None}
        for i, (a, b) in enumerate(zip(train, test, strict=True))
    ]


def named(figure, name):
    (trace,) = [trace for trace in figure.data if trace.name == name]
    return trace


def learning_curves(*arguments, **options):
    return go.Figure(curves.learning_curves(*arguments, **options))  # which checks every entry


def heatmap(*arguments, **options):
    return go.Figure(probes.probe_heatmap(*arguments, **options))  # which checks every entry


def test_one_run_tells_the_splits_apart_by_dash_and_by_word():
    figure = learning_curves([Curve("v5", [records()])])
    train, test = named(figure, "v5 · train"), named(figure, "v5 · test")
    assert (train.line.dash, test.line.dash) == ("dot", "solid")
    assert list(test.x) == [1, 2] and list(test.y) == [50, 75]
    assert train.line.color == test.line.color == style.colour(0)
    assert figure.layout.yaxis.title.text == "Class accuracy (%)" and figure.layout.xaxis.title.text == "Epoch"


def test_runs_over_one_another_have_colours_of_their_own_and_the_baseline_is_grey():
    figure = learning_curves(
        [Curve("dropout 0", [records()]), Curve("dropout 0.5", [records()]), Curve("old", [records()], baseline=True)],
        splits=["test"],
    )
    assert [trace.name for trace in figure.data] == ["dropout 0 · test", "dropout 0.5 · test", "old · test"]
    assert [trace.line.color for trace in figure.data] == [style.colour(0), style.colour(1), style.MUTED]


def test_a_split_or_metric_without_figures_is_left_out():
    figure = learning_curves([Curve("base", [records()])], splits=["validation", "test"])
    assert [trace.name for trace in figure.data] == ["base · test"]
    assert not learning_curves([Curve("base", [records()])], "digit_accuracy").data
    assert not learning_curves([Curve("waiting", [[]])]).data


def test_rounds_are_a_mean_with_a_band_of_one_standard_deviation_and_their_number():
    rounds = [records(test=(0.5, 0.7)), pd.DataFrame(records(test=(0.7, 0.9))), records(test=(0.6,), train=(0.6,))]
    figure = learning_curves([Curve("v5", rounds)], splits=["test"])
    band, line = figure.data
    assert line.name == "v5 · test, mean ± std, n = 3"
    assert list(line.y) == pytest.approx([60, 80])
    spread = [10, np.std([70, 90], ddof=1)]
    assert list(band.x) == [1, 2, 2, 1]
    assert list(band.y) == pytest.approx([60 + spread[0], 80 + spread[1], 80 - spread[1], 60 - spread[0]])
    assert band.fill == "toself" and not band.showlegend


def test_the_chosen_epoch_is_marked_on_the_curve():
    figure = learning_curves([Curve("v5", [records()], chosen_epoch=2)])
    mark = named(figure, "v5 · chosen epoch 2")
    assert (mark.x, mark.y, mark.mode) == ((2,), (75,), "markers")
    assert len(learning_curves([Curve("v5", [records()], chosen_epoch=9)]).data) == 2


def test_the_first_epoch_shows_as_a_point():
    (line,) = learning_curves([Curve("v5", [records()[:1]])], "loss").data
    assert "markers" in line.mode and line.y == (0.5,)
    long = [{"epoch": i, "test_loss": 1.0} for i in range(1, 41)]
    assert learning_curves([Curve("v5", [long])], "loss").data[0].mode == "lines"


def test_the_ideal_probe_is_black_above_the_main_diagonal():
    ideal = probes.ideal()
    assert ideal[3, 3] == ideal[2, 7] == 1 and ideal[7, 2] == 0
    assert not wrong(ideal).any()
    figure = heatmap(ideal)
    first_axis, second_axis = figure.layout.yaxis, figure.layout.xaxis
    assert "First digit" in first_axis.title.text and "Second digit" in second_axis.title.text
    assert first_axis.range == second_axis.range == (-0.5, 9.5)  # both grow, so above the diagonal is first > second
    assert [figure.data[0].z[a][b] for a, b in ((7, 2), (2, 7))] == [0, 1]
    assert figure.data[0].colorscale == ((0, style.INK), (1, style.PAPER))


def test_decisions_are_black_or_white_and_probabilities_grey():
    probability = np.full((10, 10), 0.7)
    assert {value for row in heatmap(probability).data[0].z for value in row} == {1}
    assert {value for row in heatmap(probability, mode="probability").data[0].z for value in row} == {0.7}
    with pytest.raises(ValueError, match="decision"):
        heatmap(probability, mode="grey")


def test_wrong_cells_carry_a_cross():
    probability = probes.ideal()
    probability[2, 7], probability[9, 0] = 0.1, 0.8
    crosses = named(heatmap(probability), "wrong")
    assert set(zip(crosses.y, crosses.x, strict=True)) == {(2, 7), (9, 0)} and crosses.marker.symbol == "x"


def test_every_cell_can_be_clicked_and_knows_its_digits():
    probability = np.linspace(0, 1, 100).reshape(10, 10)
    figure = heatmap(probability)
    cells, *over = figure.data
    assert [cells.customdata[a][b][:3] for a, b in ((0, 7), (7, 0))] == [
        [0, 7, probability[0, 7]],
        [7, 0, probability[7, 0]],
    ]
    assert cells.text[0][0] == "wrong" and cells.text[9][9] == "right"
    assert {trace.hoverinfo for trace in over} == {"skip"}  # what lies over the cells leaves hover and clicks to them


def test_cells_with_nothing_to_say_are_empty_and_not_wrong():
    probability = probes.ideal()
    probability[0, 0] = probability[7, 2] = np.nan
    figure = heatmap(probability)
    assert figure.data[0].z[0][0] is None and not figure.data[0].hoverongaps
    assert not named(figure, "wrong").x
    gallery = go.Figure(probes.probe_gallery({"Base": probability}))
    assert gallery.layout.annotations[0].text == "<b>Base</b><br>0 wrong"


def test_the_selected_cell_is_outlined_and_a_pair_lights_up():
    weights = np.zeros((10, 10))
    weights[3, 5], weights[3, 6] = 0.9, 0.1
    figure = heatmap(probes.ideal(), selected=(3, 5), weights=weights)
    assert {(s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes} == {(4.5, 5.5, 2.5, 3.5)}
    discs = named(figure, "your pair")
    assert list(zip(discs.y, discs.x, strict=True)) == [(3, 5), (3, 6)]
    assert discs.marker.size[0] > discs.marker.size[1]


def test_the_gallery_titles_each_probe_with_its_count():
    broken = probes.ideal()
    broken[:2, 5] = 0
    named = {"Siamese v1": broken, "Siamese v4": probes.ideal(), "Siamese v7": broken.T}
    figure = go.Figure(probes.probe_gallery(named, columns=2))
    titles = [note.text for note in figure.layout.annotations]
    assert titles == ["<b>Siamese v1</b><br>2 wrong", "<b>Siamese v4</b><br>0 wrong", "<b>Siamese v7</b><br>88 wrong"]
    above, crosses, below, _ = figure.data  # a row of boards is one heatmap with a hole between them
    assert np.array_equal(np.array(above.z, dtype=float)[:, :10], broken)
    assert np.isnan(np.array(above.z, dtype=float)[:, 10:12]).all()
    assert np.array_equal(np.array(above.z, dtype=float)[:, 12:], probes.ideal())
    assert above.customdata[3][12 + 7] == [3, 7, 1, "Siamese v4"]
    assert below.customdata[7][3] == [7, 3, broken.T[7, 3], "Siamese v7"]
    assert list(crosses.x) == [5, 5] and list(crosses.y) == [0, 1]


def test_digit_bars_stress_the_likeliest():
    probabilities = np.full(10, 0.02)
    probabilities[7] = 0.82
    (bars,) = digits.digit_bars(probabilities).data
    assert list(bars.x) == list(range(10)) and list(bars.y) == pytest.approx(probabilities.tolist())
    assert bars.text[7] == "82%" and not any(bars.text[:7])
    assert bars.marker.color[7] == style.colour(0) and bars.marker.color[0] == style.MUTED
    with pytest.raises(ValueError, match="ten digits"):
        digits.digit_bars(np.ones(9))


@pytest.mark.parametrize("side", [14, 28])
def test_a_digit_image_is_the_digit_itself(side):
    pixels = np.arange(side * side, dtype=np.uint8).reshape(side, side)
    html = pictures.digit_image(pixels, alt='the "7"')
    assert 'alt="the &#34;7&#34;"' in html and "pixelated" in html
    file = io.BytesIO(base64.b64decode(html.split("base64,")[1].split('"')[0]))
    assert np.array_equal(np.asarray(Image.open(file)), pixels)
    assert pictures.png_uri(np.ones((2, 2))) == pictures.png_uri(np.full((2, 2), 255, np.uint8))


def test_colours_are_stand_ins_that_streamlit_replaces_too():
    from streamlit.elements.lib import streamlit_plotly_theme as theirs

    assert tuple(getattr(theirs, f"CATEGORY_{i}") for i in range(10)) == style.CATEGORICAL
    assert tuple(getattr(theirs, f"SEQUENTIAL_{i}") for i in range(10)) == style.SEQUENTIAL
    assert tuple(getattr(theirs, f"DIVERGING_{i}") for i in range(10)) == style.DIVERGING
    names = ("GRAY_70", "GRAY_90", "BG_COLOR", "FADED_TEXT_05")
    assert tuple(getattr(theirs, name) for name in names) == (style.MUTED, style.TEXT, style.BACKGROUND, style.FAINT)
    assert style.colour(10) == style.colour(0)


def test_charts_know_nothing_of_streamlit():
    code = "import sys; from dashboard.charts import curves, digits, probes; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
