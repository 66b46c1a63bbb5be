"""The Sketch page in a real browser: drawn on, and all that its buttons do."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.drawing import ONE, canvas, clear, draw, picture, points, press_example, says


def test_an_example_stands_there_and_the_mouse_changes_the_verdict(sketch: Page) -> None:
    says(sketch, "3 ≤ 7")
    expect(sketch.get_by_text("Three is less than or equal to seven.")).to_be_visible()
    expect(sketch.locator(".card")).to_have_count(8)
    expect(sketch.locator(".card").first).to_contain_text("reads no digits")
    clear(sketch, 1)
    draw(sketch, 1, ONE)
    says(sketch, "3 > 1")
    sketch.get_by_role("button", name="Undo: Second digit").click()
    expect(sketch.get_by_text("Draw the second digit.")).to_be_visible()


def test_swap_exchanges_the_drawings_and_what_is_read(sketch: Page) -> None:
    before = [picture(sketch, side) for side in (0, 1)]
    sketch.get_by_role("button", name="Swap").click()
    says(sketch, "7 > 3")
    assert [picture(sketch, side) for side in (1, 0)] == before
    expect(sketch.get_by_text("Exchanged,")).to_be_visible()


def test_examples_come_at_a_click(sketch: Page) -> None:
    press_example(sketch, "Equal digits")
    assert len(set(re.findall("[0-9]", sketch.get_by_text("In truth").inner_text().split("truth")[1]))) == 1
    sketch.get_by_role("button", name="A pair v1 gets wrong").click()
    expect(sketch.get_by_text("Wrong, and it is the last layer")).to_be_visible()
    expect(sketch.get_by_role("heading", name="Why Siamese v1 says so")).to_be_visible()
    expect(sketch.locator(".because")).to_contain_text("reads")
    press_example(sketch, "Random test pair")
    expect(sketch.locator(".because")).to_contain_text("Siamese v1 reads")


def test_a_card_chooses_whose_probe_lights_up_and_a_switch_whose_models_answer(sketch: Page) -> None:
    sketch.locator(".card").nth(6).click()
    expect(sketch.get_by_role("heading", name="Why Siamese v6 says so")).to_be_visible()
    expect(sketch.locator(".probe circle.top")).to_have_count(1)
    expect(sketch.locator(".card").nth(6)).to_have_attribute("aria-pressed", "true")
    before = sketch.locator(".cards").inner_text()
    sketch.get_by_role("radio", name="The report's models").click()
    expect(sketch.get_by_role("heading", name="Why Siamese v6 says so")).to_be_visible()
    expect(sketch.locator(".cards")).not_to_have_text(before)


def test_a_picture_may_take_a_canvass_place_and_a_bad_file_gets_a_sentence(sketch: Page) -> None:
    sketch.get_by_text("Use a picture", exact=True).click()
    files = sketch.locator("input[type=file]")
    files.nth(0).set_input_files({"name": "digit.png", "mimeType": "image/png", "buffer": b"this is no image"})
    alert = sketch.get_by_test_id("stAlert")
    expect(alert).to_be_visible()
    assert "Traceback" not in alert.inner_text()
    says(sketch, "3 ≤ 7")  # and nothing is lost
    files.nth(0).set_input_files({"name": "paper.png", "mimeType": "image/png", "buffer": paper_with_a_one()})
    says(sketch, "1 ≤ 7")
    expect(alert).to_have_count(0)


def paper_with_a_one() -> bytes:
    """A dark stroke on grey paper."""
    image = Image.new("L", (300, 400), 190)
    ImageDraw.Draw(image).line([(150, 90), (145, 310)], fill=40, width=24)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_a_key_puts_a_digit_on_a_canvas(sketch: Page) -> None:
    for digit in "0123456789":
        canvas(sketch, 0).press(digit)
        canvas(sketch, 1).press("9")
        says(sketch, f"{digit} ≤ 9")
    canvas(sketch, 1).press("Delete")
    expect(sketch.get_by_text("Draw the second digit.")).to_be_visible()
    canvas(sketch, 1).press("Control+z")
    says(sketch, "9 ≤ 9")


def test_an_odd_drawing_gets_a_word(sketch: Page) -> None:
    clear(sketch, 0)
    middle = points(sketch, 0, ((0.5, 0.5),))[0]
    sketch.mouse.click(*middle)
    expect(sketch.locator(".headline")).to_contain_text("only a dot")
    scribble = [(0.1 + 0.8 * (i % 2), 0.1 + 0.04 * i) for i in range(20)]
    draw(sketch, 0, tuple(scribble))
    expect(sketch.locator(".headline")).to_contain_text("scribble")
