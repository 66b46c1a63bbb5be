"""What is done on the Sketch page by mouse and finger, and what it says."""

from __future__ import annotations

import re

from playwright.sync_api import CDPSession, Locator, Page, expect

ONE = ((0.5, 0.15), (0.5, 0.85))
SEVEN = ((0.25, 0.2), (0.75, 0.2), (0.45, 0.85))


def ready(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_text("models say so")).to_be_visible()  # the first visitor waits for torch
    return page


def canvas(page: Page, side: int) -> Locator:
    return page.get_by_role("application", name=("First digit", "Second digit")[side])


def says(page: Page, formula: str) -> None:
    """Wait for the large verdict, such as "3 ≤ 7"."""
    expect(page.locator(".formula")).to_have_text(re.compile(r"\s*".join(formula.split())))


def picture(page: Page, side: int) -> str:
    """What the network sees, once it has settled."""
    page.wait_for_timeout(600)
    return page.locator(".seen img").nth(side).get_attribute("src")


def press_example(page: Page, name: str) -> None:
    """Click on an example and wait until its digits are there."""
    before = page.locator(".seen img").first.get_attribute("src")
    page.get_by_role("button", name=name).click()
    expect(page.locator(".seen img").first).not_to_have_attribute("src", before)


def clear(page: Page, side: int) -> None:
    page.get_by_role("button", name=f"Clear: {('First', 'Second')[side]} digit").click()
    expect(page.get_by_text("Draw the " + ("first", "second")[side])).to_be_visible()


def points(page: Page, side: int, stroke: tuple) -> list[tuple[float, float]]:
    """Places on the screen of points given as shares of a canvas."""
    canvas(page, side).scroll_into_view_if_needed()
    box = canvas(page, side).bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]


def draw(page: Page, side: int, stroke: tuple) -> None:
    first, *rest = points(page, side, stroke)
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=3)
    page.mouse.up()


def draw_slowly(page: Page, side: int, stroke: tuple, steps: int = 1) -> None:
    before, *rest = points(page, side, stroke)
    page.mouse.move(*before)
    page.mouse.down()
    for point in rest:
        for step in range(1, steps + 1):
            page.mouse.move(*(a + (b - a) * step / steps for a, b in zip(before, point, strict=True)))
            page.wait_for_timeout(40)
        before = point
    page.mouse.up()


def finger(touch: CDPSession, kind: str, *places: tuple[float, float]) -> None:
    touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in places]})


def swipe(page: Page, touch: CDPSession, side: int, stroke: tuple) -> None:
    first, *rest = points(page, side, stroke)
    finger(touch, "touchStart", first)
    before = first
    for point in rest:
        for step in (1, 2, 3):
            finger(touch, "touchMove", tuple(a + (b - a) * step / 3 for a, b in zip(before, point, strict=True)))
        before = point
    finger(touch, "touchEnd")
