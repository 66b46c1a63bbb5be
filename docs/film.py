"""Frames of a page in a real browser, and the film that they become."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

from dashboard.components.sketchpad import DIGIT_STROKES

SHOWN = 800  # pixels wide, in the README
CANVAS = 280  # units, of the strokes
PARTS = 6  # points of a stroke from one frame to the next


class Film:
    """Frames of a page, or of a part of it, and how long each stands, in ms."""

    def __init__(self, page: Page):
        self.page, self.frames, self.durations = page, [], []
        self.part: Page | Locator = page

    def shoot(self, duration: int) -> None:
        """Take a frame; what is as it was before only lasts longer."""
        image = Image.open(io.BytesIO(self.part.screenshot())).convert("RGB")
        image.thumbnail((SHOWN, SHOWN))
        if self.frames:  # a part of a page may have grown
            image = image.crop((0, 0, *self.frames[0].size))
        if self.frames and image.tobytes() == self.frames[-1].tobytes():
            self.durations[-1] += duration
            return
        self.frames.append(image)
        self.durations.append(duration)

    def save(self, path: Path) -> None:
        """Write all frames as an animated WebP that begins again at its end."""
        first, *rest = self.frames
        first.save(path, save_all=True, append_images=rest, duration=self.durations, loop=0, quality=60, method=6)


def draw(film: Film, place: int, digit: int) -> None:
    """Draw one digit, a frame for every part of its strokes."""
    box = film.page.locator(".sketchpad canvas").nth(place).bounding_box()
    scale = box["width"] / CANVAS
    for stroke in DIGIT_STROKES[digit]:
        at = [(box["x"] + scale * x, box["y"] + scale * y) for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        film.page.mouse.move(*at[0])
        film.page.mouse.down()
        for number, point in enumerate(at[1:], start=1):
            film.page.mouse.move(*point)
            if number % PARTS == 0 or number == len(at) - 1:
                film.page.wait_for_timeout(250)
                film.shoot(180)
        film.page.mouse.up()
    film.page.wait_for_timeout(1500)
    film.shoot(900)


def watch(film: Film, frames: int) -> None:
    """Curves that grow."""
    film.page.locator(".live-chart .scatterlayer .point").first.wait_for(state="attached")
    for _ in range(frames):
        film.page.wait_for_timeout(300)
        film.shoot(250)
    film.shoot(900)
