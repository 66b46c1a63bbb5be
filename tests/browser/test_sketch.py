"""The Sketch page in a real browser: drawn on with mouse and finger, and all that its buttons do."""

from __future__ import annotations

import io
import re
import statistics
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.server import ROOT, serve

GOAL = 60  # milliseconds from the pen's movement to the changed bars, where the machine is quiet enough

ONE = ((0.5, 0.15), (0.5, 0.85))
SEVEN = ((0.25, 0.2), (0.75, 0.2), (0.45, 0.85))


def ready(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.get_by_text("models say so")).to_be_visible()  # the first visitor waits for torch
    return page


@pytest.fixture
def sketch(server: str, page: Page) -> Page:
    return ready(page, server)


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


# Milliseconds from a movement of the pen that is down to the next change of a bar or of what the network sees.
STOPWATCH = """
() => {
  window.took = [];
  let moved = null;
  addEventListener("pointermove", (event) => { if (event.buttons) moved ??= performance.now(); }, true);
  new MutationObserver(() => { if (moved !== null) { took.push(performance.now() - moved); moved = null; } })
    .observe(document.querySelector(".seen"), { subtree: true, attributes: true, childList: true });
}
"""
PING = """
async () => {
  const start = performance.now();
  await (await fetch("/_stcore/health")).text();
  return performance.now() - start;
}
"""


def follows(page: Page, strike: Callable[[tuple], None], rounds: int = 6) -> None:
    """The bars must follow the pen within the goal or, on a busy machine, in few times what the least answer takes."""
    clear(page, 0)
    page.evaluate(STOPWATCH)
    pings = []
    for i in range(rounds):
        strike((ONE, SEVEN)[i % 2])
        pings.append(page.evaluate(PING))
        clear(page, 0)
    took = page.evaluate("took")
    assert len(took) >= rounds
    median, plain = statistics.median(took), statistics.median(pings)
    print(f"bars follow in {median:.0f} ms (median of {len(took)}), a plain answer takes {plain:.0f} ms (of {rounds})")
    assert median < max(GOAL, 8 * plain)


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


NOTE_BUSY = """
(status) => {
  const board = status.closest(".board");
  window.changedWhileBusy = [];
  new MutationObserver(() => changedWhileBusy.push(board.hasAttribute("aria-busy")))
    .observe(board, { subtree: true, childList: true, characterData: true });
}
"""


@pytest.mark.parametrize("answered", [True, False], ids=["asking the server", "running the page"])
def test_the_boards_follow_a_pen_that_is_down(sketch: Page, answered: bool) -> None:
    asked = []
    sketch.on("request", lambda request: asked.append(request.url) if "live/verdict" in request.url else None)
    if not answered:
        sketch.route("**/live/verdict", lambda route: route.fulfill(body="a proxy's page"))
    clear(sketch, 0)
    sketch.get_by_role("status").filter(has_text="Draw the first digit.").evaluate(NOTE_BUSY)
    first, *rest = points(sketch, 0, ONE)
    sketch.mouse.move(*first)
    sketch.mouse.down()
    for point in rest:
        sketch.mouse.move(*point, steps=10)
    says(sketch, "1 ≤ 7")
    assert asked
    if answered:  # a screen reader is told when the pen rests, not at every move
        changes = sketch.evaluate("changedWhileBusy")
        assert changes and all(changes)
    sketch.mouse.up()
    expect(sketch.locator(".board[aria-busy]")).to_have_count(0)
    before = picture(sketch, 0)
    assert sketch.locator(".formula").inner_text().split() == ["1", "≤", "7"] and picture(sketch, 0) == before


def test_a_stroke_that_is_taken_back_before_the_page_runs_leaves_no_verdict(sketch: Page) -> None:
    clear(sketch, 0)
    first, *rest = points(sketch, 0, ONE)
    sketch.mouse.move(*first)
    sketch.mouse.down()
    for point in rest:
        sketch.mouse.move(*point, steps=10)
    says(sketch, "1 ≤ 7")  # by the live answer: the page knows of no stroke
    canvas(sketch, 0).press("Delete")
    expect(sketch.get_by_text("Draw the first digit.")).to_be_visible()
    sketch.mouse.up()


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
    sketch.get_by_role("button", name="Use a picture").click()
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
    sketch.get_by_role("button", name="Undo: First digit").click()
    says(sketch, "1 ≤ 7")


def test_a_link_opens_the_same_pair_elsewhere(sketch: Page, phone: Page) -> None:
    press_example(sketch, "Random test pair")
    sketch.locator(".card").nth(5).click()
    expect(sketch.get_by_role("heading", name="Why Siamese v5 says so")).to_be_visible()
    button = sketch.get_by_role("button", name="Link to this pair")
    button.click()
    link = sketch.get_by_test_id("stCode").filter(has_text="pair=")
    expect(link).to_be_in_viewport()
    verdict = sketch.locator(".formula").inner_text()
    ready(phone, link.inner_text().strip())
    expect(phone.locator(".formula")).to_have_text(re.compile(r"\s*".join(verdict.split())))
    expect(phone.get_by_role("heading", name="Why Siamese v5 says so")).to_be_visible()
    assert len(phone.locator(".seen img").nth(0).get_attribute("src")) > 100


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


def test_a_key_puts_a_digit_on_a_canvas(sketch: Page) -> None:
    for digit in "0123456789":
        canvas(sketch, 0).press(digit)
        canvas(sketch, 1).press("9")
        says(sketch, f"{digit} ≤ 9")
    canvas(sketch, 1).press("Delete")
    expect(sketch.get_by_text("Draw the second digit.")).to_be_visible()
    canvas(sketch, 1).press("Control+z")
    says(sketch, "9 ≤ 9")


def test_a_broken_link_gets_a_sentence_and_the_example(server: str, page: Page) -> None:
    ready(page, server + "/?pair=nonsense")
    expect(page.get_by_text("This is not a packed pair of digits")).to_be_visible()
    says(page, "3 ≤ 7")


def test_the_pair_is_taken_to_the_train_page(sketch: Page) -> None:
    sketch.get_by_role("button", name="Watch it learn").click()
    sketch.wait_for_url("**/train*")


def test_an_odd_drawing_gets_a_word(sketch: Page) -> None:
    clear(sketch, 0)
    middle = points(sketch, 0, ((0.5, 0.5),))[0]
    sketch.mouse.click(*middle)
    expect(sketch.locator(".headline")).to_contain_text("only a dot")
    scribble = [(0.1 + 0.8 * (i % 2), 0.1 + 0.04 * i) for i in range(20)]
    draw(sketch, 0, tuple(scribble))
    expect(sketch.locator(".headline")).to_contain_text("scribble")


# What the place of the verdict says of strokes drawn on top of one another.
EVERYTHING = {
    ((0.5, 0.5),): "only a dot",
    ((0.5, 0.2), (0.5, 0.8)): "models say so",
    tuple((0.1 + 0.8 * (i % 2), 0.1 + 0.04 * i) for i in range(20)): "scribble",
}
WATCH = """
node => {
  window.boxes = new Set();
  const look = () => {
    const { x, y, width, height } = node.getBoundingClientRect();
    boxes.add([x, y, width, height].join());
    requestAnimationFrame(look);
  };
  look();
}
"""


@pytest.mark.parametrize("width", [*(pytest.param(width, marks=pytest.mark.slow) for width in (1280, 768)), 390])
def test_no_canvas_moves_while_it_is_drawn_on(asleep: str, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    page.goto(asleep)
    page.get_by_role("button", name="Clear: First digit").click()  # the models may sleep still
    canvas(page, 0).evaluate(WATCH)
    for stroke in EVERYTHING:
        draw_slowly(page, 0, stroke)
    expect(page.locator(".headline")).to_contain_text("scribble")  # they woke up
    clear(page, 0)
    for stroke, words in EVERYTHING.items():
        draw_slowly(page, 0, stroke)
        expect(page.locator(".headline")).to_contain_text(words)
        assert page.locator(".headline").evaluate("node => node.scrollHeight <= node.clientHeight")
    boxes = page.evaluate("[...boxes]")
    assert len(boxes) == 1, boxes


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


@pytest.fixture(scope="module")
def asleep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that nobody has visited: it has not loaded torch, nor a model."""
    database = tmp_path_factory.mktemp("asleep") / "runs.db"
    environment = {"PAIRDIGITS_DATABASE": f"sqlite:///{database}", "PAIRDIGITS_WORKERS": "1"}
    with serve(ROOT / "dashboard" / "app.py", environment) as address:
        yield address


def test_on_a_phone_both_digits_and_the_verdict_are_seen_and_a_finger_draws(server: str, phone: Page) -> None:
    ready(phone, server)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    for seen in (canvas(phone, 0), canvas(phone, 1), phone.locator(".headline")):
        expect(seen).to_be_in_viewport(ratio=1)
    boxes = [canvas(phone, side).bounding_box() for side in (0, 1)]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[1]["x"] > boxes[0]["x"] + boxes[0]["width"]
    touch = phone.context.new_cdp_session(phone)
    clear(phone, 1)
    place = canvas(phone, 1).bounding_box()
    swipe(phone, touch, 1, ONE)
    says(phone, "3 > 1")
    assert canvas(phone, 1).bounding_box() == place
    expect(phone.locator(".headline")).to_be_in_viewport(ratio=1)


def test_the_bars_follow_the_mouse(sketch: Page) -> None:
    follows(sketch, lambda stroke: draw_slowly(sketch, 0, stroke, steps=8))


@pytest.mark.slow
def test_the_bars_follow_the_finger(server: str, phone: Page) -> None:
    ready(phone, server)
    touch = phone.context.new_cdp_session(phone)
    follows(phone, lambda stroke: swipe(phone, touch, 0, stroke))
