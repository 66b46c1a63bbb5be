"""A drawing outlives other pages, a reload and its way to another browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import ONE, SEVEN, clear, draw, picture, press_example, ready, says


def test_a_drawing_is_still_there_after_a_visit_to_another_page(sketch: Page) -> None:
    clear(sketch, 0)
    draw(sketch, 0, ONE)
    says(sketch, "1 ≤ 7")
    before = picture(sketch, 0)
    sketch.get_by_role("link", name="Results").click()
    expect(sketch.get_by_role("heading", name="Results").first).to_be_visible()
    sketch.get_by_role("link", name="Sketch").click()
    says(sketch, "1 ≤ 7")
    assert picture(sketch, 0) == before
    draw(sketch, 0, SEVEN)  # on top of what was drawn
    expect(sketch.locator(".seen img").first).not_to_have_attribute("src", before)
    asked = []
    sketch.on("request", lambda request: "verdict" in request.url and asked.append(request.post_data_json))
    sketch.get_by_role("button", name="Undo: First digit").click()
    says(sketch, "1 ≤ 7")
    assert picture(sketch, 0) == before
    assert [*asked[-1]["canvases"][0]] == ["pixels"]  # nobody knows which digit it is


def test_a_link_opens_the_same_pair_elsewhere(sketch: Page, phone: Page) -> None:
    press_example(sketch, "Random test pair")
    sketch.locator(".card").nth(5).click()
    expect(sketch.get_by_role("heading", name="Why Siamese v5 says so")).to_be_visible()
    button = sketch.get_by_text("Link to this pair", exact=True)
    button.click()
    link = sketch.get_by_test_id("stCode").filter(has_text="pair=")
    expect(link).to_be_in_viewport()
    verdict = sketch.locator(".formula").inner_text()
    ready(phone, link.inner_text().strip())
    expect(phone.locator(".formula")).to_have_text(re.compile(r"\s*".join(verdict.split())))
    expect(phone.get_by_role("heading", name="Why Siamese v5 says so")).to_be_visible()
    assert len(phone.locator(".seen img").nth(0).get_attribute("src")) > 100
    clear(phone, 0)  # what is drawn over it stays as well, and one step back it is there again
    draw(phone, 0, ONE)
    expect(phone).not_to_have_url(re.compile("pair="))
    before = picture(phone, 0)
    phone.reload()
    expect(phone.locator(".seen img").first).to_have_attribute("src", before)
    phone.go_back()
    expect(phone.locator(".formula")).to_have_text(re.compile(r"\s*".join(verdict.split())))


def test_a_reload_keeps_a_drawing(sketch: Page) -> None:
    clear(sketch, 0)
    draw(sketch, 0, ONE)
    says(sketch, "1 ≤ 7")
    before = picture(sketch, 0)
    sketch.reload()
    says(sketch, "1 ≤ 7")
    assert picture(sketch, 0) == before
    sketch.get_by_role("button", name="Undo: First digit").click()
    expect(sketch.get_by_text("Draw the first digit.")).to_be_visible()


@pytest.mark.slow
def test_what_is_wrong_with_an_address_stands_beside_a_kept_drawing(sketch: Page) -> None:
    clear(sketch, 0)
    draw(sketch, 0, ONE)
    says(sketch, "1 ≤ 7")
    ready(sketch, f"{sketch.url.split('?')[0]}?model=v99")
    says(sketch, "1 ≤ 7")
    sketch.wait_for_timeout(1500)  # for as long as the drawing could have taken it away
    expect(sketch.get_by_text("The address asks for model = “v99”")).to_be_visible()
    press_example(sketch, "Equal digits")
    expect(sketch.get_by_text("The address asks for model")).to_have_count(0)


@pytest.mark.slow
def test_a_reload_keeps_which_digits_these_are(sketch: Page) -> None:
    press_example(sketch, "Random test pair")
    truth = sketch.locator(".headline").inner_text()
    assert "In truth" in truth
    before = [picture(sketch, side) for side in (0, 1)]
    sketch.reload()
    expect(sketch.locator(".headline")).to_have_text(sketch_text(truth))
    assert [picture(sketch, side) for side in (0, 1)] == before
    draw(sketch, 0, ONE)  # whoever changes it knows no more what it is
    expect(sketch.locator(".headline")).not_to_contain_text("In truth")
    sketch.get_by_role("button", name="Undo: First digit").click()
    expect(sketch.locator(".headline")).to_contain_text("In truth")


def sketch_text(inner: str) -> re.Pattern:
    """The same words, however they are broken into lines."""
    return re.compile(r"\s*".join(map(re.escape, inner.split())))


def test_a_broken_link_gets_a_sentence_and_the_example(server: str, page: Page) -> None:
    ready(page, server + "/?pair=nonsense")
    expect(page.get_by_text("This is not a packed pair of digits")).to_be_visible()
    says(page, "3 ≤ 7")


def test_the_pair_is_taken_to_the_train_page(sketch: Page) -> None:
    sketch.get_by_role("button", name="Watch it learn").click()
    sketch.wait_for_url("**/train*")


def test_a_browser_that_keeps_nothing_draws_all_the_same(server: str, page: Page) -> None:
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('denied'); }})")
    ready(page, f"{server}/sketch?model=v1")  # its own name leads to the first page too
    expect(page).to_have_url(f"{server}/?model=v1")
    clear(page, 0)
    draw(page, 0, ONE)
    says(page, "1 ≤ 7")
