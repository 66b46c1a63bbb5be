"""Real browsers among the visitors: they press Start on the Train page and look at its chart, or draw on Sketch."""

from __future__ import annotations

import math
import shutil
import time

from playwright.async_api import Browser, async_playwright

from tests.browser.conftest import DESKTOP, FLAGS

PATIENCE = 240_000  # ms
SEED = 1_000_000  # first weights of the first browser's run; the others' follow, and no other visitor has any of them
# Seconds from the pen's next movement to another board beside the canvas, picture and bars; null where none comes, as
# of a movement that adds no ink.
ARM = """() => {
  const read = () => [...document.querySelectorAll(".seen")].map((node) => node.innerHTML).join();
  window.answered = new Promise((stop) => {
    setTimeout(() => stop(null), 2000);
    addEventListener("pointermove", () => {
      const start = performance.now(), before = read();
      const tick = () => (read() === before ? setTimeout(tick, 2) : stop((performance.now() - start) / 1000));
      tick();
    }, { once: true, capture: true });
  });
}"""


async def press_start(address: str, count: int) -> list[float]:
    """Seconds from the click on Start to the first point on the screen, for each of `count` browsers at once."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        seconds = [await _visit(browser, address, place) for place in range(count)]
        await browser.close()
    return seconds


async def draw(address: str, moves: int = 40) -> list[float]:
    """Seconds from a movement of the pen to other bars beside the canvas, for each of `moves` in one stroke."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = await browser.new_page(**DESKTOP)
        page.set_default_timeout(PATIENCE)
        await page.goto(address)
        canvas = page.get_by_role("application", name="First digit")
        await page.locator(".seen img").first.wait_for()
        await page.wait_for_timeout(2000)
        box = await canvas.bounding_box()
        assert box
        turns = [2.4 * math.pi * move / moves for move in range(moves + 1)]
        points = [  # a spiral
            (box["x"] + box["width"] * (0.5 + turn / 20 * math.cos(turn)),
             box["y"] + box["height"] * (0.5 + turn / 20 * math.sin(turn)))
            for turn in turns
        ]  # fmt: skip
        await page.mouse.move(*points[0])
        await page.mouse.down()
        seconds = []
        for point in points[1:]:
            await page.evaluate(ARM)
            await page.mouse.move(*point)
            seconds.append(await page.evaluate("window.answered"))
        await page.mouse.up()
        await browser.close()
    assert seconds.count(None) < moves / 2, "The boards do not follow the pen."
    return [one for one in seconds if one is not None]


async def _visit(browser: Browser, address: str, place: int) -> float:
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(f"{address}/train?epochs=5&train_pairs=200&validation_pairs=40&init_seed={SEED + place}")
    await page.get_by_role("button", name="Start", exact=True).click()
    began = time.perf_counter()
    await page.get_by_text("epoch", exact=False).first.wait_for()
    await page.wait_for_function("() => [...document.querySelectorAll('.live-chart')].some("
                                 "node => node.querySelectorAll('.scatterlayer .point').length)")  # fmt: skip
    seconds = time.perf_counter() - began
    await page.close()
    return seconds
