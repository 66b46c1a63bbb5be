"""The lesson in a real browser: walked through on a laptop and on a phone, linked, presented, asked, run live."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.lesson import forked
from dashboard.lesson.steps import STEPS
from tests.browser.rested import rested

PROJECTORS = [(1024, 768), (1280, 720), (1920, 1080)]
# What does not fit a slide: a page that scrolls, text below 18 px or beyond the screen, a chart without room.
UNFIT = """() => {
  const main = document.querySelector("[data-testid=stMain]"), faults = [];
  const bar = document.querySelector(".st-key-lesson-turn"), floor = bar.getBoundingClientRect().top + 1;
  const scrolls = (node, height) => node.scrollHeight > height && faults.push("the page scrolls");
  scrolls(main, main.clientHeight), scrolls(document.documentElement, innerHeight);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, parent = text.parentElement, range = document.createRange();
    if (!/[^\\s\\u200b]/.test(text.data) || !parent.checkVisibility({ visibilityProperty: true })) continue;
    if (parent.closest("style, script, .katex-mathml")) continue;
    if (parent.closest("[data-testid=stIconMaterial], [data-testid=stSkipToContent]")) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (!box.width || box.width * box.height < 4) continue;
    const name = `"${text.data.trim().slice(0, 30)}"`, size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < 18) faults.push(`${name} is ${size} px`);
    for (let node = parent; node !== document.body; node = node.parentElement) {
      const cut = getComputedStyle(node).textOverflow === "ellipsis" && node.scrollWidth > node.clientWidth + 1;
      if (cut) faults.push(`${name} ends in dots`);
    }
    const low = bar.contains(parent) ? innerHeight + 1 : floor;
    const inside = box.top > -1 && box.left > -1 && box.right < innerWidth + 1 && box.bottom < low;
    if (!inside) faults.push(`${name} is cut off`);
  }
  for (const chart of document.querySelectorAll(".st-key-lesson-figure .live-chart")) {
    if (chart.clientHeight < 250 || chart.getBoundingClientRect().bottom > floor) faults.push("a chart has no room");
    if (!chart.querySelector(".main-svg")) faults.push("a chart is not drawn");
  }
  return faults;
}"""


def open_step(page: Page, server: str, step: int = 1, more: str = "") -> None:
    page.goto(f"{server}/lesson?step={step}{more}")
    settled(page, step)


def settled(page: Page, step: int) -> None:
    """The step's heading stands, its question is asked, no error is shown, and nothing more is on its way."""
    expect(page.get_by_role("heading", name=f"{step}. {STEPS[step - 1].title}")).to_be_visible()
    rested(page)
    expect(page.get_by_test_id("stRadio")).to_have_count(1)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def no_wider_than_the_window(page: Page) -> bool:
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")


def fits(page: Page, where: str) -> None:
    """Nothing of the slide is unfit, once its charts have taken the window's size."""
    for _ in range(40):
        if not (faults := page.evaluate(UNFIT)):
            return
        page.wait_for_timeout(250)
    pytest.fail(f"{where}: {', '.join(faults)}")


def walk(page: Page, server: str) -> None:
    open_step(page, server)
    for step in range(2, len(STEPS) + 1):
        page.get_by_role("button", name=re.compile("^.*Next: ")).click()
        settled(page, step)
        expect(page).to_have_url(re.compile(f"step={step}"))
        assert no_wider_than_the_window(page)
    expect(page.get_by_role("button", name="The end")).to_be_disabled()
    page.get_by_role("button", name="Back").click()
    settled(page, len(STEPS) - 1)


@pytest.mark.slow
def test_the_lesson_is_walked_on_a_laptop(page: Page, server: str):
    walk(page, server)


@pytest.mark.slow
def test_the_lesson_is_walked_on_a_phone(phone: Page, server: str):
    walk(phone, server)


@pytest.mark.slow
def test_a_new_step_begins_at_its_top(phone: Page, server: str):
    open_step(phone, server, 2)
    phone.get_by_role("button", name=re.compile("Next: ")).click()
    settled(phone, 3)
    expect(phone.get_by_role("heading", name=re.compile("^3"))).to_be_in_viewport()


@pytest.mark.slow
def test_a_link_leads_to_its_step_and_keeps_what_was_guessed(page: Page, server: str):
    open_step(page, server, 8)
    page.get_by_text("It makes clear readings of the same digit all alike").click()
    expect(page.get_by_text("A softmax keeps what matters")).to_be_visible()
    page.get_by_role("link", name="3 Sharing").click()
    settled(page, 3)
    page.get_by_role("link", name="8 Three remedies").click()
    settled(page, 8)
    expect(page.get_by_text("A softmax keeps what matters")).to_be_visible()


def test_an_answer_shows_after_a_guess_only(page: Page, server: str):
    open_step(page, server, 3)
    answer = page.get_by_text("the chain rule adds up all paths")
    expect(answer).to_have_count(0)
    page.get_by_text("The larger of the two").click()
    expect(page.get_by_text(re.compile("^No: The sum of the left"))).to_be_visible()
    expect(answer).to_be_visible()


@pytest.mark.parametrize("device", ["page", "phone"])
@pytest.mark.slow
def test_presenting_hides_the_controls_and_keys_turn_the_pages(device: str, request, server: str):
    page: Page = request.getfixturevalue(device)
    open_step(page, server, 4)
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("button", name="Leave")).to_be_visible()
    expect(page).to_have_url(re.compile("present=1"))
    expect(page.get_by_role("link", name="3 Sharing")).to_have_count(0)
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    assert no_wider_than_the_window(page)
    page.keyboard.press("ArrowRight")
    settled(page, 5)
    page.keyboard.press("PageUp")
    settled(page, 4)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Leave")).to_be_hidden()
    expect(page.get_by_role("link", name="3 Sharing")).to_be_visible()


@pytest.mark.slow
def test_a_slide_is_one_screen_on_every_projector(page: Page, server: str):
    open_step(page, server, 1, "&present=1")
    for step in range(1, len(STEPS) + 1):
        for width, height in PROJECTORS:
            page.set_viewport_size({"width": width, "height": height})
            fits(page, f"step {step} at {width}x{height}")
        if step < len(STEPS):
            page.keyboard.press("PageDown")
            settled(page, step + 1)


def test_an_answered_slide_is_still_one_screen(page: Page, server: str):
    page.set_viewport_size({"width": 1024, "height": 768})
    open_step(page, server, 6, "&present=1")
    page.get_by_text("Ideal signals are noisier").click()
    expect(page.get_by_text(re.compile("^No: Its tower never says such things"))).to_be_visible()
    fits(page, "step 6, answered")
    assert not page.get_by_text("questions that nobody asks this layer").is_visible()  # that is for the notes


def test_what_opens_on_a_slide_lies_over_it_and_comes_next_for_the_keyboard(page: Page, server: str):
    open_step(page, server, [step.name for step in STEPS].index("Landscape") + 1, "&present=1")
    page.get_by_text("Other digits", exact=True).click()
    fits(page, "the landscape, opened")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="First digit, from")).to_be_focused()


def test_a_presenters_keys(page: Page, server: str):
    open_step(page, server, 3, "&present=1")
    expect(page.get_by_role("button", name="Notes")).to_be_visible()  # now the keys are heard
    reasons = page.get_by_text("the chain rule adds up all paths")
    expect(reasons).to_be_hidden()
    page.keyboard.press("n")
    expect(reasons).to_be_visible()
    page.keyboard.press("n")
    expect(reasons).to_be_hidden()
    page.keyboard.press("t")
    expect(page.get_by_text(re.compile(r"^\d+:\d\d$"))).to_be_visible()
    page.keyboard.press("b")
    curtain = page.get_by_role("button", name="Show the slide again")
    box = curtain.bounding_box()
    assert (box["width"], box["height"]) == (1280, 800)
    page.keyboard.press("b")
    expect(curtain).to_be_hidden()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")


@pytest.mark.slow
def test_a_window_of_notes_follows_the_slides_and_turns_them(page: Page, server: str):
    open_step(page, server, 3, "&present=1")
    expect(page.get_by_role("button", name="Notes")).to_be_visible()
    notes = page.context.new_page()
    notes.goto(f"{server}/lesson?notes=1")  # it asks the slides where they are
    expect(notes.get_by_role("heading", name=f"3. {STEPS[2].title}")).to_be_visible()
    expect(notes.get_by_text("the chain rule adds up all paths")).to_be_visible()
    page.keyboard.press("PageDown")
    settled(page, 4)
    expect(notes.get_by_role("heading", name=f"4. {STEPS[3].title}")).to_be_visible()
    notes.keyboard.press("PageDown")
    settled(page, 5)
    expect(notes.get_by_role("heading", name=f"5. {STEPS[4].title}")).to_be_visible()


def test_the_towers_are_untied(page: Page, server: str):
    open_step(page, server, 3)
    expect(page.get_by_text("45,402", exact=True)).to_be_visible()
    page.get_by_text("Share the tower").click()
    expect(page.get_by_text("90,762", exact=True)).to_be_visible()


@pytest.mark.parametrize("device", ["page", pytest.param("phone", marks=pytest.mark.slow)])
def test_a_future_is_chosen_by_mouse_finger_and_keyboard(device: str, request, server: str):
    page: Page = request.getfixturevalue(device)
    open_step(page, server, STEPS.index(forked.STEP) + 1, "&future=v5 unties its towers")
    difference = page.get_by_test_id("stMetricValue").nth(2)
    late = difference.inner_text()
    early = page.get_by_role("radio", name="5", exact=True)
    early.tap() if device == "phone" else early.click()
    expect(difference).not_to_have_text(late)
    expect(page).to_have_url(re.compile("forked=5"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(difference).to_have_text(late)
    assert no_wider_than_the_window(page)


@pytest.mark.slow
def test_a_run_is_started_beside_the_text(page: Page, server: str):
    open_step(page, server, 2)
    page.get_by_role("button", name="Run it live: base").click()
    expect(page.get_by_text("of the test pairs right after the last epoch")).to_be_visible()
    page.get_by_role("button", name="Run it again: base").wait_for()


@pytest.mark.slow
def test_the_article_has_every_step_with_its_answer(page: Page, server: str):
    page.goto(f"{server}/lesson?view=article")
    for place, step in enumerate(STEPS, start=1):
        expect(page.get_by_role("heading", name=f"{place}. {step.title}")).to_be_attached()
    expect(page.get_by_text("the chain rule adds up all paths")).to_be_attached()
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
