"""Weight sharing in a real browser: untying the towers, looking into a layer, and a short race."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect


def opened(page: Page, server: str, section: str) -> Page:
    page.goto(f"{server}/sharing?section={section}")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    return page


@pytest.fixture(params=["page", "phone"])
def visitor(request: pytest.FixtureRequest) -> Page:
    """On a laptop, 1280 pixels wide, and on a phone, 390."""
    return request.getfixturevalue(request.param)


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_untying_the_towers_changes_the_drawing_and_the_count(visitor: Page, server: str) -> None:
    page = opened(visitor, server, "network")
    count = page.get_by_test_id("stMetricValue").first
    drawing = page.locator(".board svg")
    expect(count).to_have_text("45,402")
    expect(drawing).to_have_attribute("aria-label", re.compile("One tower, 45,402"))
    expect(drawing.locator("[data-choose=conv1]")).to_have_count(1)
    page.get_by_text("Tie the towers").click()
    expect(count).to_have_text("90,762")
    expect(drawing).to_have_attribute("aria-label", re.compile("Two separate towers, 90,762"))
    expect(drawing.locator("[data-choose=conv1]")).to_have_count(2)
    assert fits(page)


def test_a_click_on_a_layer_shows_its_weights(page: Page, server: str) -> None:
    opened(page, server, "network")
    page.locator(".board [data-choose=conv2]").click()
    expect(page.get_by_role("img", name="Weights of conv2")).to_be_visible()
    expect(page.get_by_text("left digit: 32 maps of 5×5")).to_be_visible()


@pytest.mark.slow
def test_the_race_starts_runs_and_finishes(visitor: Page, server: str) -> None:
    page = opened(visitor, server, "race")
    start = page.get_by_role("button", name="Start the race")
    expect(start).to_be_disabled()
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("2")
    epochs.press("Enter")
    page.get_by_text("shared, auxiliary losses", exact=True).first.click()
    expect(start).to_be_enabled()
    start.click()
    expect(page.get_by_text(re.compile("wins with"))).to_be_visible(timeout=240_000)
    assert page.evaluate("document.querySelector('.live-chart').data.length") == 4
    stars = "[...document.querySelectorAll('.live-chart')].at(-1).data.at(-1)"
    assert page.evaluate(f"{stars}.name") == "yours" and page.evaluate(f"{stars}.x.length") == 4
    assert fits(page)
