"""When a page has come to rest."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def rested(page: Page) -> None:
    """Wait until the page's script has ended: nothing is on its way any more that could move what is to be touched."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
