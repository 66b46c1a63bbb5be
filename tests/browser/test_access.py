"""Every page in both themes under axe-core: nothing that it calls serious or critical; numbers and focus are seen."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow

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
    for section in opened_sections(page):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            settle(page)
            for violation in Axe().run(page).response["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    nodes = [f"{node['html'][:150]} {node['any'][:1]}" for node in violation["nodes"][:3]]
                    found.append(f"{section}, {theme}: {violation['id']} ({len(violation['nodes'])}): {nodes}")
    assert not found, "\n".join(found)


def opened_sections(page: Page) -> Iterator[str]:
    """Each section of a page in turn, by its title, or the page itself, with all that can be opened open."""
    titles = page.get_by_role("radiogroup", name="Section", exact=True).get_by_role("radio").all_inner_texts()
    for title in titles or [""]:
        if title:
            page.get_by_role("radio", name=title, exact=True).click()
            expect(page.get_by_role("heading", level=2, name=title)).to_be_visible()
        settle(page)
        closed = page.locator("details:not([open]) > summary")
        for _ in range(closed.count()):
            closed.first.click()
            settle(page)
        yield title


NUMBERS = """
() => [...document.querySelectorAll(".heatmap-label tspan")].map((node) => {
  const { x, y, width, height } = node.getBoundingClientRect();
  return { box: [x, y, x + width, y + height].map(Math.round), ink: getComputedStyle(node).fill };
})
"""


@pytest.mark.parametrize("address", ["auxiliary?section=unnamed", "data?section=classes", "results?section=grid"])
def test_numbers_on_coloured_cells_can_be_read(server: str, page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 3000})  # axe-core does not look into drawings
    page.goto(f"{server}/{address}")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator(".heatmap-label").nth(9)).to_be_visible()
        settle(page)
        seen = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        for number in page.evaluate(NUMBERS):
            left, top, right, bottom = number["box"]
            colours, counts = np.unique(seen[top:bottom, left:right].reshape(-1, 3), axis=0, return_counts=True)
            ink = [int(part) for part in number["ink"].removeprefix("rgb(").rstrip(")").split(",")]
            assert contrast(ink, colours[counts.argmax()]) >= 4.5, (theme, number, colours[counts.argmax()])


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """Of two colours, as WCAG 2 defines it: 1 to 21."""
    parts = np.array([one, other]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


STOPS = 25  # of the Tab key
FOCUSED = """
() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const { x, y, width, height } = node.getBoundingClientRect();
  window.focused = node;
  return { name: node.outerHTML.slice(0, 120), clip: { x: x - 8, y: y - 8, width: width + 16, height: height + 16 } };
}
"""


@pytest.mark.parametrize("address", PAGES, ids=PAGES.values())
def test_whatever_has_the_focus_shows_it(server: str, page: Page, address: str) -> None:
    page.goto(f"{server}/{address}")
    settle(page)
    page.add_style_tag(content="* { transition: none !important; animation: none !important }")
    unseen, stops = [], set()
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        page.wait_for_timeout(100)
        found = page.evaluate(FOCUSED)
        clip = {name: max(value, 0) for name, value in found["clip"].items()}
        if found["name"] in stops or not 16 < clip["width"] < 900:
            continue
        stops.add(found["name"])
        focused = page.screenshot(clip=clip)
        page.evaluate("focused.blur()")
        page.wait_for_timeout(100)
        if page.screenshot(clip=clip) == focused:
            unseen.append(found["name"])
    assert len(stops) > 10
    assert not unseen, unseen


def settle(page: Page) -> None:
    """Wait until the page has come to its end and nothing on it is pale, because it is old or fades in."""
    busy = page.locator('[data-testid="stStatusWidget"], [data-testid="stSpinner"], [data-stale="true"]')
    for _ in range(3):  # a fragment may begin where the page has ended
        expect(busy).to_have_count(0)
        page.wait_for_timeout(700)
