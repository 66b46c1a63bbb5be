"""Teaching pages before any experiment has been run: they stand, and say what is missing."""

from __future__ import annotations

import pytest

from dashboard.lesson import digit_labels, honest_figures, overfitting, paradox, tied_towers
from dashboard.lesson.steps import STEPS
from tests.pages.app import open_app


@pytest.mark.parametrize(
    ("step", "experiment"),
    [
        (overfitting.STEP, "as-published"),
        (tied_towers.STEP, "factorial"),
        (digit_labels.STEP, "weights"),
        (paradox.STEP, "as-published"),
        (honest_figures.STEP, "choosing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_step_names_the_rounds_that_have_not_been_run(step, experiment, nothing_run):
    app = open_app("lesson", step=str(STEPS.index(step) + 1))
    assert not app.exception and not app.error
    assert any(f"({experiment})" in one.value for one in app.info)


@pytest.mark.parametrize(
    ("page", "section"),
    [
        *(("auxiliary", section) for section in ("weight", "labels", "failure", "unnamed")),
        *(("sharing", section) for section in ("data", "swap")),
    ],
)
def test_a_section_without_its_rounds_stands(page, section, nothing_run):
    app = open_app(page, section=section)
    assert not app.exception and not app.error
