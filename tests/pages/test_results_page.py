"""The Results page without a browser, and its charts."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import intervals
from dashboard.results import grid_search, rerun, table_sections, table_view
from dashboard.shared.launches import load
from pairdigits.estimates import Estimate
from pairdigits.folders import CHECKPOINTS
from pairdigits.records import Outcome
from pairdigits.report import results, stored_rounds
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.tables import is_estimated
from pairdigits.runs.store import Store
from tests.pages.app import open_app, open_section


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A function from the name of a section to the page."""
    monkeypatch.setenv("PAIRDIGITS_DATABASE", str(tmp_path / "runs.db"))

    def opened(section: str) -> AppTest:
        return open_app("results", section=section)

    return opened


def test_the_reports_tables_stand_beside_ours(page):
    app = page("tables")
    assert not app.exception and not app.error
    first, second = app.dataframe[0].value, app.dataframe[1].value
    assert first["Published"].tolist() == [82.4, 86.4, 95.5]
    assert second["Model"].tolist() == [f"Siamese {name}" for name in ("v4", "v5", "v6", "v1", "v3", "v2")]
    assert second["Corrected"][1] == "93.40 ± 1.59 (n = 20)" and len(second.columns) == 8
    app.toggle(key="table.table-2.every").set_value(True).run()
    every = app.dataframe[1].value
    assert {"As published", "As published std", "As published n", "As published interval"} <= set(every)
    assert every["Corrected"][1] == pytest.approx(93.4, abs=0.01)
    assert [title.value[:10] for title in app.subheader][:3] == ["Table I: b", "Table II: ", "Table III:"]
    (note,) = (note.value for note in app.caption if "highest test accuracy over the epochs" in note.value)
    assert note.count("Mean ± standard deviation") == 1
    assert "every mean is within 0.5 points" in app.markdown[-1].value


@pytest.mark.parametrize("section", ["figures", "helps", "flattery", "grid", "good", "sweeps", "again"])
def test_every_section_stands(page, section):
    app = page(section)
    assert not app.exception and not app.error and len(app.header) == 1 and not app.info
    assert all(len(table.value.columns) <= 8 for table in app.dataframe)


@pytest.mark.parametrize("section", ["figures", "helps", "flattery", "grid", "good", "sweeps"])
def test_a_section_whose_rounds_have_not_been_run_says_so(page, section, nothing_run):
    app = page(section)
    assert not app.exception and not app.error and len(app.header) == 1
    assert any("python -m pairdigits" in one.value for one in app.info)


def test_of_a_single_round_there_is_none_to_choose_in_figure_two(page, nothing_run, tmp_path):
    first = {"v1", "v5", "v6"}
    kept = [one for label, number, one in EXPERIMENTS["as-published"].configs() if label in first and number == 0]
    known = stored_rounds.read(folder=CHECKPOINTS / "report")
    for config in kept:
        stored_rounds.append("as-published", known[config.key], tmp_path)
    app = page("figures")
    assert not app.exception and not app.error
    assert not [slider for slider in app.slider if slider.key == "results.figure-2"]
    assert any("chosen epoch of round 0, as published" in one.value for one in app.caption)


def test_every_figure_has_a_column_that_explains_itself():
    table = results.table_two({})
    shown, columns = table_view.detailed(table)
    assert "As published interval" in shown and "As published low" not in shown and set(columns) == set(shown)
    assert all(column["help"] for name, column in columns.items() if name != "Model")


def test_every_table_stands_on_the_page_as_it_is_published():
    for table in results.tables(stored_rounds.read()):
        shown, _ = table_view.brief(table)
        every, _ = table_view.detailed(table)
        for name, published in table.compact().items():
            values = table.frame[name].tolist()
            if name in shown:
                assert shown[name].tolist() == (published.tolist() if is_estimated(table.frame[name]) else values)
            means = [one.mean if isinstance(one, Estimate) else one for one in values]
            pd.testing.assert_series_equal(pd.Series(every[name].tolist()), pd.Series(means))


def test_the_answer_names_what_is_clear():
    row = {"Model": "Siamese v1", "Factor": "Weight sharing"}
    clear, unclear = Estimate(3.6, 0.5, 20, 3.3, 3.9), Estimate(0.1, 0.5, 20, -0.3, 0.5)
    frame = pd.DataFrame([
        row | {"With": "no auxiliary loss", "Difference, 1000 pairs": clear},
        row | {"With": "auxiliary loss", "Difference, 1000 pairs": unclear},
    ])  # fmt: skip
    text = table_sections.answer(frame)
    assert "+3.6 points with no auxiliary loss (clear, n = 20)" in text
    assert "+0.1 points with auxiliary loss (not clear, n = 20)" in text
    assert "no rounds yet" in table_sections.answer(frame.assign(**{"Difference, 1000 pairs": [Estimate.of([])] * 2}))


def test_rounds_run_again_stand_beside_the_same_committed_rounds(tmp_path, monkeypatch):
    store = Store(tmp_path / "runs.db")
    labels = [(label, config) for label, number, config in EXPERIMENTS["as-published"].configs() if number < 2]
    runs = dict(labels)
    outcome = Outcome(1, None, 0.96, 0.95, None, None, 0.1, {}, 1.0)
    id = store.add(runs["v5"], group="again as-published 2026-01-01 10:00:00.0")
    store.finish(id, outcome, b"")
    before = stored_rounds.Round(runs["v5"], Outcome(1, None, 0.95, 0.95, None, None, 0.1, {}, 1.0), [], None)
    monkeypatch.setattr(rerun.committed_rounds, "rounds", lambda: {runs["v5"].key: before})
    (row,) = rerun.beside(load(store, [id], {}), "as-published").to_dict("records")
    assert (row["Row"], row["n"], row["Same"]) == ("v5", 1, "0 of 1")
    assert (row["Committed"], row["Again"], row["Difference"]) == pytest.approx((95, 96, 1))
    store.close()


def test_running_again_queues_the_rounds_that_were_asked_for_once(monkeypatch, tmp_path):
    store = Store(tmp_path / "runs.db")

    class Engine:
        def submit(self, config, name, group, *_):
            return store.add(config, name, group)

        def check_limits(self, visitor, configs):
            pass

        def join(self, id, visitor):
            pass

    monkeypatch.setattr(rerun.state, "engine", Engine)
    monkeypatch.setattr(rerun.state, "store", lambda: store)
    group = rerun.start("as-published", ["v5", "v6"], 2)
    queued = store.runs()
    assert [run.name for run in queued] == [
        f"as-published: {label}, round {number}" for number in range(2) for label in ("v5", "v6")
    ]
    assert {run.group for run in queued} == {group} and group.startswith("again as-published ")
    assert [run.config.data_seed for run in queued] == [0, 0, 1, 1] and queued[0].config.protocol == "as published"
    assert rerun.start("as-published", ["v5", "v6"], 2) == group and len(store.runs()) == 4
    assert rerun.start("as-published", ["v5", "v6"], 2, anew=True) != group and len(store.runs()) == 8
    assert rerun.start("as-published", ["v5"], 1) != group and len(store.runs()) == 9  # not all that are wanted
    store.close()


def test_the_newest_launch_is_followed_until_another_is_chosen_that_is_still_there(site):
    store, _ = site
    groups = [f"again as-published 2026-01-0{day} 10:00:00.0" for day in (1, 2, 3)]
    ids = [store.add(EXPERIMENTS["as-published"].rows["v5"], group=group) for group in groups]
    app = open_section("results", "again")
    assert app.selectbox(key="again.group").value == groups[2]
    app.selectbox(key="again.group").set_value(groups[0]).run()
    assert app.selectbox(key="again.group").value == groups[0]
    store.rest(ids[0], "stopped")
    store.delete(ids[0])
    store.purge()
    assert not app.run().exception and app.selectbox(key="again.group").value == groups[2]


def test_dots_have_symbols_bars_and_the_published_strokes():
    one, alone = Estimate.of([96.0, 97.0, 98.0]), Estimate.of([95.0])
    figure = intervals.dots(
        ["v4", "v5"], {"as published": [one, alone], "corrected": [one] * 2}, "Accuracy (%)", published=[97.8, 95.5]
    )
    first, second, published = figure.data
    assert first.x == (97, 95) and first.error_x.array == pytest.approx((one.high - 97, 0))
    assert first.error_x.arrayminus == pytest.approx((97 - one.low, 0))
    assert first.marker.symbol != second.marker.symbol and first.y[0] < second.y[0]
    assert published.name == "the report's figure" and published.x == (97.8, 95.5)
    assert figure.layout.yaxis.range == (1.5, -0.5) and figure.layout.xaxis.title.text == "Accuracy (%)"
    deviations = intervals.dots(["v4"], {"corrected": [Estimate.quoted(98.3, 0.3)]}, "Accuracy (%)", spread="std")
    assert deviations.data[0].error_x.array == pytest.approx((0.3,))


def test_the_grid_marks_what_was_chosen():
    cells = pd.DataFrame({
        "learning_rate": [0.001, 0.01, 0.01], "weight_decay": [0.05, 0.05, 0.1], "validation": [90.0, 95.0, 94.0],
        "test": [91.0, 93.0, 94.5], "n": [1, 1, 1],
        "chosen": [False, True, False], "best_on_test": [False, False, True],
    })  # fmt: skip
    heatmap, chosen, best = grid_search.heatmap(cells, "validation", "v5").data
    assert list(heatmap.z[0]) == [90, 95] and pd.isna(heatmap.z[1][0]) and heatmap.text[1] == ["", "94.0"]
    assert (round(chosen.x[0]), round(chosen.y[0])) == (1, 0) and (round(best.x[0]), round(best.y[0])) == (1, 1)
    assert chosen.marker.symbol != best.marker.symbol
    assert "+1.5 points" in grid_search.claim(cells)


def test_what_is_run_again_should_come_to_the_mean_of_the_same_committed_rounds():
    lines = [json.loads(line) for line in (stored_rounds.FOLDER / "as-published.jsonl").read_text().splitlines()]
    settings = {"variant": "v1", "shared": True, "auxiliary_weight": 1.0}
    scores = {
        line["config"]["data_seed"]: line["outcome"]["test_accuracy"]
        for line in lines
        if settings.items() <= {name: line["config"][name] for name in settings}.items()
    }
    sentence = rerun.expected("as-published", ["v1"], 3)
    assert f" {100 * sum(scores[number] for number in range(3)) / 3:.1f}% (n = 3)." in sentence
    assert rerun.expected("as-published", [], 3) is None
