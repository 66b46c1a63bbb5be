"""The pages on weight sharing and auxiliary losses: what they draw, what they say, and that both fit the model."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from dashboard.auxiliary import charts, encoding_map, unnamed_digits
from dashboard.charts import intervals, style
from dashboard.sharing import diagram, layers, tiles
from dashboard.sharing.charts import spread
from pairdigits.estimates import Estimate
from pairdigits.lessons.files import FOLDER
from pairdigits.models import VARIANTS, build, parameter_count
from tests.pages.app import open_app, said

IMAGES = torch.rand(2, 14, 14, generator=torch.Generator().manual_seed(0))
MODELS = [
    (name, shared) for name, variant in VARIANTS.items() for shared in ((True, False) if variant.siamese else (True,))
]


def page(name: str, section: str) -> AppTest:
    app = open_app(name, section=section)
    assert not app.exception and not app.error, [one.value for one in app.error]
    return app


def words(app: AppTest) -> str:
    return " ".join(one.value for kind in (app.markdown, app.caption, app.metric, app.info) for one in kind)


# Anatomy and drawing


@pytest.mark.parametrize(("variant", "shared"), MODELS)
def test_the_walk_finds_every_weight_once_and_the_models_own_answer(variant, shared):
    torch.manual_seed(0)
    model = build(variant, shared)
    found = layers.walk(model, IMAGES)
    assert sum(part.parameters for part in found.parts) == found.parameters == parameter_count(model)
    prediction = model(IMAGES[None])
    assert found.probability == pytest.approx(prediction.comparison.softmax(-1)[0, 1].item(), abs=1e-6)
    if VARIANTS[variant].siamese:
        np.testing.assert_allclose(found.digits, prediction.digits[0].softmax(-1).detach(), atol=1e-6)
        assert found.towers == (1 if shared else 2)


def test_what_a_layer_hands_on_is_activated_and_pooled():
    torch.manual_seed(0)
    model = build("v1")
    first, second, encoder, classifier = layers.walk(model, IMAGES).parts[:4]
    tower = model.towers[0]
    maps = torch.nn.functional.leaky_relu(tower.conv1(IMAGES[:, None]))
    np.testing.assert_allclose(first.handed_on, maps.detach(), atol=1e-6)
    pooled = torch.nn.functional.max_pool2d(torch.nn.functional.leaky_relu(tower.conv2(maps)), 2)
    np.testing.assert_allclose(second.handed_on, pooled.detach(), atol=1e-5)
    assert encoder.handed_on.shape == (2, 50) and classifier.handed_on.shape == (2, 10)


def test_the_same_image_has_one_encoding_when_shared_and_two_when_separate():
    torch.manual_seed(0)
    twice = IMAGES[:1].repeat(2, 1, 1)
    assert np.ptp(layers.walk(build("v1"), twice).encodings, axis=0).max() == 0
    assert np.ptp(layers.walk(build("v1", shared=False), twice).encodings, axis=0).max() > 0.01


@pytest.mark.parametrize(
    ("variant", "feature"),
    [("base", ""), ("v1", "logits"), ("v2", "encoding"), ("v3", "encoding"), ("v5", "softmax of the logits")],
)
def test_the_drawing_says_what_the_head_is_given(variant, feature):
    found = layers.walk(build(variant), IMAGES)
    assert found.feature == feature
    assert feature in diagram.draw(found, IMAGES.numpy(), True, True)


@pytest.mark.parametrize(("shared", "count", "boxes"), [(True, "45,402", 5), (False, "90,762", 9)])
def test_the_drawing_has_a_box_for_every_layer(shared, count, boxes):
    svg = diagram.draw(layers.walk(build("v1", shared), IMAGES), IMAGES.numpy(), True, True, "conv2")
    assert svg.count("data-choose") == boxes and count in svg
    assert svg.count("part chosen") == (1 if shared else 2)
    assert svg.count("digit loss") == 2 and svg.count("class loss") == 1
    assert "digit loss" not in diagram.draw(layers.walk(build("v1", shared), IMAGES), IMAGES.numpy(), False, True)


# Charts


def test_tiles_are_signed_colours_or_greys_with_lines_between():
    values = np.array([[[1.0]], [[-1.0]], [[0.0]]])
    sheet = tiles.tiles(values, 2, signed=True, zoom=3)
    assert sheet.shape == (8, 8, 3)
    assert tuple(sheet[0, 0]) == tiles.POSITIVE and tuple(sheet[2, 5]) == tiles.NEGATIVE
    assert tuple(sheet[5, 0]) == tiles.ZERO and tuple(sheet[3, 0]) == tiles.GAP
    grey = tiles.tiles(values, 3, signed=False)
    assert grey[0, 0].tolist() == [255] * 3 and grey[0, 3].tolist() == [0] * 3


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


def test_every_round_is_a_point():
    figure = charts.each_round({"a": [50.0, 60.0], "b": []}, "x")
    assert figure.data[0].x == (50.0, 60.0) and figure.data[1].x == (55.0, 55.0)
    assert figure.layout.yaxis.ticktext == ("a<br>n = 2", "b<br>n = 0")


def test_a_spread_is_mean_and_extremes_of_the_batches():
    figure = spread([0, 1], {"a": [[1.0, 3.0], [2.0, 4.0]]}, "x", level=90)
    band, line = figure.data
    assert line.y == (2.0, 3.0) and band.y == (3.0, 4.0, 2.0, 1.0)


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


# Pages


def test_untying_the_towers_changes_count_and_words():
    app = page("sharing", "network")
    assert app.metric[0].value == "45,402" and "There is no second network" in words(app)
    app.toggle(key="network.tied").set_value(False).run()
    assert app.metric[0].value == "90,762" and "weights of its own" in words(app)
    app.selectbox(key="network.variant").set_value("base").run()
    assert app.metric[0].value == "45,096" and app.toggle(key="network.tied").disabled


def test_the_same_image_twice_agrees_only_in_a_shared_tower():
    app = page("sharing", "tower")
    app.toggle(key="tower.twice").set_value(True).run()
    assert app.metric[0].value == "0.0000" and "identical encodings" in words(app)
    app.toggle(key="tower.shared").set_value(False).run()
    assert float(app.metric[0].value) > 0.01 and "different encodings" in words(app)


def test_the_table_of_gradients_adds_up():
    app = page("sharing", "gradient")
    table = app.dataframe[0].value
    np.testing.assert_allclose(table["left branch"] + table["right branch"], table["all together"], atol=1e-6)
    np.testing.assert_allclose(table["class loss"] + table["auxiliary losses"], table["all together"], atol=1e-6)
    app.slider(key="gradient.weight").set_value(0.0).run()
    assert not app.dataframe[0].value["auxiliary losses"].any() and app.metric[0].value == "–"


@pytest.mark.parametrize(
    ("name", "section", "says"),
    [
        ("sharing", "data", "What this shows.** Without auxiliary losses sharing brings v1"),
        ("sharing", "swap", "contradict themselves least"),
        ("sharing", "swap", "v3, as trained, cannot"),
        ("sharing", "race", "Make your guess"),
        ("auxiliary", "weight", "class accuracy goes from"),
        ("auxiliary", "map", "of the variance"),
        ("auxiliary", "failure", "times smaller"),
    ],
)
def test_a_section_tells_its_finding_from_committed_figures(name, section, says):
    assert says in words(page(name, section))


@pytest.mark.parametrize(
    ("name", "section"),
    [
        *(("sharing", section) for section in ("network", "tower", "step", "gradient", "data", "swap")),
        *(("auxiliary", section) for section in ("weight", "knowledge", "map", "failure", "unnamed")),
        *(("data", section) for section in ("pairs", "classes", "pooling", "warping", "misread", "duplicates")),
    ],
)
def test_every_section_ends_in_a_sentence_that_says_what_it_shows(name, section):
    app = page(name, section)
    assert app.markdown[-1].value.startswith("**What this shows.** ") and len(app.markdown[-1].value) > 60


@pytest.mark.parametrize(("section", "lesson"), [("knowledge", "readouts"), ("unnamed", "unnamed")])
def test_a_section_without_its_lesson_says_how_to_make_it(section, lesson):
    app = open_app("auxiliary", section=section)
    if (FOLDER / f"{lesson}.json").exists():
        assert not app.error and re.search(r"\d\.\d%", words(app))
    else:
        assert "python -m pairdigits lessons" in said(app.error[0])


def test_the_race_waits_for_a_guess_and_starts_the_same_data_four_times():
    from dashboard.sharing.race import CELLS, configs

    app = page("sharing", "race")
    start = next(button for button in app.button if button.label == "Start the race")
    assert start.disabled
    app.radio(key="race.guess").set_value(next(iter(CELLS.values()))).run()
    assert not next(button for button in app.button if button.label == "Start the race").disabled
    four = configs("v1", 3, seed=1234).values()
    assert {(run.shared, bool(run.auxiliary_weight)) for run in four} == {
        (a, b) for a in (True, False) for b in (True, False)
    }
    assert {(run.data_seed, run.init_seed, run.epochs) for run in four} == {(1234, 1234, 3)}
