"""Sections that start runs of their own: what they ask the engine for, and what they say of what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.app import open_app
from tests.pages.stand_in import outcome, record

CONFUSION = [[10 * (digit == output) for output in range(10)] for digit in range(10)]


def press(app: AppTest, label: str) -> AppTest:
    return run(next(one for one in app.button if one.label == label).click())


def run(app: AppTest) -> AppTest:
    app = app.run()
    assert not app.exception and not app.error
    return app


@pytest.mark.parametrize(
    ("page", "section", "start", "asked", "said"),
    [
        ("auxiliary", "unnamed", "Run it live", ("v7", 40, 0.0), "Finished: 85.0% of test pairs."),
        ("auxiliary", "weight", "Train one run at w = 1 live", ("v1", 40, 1.0), "v1, w = 1: class 85.0%, digits 90.0%"),
        ("sharing", "data", "Run it live", ("v1", 40, 0.0), "v1, shared tower, 300 pairs"),
    ],
)
def test_a_run_of_ones_own_is_followed_to_its_figures(site, page, section, start, asked, said):
    store, engine = site
    app = press(open_app(page, section=section), start)
    (config,) = engine.configs
    assert (config.variant, config.epochs, config.auxiliary_weight) == asked
    assert config.data_seed == config.init_seed >= 1000  # no committed round's
    (id,) = (one.id for one in store.runs())
    store.append(id, 1, [replace(record(1), confusion=CONFUSION)])
    app = press(app, "Stop")
    assert engine.asked[-1] == ("stop", id) and not app.success
    store.finish(id, outcome(), b"model")
    app = run(app)
    assert said in app.success[0].value and "Stop" not in [one.label for one in app.button]


def test_rows_run_again_are_followed_to_their_figures(site):
    store, engine = site
    app = press(open_app("results", section="again"), "Start")
    ids = [one.id for one in store.runs()]
    assert len(ids) == 3 and [config.data_seed for config in engine.configs] == [0, 0, 0]
    app = press(app, "Stop")
    assert {order for order, *_ in engine.asked[-3:]} == {"stop"} and set(ids) == {id for _, id in engine.asked[-3:]}
    for id in ids:
        store.append(id, 1, [record(1)])
        store.finish(id, outcome(), b"model")
    app = run(app)
    assert "Stop" not in [one.label for one in app.button]
    (table,) = (frame.value for frame in app.dataframe if "Again" in frame.value)
    assert list(table["Again"]) == [pytest.approx(85)] * 3 and list(table["n"]) == [1] * 3
    assert list(table["Difference"]) == pytest.approx(list(table["Again"] - table["Committed"]))
