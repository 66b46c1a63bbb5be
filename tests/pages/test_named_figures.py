"""Figures in sentences: each of the lesson and of the teaching pages comes from rounds, says of how many, and is the
same wherever its name is used. `tests/core/test_published.py` asks the same of tables.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from dashboard.lesson import task
from dashboard.lesson.quoted_rounds import Evidence, Percent
from dashboard.lesson.steps import STEPS
from dashboard.shared import committed_rounds, head_by_hand, sections, teaching_data
from dashboard.shared.label_sweeps import SWEEPS
from dashboard.sharing import race
from pairdigits.choices import CORRECTED, PROTOCOLS, PUBLISHED
from pairdigits.estimates import Estimate
from pairdigits.models import VARIANTS
from pairdigits.report import findings, results, rounds
from pairdigits.report.experiments import TABLE_I, TABLE_II
from tests.pages import read_instruments, read_lesson, read_results, read_teaching
from tests.pages.app import open_app
from tests.pages.printed_figures import Found, Name, Text, sentences_of, settings, told, without_formulae
from tests.pages.read_teaching import race_effects

ROOT = Path(__file__).parents[2]
READERS = read_instruments.READERS | read_results.READERS | read_teaching.READERS

ASKING = [
    *(("sharing", section) for section in ("data", "swap")),
    *(("auxiliary", section) for section in ("weight", "labels", "unnamed")),
]  # pages and sections that ask for committed rounds one row at a time

# Every section as it opens, and as a visitor sets it who looks at other models, protocols and questions.
VIEWS = [
    *((page, section, (), {}) for page, section in READERS),
    *(("auxiliary", "labels", (), {"labels_against": sweep.title}) for sweep in [*SWEEPS.values()][1:]),
    ("auxiliary", "weight", (("weight_sweep.variant", "v5"),), {}),
    ("auxiliary", "map", (("encoding_map.variant", "v5"),), {}),
    ("auxiliary", "unnamed", (("unnamed.lesson", "unnamed_prior"),), {}),
    ("results", "helps", (("results.protocol.helps", PUBLISHED),), {}),
    ("results", "figures", (("results.protocol.figures", CORRECTED),), {}),
    ("sharing", "swap", (("swap.rounds", PUBLISHED),), {}),
    ("sharing", "gradient", (("gradient.run", "v5"), ("gradient.variant", "v5")), {}),
    ("sharing", "race", (("race.variant", "v5"),), {}),
    ("train", "", (), {"variant": "v7"}),
]


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


@functools.cache
def asked_for(page: str, section: str, state: tuple[tuple[str, str], ...] = (), **query: str) -> Asked:
    """What a section asks of the committed rounds and says, as it opens or as a visitor has set it."""
    asked, estimate = Asked(), teaching_data.estimate

    def noted(frame, row, column="test_accuracy", factor=1.0):
        figure = estimate(frame, row, column, factor)
        if figure.n:
            name = Name(told(frame[frame["row"] == row].iloc[0]), column, figure.n)
            assert str(asked.setdefault(name, figure)) == str(figure), name
        return figure

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(teaching_data, "estimate", noted)
        app = open_app(page, **({"section": section} if section else {}), **query)
        for key, value in state:
            app.session_state[key] = value
        if state:
            app.run()
    assert not app.exception
    asked.text = sentences_of(app)
    return asked


def in_tables() -> dict[Name, Estimate]:
    """Accuracies in the tables of Results, by the rounds that they are of."""
    asked, accuracies = {}, rounds.accuracies

    def noted(frame, label):
        cells = accuracies(frame, label)
        for figure, column in zip(cells.values(), ("test_accuracy", "all_pairs_accuracy"), strict=True):
            if figure.n:
                name = Name(told(frame[frame["row"] == label].iloc[0]), column, figure.n)
                assert str(asked.setdefault(name, figure)) == str(figure), name
        return cells

    with pytest.MonkeyPatch.context() as patch:
        for module in (findings, results):
            patch.setattr(module, "accuracies", noted)
        results.tables(committed_rounds.rounds())
    for protocol in PROTOCOLS.values():
        for row, figures in zip(
            VARIANTS,
            results.wrong_cells(committed_rounds.rounds(), protocol.title.lower()).frame.to_dict("records"),
            strict=True,
        ):
            asked |= {
                Name(settings(protocol.experiment, row), f"wrong {kind.lower()}", figure.n): figure
                for kind, figure in figures.items()
                if kind != "Model" and figure.n
            }
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


def in_step(step) -> tuple[Text, Found]:
    """A step in words, the figures that it quotes from rounds or from the report taken, and a reader of the others."""
    said, evidence = sentences(step)
    text, quoted = without_formulae(said), [*TABLE_I.values(), *TABLE_II.values()]
    quoted += [part for figure in evidence.asked.values() for part in (figure.mean, figure.std)]
    for figure in quoted:
        text.all(rf"(?<![\d.,])({figure:.1f}|{figure:.2f})(?!\d|\.\d)")
    return text, read_lesson.READERS.get(step.name, lambda _: iter(()))(text)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_figure_of_a_step_is_read_under_a_name(step):
    text, others = in_step(step)
    read = list(others)
    assert text.left() == [], read


@pytest.mark.parametrize(("page", "section"), ASKING)
def test_a_sections_figure_says_of_how_many_rounds_it_is(page, section):
    asked = asked_for(page, section)
    assert asked
    for name in asked:
        assert re.search(rf"n = {name.n}\b|\b{name.n} rounds", asked.text), (section, name.n)


def test_every_page_and_section_has_a_reader(monkeypatch):
    found = set()
    for folder in sorted(path.parent.name for path in ROOT.glob("dashboard/*/page.py")):
        titles = [""]
        with monkeypatch.context() as patch:
            patch.setattr(sections, "sections", lambda _, names, titles=titles: titles.extend(names))
            open_app(folder if folder != "sketch" else "")
        found |= {(folder, name) for name in titles[1:] or titles}
    # Sketch says what models make of a visitor's drawing; the lesson's steps are asked one by one, above.
    assert found - {("sketch", ""), ("lesson", "")} == set(READERS)


@pytest.mark.parametrize(("page", "section", "state", "query"), VIEWS, ids=str)
def test_every_figure_of_a_section_is_read_under_a_name(page, section, state, query):
    text = asked_for(page, section, state, **query).text
    assert list(READERS[page, section](text)) and text.left() == []


def test_a_figure_that_no_reader_takes_is_found():
    text = Text("Siamese v5 reaches 95.0% (n = 20) at learning rate 0.01, and v4 97.6% of 1000 pairs.")
    assert text.of("v5 reaches #%") == ("95.0",)
    assert [figure[-30:] for figure in text.left()] == ["g rate 0.01, and v4 97.6% of 1000 pairs."[-30:]]


def test_one_name_has_one_figure_in_all_sentences():
    found: dict[tuple[Name, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def note(where: str, asked: dict[Name, Estimate]):
        for name, figure in asked.items():
            for decimals in (1, 2):
                found[name, decimals][f"{figure.mean:.{decimals}f}"].add(where)

    def read(where: str, printed: Iterable[tuple[Name, str]]):
        for name, figure in printed:
            found[name, len(figure.partition(".")[2])][figure].add(where)

    for step in STEPS:
        note(f"lesson, {step.name}", sentences(step)[1].asked)
        read(f"lesson, {step.name}", in_step(step)[1])
    note("tables", in_tables())
    for page, section, state, query in VIEWS:
        asked = asked_for(page, section, state, **query)
        note(f"{page}, {section}", asked)
        read(f"{page}, {section}", READERS[page, section](asked.text))
    for variant in ("v1", "v5"):  # what the race says when it is over
        ending = race._wins(teaching_data.rounds("factorial"), variant)
        read(f"race of {variant}", race_effects(Text(f"{variant}: {ending}")))
    told_twice = [name for name, figures in found.items() if len(set().union(*figures.values())) > 1]
    assert len(found) > 700 and len(told_twice) > 60
    assert {name: dict(figures) for name, figures in found.items() if len(figures) > 1} == {}
