"""Image files and photos of paper, read as drawings."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pairdigits import photo
from pairdigits.sketch import SketchError, from_drawing, read_image, to_digit
from tests import drawn_digits
from tests.core.test_sketch import DRAWINGS, drawing, overlap


def encode(image: np.ndarray | Image.Image, format: str = "PNG", **options) -> bytes:
    """Write an image file."""
    file = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(file, format, **options)
    return file.getvalue()


@pytest.mark.parametrize("shape", ["plain", "loop", "swan"])
def test_a_file_is_read_whatever_its_colours(shape):
    one = drawing(2, shape)
    white = one.render()
    expected = to_digit(white)
    opaque, paper = np.full_like(white, 255), np.zeros_like(white)
    files = {
        "white on black": encode(white),
        "black on white": encode(255 - white),
        "grey on grey": encode((90 + (white * 0.4)).astype(np.uint8)),
        "JPEG": encode(255 - white, "JPEG", quality=85),
        "black on nothing": encode(np.dstack([paper, paper, paper, white])),
        "white on nothing": encode(np.dstack([opaque, opaque, opaque, white])),
        "palette": encode(Image.fromarray(255 - white).convert("P")),
        "two levels": encode(Image.fromarray(255 - white).convert("1")),
        "sixteen bits": encode((white.astype(np.uint16)) * 257),
        "CMYK": encode(Image.fromarray(255 - white).convert("CMYK"), "JPEG"),
        "GIF": encode(255 - white, "GIF"),
        "large": encode(np.kron(255 - white, np.ones((8, 8), np.uint8))),
    }
    for name, content in files.items():
        assert overlap(to_digit(read_image(content)), expected) > 0.93, name


def test_the_first_frame_of_an_animation_counts():
    frames = [Image.fromarray(drawing(digit, "plain").render()) for digit in (7, 2)]
    for format in ("GIF", "PNG"):
        content = encode(frames[0], format, save_all=True, append_images=frames[1:])
        assert overlap(to_digit(read_image(content)), to_digit(np.asarray(frames[0]))) > 0.95


def test_a_phone_s_rotation_is_undone():
    upright = drawing(7, "plain").render()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    content = encode(np.rot90(255 - upright), "JPEG", exif=exif)
    assert overlap(to_digit(read_image(content)), to_digit(upright)) > 0.95


def test_a_path_will_do(tmp_path):
    path = tmp_path / "five.png"
    path.write_bytes(encode(drawing(5, "bar apart").render()))
    assert np.array_equal(read_image(path), read_image(path.read_bytes()))


def test_files_that_are_no_digit_get_one_sentence(tmp_path):
    whole = encode(drawing(3, "round").render())
    jpeg = encode(drawing(3, "round").render(), "JPEG")
    huge = encode(Image.new("1", (8000, 6000)))
    bomb = encode(Image.new("1", (20000, 20000)))
    bad = [b"", b"hello", whole[: len(whole) // 2], whole[:40], jpeg[: len(jpeg) // 3], huge, bomb, b"%PDF-1.7" * 99]
    bad += [b"<svg xmlns='http://www.w3.org/2000/svg'/>", bytes(photo.MAX_BYTES + 1), tmp_path, tmp_path / "none.png"]
    for source in bad:
        with pytest.raises(SketchError) as refusal:
            read_image(source)
        assert str(refusal.value).count(". ") == 0
        assert str(refusal.value).endswith(".")


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
@settings(max_examples=60)
def test_a_damaged_file_is_read_or_refused(place, damage):
    whole = encode(np.kron(drawing(3, "round").render()[::10, ::10], np.ones((2, 2), np.uint8)))
    place %= len(whole)
    with suppress(SketchError):
        assert read_image(whole[:place] + damage + whole[place + len(damage) :]).dtype == np.uint8


def test_blank_paper_has_nothing_on_it():
    blank = replace(DRAWINGS[0], strokes=(np.full((2, 2), -100.0),))
    for seed in range(5):
        assert from_drawing(read_image(encode(drawn_digits.photo(blank, seed), "JPEG"))).image is None


def test_big_photos_come_back_small():
    big = np.kron(drawn_digits.photo(drawing(6, "plain")), np.ones((5, 5), np.uint8))
    small = read_image(encode(big, "JPEG"))
    assert max(small.shape) <= photo.LONGEST
    assert overlap(to_digit(small), to_digit(drawing(6, "plain").render())) > 0.9


def test_photos_of_paper_look_like_the_drawing():
    alike = []
    for seed, one in enumerate(DRAWINGS[::8]):
        image = read_image(encode(drawn_digits.photo(one, seed), "JPEG", quality=80))
        alike.append(overlap(to_digit(image), to_digit(one.render())))
    assert min(alike) > 0.8
    assert np.median(alike) > 0.93
