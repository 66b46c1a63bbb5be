"""What the tests of the components alone share: the gallery's texts, which say what Python knows."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stopwatch import median_answer

GOAL = 0.15  # seconds to an answer, where the machine is quiet enough


def open_gallery(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".live-chart .main-svg").nth(3)).to_be_attached()
    return page


def says(page: Page, pattern: str) -> None:
    expect(page.get_by_text(re.compile(pattern))).to_be_visible()


def in_time(page: Page, event: str, text: str, acts: list[Callable[[], None]]) -> bool:
    """Whether the median answer is within the goal or, on a busy machine, at most twice a plain button's."""
    texts = '[data-testid="stText"]'
    seconds = median_answer(page, text, event, texts, f"^{text}.*", acts)
    pings = [page.get_by_role("button", name="Ping").click] * len(acts)
    plain = median_answer(page, "a plain button", "click", texts, "^pings.*", pings)
    return seconds < max(GOAL, 2 * plain)
