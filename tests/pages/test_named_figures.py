"""Figures in sentences: each of the lesson and of the teaching pages comes from rounds, says of how many, and is the
same wherever its name is used. `tests/core/test_published.py` asks the same of tables.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import pytest

from dashboard.lesson import task
from dashboard.lesson.quoted_rounds import Evidence, Percent
from dashboard.lesson.steps import STEPS
from dashboard.shared import committed_rounds, head_by_hand, teaching_data
from dashboard.sharing import race
from pairdigits.estimates import Estimate
from pairdigits.report.experiments import TABLE_I, TABLE_II
from tests.pages.app import open_app
from tests.pages.printed_figures import READERS, Name, race_effects, settings, told

ASKING = [
    *(("sharing", section) for section in ("data", "swap")),
    *(("auxiliary", section) for section in ("weight", "labels", "unnamed")),
]  # pages and sections that ask for committed rounds one row at a time


class Recorder(Evidence):
    """Evidence that remembers what it was asked for."""

    def __init__(self):
        super().__init__(committed_rounds.rounds())
        self.asked: dict[Name, Percent] = {}

    def _note(self, experiment: str, row: str, measure: str, figure: Percent):
        if figure.n:
            name = Name(settings(experiment, row), measure, figure.n)
            assert str(self.asked.setdefault(name, figure)) == str(figure), name
        return figure

    def accuracy(self, experiment, row, score="test_accuracy"):
        return self._note(experiment, row, score, super().accuracy(experiment, row, score))

    def at_epoch(self, experiment, row, column, epoch=-1):
        return self._note(experiment, row, f"{column} {epoch}", super().at_epoch(experiment, row, column, epoch))

    def wrong_cells(self, experiment, row, kind):
        return self._note(experiment, row, f"wrong {kind}", super().wrong_cells(experiment, row, kind))

    def choosing(self, row):
        split = super().choosing(row)
        for measure in ("last", "validated", "claimed", "true"):
            self._note("choosing", row, measure, getattr(split, measure))
        return split


class Asked(dict):
    """The figures that a section asks for, and all that it writes."""

    text = ""


def asked_for(page: str, section: str, monkeypatch) -> Asked:
    asked, estimate = Asked(), teaching_data.estimate

    def noted(frame, row, column="test_accuracy", factor=1.0):
        figure = estimate(frame, row, column, factor)
        if figure.n:
            name = Name(told(frame[frame["row"] == row].iloc[0]), column, figure.n)
            assert str(asked.setdefault(name, figure)) == str(figure), name
        return figure

    with monkeypatch.context() as patch:
        patch.setattr(teaching_data, "estimate", noted)
        app = open_app(page, **({"section": section} if section else {}))
    assert not app.exception
    asked.text = " ".join(one.value for kind in (app.markdown, app.caption, app.success, app.info) for one in kind)
    return asked


def sentences(step) -> tuple[str, Recorder]:
    """A step in words, and the evidence that it asked for; what one committed model reaches counts as n = 1."""
    evidence, accuracy = Recorder(), head_by_hand.accuracy

    def noted(preset, variant, numbers):
        figure = Percent.of([100 * accuracy(preset, variant, numbers)])
        evidence.asked[Name((preset, variant, numbers is None), "committed model", 1)] = figure
        return figure.mean / 100

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(head_by_hand, "accuracy", noted)
        telling = step.tell(evidence)
    question = telling.question
    return " ".join((telling.text, question.text, question.because, telling.shows, telling.source)), evidence


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_lessons_figure_comes_from_rounds_and_its_step_says_of_how_many(step):
    text, evidence = sentences(step)
    known = {f"{figure.mean:.1f}" for figure in evidence.asked.values()}
    known |= {f"{figure:.1f}" for figure in (*TABLE_I.values(), *TABLE_II.values())}
    yes = task.always_yes()
    known |= {f"{share:.1f}" for share in (yes, 100 - yes, 2 * yes - 100)}  # of all pairs of digits, counted
    known |= {f"{figure.mean**2 / 100:.1f}" for figure in evidence.asked.values()}  # both digits read
    printed = re.findall(r"(\d+\.\d)(?: ± \d+\.\d)?%", text)
    assert set(printed) <= known, set(printed) - known
    for name in evidence.asked:
        told = rf"n = {name.n}\b|\b{name.n} rounds" if name.n > 1 else "committed model"
        assert re.search(told, text), (step.name, name)


@pytest.mark.parametrize(("page", "section"), ASKING)
def test_a_sections_figure_says_of_how_many_rounds_it_is(page, section, monkeypatch):
    asked = asked_for(page, section, monkeypatch)
    assert asked
    for name in asked:
        assert re.search(rf"n = {name.n}\b|\b{name.n} rounds", asked.text), (section, name.n)


def test_one_name_has_one_figure_in_all_sentences(monkeypatch):
    found: dict[tuple[Name, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def note(where: str, asked: dict[Name, Estimate]):
        for name, figure in asked.items():
            for decimals in (1, 2):
                found[name, decimals][f"{figure.mean:.{decimals}f}"].add(where)

    def read(where: str, printed: Iterable[tuple[Name, str]]):
        known = list(printed)
        assert known, where
        for name, figure in known:
            found[name, len(figure.partition(".")[2]) or 1][figure if "." in figure else f"{figure}.0"].add(where)

    for step in STEPS:
        note(f"lesson, {step.name}", sentences(step)[1].asked)
    for page, section in sorted({*ASKING, *READERS}):
        asked = asked_for(page, section, monkeypatch)
        note(f"{page}, {section}", asked)
        if (page, section) in READERS:
            read(f"{page}, {section}", READERS[page, section](asked.text))
    for variant in ("v1", "v5"):  # what the race says when it is over
        said = race._wins(teaching_data.rounds("factorial"), variant)
        read(f"race of {variant}", race_effects(f"{variant}: {said}"))
    told_twice = [name for name, figures in found.items() if len(set().union(*figures.values())) > 1]
    assert len(found) > 200 and len(told_twice) > 20
    assert {name: dict(figures) for name, figures in found.items() if len(figures) > 1} == {}
