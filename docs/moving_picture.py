"""Makes docs/pairdigits.webp, the README's moving picture, in a real browser: ``python docs/moving_picture.py``.

It draws two digits, trains a model on comparisons and reads its last layer, on a server and a database of its own.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the tests' server and flags are no package that is installed

from tests.browser.conftest import FLAGS  # noqa: E402
from tests.browser.server import serve  # noqa: E402

SIZE = {"width": 1120, "height": 760}
SHOWN = 800  # pixels wide, in the README
PATIENCE = 240_000  # ms
SEVEN = [(0.25, 0.22), (0.75, 0.22), (0.62, 0.45), (0.5, 0.65), (0.42, 0.85)]
THREE = [(0.3, 0.25), (0.5, 0.15), (0.68, 0.28), (0.48, 0.47), (0.7, 0.65), (0.5, 0.85), (0.28, 0.74)]


class Film:
    """Frames of a page and how long each stands, in ms."""

    def __init__(self, page: Page):
        self.page, self.frames, self.durations = page, [], []

    def shoot(self, duration: int) -> None:
        """Take a frame; what is as it was before only lasts longer."""
        image = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        image.thumbnail((SHOWN, SHOWN))
        if self.frames and image.tobytes() == self.frames[-1].tobytes():
            self.durations[-1] += duration
            return
        self.frames.append(image)
        self.durations.append(duration)

    def save(self, path: Path) -> None:
        """Write all frames as an animated WebP that begins again at its end."""
        first, *rest = self.frames
        first.save(path, save_all=True, append_images=rest, duration=self.durations, loop=0, quality=60, method=6)


def draw(film: Film, place: int, points: list[tuple[float, float]]) -> None:
    """Draw one digit, a frame for every part of its stroke."""
    canvas = film.page.locator(".sketchpad canvas").nth(place)
    box = canvas.bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    film.page.mouse.move(*at[0])
    film.page.mouse.down()
    for point in at[1:]:
        film.page.mouse.move(*point, steps=6)
        film.page.wait_for_timeout(250)
        film.shoot(180)
    film.page.mouse.up()
    film.page.wait_for_timeout(1500)
    film.shoot(900)


def main() -> None:
    """Film the three pages."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {"PAIRDIGITS_DATABASE": str(Path(folder) / "runs.db"), "PAIRDIGITS_WORKERS": "1"}
        with serve(ROOT / "dashboard" / "app.py", environment) as address:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            page.set_default_timeout(PATIENCE)
            film = Film(page)

            page.goto(address)
            page.get_by_text("Siamese v7").first.wait_for()
            page.wait_for_timeout(3000)
            for clear in page.get_by_role("button", name="Clear").all():
                clear.click()
            page.wait_for_timeout(1500)
            film.shoot(700)
            draw(film, 0, SEVEN)
            draw(film, 1, THREE)

            page.goto(f"{address}/train?variant=v7&epochs=25&speed=5")
            page.get_by_role("button", name="Start", exact=True).click()
            page.mouse.wheel(0, -5000)
            page.locator(".live-chart .scatterlayer .point").first.wait_for(state="attached")
            for _ in range(30):
                page.wait_for_timeout(300)
                film.shoot(250)
            film.shoot(900)

            page.goto(f"{address}/probe")
            page.locator(".live-chart .main-svg").first.wait_for()
            page.wait_for_timeout(3000)
            film.shoot(2500)
            browser.close()
            film.save(ROOT / "docs" / "pairdigits.webp")


if __name__ == "__main__":
    main()
