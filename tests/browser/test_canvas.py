"""The canvas alone, in a real browser: mouse and finger, undo and clear, and what Python gets of a drawing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.gallery_page import in_time, open_gallery, says

pytestmark = pytest.mark.slow  # the pages' own tests use the canvas too


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


def test_the_mouse_draws_and_undo_and_clear_take_back(gallery: Page) -> None:
    undo = gallery.get_by_role("button", name="Undo: First digit")
    clear = gallery.get_by_role("button", name="Clear: First digit")
    expect(undo).to_be_disabled()
    stroke(gallery, (0.2, 0.2), (0.8, 0.2), (0.5, 0.9))
    says(gallery, r"strokes 1 shape \(140, 140\)")
    one = ink(gallery)
    stroke(gallery, (0.3, 0.5), (0.7, 0.5))
    says(gallery, "strokes 2")
    assert ink(gallery) > one > 0
    undo.click()
    says(gallery, f"ink {one} strokes 1")
    clear.click()
    says(gallery, "ink 0 strokes 0")
    expect(clear).to_be_disabled()
    undo.press("Enter")  # clearing can be undone, and by keyboard
    says(gallery, f"ink {one} strokes 1")


def test_pixels_arrive_while_the_pen_is_down_and_a_stroke_may_leave_the_canvas(gallery: Page) -> None:
    stroke(gallery, (0.2, 0.5), (0.6, 0.5), lift=False)
    says(gallery, "strokes 1")
    before = ink(gallery)
    box = canvas(gallery).bounding_box()
    gallery.mouse.move(box["x"] + 2 * box["width"], box["y"] + box["height"] / 2, steps=4)
    gallery.mouse.up()  # far outside
    expect(gallery.get_by_text(f"ink {before}")).to_have_count(0)
    after = ink(gallery)
    gallery.mouse.move(box["x"] + 50, box["y"] + 50)  # no button: no line
    stroke(gallery, (0.2, 0.8), (0.2, 0.8))
    says(gallery, "strokes 2")
    assert ink(gallery) > after


def test_other_widgets_leave_a_drawing_alone_and_an_example_replaces_it(gallery: Page) -> None:
    stroke(gallery, (0.2, 0.2), (0.8, 0.8))
    says(gallery, "strokes 1")
    thin = ink(gallery)
    gallery.get_by_role("slider", name="Pen").press("End")
    says(gallery, "^pen 40")
    assert ink(gallery) == thin
    stroke(gallery, (0.2, 0.8), (0.8, 0.2))
    says(gallery, "strokes 2")
    assert ink(gallery) > 2.5 * thin  # the wider pen
    gallery.get_by_role("button", name="Example").click()
    says(gallery, r"strokes 0 shape \(28, 28\)")  # Python's own image, untouched by the browser
    stroke(gallery, (0.1, 0.1), (0.9, 0.1))
    says(gallery, r"strokes 1 shape \(140, 140\)")
    drawn_over = ink(gallery)
    gallery.get_by_role("button", name="Undo: First digit").click()
    says(gallery, "strokes 0 shape")
    assert 0 < ink(gallery) < drawn_over  # the example is back
    gallery.get_by_role("button", name="Undo: First digit").click()
    says(gallery, "ink 0 strokes 0")


def test_a_drawing_is_still_there_after_a_visit_to_another_page(gallery: Page) -> None:
    stroke(gallery, (0.2, 0.2), (0.8, 0.2))
    stroke(gallery, (0.2, 0.8), (0.8, 0.8))
    says(gallery, "strokes 2")
    before = ink(gallery)
    gallery.get_by_role("link", name="Elsewhere").click()
    says(gallery, "Another page")
    gallery.get_by_role("link", name="Components").click()
    says(gallery, f"ink {before} strokes 2")
    stroke(gallery, (0.5, 0.2), (0.5, 0.8))
    says(gallery, "strokes 3")
    for _ in range(2):
        gallery.get_by_role("button", name="Undo: First digit").click()
    says(gallery, "strokes 1")


def test_a_finger_draws_and_the_page_stays_where_it_is(components: str, phone: Page) -> None:
    open_gallery(phone, components)
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


def test_the_answer_follows_the_end_of_a_stroke(gallery: Page) -> None:
    stroke(gallery, (0.1, 0.1), (0.9, 0.9))
    says(gallery, "strokes 1")
    # Dots: of a longer stroke most has been answered before the pointer goes up.
    acts = [lambda x=x: stroke(gallery, (x, 0.2)) for x in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    assert in_time(gallery, "pointerup", "ink", acts)
