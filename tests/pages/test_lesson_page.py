"""The lesson page: its steps, its questions, its numbers, whatever rounds there are."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.lesson import model_facts, overfitting, task, tied_towers
from dashboard.lesson.quoted_rounds import UNKNOWN, Evidence, Percent, best_of_last
from dashboard.lesson.steps import STEPS
from dashboard.shared import state
from pairdigits import cells
from pairdigits.config import RunConfig
from pairdigits.presets import preset
from pairdigits.report import experiments
from pairdigits.runs.store import Store
from tests.pages.app import open_app


class Desk:
    """Takes runs as the engine does, and leaves them lying."""

    def __init__(self, store: Store):
        self.store = store

    trouble = ""

    def submit(self, config: RunConfig, name: str, *_: object) -> int:
        return self.store.add(config, name)

    def check_limits(self, *_: object) -> None:
        pass

    def waits(self) -> dict:
        return {}

    def stop(self, id: int) -> None:
        self.store.rest(id, "stopped")


@pytest.fixture(autouse=True)
def desk(monkeypatch, tmp_path) -> Desk:
    desk = Desk(Store(tmp_path / "runs.db"))
    monkeypatch.setattr(state, "engine", lambda: desk)
    monkeypatch.setattr(state, "store", lambda: desk.store)
    return desk


def opened(**query: str) -> AppTest:
    return open_app("lesson", **query)


def button(page: AppTest, label: str):
    return next(button for button in page.button if button.label == label)


def words(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.markdown, *page.success, *page.warning])


@pytest.mark.parametrize("place", range(1, len(STEPS) + 1))
def test_every_step_shows_its_idea_its_figure_and_its_question(place):
    page = opened(step=str(place))
    step = STEPS[place - 1]
    assert not page.exception and not page.error
    assert page.title[0].value == f"{place}. {step.title}"
    assert step.idea in words(page)
    assert len(page.radio) == 1 and page.radio[0].value is None


def test_a_more_certain_softmax_is_right_more_often_and_its_dots_lie_on_shelves():
    """As published the softmax is less certain than its last layer needs; what it then adds hardly varies."""
    page = opened(step="8")
    page.select_slider(key="lesson.certain").set_value(16).run()
    certain, plain = map(float, re.findall(r"([\d.]+)%\*{0,2} of all pairs right, before ([\d.]+)%", words(page))[0])
    assert 90 < plain < certain < 100
    values, digits = (model_facts.contributions(model_facts.preset(), "v5", factor) for factor in (1, 16)), range(10)
    spreads = [np.mean([np.median(abs(one[of == d] - np.median(one[of == d]))) for d in digits]) for one, of in values]
    assert spreads[1] < spreads[0] / 2


def test_a_last_layer_that_adds_nothing_up_has_no_dots_and_says_so():
    page = opened(step="8")
    for variant, sentence in {"v6": "no dots to draw", "v4": "There is no layer"}.items():
        page.session_state["lesson.remedy"] = variant
        page.run()
        assert not page.exception and any(sentence in info.value for info in page.info)


def test_without_digit_labels_there_is_no_digit_accuracy_and_the_labels_have_a_figure():
    page = opened(step="4")
    page.select_slider(key="lesson.weight").set_value(0.0).run()
    assert [metric.value == "–" for metric in page.metric] == [metric.label == "v1, digits" for metric in page.metric]
    page.session_state["lesson.against"] = "The labels"
    page.run()
    assert not page.exception and not page.error and not page.metric
    assert any(group.key == "lesson.labels" for group in page.button_group)


@pytest.mark.parametrize("kind", ["ideal", "typical"])
def test_a_last_layer_gets_as_many_cells_wrong_as_at_its_training(kind):
    wrong = cells.wrong(model_facts.last_layer("report", "v1", kind, 10.0)).sum()
    assert wrong == state.model("report", "v1").outcome.wrong_cells[kind]


def test_next_and_back_turn_the_pages_and_the_address():
    page = opened(step="2")
    button(page, "Next: Sharing").click().run()
    assert page.title[0].value.startswith("3.") and page.query_params["step"] == "3"
    button(page, "Back").click().run()
    assert page.title[0].value.startswith("2.")


def test_a_step_that_is_not_there_is_said_so():
    page = opened(step="99")
    assert page.title[0].value.startswith("1.") and "no step “99”" in page.info[0].value


def test_the_answer_appears_after_the_guess():
    page = opened(step="3")
    assert "chain rule" not in words(page)
    page.radio[0].set_value(0).run()
    assert "chain rule" in page.warning[0].value
    page.radio[0].set_value(1).run()
    assert page.success[0].value.startswith("**Yes.**") and not page.warning


def test_the_game_counts_and_shows_the_truth():
    page = opened(step="1")
    page.button(key="lesson.le").click().run()
    page.button(key="lesson.gt").click().run()
    scores = [metric.value for metric in page.metric]
    assert all(re.fullmatch(r"[012] of 2", score) for score in scores)
    assert re.search(r"The last pair: \*\*\d [≤>] \d\*\*", words(page))


def test_runs_are_started_beside_the_text_and_stopped(desk):
    page = opened(step="3")
    assert not desk.store.runs()
    button(page, "Run it live: shared against separate").click().run()
    runs = desk.store.runs()
    assert [run.config.shared for run in runs] == [True, False] and not any(run.config.auxiliary_weight for run in runs)
    assert len({(run.config.data_seed, run.config.init_seed) for run in runs}) == 1  # the same pairs for both
    assert button(page, "Run it again: shared against separate").disabled
    button(page, "Stop").click().run()
    assert [run.status for run in desk.store.runs()] == ["stopped"] * 2
    assert not button(page, "Run it again: shared against separate").disabled and not page.error


@pytest.mark.parametrize("step", [step for step in STEPS if step.live], ids=lambda step: step.name)
def test_every_live_run_is_one_that_can_be_made(step):
    assert all(preset("report", **fields).watch_test for fields in step.live.values())


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_slide_claims_no_more_than_25_words(step):
    assert len(f"{step.title} {step.idea}".split()) <= 25


def test_a_slide_leaves_its_reasons_to_the_notes():
    page = opened(step="3", present="1")
    page.radio[0].set_value(1).run()
    assert page.success[0].value == "**Yes.**"
    assert "chain rule" in words(page) and tied_towers.STEP.idea in words(page)  # in the drawer


def test_the_notes_have_a_page_of_their_own():
    page = opened(step="3", notes="1")
    assert "chain rule" in words(page) and not page.radio and not page.error


def test_the_article_holds_every_step_and_answer():
    page = opened(view="article")
    assert [header.value for header in page.header] == [f"{n}. {step.title}" for n, step in enumerate(STEPS, start=1)]
    assert "chain rule" in words(page) and not page.radio and not page.error


def test_the_lesson_can_be_read_before_any_round_has_finished():
    for step in STEPS:
        telling = step.tell(Evidence({}))
        assert telling.text and 0 <= telling.question.right < len(telling.question.choices)
        assert "nan" not in telling.text + telling.question.because + telling.shows
    assert UNKNOWN in tied_towers.tell(Evidence({})).text


def test_published_figures_come_from_the_reports_tables(monkeypatch):
    monkeypatch.setitem(experiments.TABLE_I, "base", 12.3)
    assert "12.3%" in overfitting.tell(Evidence({})).text


def test_the_lazy_answer_is_right_as_often_as_the_digits_say():
    assert 55 < task.always_yes() < 55.1


def test_the_base_model_is_shown_pairs_and_reads_no_digit_of_them():
    shown = model_facts.demo(model_facts.preset(), "base")
    assert 0.7 < shown.right.mean() < 0.95
    with pytest.raises(ValueError, match="reads no single digits"):
        _ = shown.read_right


def test_looking_more_often_never_claims_less():
    import pandas as pd

    tables = [pd.DataFrame({"test_accuracy": [0.9, 0.8, 0.85]}), pd.DataFrame({"test_accuracy": [0.7, 0.95, 0.9]})]
    assert [best_of_last(tables, looks).mean for looks in (1, 2, 3)] == pytest.approx([87.5, 90.0, 92.5])


def test_a_percent_writes_itself():
    assert str(Percent.of([90, 92])) == "91.0%" and Percent.of([90, 92]).full == "91.0 ± 1.4% (n = 2)"
    assert str(Percent.of([])) == UNKNOWN and Percent.of([90]).full == "90.0% (n = 1)"
