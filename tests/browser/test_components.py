"""The canvas and the live chart, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.server import ROOT, serve
from tests.browser.stopwatch import median_answer

pytestmark = pytest.mark.slow  # the pages' own tests use the components too

GOAL = 0.15  # seconds to an answer, where the machine is quiet enough


@pytest.fixture(scope="module")
def components() -> Iterator[str]:
    """The components alone, under a base path."""
    with serve(ROOT / "dashboard" / "gallery.py", {}, base="lab") as address:
        yield address


@pytest.fixture
def site(components: str, page: Page) -> Page:
    return ready(page, components)


def ready(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".live-chart .main-svg").nth(3)).to_be_attached()
    return page


def says(page: Page, pattern: str) -> None:
    expect(page.get_by_text(re.compile(pattern))).to_be_visible()


def ink(page: Page) -> int:
    """How much ink Python sees, once it has all that the canvas holds."""
    held = canvas(page).evaluate(
        "node => node.closest('.sketchpad').pad.drawing.strokes.reduce((sum, { points }) => sum + points.length, 0)"
    )
    says(page, f" coordinates {held}$")
    return int(re.search(r"ink (\d+)", page.get_by_text(re.compile("^ink")).inner_text())[1])


def canvas(page: Page) -> Locator:
    return page.get_by_role("application", name="First digit")


def stroke(page: Page, *points: tuple[float, float], lift: bool = True) -> None:
    """Draw with the mouse through points given as shares of the canvas."""
    box = canvas(page).bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=5)
    if lift:
        page.mouse.up()


def in_time(page: Page, event: str, text: str, acts: list[Callable[[], None]]) -> bool:
    """Whether the median answer is within the goal or, on a busy machine, at most twice a plain button's."""
    texts = '[data-testid="stText"]'
    seconds = median_answer(page, text, event, texts, f"^{text}.*", acts)
    pings = [page.get_by_role("button", name="Ping").click] * len(acts)
    plain = median_answer(page, "a plain button", "click", texts, "^pings.*", pings)
    return seconds < max(GOAL, 2 * plain)


def test_the_mouse_draws_and_undo_and_clear_take_back(site: Page) -> None:
    undo, clear = site.get_by_role("button", name="Undo: First digit"), site.get_by_role("button", name="Clear: First")
    expect(undo).to_be_disabled()
    stroke(site, (0.2, 0.2), (0.8, 0.2), (0.5, 0.9))
    says(site, r"strokes 1 shape \(140, 140\)")
    one = ink(site)
    stroke(site, (0.3, 0.5), (0.7, 0.5))
    says(site, "strokes 2")
    assert ink(site) > one > 0
    undo.click()
    says(site, f"ink {one} strokes 1")
    clear.click()
    says(site, "ink 0 strokes 0")
    expect(clear).to_be_disabled()
    undo.press("Enter")  # clearing can be undone, and by keyboard
    says(site, f"ink {one} strokes 1")


def test_pixels_arrive_while_the_pen_is_down_and_a_stroke_may_leave_the_canvas(site: Page) -> None:
    stroke(site, (0.2, 0.5), (0.6, 0.5), lift=False)
    says(site, "strokes 1")
    before = ink(site)
    box = canvas(site).bounding_box()
    site.mouse.move(box["x"] + 2 * box["width"], box["y"] + box["height"] / 2, steps=4)
    site.mouse.up()  # far outside
    expect(site.get_by_text(f"ink {before}")).to_have_count(0)
    after = ink(site)
    site.mouse.move(box["x"] + 50, box["y"] + 50)  # no button: no line
    stroke(site, (0.2, 0.8), (0.2, 0.8))
    says(site, "strokes 2")
    assert ink(site) > after


def test_other_widgets_leave_a_drawing_alone_and_an_example_replaces_it(site: Page) -> None:
    stroke(site, (0.2, 0.2), (0.8, 0.8))
    says(site, "strokes 1")
    thin = ink(site)
    site.get_by_role("slider", name="Pen").press("End")
    says(site, "^pen 40")
    assert ink(site) == thin
    stroke(site, (0.2, 0.8), (0.8, 0.2))
    says(site, "strokes 2")
    assert ink(site) > 2.5 * thin  # the wider pen
    site.get_by_role("button", name="Example").click()
    says(site, r"strokes 0 shape \(28, 28\)")  # Python's own image, untouched by the browser
    stroke(site, (0.1, 0.1), (0.9, 0.1))
    says(site, r"strokes 1 shape \(140, 140\)")
    drawn_over = ink(site)
    site.get_by_role("button", name="Undo: First digit").click()
    says(site, "strokes 0 shape")
    assert 0 < ink(site) < drawn_over  # the example is back
    site.get_by_role("button", name="Undo: First digit").click()
    says(site, "ink 0 strokes 0")


def test_a_drawing_is_still_there_after_a_visit_to_another_page(site: Page) -> None:
    stroke(site, (0.2, 0.2), (0.8, 0.2))
    stroke(site, (0.2, 0.8), (0.8, 0.8))
    says(site, "strokes 2")
    before = ink(site)
    site.get_by_role("link", name="Elsewhere").click()
    says(site, "Another page")
    site.get_by_role("link", name="Components").click()
    says(site, f"ink {before} strokes 2")
    stroke(site, (0.5, 0.2), (0.5, 0.8))
    says(site, "strokes 3")
    for _ in range(2):
        site.get_by_role("button", name="Undo: First digit").click()
    says(site, "strokes 1")


def test_a_finger_draws_and_the_page_stays_where_it_is(components: str, phone: Page) -> None:
    ready(phone, components)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    box = canvas(phone).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    scroller = "document.querySelector('[data-testid=stMain]').scrollTop"
    top = phone.evaluate(scroller)
    touch = phone.context.new_cdp_session(phone)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(at)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (0.5, 0.9))
    for i in range(1, 9):
        fingers("touchMove", (0.5, 0.9 - i / 10))
    fingers("touchStart", (0.5, 0.1), (0.9, 0.9))  # a second finger draws nothing
    fingers("touchMove", (0.5, 0.1), (0.2, 0.9))
    fingers("touchEnd")
    says(phone, "strokes 1")
    assert phone.evaluate(scroller) == top
    phone.get_by_role("button", name="Clear: First digit").tap()
    says(phone, "ink 0 strokes 0")


def test_the_answer_follows_the_end_of_a_stroke(site: Page) -> None:
    stroke(site, (0.1, 0.1), (0.9, 0.9))
    says(site, "strokes 1")
    # Dots: of a longer stroke most has been answered before the pointer goes up.
    acts = [lambda x=x: stroke(site, (x, 0.2)) for x in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    assert in_time(site, "pointerup", "ink", acts)


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


def test_new_data_keep_the_chart_its_node_and_its_zoom(site: Page) -> None:
    site.evaluate("document.querySelectorAll('.live-chart').forEach((node, i) => node.mine = i)")
    expect(chart(site).locator(".scatterlayer .trace").first).to_be_visible()
    zoom(site)
    read = "node => node.layout.xaxis.range.join()"
    zoomed = chart(site).evaluate(read)
    for _ in range(3):
        points = chart(site).evaluate("node => node.data[0].x.length")
        site.get_by_role("button", name="Next epoch").click()
        site.wait_for_function("n => document.querySelector('.live-chart').data[0].x.length > n", arg=points)
    assert chart(site).evaluate(read) == zoomed
    assert site.evaluate("[...document.querySelectorAll('.live-chart')].every((node, i) => node.mine === i)")


def test_a_chart_says_what_it_shows_and_follows_the_theme(site: Page) -> None:
    told = re.compile(r"^Chart\. Class accuracy \(%\) over Epoch; v5 · train, v5 · test")
    expect(chart(site)).to_have_attribute("aria-label", told)
    read = "node => [node._fullLayout.paper_bgcolor, node.data[0].line.color]"
    light = chart(site).evaluate(read)
    assert light == ["#fbfaf6", "#0072b2"]
    site.emulate_media(color_scheme="dark")
    site.wait_for_function("document.querySelector('.live-chart')._fullLayout.paper_bgcolor === '#12171d'")
    assert chart(site).evaluate(read) == ["#12171d", "#56b4e9"]


def test_a_chart_finds_its_script_from_an_inner_page(components: str, page: Page) -> None:
    page.goto(f"{components}/elsewhere")
    expect(chart(page).locator(".bars .point")).to_have_count(10)


def test_a_chart_fits_its_column_when_the_window_changes(site: Page) -> None:
    site.set_viewport_size({"width": 390, "height": 800})
    site.wait_for_function("document.querySelector('.live-chart')._fullLayout.width < 380")
    assert site.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("button", "ending"), [("Download plot as a PNG", "png"), ("Download plot as SVG", "svg")])
def test_the_toolbar_saves_a_picture(site: Page, button: str, ending: str) -> None:
    chart(site).hover()
    with site.expect_download() as download:
        chart(site).locator(f'[data-title="{button}"]').click()
    assert download.value.suggested_filename == f"curves.{ending}"
    head = Path(download.value.path()).read_bytes()[:5]
    assert head.startswith(b"\x89PNG" if ending == "png" else b"<svg")
    assert not chart(site).locator('[data-title="Share chart..."]').count()


def click_cell(page: Page, first: int, second: int) -> None:
    box = chart(page, 1).locator(".nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + (second + 0.5) / 10 * box["width"], box["y"] + (9.5 - first) / 10 * box["height"])


def test_a_click_on_a_cell_tells_its_digits_at_once(site: Page) -> None:
    click_cell(site, 2, 7)
    says(site, r"cell \(2, 7\) clicked \[2, 7\]")
    # The run that the click caused draws the outline already.
    site.wait_for_function("document.querySelectorAll('.live-chart')[1].layout.shapes?.[0]?.x0 === 6.5")
    cells = ((0, 0), (9, 9), (3, 4), (8, 1), (5, 5), (9, 0), (0, 9))
    acts = [lambda cell=cell: click_cell(site, *cell) for cell in cells]
    assert in_time(site, "click", "cell", acts)
    says(site, r"cell \(0, 9\)")


def test_a_point_is_dragged_in_every_square_at_once(site: Page) -> None:
    squares = site.locator(".landscape")
    sheet, shares = squares.locator(".sheet").nth(1), squares.locator("figcaption span")
    expect(shares).to_have_text(["50%", ">99%"])
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    site.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    site.mouse.down()
    site.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.7 * box["height"], steps=5)  # first 4, second 1
    expect(shares).to_have_text(["13%", "<1%"])  # before Python knows
    expect(squares.get_by_text("0 of 2 models say")).to_be_visible()
    site.mouse.up()
    says(site, r"^point \[4, 1\]$")
    site.get_by_role("slider", name="Second digit, from faint to clear").press("ArrowRight")
    expect(shares).to_have_text(["25%", "<1%"])
    says(site, r"^point \[4, 2\]$")


def test_a_step_is_gone_through_and_its_weights_are_chosen(site: Page) -> None:
    film = site.locator(".slow-motion")
    film.get_by_role("slider", name="Phase").press("End")
    says(site, r"^weight conv1 1 2 phase 8$")
    film.get_by_role("button", name="Look into classifier").click()
    says(site, r"^weight classifier 0 0")
    film.locator("canvas").press("ArrowLeft")  # round the edge of its four columns
    says(site, r"^weight classifier 0 3")
    site.get_by_text("Tied").click()
    expect(film.locator("circle.weight")).to_have_count(2)


def test_a_finger_drags_the_point_and_the_page_stays(components: str, phone: Page) -> None:
    ready(phone, components)
    sheet = phone.locator(".landscape .sheet").first
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    touch = phone.context.new_cdp_session(phone)
    for kind, x, y in (("touchStart", 0.5, 0.5), ("touchMove", 0.3, 0.9), ("touchMove", 0.1, 0.9), ("touchEnd", 0, 0)):
        at = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at if kind != "touchEnd" else []})
    says(phone, r"^point \[0, 0\]$")
    assert sheet.bounding_box() == box
