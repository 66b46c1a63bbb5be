"""The page on weight sharing."""

from __future__ import annotations

import numpy as np

from dashboard.sharing.charts import spread
from tests.pages.app import open_section, words


def test_untying_the_towers_changes_count_and_words():
    app = open_section("sharing", "network")
    assert app.metric[0].value == "45,402" and "There is no second network" in words(app)
    app.toggle(key="network.tied").set_value(False).run()
    assert app.metric[0].value == "90,762" and "weights of its own" in words(app)
    app.selectbox(key="network.variant").set_value("base").run()
    assert app.metric[0].value == "45,096" and app.toggle(key="network.tied").disabled


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


def test_a_spread_is_mean_and_extremes_of_the_batches():
    figure = spread([0, 1], {"a": [[1.0, 3.0], [2.0, 4.0]]}, "x", level=90)
    band, line = figure.data
    assert line.y == (2.0, 3.0) and band.y == (3.0, 4.0, 2.0, 1.0)
