"""docs/instruments.md quotes what the pages say: the same words, figures that differ in their last digit at most."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.lesson import forked
from dashboard.lesson.quoted_rounds import Evidence
from dashboard.results import peeking_simulator
from dashboard.shared import fool_yourself, head_by_hand, morphing, step_scene
from dashboard.shared.label_sweeps import SWEEPS
from dashboard.shared.taken_step import Look, Question
from dashboard.train import forking

DOCUMENT = (Path(__file__).parents[2] / "docs" / "instruments.md").read_text()
TEXT = " ".join(DOCUMENT.replace("\n> ", "\n").split())
NUMBER = r"\d[\d,]*(?:\.\d+)?"
LEARNT = "**To be able to say:**"
PEEKED = (20, 1, 1, 1000)  # as the page begins


def sweep(name: str) -> str:
    return SWEEPS[name].say(SWEEPS[name].lines())


FIGURES: dict[str, Callable[[], str]] = {
    "one step": lambda: step_scene.shows(Look.at(Question("v5", 1))).partition(" For all")[0],
    "landscape": lambda: morphing.told(morphing.at_first("best")),
    "by hand": lambda: head_by_hand.shown("report"),
    "wrong labels": lambda: sweep("wrong"),
    "labels until": lambda: sweep("until"),
    "labels on one side": lambda: sweep("side"),
    "fork": lambda: forked.tell(Evidence({})).shows,
    "fool yourself": lambda: fool_yourself.sentence(fool_yourself.simulate(*PEEKED), *PEEKED),
}
LESSONS: dict[str, Callable[[], str]] = {
    "one step": lambda: step_scene.shows(Look.at(Question("v5", 1))),
    "landscape": FIGURES["landscape"],
    "by hand": FIGURES["by hand"],
    "labels": lambda: sweep("share"),
    "fork": lambda: forking.LEARNT,
    "fool yourself": lambda: peeking_simulator.LEARNT,
}


@pytest.mark.parametrize("name", FIGURES)
def test_its_figures_are_those_of_the_page(name):
    sentence = FIGURES[name]().partition(LEARNT)[0].strip()
    parts = re.split(f"({NUMBER})", sentence)
    found = re.search("".join(f"({NUMBER})" if i % 2 else re.escape(part) for i, part in enumerate(parts)), TEXT)
    assert found, sentence
    for told, meant in zip(found.groups(), parts[1::2], strict=True):  # another processor rounds otherwise
        step = 10.0 ** -len(meant.partition(".")[2])
        assert float(told.replace(",", "")) == pytest.approx(float(meant.replace(",", "")), abs=1.01 * step), sentence


@pytest.mark.parametrize("name", LESSONS)
def test_what_a_student_should_be_able_to_say_is_what_the_page_says(name):
    learnt = LESSONS[name]().partition(LEARNT)[2].strip()
    assert learnt and f"{LEARNT} {learnt}" in TEXT


def test_every_film_is_there_and_small_enough_to_be_looked_at():
    films = re.findall(r"\]\((\S+\.webp)\)", DOCUMENT)
    assert len(films) == 6
    assert all((Path(__file__).parents[2] / "docs" / film).stat().st_size < 1_600_000 for film in films)
