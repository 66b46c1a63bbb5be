"""The sections of the teaching pages: each says what it shows."""

from __future__ import annotations

import re

import pytest

from pairdigits.lessons.files import FOLDER
from tests.pages.app import open_app, open_section, said, words


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
    assert says in words(open_section(name, section))


@pytest.mark.parametrize(
    ("name", "section"),
    [
        *(("sharing", section) for section in ("network", "tower", "step", "gradient", "data", "swap")),
        *(("auxiliary", section) for section in ("weight", "knowledge", "map", "failure", "unnamed")),
        *(("data", section) for section in ("pairs", "classes", "pooling", "warping", "misread", "duplicates")),
    ],
)
def test_every_section_ends_in_a_sentence_that_says_what_it_shows(name, section):
    app = open_section(name, section)
    assert app.markdown[-1].value.startswith("**What this shows.** ") and len(app.markdown[-1].value) > 60


@pytest.mark.parametrize(("section", "lesson"), [("knowledge", "readouts"), ("unnamed", "unnamed")])
def test_a_section_without_its_lesson_says_how_to_make_it(section, lesson):
    app = open_app("auxiliary", section=section)
    if (FOLDER / f"{lesson}.json").exists():
        assert not app.error and re.search(r"\d\.\d%", words(app))
    else:
        assert "python -m pairdigits lessons" in said(app.error[0])
