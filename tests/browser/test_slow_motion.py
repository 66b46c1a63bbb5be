"""One training step in slow motion: played with mouse, finger and keyboard, and as still pictures."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.gallery_page import says


def opened(page: Page, server: str, more: str = "") -> Locator:
    page.goto(f"{server}/sharing?section=step{more}")
    film = page.locator(".slow-motion")
    expect(film.get_by_text("Before the step" if "phase" not in more else "They meet")).to_be_visible()
    return film


def sums(film: Locator) -> list[list[float]]:
    """The figures of the table, row by row."""
    rows = film.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )
    return [[float(cell.replace("−", "-")) for cell in row] for row in rows]


@pytest.fixture(params=["page", pytest.param("phone", marks=pytest.mark.slow)])
def visitor(request: pytest.FixtureRequest) -> Page:
    """On a laptop with a mouse, and on a phone with a finger."""
    return request.getfixturevalue(request.param)


def press(page: Page, node: Locator, **options) -> None:
    """By finger where there is one."""
    (node.tap if page.evaluate("matchMedia('(pointer: coarse)').matches") else node.click)(**options)


@pytest.mark.slow
@pytest.mark.parametrize("device", ["page", "phone"])
def test_a_step_is_played_paused_and_gone_through(device: str, request, server: str) -> None:
    visitor: Page = request.getfixturevalue(device)
    film = opened(visitor, server)
    film.get_by_label("Speed").select_option("fast")
    press(visitor, film.get_by_role("button", name="Step"))
    expect(film).to_have_attribute("data-phase", "1")
    expect(film.get_by_text("1. Read left")).to_be_visible()
    expect(visitor).to_have_url(re.compile("step_phase=1"))
    press(visitor, film.get_by_role("button", name="Play"))
    press(visitor, film.get_by_role("button", name="Pause"))
    expect(film.get_by_role("button", name="Play")).to_be_visible()
    press(visitor, film.get_by_role("button", name="Play"))
    expect(film.get_by_text("8. The optimiser moves it")).to_be_visible()
    expect(visitor).to_have_url(re.compile("step_phase=8"))
    press(visitor, film.get_by_role("button", name="Back"))
    expect(film.get_by_text("7. They are added")).to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_layer_and_a_weight_are_chosen_and_their_sums_hold(visitor: Page, server: str) -> None:
    film = opened(visitor, server, "&step_phase=6")
    press(visitor, film.get_by_role("button", name="Look into encoder"))
    expect(film.get_by_text("encoder, output 1, input 1", exact=True)).to_be_visible()
    sheet = film.locator("canvas")
    box = sheet.bounding_box()
    at = {"x": 0.5 * box["width"], "y": 0.51 * box["height"]}
    press(visitor, sheet, position=at)
    expect(film.locator("caption")).to_have_text(re.compile(r"^encoder, output 26, input \d+$"))
    expect(visitor).to_have_url(re.compile(r"step_weight=encoder-25-\d+"))
    class_loss, digits, both = sums(film)
    for row in (class_loss, digits, both):
        assert row[0] + row[1] == pytest.approx(row[2], abs=2e-7)  # each is rounded to 1e-7
    assert [a + b for a, b in zip(class_loss, digits, strict=True)] == pytest.approx(both, abs=2e-7)
    assert float(re.search(r"weights: ([\d.e-]+)\.", film.locator(".sum").inner_text())[1]) < 1e-6


def test_in_the_lesson_a_layer_is_chosen_as_well(page: Page, server: str) -> None:
    page.goto(f"{server}/lesson?step=3")
    film = page.locator(".slow-motion")
    press(page, film.get_by_role("button", name="Look into encoder"))
    expect(film.get_by_text("encoder, output 1, input 1", exact=True)).to_be_visible()


@pytest.mark.slow
def test_the_keyboard_goes_through_the_step_and_the_weights(page: Page, server: str) -> None:
    film = opened(page, server)
    phase = film.get_by_role("slider", name="Phase")
    phase.press("ArrowRight")
    expect(film.get_by_text("1. Read left")).to_be_visible()
    phase.press("End")
    expect(film.get_by_text("8. The optimiser moves it")).to_be_visible()
    phase.press("Home")
    expect(film.get_by_text("Before the step")).to_be_visible()
    for key in ("Enter", "Space"):
        film.get_by_role("button", name="Step").press(key)
        expect(film.get_by_role("button", name="Play")).to_be_visible()
    expect(film.get_by_text("2. Read right")).to_be_visible()
    for _ in range(6):
        phase.press("ArrowRight")
    expect(film.get_by_text("8. The optimiser moves it")).to_be_visible()
    film.get_by_role("button", name="Look into conv2").press("Enter")
    expect(film.get_by_text("conv2, filter 1, map 1, row 1, column 1", exact=True)).to_be_visible()
    film.locator("canvas").press("ArrowRight")
    expect(film.get_by_text("conv2, filter 1, map 1, row 1, column 2", exact=True)).to_be_visible()
    film.locator("canvas").press("ArrowUp")  # round the edge
    expect(film.get_by_text("conv2, filter 32, map 1, row 1, column 2", exact=True)).to_be_visible()


def test_untied_two_weights_move_and_without_auxiliary_losses_their_arrows_are_gone(page: Page, server: str) -> None:
    film = opened(page, server, "&step_phase=6")
    thin = film.locator("path.gradient.auxiliary")
    expect(film.locator("circle.weight")).to_have_count(1)
    expect(thin).to_have_count(2)
    page.get_by_text("Auxiliary losses", exact=True).last.click()
    expect(thin).to_have_count(0)
    page.get_by_text("Tie the towers").click()
    expect(film.locator("circle.weight")).to_have_count(2)
    expect(film.get_by_text("6. They reach two weights")).to_be_visible()
    assert len(film.locator(".moved p").all()) == 2
    expect(page).to_have_url(re.compile("step_tied=false"))
    page.reload()
    expect(film.locator("circle.weight")).to_have_count(2)


def test_v4_is_played_without_an_arrow_from_its_comparison(page: Page, server: str) -> None:
    film = opened(page, server, "&step_phase=6&step_model=v4&step_batch=64")
    expect(film.locator("path.gradient.auxiliary")).to_have_count(4)  # two go back, two meet in the weight
    expect(film.locator("path.gradient.class")).to_have_count(0)
    expect(film.locator(".loss")).to_have_count(2)
    class_loss, digits, both = sums(film)
    assert class_loss == [0, 0, 0] and digits == both and both[0] + both[1] == pytest.approx(both[2], abs=2e-7)


def test_the_base_model_sees_one_picture_and_one_gradient_comes_back(visitor: Page, server: str) -> None:
    visitor.goto(f"{server}/sharing?section=step&step_model=base&step_phase=6")
    film = visitor.locator(".slow-motion")
    expect(film.get_by_text("6. It reaches the weight")).to_be_visible()
    expect(film.get_by_text("two channels")).to_be_visible()
    expect(film.locator("path.gradient")).to_have_count(2)  # one goes back, and leaves for the weight
    expect(film.locator(".loss")).to_have_count(1)
    expect(film.locator("circle.weight")).to_have_count(1)
    sent, decay, both = (row[0] for row in sums(film))
    assert sent + decay == pytest.approx(both, abs=2e-7)
    sheet = film.locator("canvas")
    box = sheet.bounding_box()
    press(visitor, sheet, position={"x": 12.5 / 19 * box["width"], "y": 0.5 / 16 * box["height"]})
    expect(film.locator("caption")).to_have_text("conv1, filter 1, right digit, row 2, column 1")
    press(visitor, film.get_by_role("button", name="Step"))
    expect(film.get_by_text("7. No other gradient meets it")).to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
def test_who_wants_no_motion_gets_still_pictures(page: Page, server: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    film = opened(page, server)
    film.get_by_label("Speed").select_option("half speed")
    film.get_by_role("button", name="Play").click()
    drawn = set()
    for _ in range(20):  # the lane of the left digit is there or not, and never half
        drawn.add(film.locator("path.lane.left").first.get_attribute("stroke-dashoffset"))
        page.wait_for_timeout(50)
    assert drawn <= {"0", "1"}
    expect(film.get_by_text("1. Read left")).to_be_visible()


@pytest.mark.slow
def test_alone_a_step_is_gone_through_and_its_weights_are_chosen(gallery: Page) -> None:
    film = gallery.locator(".slow-motion")
    film.get_by_role("slider", name="Phase").press("End")
    says(gallery, r"^weight conv1 1 2 phase 8$")
    film.get_by_role("button", name="Look into classifier").click()
    says(gallery, r"^weight classifier 0 0")
    film.locator("canvas").press("ArrowLeft")  # round the edge of its four columns
    says(gallery, r"^weight classifier 0 3")
    gallery.get_by_text("Tied").click()
    expect(film.locator("circle.weight")).to_have_count(2)
