"""Every page in both themes under axe-core: nothing that it calls serious or critical."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

PAGES = {
    "": "Sketch",
    "train": "Train",
    "probe": "Probe",
    "results": "Results",
    "lesson": "Lesson",
    "sharing": "Weight sharing",
    "auxiliary": "Auxiliary losses",
    "data": "Data",
}


@pytest.mark.parametrize("address", PAGES, ids=PAGES.values())
def test_nothing_serious_stands_in_anybodys_way(server: str, page: Page, address: str) -> None:
    page.goto(f"{server}/{address}")
    expect(page).to_have_title(f"{PAGES[address]} · PairDigits")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        settle(page)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                nodes = [f"{node['html'][:150]} {node['any'][:1]}" for node in violation["nodes"][:3]]
                found.append(f"{theme}: {violation['id']} ({len(violation['nodes'])}): {nodes}")
    assert not found, "\n".join(found)


def settle(page: Page) -> None:
    """Wait until the page has come to its end and nothing on it is pale, because it is old or fades in."""
    busy = page.locator('[data-testid="stStatusWidget"], [data-testid="stSpinner"], [data-stale="true"]')
    for _ in range(3):  # a fragment may begin where the page has ended
        expect(busy).to_have_count(0)
        page.wait_for_timeout(700)
