"""How many labels do you need: what is drawn is what was committed, and a live run is a row of the experiment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.shared.label_sweeps import NAMES, SWEEPS, chart
from pairdigits.estimates import Estimate
from pairdigits.report.experiments import EXPERIMENTS
from tests.pages.app import open_app
from tests.pages.stand_in import outcome, record

NONE = Estimate.of([])


@pytest.mark.parametrize("name", SWEEPS)
def test_a_run_at_a_committed_setting_is_the_experiments_own(name):
    sweep = SWEEPS[name]
    for row, config in EXPERIMENTS[sweep.experiment].rows.items():
        variant, _, said = row.partition(" ")
        setting = next(one for one in sweep.settings if str(one) == said or f"{one}".removesuffix(".0") == said)
        assert sweep.config(variant, setting, 7) == replace(config, data_seed=7, init_seed=7)
        assert sweep.setting(config) == setting
        assert sweep.settings[int(sweep.place(setting))] == setting


@pytest.mark.parametrize("name", SWEEPS)
def test_every_live_run_can_be_made_and_has_its_place(name):
    sweep = SWEEPS[name]
    for setting in sweep.offered:
        config = sweep.config("v5", setting, 3)
        assert sweep.setting(config) == setting
        assert 0 <= sweep.place(setting) <= len(sweep.settings) - 1


def test_the_curves_are_the_committed_means():
    sweep = SWEEPS["wrong"]
    lines = sweep.lines()
    drawn = {trace.name: list(trace.y) for trace in chart(sweep, lines).data if trace.mode == "lines+markers"}
    assert drawn == {name: [one.mean for one in line] for name, line in lines.items()}
    assert all(one.n == 10 for line in lines.values() for one in line)


@pytest.mark.parametrize("name", ["until", "side"])
def test_what_no_round_has_shown_yet_is_not_said(name):
    sweep = SWEEPS[name]
    full = Estimate.of([95.0, 96.0])
    assert sweep.say({model: [NONE] * (len(sweep.settings) - 1) + [full] for model in NAMES.values()}) == ""
    known = {model: [Estimate.of([90.0, 90.2])] + [full] * (len(sweep.settings) - 1) for model in NAMES.values()}
    assert "90.1%" in sweep.say(known) and "95.5%" in sweep.say(known)


def test_few_labels_are_called_harmful_only_where_they_are():
    low, high = Estimate.of([80.0, 80.2]), Estimate.of([90.0, 90.2])
    rest = [high] * (len(SWEEPS["share"].settings) - 2)
    fallen = {model: [high, low, *rest] for model in NAMES.values()}
    assert "worse than none: v1 and v5 and v7" in SWEEPS["share"].say(fallen)
    risen = {model: [low, high, *rest] for model in NAMES.values()}
    assert "worse than none" not in SWEEPS["share"].say(risen) and "ahead of v5" not in SWEEPS["share"].say(risen)


@pytest.mark.parametrize("name", SWEEPS)
def test_the_page_draws_what_is_there(name):
    app = open_app("auxiliary", section="labels", labels_against=SWEEPS[name].title)
    assert not app.exception and not app.error, [one.value for one in app.error]
    chosen = next(one for one in app.button_group if one.key == "labels_against")
    assert chosen.value == name or chosen.value == [name]
    assert any("Test accuracy on 1000 pairs" in one.value for one in app.caption)


def test_a_run_is_started_and_its_result_is_told(site):
    store, _ = site
    app = open_app("auxiliary", section="labels")
    next(button for button in app.button if button.label == "Train it").click().run()
    (run,) = store.runs()
    setting = SWEEPS["share"].offered[-1]
    assert run.config == SWEEPS["share"].config("v7", setting, run.config.data_seed)
    store.append(run.id, 1, [record(1)])
    store.finish(run.id, outcome(), b"model")
    app.run()
    assert not app.exception and not app.error
    (told,) = [box.value for box in app.success]
    right, read = 100 * outcome().test_accuracy, 100 * outcome().test_digit_accuracy
    assert f": {right:.1f}% of its test pairs, digits {read:.1f}% (seed {run.config.data_seed})." in told
