"""When a page has come to rest, and what is done only then."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def rested(page: Page) -> None:
    """Wait until the page's script has ended: nothing is on its way any more that could move what is to be touched."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def choose(box: Locator, option: str) -> None:
    """Choose from a list. Such a list closes when the page is scrolled, so what scrolls to it must have been heard of.

    A click that has to scroll does both at once, and a busy browser tells of the scrolling after the list has opened.
    """
    box.scroll_into_view_if_needed()
    box.page.wait_for_timeout(300)  # milliseconds
    box.click()
    box.page.get_by_role("option", name=option, exact=True).click()
