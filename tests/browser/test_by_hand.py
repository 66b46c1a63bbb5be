"""The last layer set by hand, in a real browser: mouse, finger and keyboard, and figures that are the core's."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from dashboard.lesson import twenty_numbers
from dashboard.lesson.steps import STEPS
from dashboard.shared import head_by_hand, state
from pairdigits.by_hand import Numbers, with_numbers
from pairdigits.probe import ideal_signal
from tests.browser.rested import rested


def opened(page: Page, address: str) -> Locator:
    page.goto(address)
    layer = page.locator(".last-layer")
    expect(layer.locator(".said")).to_contain_text(re.compile("(right.*){4}"))  # both towers' readings are here
    rested(page)
    layer.locator(".rows").scroll_into_view_if_needed()
    return layer


def set_numbers(page: Page) -> Numbers:
    """What the address says."""
    expect(page).to_have_url(re.compile("numbers="))
    (text,) = parse_qs(urlsplit(page.url).query)["numbers"]
    numbers = torch.tensor([float(part) for part in text.split("_")], dtype=torch.float64)
    return Numbers(numbers[:10], numbers[10:20], numbers[20].item())


def says_what_the_core_says(layer: Locator, numbers: Numbers, preset: str = "report") -> None:
    for panel, variant in zip(layer.locator("figure").all(), head_by_hand.GIVEN, strict=True):
        wrong = ideal_signal(with_numbers(state.model(preset, variant).model, numbers)).wrong_cells
        expect(panel.get_by_role("img", name=f"Ideal signals: {wrong} of 100 wrong")).to_be_visible()
        shown = panel.get_by_role("img", name="Real test pairs").get_attribute("aria-label")
        right = 100 * head_by_hand.accuracy(preset, variant, numbers)
        assert float(re.search(r"([\d.]+)%", shown)[1]) == pytest.approx(right, abs=0.006)


def stroke(bars: Locator, begin: Callable, move: Callable, end: Callable) -> None:
    """From the first bar's top to the last one's foot."""
    box, bar = bars.bounding_box(), bars.locator(".bar").first.bounding_box()
    begin(box["x"] + 3, bar["y"] + 5)
    move(box["x"] + 0.6 * box["width"], bar["y"] + 0.6 * bar["height"])
    move(box["x"] + box["width"] - 3, bar["y"] + bar["height"] - 5)
    end()


def test_a_stroke_of_the_mouse_sets_ten_numbers_and_the_boards_follow(page: Page, server: str) -> None:
    layer = opened(page, f"{server}/probe")
    layer.get_by_role("button", name="Perfect staircase").click()
    says_what_the_core_says(layer, set_numbers(page))
    expect(layer.get_by_text("Your head")).to_have_count(0)  # that was no hand's work
    mouse = page.mouse
    bars = layer.locator(".row.a .tracks")
    stroke(bars, lambda x, y: (mouse.move(x, y), mouse.down()), lambda x, y: mouse.move(x, y, steps=3), mouse.up)
    expect(page).not_to_have_url(re.compile("numbers=2.25_1.75"))
    numbers = set_numbers(page)
    assert (numbers.first.diff() < 0).all() and numbers.first[0] > 2 > -2 > numbers.first[9]
    says_what_the_core_says(layer, numbers)
    record = layer.locator("figure").nth(1).locator(".record")
    expect(record).to_contain_text(re.compile(r"Your head: [\d.]+%, the trained one: 94\.\d\d%"))
    kept = record.inner_text()
    layer.get_by_role("button", name="Random").click()
    opened(page, page.url)
    assert record.inner_text() == kept
    record.get_by_role("button", name="Show it").click()
    expect(page).to_have_url(re.compile("numbers=" + f"{numbers.first[0]:.3f}".rstrip("0")))


@pytest.mark.slow
def test_keys_move_the_bar_in_focus(page: Page, server: str) -> None:
    layer = opened(page, f"{server}/probe?towers=Best+recipe&numbers={'_'.join(['0'] * 21)}")
    bar = layer.get_by_role("slider", name="b3: second digit, value at 3")
    before = float(bar.get_attribute("aria-valuenow"))
    bar.press("ArrowUp")
    bar.press("PageUp")
    step = float(bar.get_attribute("aria-valuemax")) / 60
    assert float(bar.get_attribute("aria-valuenow")) == pytest.approx(before + 11 * step, abs=2e-3)
    expect(page).to_have_url(re.compile(r"numbers=(0_){13}[1-9]"))
    says_what_the_core_says(layer, set_numbers(page), "best")
    layer.get_by_role("slider", name="c: constant").press("End")
    expect(layer.get_by_role("slider", name="c: constant")).to_have_attribute(
        "aria-valuenow", bar.get_attribute("aria-valuemax")
    )


@pytest.mark.slow
def test_a_finger_draws_across_the_bars_and_the_page_stays(phone: Page, server: str) -> None:
    layer = opened(phone, f"{server}/probe")
    bars = layer.locator(".row.b .tracks")
    bars.scroll_into_view_if_needed()
    touch, place = phone.context.new_cdp_session(phone), bars.bounding_box()

    def send(kind: str) -> Callable[..., None]:
        return lambda *at: touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [dict(zip("xy", at, strict=True))] if at else []},
        )

    stroke(bars, send("touchStart"), send("touchMove"), send("touchEnd"))
    numbers = set_numbers(phone)
    assert (numbers.second.diff() < 0).all()
    says_what_the_core_says(layer, numbers)
    assert bars.bounding_box() == place
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_lessons_slide_has_the_same_numbers(page: Page, server: str) -> None:
    layer = opened(page, f"{server}/lesson?step={STEPS.index(twenty_numbers.STEP) + 1}&present=1")
    layer.get_by_role("button", name="Perfect staircase").click()
    says_what_the_core_says(layer, set_numbers(page))
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
