"""How many labels do you need, in a real browser: with mouse, finger and keyboard, and a run of one's own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.shared.label_sweeps import SWEEPS

TICKS = "document.querySelector('.live-chart')?.layout?.xaxis?.ticktext?.join()"


def opened(page: Page, server: str, more: str = "") -> Page:
    page.goto(f"{server}/auxiliary?section=labels{more}")
    expect(page.get_by_role("heading", name="How many labels do you need?")).to_be_visible()
    expect(page.get_by_text("To be able to say:")).to_be_visible()
    return page


def draws(page: Page, ticks: str) -> None:
    page.wait_for_function(f"{TICKS} === '{ticks}'")


@pytest.mark.slow
@pytest.mark.parametrize("device", ["page", pytest.param("phone", marks=pytest.mark.slow)])
def test_a_question_is_chosen_by_mouse_or_finger_and_stands_in_the_address(device: str, request, server: str) -> None:
    page = opened(request.getfixturevalue(device), server)
    share = SWEEPS["share"]
    draws(page, ",".join(map(share.named, share.settings)))
    wrong = page.get_by_role("radio", name="Wrong labels")
    (wrong.tap if device == "phone" else wrong.click)()
    draws(page, "0%,10%,25%,50%")
    expect(page).to_have_url(re.compile("labels_against=Wrong"))
    expect(page.get_by_text("With every second label wrong")).to_be_visible()
    page.reload()
    draws(page, "0%,10%,25%,50%")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
def test_a_question_is_chosen_by_keyboard(page: Page, server: str) -> None:
    opened(page, server, "&labels_against=Until when")
    draws(page, "5,10,20,40")
    page.get_by_role("radio", name="Until when").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    draws(page, "left,both")


@pytest.mark.slow
def test_a_run_of_ones_own_becomes_a_star(page: Page, server: str) -> None:
    opened(page, server, "&labels_against=Wrong labels")
    page.get_by_role("radio", name="v1", exact=True).click()
    page.get_by_role("radio", name="40%").click()
    page.get_by_role("button", name="Train it").click()
    expect(page.get_by_text("The star in the chart is yours")).to_be_visible(timeout=240_000)
    stars = page.evaluate("document.querySelector('.live-chart').data.filter(t => t.marker?.symbol === 'star')")
    assert len(stars) == 1 and stars[0]["name"] == "Siamese v1, yours" and stars[0]["x"] == [pytest.approx(2.6)]
