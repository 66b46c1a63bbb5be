"""What the models' answers to a pair mean, and how the Sketch page says it."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from dashboard.sketch import probe_place, verdict_html
from pairdigits import verdicts
from pairdigits.models import VARIANTS
from pairdigits.verdicts import Answer, Finding, Reference

THREE_SEVEN = Reference((3, 7), known=True)


def answer(
    first: int | None, second: int = 0, says: bool = True, back: bool = False, p: float = 0.9, name="v1"
) -> Answer:
    """An answer of a model that reads two digits, each with probability p."""
    digits = None
    if first is not None:
        digits = np.full((2, 10), (1 - p) / 9)
        digits[[0, 1], [first, second]] = p
    return Answer(VARIANTS[name], says, 0.8, back, digits)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (answer(3, 7), Finding.FOLLOWS),
        (answer(3, 7, says=False), Finding.LAST_LAYER),
        (answer(3, 7, says=False, name="v7"), Finding.OTHER_READINGS),
        (answer(9, 7, says=False), Finding.MISREAD),
        (answer(2, 7), Finding.LUCKY),
        (answer(None, name="base"), Finding.FOLLOWS),
        (answer(None, says=False, name="base"), Finding.OPPOSITE),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_a_verdict_is_laid_to_a_last_layer_where_there_is_one_and_never_called_wrong_without_labels(
    given, found, known
) -> None:
    held = Reference((3, 7), known)
    assert verdicts.finding(given, held) is found
    text = verdicts.explanation(given, held)
    assert ("it is the last layer" in text) == (found is Finding.LAST_LAYER)
    said = text + verdict_html.headline([given], given, held) + verdict_html.cards([given], given, held)
    judged = re.search(r"\b(wrong|misread|right|rightly)\b", said.lower())
    assert bool(judged) == known


@pytest.mark.parametrize("name", ["v4", "v7"])
@pytest.mark.parametrize("says", [True, False])
@pytest.mark.parametrize("read", [(3, 7), (9, 7)])
@pytest.mark.parametrize("known", [True, False])
def test_models_without_a_last_layer_are_never_told_that_it_is_to_blame(name, says, read, known) -> None:
    given, held = answer(*read, says=says, name=name), Reference((3, 7), known)
    said = verdicts.explanation(given, held) + verdict_html.headline([given], given, held)
    said += verdict_html.cards([given], given, held)
    assert "last layer" not in said.replace("No last layer is to blame", "")


def test_without_known_digits_a_verdict_is_held_against_the_models_own_reading() -> None:
    assert verdicts.finding(answer(3, 7, says=False), None) is Finding.LAST_LAYER
    assert verdicts.finding(answer(3, 7), None) is Finding.FOLLOWS
    unsure = answer(3, 7, says=False, p=0.5)
    assert "not sure of what it reads" in verdicts.explanation(unsure, None)


def test_a_model_that_reads_no_digits_has_no_certainty_and_needs_a_reference_to_be_judged() -> None:
    base = answer(None, name="base")
    assert (base.read, base.certainty, base.weights) == (None, None, None)
    assert verdicts.explanation(base, None) == "Base sees both drawings as one image and reads no digits."
    assert answer(3, 7).certainty == (0.9, 0.9)


def test_the_digits_of_a_drawing_are_what_most_models_read() -> None:
    answers = [answer(None, name="base"), answer(3, 7), answer(3, 7), answer(5, 7)]
    assert verdicts.reference(answers) == Reference((3, 7), known=False)
    assert verdicts.reference(answers, (5, 7)) == Reference((5, 7), known=True)
    assert verdicts.reference(answers, (5, None)) == Reference((5, 7), known=False)
    assert verdicts.reference([answer(3, 7), answer(5, 7)]) is None  # no more than half


@pytest.mark.parametrize(
    ("says", "back", "digits", "words"),
    [
        (True, False, (3, 7), None),
        (False, True, (3, 7), None),
        (False, False, (3, 7), "says neither 3 ≤ 7 nor 7 ≤ 3"),
        (True, True, (3, 7), "says both 3 ≤ 7 and 7 ≤ 3"),
        (True, True, (4, 4), None),
        (False, False, (4, 4), "says neither 4 ≤ 4 nor 4 ≤ 4"),
    ],
)
def test_a_model_contradicts_itself_when_both_ways_round_are_false_or_both_true(says, back, digits, words) -> None:
    assert verdicts.contradiction(answer(*digits, says=says, back=back), Reference(digits, known=True)) == words


def test_no_probability_is_shown_as_certain() -> None:
    assert [verdicts.percent(p) for p in (0, 0.004, 0.5, 0.986, 0.999, 1)] == [
        "<1%",
        "<1%",
        "50%",
        "99%",
        ">99%",
        ">99%",
    ]


def test_the_headline_tells_verdict_confidence_agreement_and_doubts() -> None:
    chosen, other = answer(3, 7), answer(3, 7, says=False, name="v2")
    html = verdict_html.headline([chosen, other, other], chosen, THREE_SEVEN, ["First digit: this is odd & <b>."])
    assert "Three is less than or equal to seven." in html and "80% sure" in html and "1 of 3 models" in html
    assert "odd &amp; &lt;b&gt;" in html and "doubtful" in html
    assert "sure" in verdict_html.headline([chosen], chosen, THREE_SEVEN) and html.count("data-choose") == 3
    assert "it is the last layer" in verdict_html.headline([other], other, THREE_SEVEN)
    assert "60% sure, so not very" in verdict_html.headline([low := replace(chosen, confidence=0.6)], low, None)
    assert "not sure of the left digit: 3 at 40%" in verdict_html.headline([faint := answer(3, 7, p=0.4)], faint, None)


def test_cards_say_what_was_read_and_what_is_wrong() -> None:
    base, v1 = answer(None, says=False, name="base"), answer(3, 7, says=False)
    html = verdict_html.cards([base, v1], v1, THREE_SEVEN)
    assert "reads no digits" in html and "its last layer" in html and "says neither 3 ≤ 7 nor 7 ≤ 3" in html
    assert html.count('aria-pressed="true"') == 1
    assert "2 of 2 models contradict themselves" in html
    assert "no model contradicts itself" in verdict_html.cards([right := answer(3, 7)], right, THREE_SEVEN)


def test_the_probe_lights_up_where_the_digits_are() -> None:
    probability = np.triu(np.ones((10, 10)))
    probability[3, 7] = 0
    html = probe_place.why(answer(3, 7, says=False), probability, "a probe", THREE_SEVEN)
    assert html.count("<title>") == 100 and html.count('class="top"') == 1 and html.count("<path") == 1
    top = re.search(r'cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)" class="top"', html)
    assert [float(value) for value in top.groups()] == [150, 130, pytest.approx(2 + 8 * 0.9, abs=0.06)]
    assert "about the digits 3 and 7 themselves, says 3 &gt; 7" in html and "(1 of 100 here)" in html
    assert "For these two digits that is <b>wrong</b>." in html
    held = Reference((3, 7), known=False)
    drawn = probe_place.why(answer(4, 7), probability, "a probe", held)
    assert "For these two digits that is right, whatever was drawn." in drawn  # of the names: nobody labelled it
    base = answer(None, name="base")
    assert "where most other models read" in probe_place.why(base, probability, "a probe", held)
    for where, given in ((None, probability), (held, np.full((10, 10), np.nan))):  # it has no cell, or an empty one
        assert "themselves, says" not in probe_place.why(base, given, "a probe", where)


def test_what_a_model_reads_of_a_drawing_stands_below_it() -> None:
    image, digits = np.zeros((14, 14), np.uint8), answer(3, 7).digits
    assert "Siamese v1 reads 7, 90%" in verdict_html.seen(image, "Second digit", digits[1], "Siamese v1")
    assert "Base reads no digits." in verdict_html.seen(image, "Second digit", None, "Base")
    assert "reads" not in verdict_html.seen(None, "Second digit", None, "Base")
