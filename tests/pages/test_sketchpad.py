"""What Python makes of a drawing; tests/browser/test_canvas.py draws."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from dashboard.components.sketchpad import SENT, Drawing, received

STROKE = {"width": 20, "points": [10, 20, 30, 40]}


def png(pixels: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def sent(**changes) -> dict:
    pixels = np.zeros((SENT, SENT, 3), np.uint8)
    pixels[10:20, 30:40] = 255
    return {"pixels": png(pixels), "strokes": [STROKE], "background": False} | changes


def test_what_the_browser_sends_becomes_a_drawing():
    drawing = received(sent(), background="data:image/png;base64,AAAA")
    assert drawing.pixels.shape == (SENT, SENT) and drawing.pixels.dtype == np.uint8
    assert drawing.pixels.sum() == 255 * 100 and not drawing.blank
    assert drawing.strokes == [STROKE] and drawing.background is None
    assert received(sent(background=True), "data:x").background == "data:x"
    assert drawing.known is None and received(sent(known={"label": 3})).known == {"label": 3}


@pytest.mark.parametrize(
    "changes",
    [
        {"pixels": "no picture"},
        {"pixels": png(np.zeros((4000, 4000), np.uint8))},
        {"pixels": None},
        {"pixels": sent()["pixels"][:80]},
        {"strokes": None},
        {"strokes": [{"width": "wide", "points": []}]},
        {"strokes": [{"points": [1, 2]}]},
    ],
)
def test_anything_else_is_one_sentence(changes):
    with pytest.raises(ValueError, match="The canvas sent something that is no drawing"):
        received(sent(**changes))


def test_an_image_becomes_a_drawing_that_is_still_the_image():
    image = np.arange(784, dtype=np.uint8).reshape(28, 28)
    drawing = Drawing.of_image(image)
    assert drawing.pixels is not None and np.array_equal(drawing.pixels, image) and drawing.strokes == []
    large = Drawing.of_image(np.full((3000, 1500), 255, np.uint8))
    assert large.pixels.shape == (3000, 1500) and len(large.background) < 10_000
    assert Drawing(np.zeros((5, 5), np.uint8)).blank
