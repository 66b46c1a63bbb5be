"""What happens under a pen that is down: boards and bars follow, and no canvas moves."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import ONE, SEVEN, canvas, clear, draw_slowly, picture, points, ready, says, swipe
from tests.browser.server import dashboard
from tests.load.visitor import ON_SCREEN

GOAL = 60  # milliseconds from the pen's movement to the changed bars, where the machine is quiet enough

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
    sketch.on("request", lambda one: asked.append(one.post_data_json["boards"]) if "live/verdict" in one.url else None)
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
    settled, *moves = asked
    assert len(settled) == 5 and moves and all(boards == ON_SCREEN for boards in moves)
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


# What the place of the verdict says of strokes drawn on top of one another.
EVERYTHING = {
    ((0.5, 0.5),): "only a dot",
    ((0.5, 0.2), (0.5, 0.8)): "models say so",
    tuple((0.1 + 0.8 * (i % 2), 0.1 + 0.04 * i) for i in range(20)): "scribble",
}
# From the first frame on: where each canvas is.
WATCH = """
window.boxes = {};
const look = () => {
  for (const side of [0, 1]) {
    for (const { shadowRoot } of document.querySelectorAll(`.st-key-canvas-${side} *`)) {
      const box = shadowRoot?.querySelector("[role=application]")?.getBoundingClientRect();
      if (box) (boxes[side] ??= new Set()).add([box.x, box.y, box.width, box.height].join());
    }
  }
  requestAnimationFrame(look);
};
look();
"""


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_no_canvas_moves_from_its_first_frame_on(asleep: str, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(viewport={"width": width, "height": 844})
    page.add_init_script(WATCH)
    page.goto(asleep)
    canvas(page, 0).wait_for()  # the models may sleep still
    for stroke in EVERYTHING:
        draw_slowly(page, 0, stroke)
    expect(page.locator(".headline")).to_contain_text("scribble")  # they woke up
    clear(page, 0)
    for stroke, words in EVERYTHING.items():
        draw_slowly(page, 0, stroke)
        expect(page.locator(".headline")).to_contain_text(words)
        assert page.locator(".headline").evaluate("node => node.scrollHeight <= node.clientHeight")
    boxes = page.evaluate("Object.values(boxes).map((places) => [...places])")
    assert [len(places) for places in boxes] == [1, 1], boxes


@pytest.fixture
def asleep(tmp_path: Path) -> Iterator[str]:
    """A server that nobody has visited: it has not loaded torch, nor a model."""
    with dashboard(tmp_path) as address:
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


@pytest.mark.slow
def test_the_bars_follow_the_mouse(sketch: Page) -> None:
    follows(sketch, lambda stroke: draw_slowly(sketch, 0, stroke, steps=8))


@pytest.mark.slow
def test_the_bars_follow_the_finger(server: str, phone: Page) -> None:
    ready(phone, server)
    touch = phone.context.new_cdp_session(phone)
    follows(phone, lambda stroke: swipe(phone, touch, 0, stroke))
