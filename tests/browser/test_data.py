"""The Data page in a real browser: paging, filters, sliders, on a laptop and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.rested import choose


def opened(page: Page, server: str, section: str = "pairs") -> Page:
    page.goto(f"{server}/data?section={section}")
    expect(page.get_by_test_id("stHeading").nth(1)).to_be_attached()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    return page


def pairs(page: Page) -> Locator:
    return page.locator("figcaption").filter(has_text=re.compile(r"^\d [≤>] \d$"))


@pytest.mark.parametrize("device", ["page", "phone"])
@pytest.mark.slow
def test_pairs_are_paged_and_filtered(device: str, request, server: str):
    page = opened(request.getfixturevalue(device), server)
    expect(page.get_by_text("Page 1 of 42: 1,000 of 1,000 pairs")).to_be_visible()
    expect(pairs(page)).to_have_count(24)
    before = pairs(page).all_inner_texts()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Page 2 of 42")).to_be_visible()
    expect(pairs(page)).not_to_have_text(before)
    choose(page.get_by_role("combobox", name="Class"), "tie")
    expect(page.get_by_text(re.compile(r"Page 2 of \d: \d+ of 1,000 pairs"))).to_be_visible()
    expect(pairs(page).filter(has_text=">")).to_have_count(0)
    assert all(text[0] == text[-1] for text in pairs(page).all_inner_texts())
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")


@pytest.mark.slow
def test_sliders_warp_and_point(page: Page, server: str):
    opened(page, server, "warping")
    warps = page.locator("figure").filter(has_text=re.compile(r"^warp \d+$")).locator("img")
    before = warps.first.get_attribute("src")
    page.get_by_role("slider", name=re.compile("^Rotation")).press("ArrowRight")
    expect(warps.first).not_to_have_attribute("src", before)
    page.get_by_text("From 28×28 to 14×14", exact=True).click()
    formula = page.locator(".katex").filter(has_text="255").first
    formula.wait_for()
    before = formula.inner_text()
    page.get_by_role("slider", name=re.compile("^Column")).press("ArrowRight")
    expect(formula).not_to_have_text(before)
