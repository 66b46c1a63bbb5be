"""The page on weight sharing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from dashboard.shared import teaching_data
from dashboard.sharing import layers, race, swap_test
from dashboard.sharing.charts import spread
from pairdigits import checkpoints
from tests.pages.app import open_section, words


def test_untying_the_towers_changes_count_and_words():
    app = open_section("sharing", "network")
    assert app.metric[0].value == "45,402" and "There is no second network" in words(app)
    app.toggle(key="network.tied").set_value(False).run()
    assert app.metric[0].value == "90,762" and "weights of its own" in words(app)
    app.selectbox(key="network.variant").set_value("base").run()
    assert app.metric[0].value == "45,096" and app.toggle(key="network.tied").disabled


def test_every_layer_of_untied_towers_can_be_looked_into():
    app = open_section("sharing", "network")
    app.selectbox(key="network.variant").set_value("v2").run()
    app.toggle(key="network.tied").set_value(False).run()
    assert app.metric[0].value == "90,922"
    assert "No trained twin of Siamese v2 with separate towers is kept" in words(app)
    assert "has 90,922 numbers to learn, of which 90,720 read digits" in words(app)
    layers = {
        "conv2": (
            "4,640 weights and biases in each tower",
            "32 filters; each row is one filter's view of its 16 input maps",
            "left digit: 32 maps of 5×5",
        ),
        "encoder": (
            "40,050 weights and biases in each tower",
            "Each row makes one of the 50 outputs, each column belongs to one of the 800 inputs.",
        ),
        "head": (
            "202 weights and biases",
            "Each row makes one of the 2 outputs, each column belongs to one of the 100 inputs.",
        ),
    }
    for name, told in layers.items():
        app.segmented_control(key="network.layer").set_value(name).run()
        assert not app.exception
        for sentence in told:
            assert sentence in words(app), name
        in_towers = [one.value for one in app.markdown if one.value in ("Left tower", "Right tower")]
        assert in_towers == ([] if name == "head" else ["Left tower", "Right tower"])


def test_what_a_layer_hands_on_is_told_in_numbers():
    app = open_section("sharing", "network")
    app.selectbox(key="network.variant").set_value("v2").run()
    shown = checkpoints.trained("report", "v2")
    pair = torch.stack([teaching_data.test_digit(digit, 1) for digit in (7, 2)])  # as the page begins
    found = layers.walk(shown.model, shown.normalisation(pair))
    app.segmented_control(key="network.layer").set_value("encoder").run()
    for side, encoding in zip(("left", "right"), found.encodings, strict=True):
        assert f"{side} digit: {', '.join(f'{value:.2f}' for value in encoding[:10])} …" in words(app)
    app.segmented_control(key="network.layer").set_value("head").run()
    (head,) = found.named("head")
    assert ", ".join(f"{value:.2f}" for value in head.handed_on[0]) in [one.value for one in app.caption]


def test_the_same_image_twice_agrees_only_in_a_shared_tower():
    app = open_section("sharing", "tower")
    app.toggle(key="tower.twice").set_value(True).run()
    assert app.metric[0].value == "0.0000" and "identical encodings" in words(app)
    app.toggle(key="tower.shared").set_value(False).run()
    assert float(app.metric[0].value) > 0.01 and "different encodings" in words(app)


def test_the_table_of_gradients_adds_up():
    app = open_section("sharing", "gradient")
    table = app.dataframe[0].value
    np.testing.assert_allclose(table["left branch"] + table["right branch"], table["all together"], atol=1e-6)
    np.testing.assert_allclose(table["class loss"] + table["auxiliary losses"], table["all together"], atol=1e-6)
    app.slider(key="gradient.weight").set_value(0.0).run()
    assert not app.dataframe[0].value["auxiliary losses"].any() and app.metric[0].value == "–"


def test_the_race_waits_for_a_guess_and_starts_the_same_data_four_times():
    from dashboard.sharing.race import CELLS, configs

    app = open_section("sharing", "race")
    start = next(button for button in app.button if button.label == "Start the race")
    assert start.disabled
    app.radio(key="race.guess").set_value(next(iter(CELLS.values()))).run()
    assert not next(button for button in app.button if button.label == "Start the race").disabled
    four = configs("v1", 3, seed=1234).values()
    assert {(run.shared, bool(run.auxiliary_weight)) for run in four} == {
        (a, b) for a in (True, False) for b in (True, False)
    }
    assert {(run.data_seed, run.init_seed, run.epochs) for run in four} == {(1234, 1234, 3)}


@pytest.mark.parametrize(
    ("forth", "back", "digits", "verdict"),
    [
        (True, False, (3, 7), "right"),
        (False, True, (3, 7), "consistent, but wrong"),
        (True, True, (3, 7), "contradicts itself"),
        (True, True, (4, 4), "right"),
        (False, False, (4, 4), "contradicts itself"),
    ],
)
def test_both_orders_of_a_pair_are_judged_together(forth, back, digits, verdict):
    assert swap_test._judge(forth, back, *digits) == verdict


def test_a_spread_is_mean_and_extremes_of_the_batches():
    figure = spread([0, 1], {"a": [[1.0, 3.0], [2.0, 4.0]]}, "x", level=90)
    band, line = figure.data
    assert line.y == (2.0, 3.0) and band.y == (3.0, 4.0, 2.0, 1.0)


@pytest.mark.parametrize(("fourth", "said"), [(95.0, "in 2 of 3 "), (80.0, "in 3 of 3 ")])
def test_before_the_race_it_is_said_how_often_the_usual_winner_wins_but_not_who(fourth, said):
    scores = dict(zip(race.CELLS, ([90.0, 91.0, 92.0], [70.0] * 3, [60.0] * 3, [50.0, 50.0, fourth]), strict=True))
    frame = pd.DataFrame(
        {"row": f"v1 {cell}", "round": number, "test_accuracy": score}
        for cell, three in scores.items()
        for number, score in enumerate(three)
    )
    sentence = race._chance(frame, "v1")
    assert said in sentence and ("chance may decide yours" in sentence) == (fourth > 92)
    assert not any(name in sentence for name in race.CELLS.values())
    assert race._chance(frame[frame["row"] != "v1 shared alone"], "v1") is race._chance(frame, "v5") is None


def test_a_race_is_run_where_no_rounds_stand_behind_it(site, nothing_run):
    store, _ = site
    app = open_section("sharing", "race")
    app.radio(key="race.guess").set_value("shared, no auxiliary loss").run()
    next(button for button in app.button if button.label == "Start the race").click().run()
    assert not app.exception and not app.error and len(store.runs()) == 4
    assert "And over many rounds" in [one.value for one in app.subheader]
    assert "the first place went to" not in words(app)
