"""Makes the moving pictures of docs/ in a real browser: ``python docs/moving_picture.py``, or with names of films.

Each is filmed on a server and a database of its own, made for it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from film import Film, draw, watch
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the tests' server and flags are no package that is installed

from tests.browser.conftest import FLAGS  # noqa: E402
from tests.browser.rested import choose  # noqa: E402
from tests.browser.server import serve  # noqa: E402

SIZE = {"width": 1120, "height": 760}
PATIENCE = 240_000  # ms


def pairdigits(film: Film, address: str) -> None:
    """The README's: two digits drawn, a model trained on comparisons, its last layer."""
    page = film.page
    page.goto(address)
    page.get_by_text("Siamese v7").first.wait_for()
    page.wait_for_timeout(3000)
    for clear in page.get_by_role("button", name="Clear").all():
        clear.click()
    page.wait_for_timeout(1500)
    film.shoot(700)
    draw(film, 0, 7)
    draw(film, 1, 3)

    page.goto(f"{address}/train?variant=v7&epochs=25&speed=5")
    page.get_by_role("button", name="Start", exact=True).click()
    page.mouse.wheel(0, -5000)
    watch(film, 30)

    page.goto(f"{address}/probe")
    page.locator(".live-chart .main-svg").first.wait_for()
    page.wait_for_timeout(3000)
    film.shoot(2500)


def one_step(film: Film, address: str) -> None:
    """A training step in slow motion, tied, and its end with the towers untied."""
    page = film.page
    page.goto(f"{address}/sharing?section=step")
    film.part = page.locator(".slow-motion")
    film.part.get_by_text("Before the step").wait_for()
    page.wait_for_timeout(1500)
    film.shoot(900)
    film.part.get_by_role("button", name="Play").click()
    while film.part.get_attribute("data-phase") != "8" or film.part.get_by_role("button", name="Pause").count():
        film.shoot(160)
        page.wait_for_timeout(60)
    film.shoot(2200)
    page.get_by_text("Tie the towers").click()
    film.part.get_by_text("8. The optimiser moves both").wait_for()
    page.wait_for_timeout(800)
    film.shoot(3000)


def labels(film: Film, address: str) -> None:
    """How many labels, how many wrong ones, until when, on which side."""
    page = film.page
    page.set_viewport_size(SIZE | {"height": 960})
    for title in ("Labelled digits", "Wrong labels", "Until when", "One side or both"):
        page.goto(f"{address}/auxiliary?section=labels&labels_against={title}")
        page.locator(".live-chart .main-svg").first.wait_for()
        page.wait_for_timeout(2500)
        film.shoot(2600)


def by_hand(film: Film, address: str) -> None:
    """The last layer of v1 and v5: the trained head, the perfect staircase, and one drawn by hand."""
    page = film.page
    page.goto(f"{address}/probe")
    layer = film.part = page.locator(".last-layer")
    layer.get_by_text("of real pairs right").wait_for()
    page.wait_for_timeout(1500)
    film.shoot(2000)
    layer.get_by_role("button", name="Perfect staircase").click()
    page.wait_for_timeout(800)
    film.shoot(2500)
    for row, begin, end in (("a", 0.1, 0.9), ("b", 0.95, 0.15)):
        bars = layer.locator(f".row.{row} .tracks")
        box, bar = bars.bounding_box(), bars.locator(".bar").first.bounding_box()
        places = [
            (box["x"] + (i + 0.5) / 10 * box["width"], bar["y"] + (begin + i / 9 * (end - begin)) * bar["height"])
            for i in range(10)
        ]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places:
            page.mouse.move(*place)
            page.wait_for_timeout(120)
            film.shoot(180)
        page.mouse.up()
        page.wait_for_timeout(500)
        film.shoot(1200)
    film.shoot(1500)


def peeking(film: Film, address: str) -> None:
    """The claim leaves the truth while somebody looks more often, at more runs, on fewer pairs."""
    page = film.page
    page.set_viewport_size(SIZE | {"height": 900})
    page.goto(f"{address}/results?section=peeking&looks=1")
    page.get_by_text("What this shows").wait_for()
    page.get_by_text("Choose how often you peek").evaluate("node => node.scrollIntoView()")
    page.wait_for_timeout(1500)
    film.shoot(1800)
    for name, key, times in (
        ("Looks at each run", "ArrowRight", 4),
        ("Learning rates tried", "ArrowRight", 3),
        ("Seeds of each", "ArrowRight", 4),
        ("Test pairs", "ArrowLeft", 2),
    ):
        slider = page.get_by_role("slider", name=name)
        for _ in range(times):
            slider.press(key)
            page.wait_for_timeout(1200)
            film.shoot(800)
    film.shoot(2000)


def to_the_top(page: Page) -> None:
    """Scroll up, by a mouse at the edge, which shows no help."""
    page.mouse.move(20, SIZE["height"] / 2)
    page.mouse.wheel(0, -5000)


def forking(film: Film, address: str) -> None:
    """v4 is trained, and from epoch 10 on v5's last layer learns behind its tower, too: two futures."""
    page = film.page
    page.set_viewport_size(SIZE | {"height": 960})
    page.goto(f"{address}/train?variant=v4&epochs=20&speed=5")
    page.get_by_role("button", name="Start", exact=True).click()
    to_the_top(page)
    watch(film, 16)
    ended = page.locator(".st-key-train-lines .launch-line", has_text="finished")  # the table below has such lines, too
    ended.wait_for()
    for _ in range(10):
        page.get_by_role("slider", name="Epoch").press("ArrowLeft")
        page.wait_for_timeout(300)
    page.locator("summary", has_text="Fork after epoch 10").click()
    choose(page.locator("details", has_text="Fork after").get_by_role("combobox", name="Model"), "Siamese v5")
    page.wait_for_timeout(700)
    film.shoot(1500)
    page.get_by_role("button", name="Train this future").click()
    to_the_top(page)
    for _ in range(12):
        page.wait_for_timeout(400)
        film.shoot(250)
    ended.nth(1).wait_for()
    page.wait_for_timeout(1500)
    film.shoot(2500)
    page.get_by_text("are one; then").scroll_into_view_if_needed()
    page.wait_for_timeout(700)
    film.shoot(3000)


def landscape(film: Film, address: str) -> None:
    """A point is dragged over a square of morphing digits, and every model answers."""
    page = film.page
    page.goto(f"{address}/probe")
    film.part = page.locator(".landscape")
    sheet = film.part.locator(".sheet").nth(1)
    sheet.wait_for()
    page.wait_for_timeout(1500)
    film.shoot(1200)
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + 0.05 * box["width"], box["y"] + 0.95 * box["height"])
    page.mouse.down()
    for i in range(41):
        along = i / 40
        page.mouse.move(
            box["x"] + (0.05 + 0.9 * along) * box["width"], box["y"] + (0.95 - 0.9 * along**2) * box["height"]
        )
        page.wait_for_timeout(60)
        film.shoot(110)
    page.mouse.up()
    film.shoot(1500)


FILMS = {
    "pairdigits": pairdigits, "one-step": one_step, "labels": labels, "by-hand": by_hand, "peeking": peeking,
    "forking": forking, "landscape": landscape,
}  # fmt: skip


def main() -> None:
    """Make the films that are named, or all."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {"PAIRDIGITS_DATABASE": str(Path(folder) / "runs.db"), "PAIRDIGITS_WORKERS": "1"}
        with serve(ROOT / "dashboard" / "app.py", environment) as address:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for name in sys.argv[1:] or FILMS:
                page = browser.new_page(viewport=SIZE, color_scheme="light")
                page.set_default_timeout(PATIENCE)
                film = Film(page)
                FILMS[name](film, address)
                page.close()
                film.save(ROOT / "docs" / f"{name}.webp")
            browser.close()


if __name__ == "__main__":
    main()
