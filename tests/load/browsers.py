"""Real browsers among the visitors: each opens the Train page, presses Start and looks at its chart."""

from __future__ import annotations

import shutil
import time

from playwright.async_api import Browser, async_playwright

from tests.browser.conftest import FLAGS

PATIENCE = 240_000  # ms


async def press_start(address: str, count: int) -> list[float]:
    """Seconds from the click on Start to the first point on the screen, of so many browsers at once."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        seconds = [await _visit(browser, address, place) for place in range(count)]
        await browser.close()
    return seconds


async def _visit(browser: Browser, address: str, place: int) -> float:
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(f"{address}/train?epochs=5&train_pairs=200&validation_pairs=40&init_seed={900 + place}")
    await page.get_by_role("button", name="Start", exact=True).click()
    began = time.perf_counter()
    await page.get_by_text("epoch", exact=False).first.wait_for()
    await page.wait_for_function("() => [...document.querySelectorAll('.live-chart')].some("
                                 "node => node.querySelectorAll('.scatterlayer .point').length)")  # fmt: skip
    seconds = time.perf_counter() - began
    await page.close()
    return seconds
