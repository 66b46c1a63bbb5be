"""The live chart alone, in a real browser: it keeps its node and its zoom, tells cells, and can be saved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.gallery_page import in_time, says

pytestmark = pytest.mark.slow  # the pages' own tests use the charts too


def chart(page: Page, index: int = 0) -> Locator:
    return page.locator(".live-chart").nth(index)


def zoom(page: Page) -> None:
    """Drag a rectangle."""
    area = chart(page).locator(".nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 100, steps=5)
    page.mouse.up()
    page.wait_for_function("document.querySelector('.live-chart').layout.xaxis.autorange === false")


def test_new_data_keep_the_chart_its_node_and_its_zoom(gallery: Page) -> None:
    gallery.evaluate("document.querySelectorAll('.live-chart').forEach((node, i) => node.mine = i)")
    expect(chart(gallery).locator(".scatterlayer .trace").first).to_be_visible()
    zoom(gallery)
    read = "node => node.layout.xaxis.range.join()"
    zoomed = chart(gallery).evaluate(read)
    for _ in range(3):
        points = chart(gallery).evaluate("node => node.data[0].x.length")
        gallery.get_by_role("button", name="Next epoch").click()
        gallery.wait_for_function("n => document.querySelector('.live-chart').data[0].x.length > n", arg=points)
    assert chart(gallery).evaluate(read) == zoomed
    assert gallery.evaluate("[...document.querySelectorAll('.live-chart')].every((node, i) => node.mine === i)")


def test_a_chart_says_what_it_shows_and_follows_the_theme(gallery: Page) -> None:
    told = re.compile(r"^Chart\. Class accuracy \(%\) over Epoch; v5 · train, v5 · test")
    expect(chart(gallery)).to_have_attribute("aria-label", told)
    read = "node => [node._fullLayout.paper_bgcolor, node.data[0].line.color]"
    light = chart(gallery).evaluate(read)
    assert light == ["#fbfaf6", "#0072b2"]
    gallery.emulate_media(color_scheme="dark")
    gallery.wait_for_function("document.querySelector('.live-chart')._fullLayout.paper_bgcolor === '#12171d'")
    assert chart(gallery).evaluate(read) == ["#12171d", "#56b4e9"]


def test_a_chart_finds_its_script_from_an_inner_page(components: str, page: Page) -> None:
    page.goto(f"{components}/elsewhere")
    expect(chart(page).locator(".bars .point")).to_have_count(10)


def test_a_chart_fits_its_column_when_the_window_changes(gallery: Page) -> None:
    gallery.set_viewport_size({"width": 390, "height": 800})
    gallery.wait_for_function("document.querySelector('.live-chart')._fullLayout.width < 380")
    assert gallery.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("button", "ending"), [("Download plot as a PNG", "png"), ("Download plot as SVG", "svg")])
def test_the_toolbar_saves_a_picture(gallery: Page, button: str, ending: str) -> None:
    chart(gallery).hover()
    with gallery.expect_download() as download:
        chart(gallery).locator(f'[data-title="{button}"]').click()
    assert download.value.suggested_filename == f"curves.{ending}"
    head = Path(download.value.path()).read_bytes()[:5]
    assert head.startswith(b"\x89PNG" if ending == "png" else b"<svg")
    assert not chart(gallery).locator('[data-title="Share chart..."]').count()


def click_cell(page: Page, first: int, second: int) -> None:
    box = chart(page, 1).locator(".nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + (second + 0.5) / 10 * box["width"], box["y"] + (9.5 - first) / 10 * box["height"])


def test_a_click_on_a_cell_tells_its_digits_at_once(gallery: Page) -> None:
    click_cell(gallery, 2, 7)
    says(gallery, r"cell \(2, 7\) clicked \[2, 7\]")
    # The run that the click caused draws the outline already.
    gallery.wait_for_function("document.querySelectorAll('.live-chart')[1].layout.shapes?.[0]?.x0 === 6.5")
    cells = ((0, 0), (9, 9), (3, 4), (8, 1), (5, 5), (9, 0), (0, 9))
    acts = [lambda cell=cell: click_cell(gallery, *cell) for cell in cells]
    assert in_time(gallery, "click", "cell", acts)
    says(gallery, r"cell \(0, 9\)")
