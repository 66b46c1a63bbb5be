"""A pair among digits that turn into others, alone and in a real browser: its point is dragged in every square."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.gallery_page import open_gallery, says

pytestmark = pytest.mark.slow  # the pages' own tests use the landscapes too


def test_a_point_is_dragged_in_every_square_at_once(gallery: Page) -> None:
    squares = gallery.locator(".landscape")
    sheet, shares = squares.locator(".sheet").nth(1), squares.locator("figcaption span")
    expect(shares).to_have_text(["50%", ">99%"])
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    gallery.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    gallery.mouse.down()
    gallery.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.7 * box["height"], steps=5)  # first 4, second 1
    expect(shares).to_have_text(["13%", "<1%"])  # before Python knows
    expect(squares.get_by_text("0 of 2 models say")).to_be_visible()
    gallery.mouse.up()
    says(gallery, r"^point \[4, 1\]$")
    gallery.get_by_role("slider", name="Second digit, from faint to clear").press("ArrowRight")
    expect(shares).to_have_text(["25%", "<1%"])
    says(gallery, r"^point \[4, 2\]$")


def test_a_finger_drags_the_point_and_the_page_stays(components: str, phone: Page) -> None:
    open_gallery(phone, components)
    sheet = phone.locator(".landscape .sheet").first
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    touch = phone.context.new_cdp_session(phone)
    for kind, x, y in (("touchStart", 0.5, 0.5), ("touchMove", 0.3, 0.9), ("touchMove", 0.1, 0.9), ("touchEnd", 0, 0)):
        at = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at if kind != "touchEnd" else []})
    says(phone, r"^point \[0, 0\]$")
    assert sheet.bounding_box() == box
