"""How soon the instruments answer, in a real browser: ``pytest --slow -s`` prints the medians.

What is read from what the browser has already must feel like one's own hand (50 ms); what the server works out from
prepared content must not interrupt a thought (1 s).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page

from dashboard.lesson import forked
from dashboard.lesson.steps import STEPS
from tests.browser.stopwatch import busyness, median_answer

pytestmark = pytest.mark.slow

MAIN = '[data-testid="stMain"]'
SHOWN = "What this shows.{200}"
Act = Callable[[], None]


def hand() -> float:
    """Seconds: 0.05 where the machine is quiet."""
    return 0.05 * busyness()


def thought() -> float:
    """Seconds: 1 where the machine is quiet."""
    return 1.0 * busyness()


def dragged(page: Page, part: Locator) -> list[Act]:
    """A drag over a part of the page, which has begun, in twenty moves."""
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    return [
        lambda at=0.1 + i / 25: page.mouse.move(box["x"] + at * box["width"], box["y"] + at * box["height"])
        for i in range(1, 21)
    ]


def settle(page: Page, text: str) -> None:
    page.get_by_text(text).first.wait_for()
    page.wait_for_timeout(1500)  # what comes after the first answer


def test_slow_motion(page: Page, server: str) -> None:
    page.goto(f"{server}/sharing?section=step&step_phase=0")
    settle(page, "What this shows")
    film = page.locator(".slow-motion")
    phase = film.get_by_role("slider", name="Phase")
    steps = [lambda: phase.press("ArrowRight")] * 8 + [lambda: phase.press("ArrowLeft")] * 8
    assert median_answer(page, "slow motion, a phase", "keydown", ".slow-motion .phase", ".*", steps) < hand()
    weights = film.locator("canvas")
    moves = [lambda key=key: weights.press(key) for key in ("ArrowRight", "ArrowDown") * 5]
    assert median_answer(page, "slow motion, a weight", "keydown", ".slow-motion table", ".*", moves) < thought()
    epochs = film.page.get_by_role("radiogroup", name="After epoch").get_by_role("radio")
    asks = [epochs.nth(i % 4).click for i in (2, 3, 0, 1, 2, 3, 0)]
    assert median_answer(page, "slow motion, another step", "click", ".slow-motion table", ".*", asks) < thought()


def test_slow_motion_of_the_base_model(page: Page, server: str) -> None:
    page.goto(f"{server}/sharing?section=step&step_model=base&step_phase=0")
    settle(page, "What this shows")
    film = page.locator(".slow-motion")
    phase = film.get_by_role("slider", name="Phase")
    steps = [lambda key=key: phase.press(key) for key in ("ArrowRight",) * 8 + ("ArrowLeft",) * 8]
    assert median_answer(page, "base model, a phase", "keydown", ".slow-motion .phase", ".*", steps) < hand()
    epochs = page.get_by_role("radiogroup", name="After epoch").get_by_role("radio")
    asks = [epochs.nth(i % 4).click for i in (2, 3, 0, 1, 2, 3, 0)]
    assert median_answer(page, "base model, another step", "click", ".slow-motion table", ".*", asks) < thought()


def test_landscape(page: Page, server: str) -> None:
    page.goto(f"{server}/probe")
    sheet = page.locator(".landscape .sheet").nth(6)
    sheet.wait_for()
    page.wait_for_timeout(3000)
    moves = dragged(page, sheet)
    verdicts = ".landscape figcaption", "(.|\\n)*"
    assert median_answer(page, "landscape, a drag", "pointermove", *verdicts, moves) < hand()
    page.mouse.up()
    page.get_by_text("Other digits", exact=True).click()
    written = page.get_by_role("spinbutton", name="written by hand").first
    others = [lambda: written.press("ArrowUp")] * 10  # squares that nobody has asked for yet
    assert median_answer(page, "landscape, all models on another grid", "keydown", *verdicts, others) < thought()


def test_last_layer_by_hand(page: Page, server: str) -> None:
    page.goto(f"{server}/probe")
    settle(page, "of real pairs right")
    bar = page.locator(".last-layer .bar").first
    moves = dragged(page, bar)
    assert median_answer(page, "last layer, a drag", "pointermove", ".last-layer .said", ".*", moves) < hand()
    page.mouse.up()


def test_labels(page: Page, server: str) -> None:
    page.goto(f"{server}/auxiliary?section=labels")
    settle(page, "What this shows")
    names = ("Wrong labels", "Until when", "One side or both", "Labelled digits") * 2
    asks = [page.get_by_role("radio", name=name).click for name in names]
    assert median_answer(page, "labels, another question", "click", MAIN, SHOWN, asks) < thought()


def test_fork(page: Page, server: str) -> None:
    page.goto(f"{server}/lesson?step={STEPS.index(forked.STEP) + 1}")
    settle(page, "What this shows")
    asks = [page.get_by_role("radio", name=name, exact=True).click for name in ("5", "20") * 4]
    figures = '[data-testid="stMetricValue"]'
    assert median_answer(page, "fork, another epoch", "click", figures, "(.|\\n)*", asks) < thought()


def test_fool_yourself(page: Page, server: str) -> None:
    page.goto(f"{server}/results?section=peeking")
    settle(page, "What this shows")
    pairs = page.get_by_role("slider", name="Test pairs")
    keys = ("ArrowLeft",) * 3 + ("ArrowRight",) * 5
    asks = [lambda key=key: pairs.press(key) for key in keys]
    assert median_answer(page, "fool yourself, other test pairs", "keydown", MAIN, SHOWN, asks) < thought()
