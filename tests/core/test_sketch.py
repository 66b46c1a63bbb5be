"""From a drawing, a file or a photo to a digit as MNIST has it, and how well the best models read it."""

from __future__ import annotations

import sys
import time
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw
from scipy import ndimage

from pairdigits import distances, sketch
from pairdigits.data import MNIST, pool
from pairdigits.distances import to_outside
from pairdigits.sketch import SketchError, from_drawing, to_digit, to_pooled
from tests import drawn_digits, drawn_scores
from tests.drawn_digits import CANVAS, HANDS, Drawing
from tests.drawn_scores import ALIKE

DRAWINGS = drawn_digits.load()
ANY_IMAGE = arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=64))


def drawing(digit: int, shape: str) -> Drawing:
    """The first drawing of a digit in a given shape."""
    return next(one for one in DRAWINGS if (one.digit, one.shape) == (digit, shape))


def side_by_side(left: Drawing, right: Drawing, across: bool = True) -> np.ndarray:
    """Two drawings in one image, one beside or one below the other."""
    return np.concatenate([left.render(), right.render()], int(across))


def extent(image: np.ndarray) -> tuple[int, int]:
    rows, columns = np.nonzero(image > 25)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """How alike two images are, 1 for the same; a pixel's shift, from a centre of mass between two, does not count."""
    one, other = one.astype(float), other.astype(float)
    shifts = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return max((one * np.roll(other, by, (0, 1))).sum() for by in shifts) / np.sqrt((one**2).sum() * (other**2).sum())


def test_the_drawn_digits_are_many_and_what_their_seeds_give():
    assert sorted(one.digit for one in DRAWINGS) == sorted(list(range(10)) * HANDS)
    shapes = {(digit, shape) for digit, named in enumerate(drawn_digits.SHAPES["digits"]) for shape in named}
    assert {(one.digit, one.shape) for one in DRAWINGS} == shapes
    again = drawn_digits.draw(7, 3)
    kept = next(one for one in DRAWINGS if (one.digit, one.hand) == (7, 3))
    assert all(np.abs(a - b).max() <= 1 for a, b in zip(again.strokes, kept.strokes, strict=True))


@pytest.mark.parametrize("change", ALIKE.values(), ids=ALIKE)
def test_a_digit_looks_as_mnist_has_it(change):
    for one in DRAWINGS[::7]:
        digit = to_digit(one.moved(**change).render())
        assert (digit.shape, digit.dtype, digit.max()) == ((28, 28), np.uint8, 255)
        assert 19 <= max(extent(digit)) <= 20
        assert np.abs(np.array(ndimage.center_of_mass(digit)) - 14).max() <= 0.51
        low, high = sketch.THICKNESS
        depth = ndimage.distance_transform_edt(np.kron(digit, np.ones((6, 6))) > 115)
        assert low - 0.5 < 4 * depth[depth > 0].mean() / 6 < high + 0.7


def test_place_does_not_matter_and_size_and_pen_hardly_do():
    for one in DRAWINGS[::5]:
        plain = to_digit(one.render())
        assert overlap(plain, to_digit(one.moved(corner=(0, 1)).render())) > 0.89
        for change in ({"scale": 0.5}, {"pen": 0.5}, {"pen": 2}):
            seen = to_pooled(to_digit(one.moved(**change).render()))
            assert overlap(to_pooled(plain), seen) > 0.78, (one.digit, one.shape, change)


def test_a_digit_of_mnist_stays_nearly_as_it_is(mnist: MNIST):
    images = mnist.test.images[:100].numpy()
    alike = [overlap(image, to_digit(np.kron(image, np.ones((10, 10), np.uint8)))) for image in images]
    assert np.median(alike) > 0.97


def test_pooling_is_the_training_data_s(mnist: MNIST):
    images = mnist.test.images[:50]
    pooled = np.stack([to_pooled(image) for image in images.numpy()])
    assert np.abs(pooled - 255 * pool(images).numpy()).max() <= 0.5


def test_a_drawing_is_read_fast():
    canvas = drawing(8, "crossing").moved(pen=2).render()
    times = []
    for _ in range(9):
        start = time.process_time()
        from_drawing(canvas)
        times.append(time.process_time() - start)
    assert min(times) < 0.015  # seconds of one core


@given(arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=40)), st.floats(0, 60))
def test_distances_are_scipy_s_with_numba_and_without(mask, reach):
    mask.flat[0] = False
    expected, within = ndimage.distance_transform_edt(mask), to_outside(mask, reach)
    assert np.array_equal(to_outside(mask), expected)
    with mock.patch("pairdigits.distances._compiled", return_value=None):
        assert np.array_equal(to_outside(mask, reach), expected)
    assert np.array_equal(within[expected <= reach], expected[expected <= reach]) and (within >= expected).all()


@pytest.mark.parametrize("read", [to_digit, from_drawing])
def test_an_image_in_colour_is_no_drawing(read):
    with pytest.raises(SketchError, match="one grey image of two dimensions, not 3"):
        read(np.zeros((28, 28, 3), np.uint8))


def test_distances_need_no_numba(monkeypatch):
    assert distances._compiled.__wrapped__() is not None
    monkeypatch.setitem(sys.modules, "numba", None)
    assert distances._compiled.__wrapped__() is None


@given(ANY_IMAGE)
@settings(max_examples=100)
def test_any_image_becomes_a_digit_or_a_remark(image):
    digit = to_digit(image)
    assert (digit.shape, digit.dtype) == ((28, 28), np.uint8)
    seen, remark = from_drawing(image)
    assert np.array_equal(seen, digit) if seen is not None else remark


@pytest.mark.parametrize("shape", [(1, 5000), (5000, 1), (3, 3), (2000, 1500), (0, 0)])
@pytest.mark.parametrize("level", [0, 10, 255])
def test_extreme_images_become_digits_too(shape, level):
    assert to_digit(np.full(shape, level, np.uint8)).shape == (28, 28)


@pytest.mark.parametrize("how", ALIKE)
def test_real_digits_raise_no_remark(how):
    remarks = [sketch.remark for hands in drawn_scores.DRAWINGS for sketch in drawn_scores.sketches(hands, how)]
    assert sum(remark is not None for remark in remarks) <= 1  # a remark leaves the verdict standing


def test_mnist_raises_hardly_a_remark(mnist: MNIST):
    remarks = [from_drawing(image).remark for image in mnist.test.images[:500].numpy()]
    assert sum(remark is not None for remark in remarks) <= 8


def test_nothing_and_a_dot_are_not_read():
    assert from_drawing(np.zeros((CANVAS, CANVAS), np.uint8)) == (None, "Nothing is drawn here yet.")
    for radius in (1, 4, 12, 40):
        image = Image.new("L", (CANVAS, CANVAS))
        ImageDraw.Draw(image).ellipse((100 - radius, 90 - radius, 100 + radius, 90 + radius), fill=255)
        seen, remark = from_drawing(np.asarray(image))
        assert seen is None
        assert "dot" in str(remark)


def test_a_scribble_is_told():
    rng = np.random.default_rng(0)
    for pen in (6, 14, 24):
        image = Image.new("L", (CANVAS, CANVAS))
        ImageDraw.Draw(image).line([tuple(rng.integers(20, 260, 2)) for _ in range(40)], fill=255, width=pen)
        assert "scribble" in str(from_drawing(np.asarray(image)).remark)
    assert "scribble" in str(from_drawing(np.full((CANVAS, CANVAS), 255, np.uint8)).remark)


def test_two_digits_are_told():
    for left, right in zip(DRAWINGS[::9], DRAWINGS[::-9], strict=True):
        assert from_drawing(side_by_side(left, right)).remark is not None
    four, one = drawing(4, "closed in one").moved(corner=(0, 0)), drawing(1, "bar").moved(corner=(0, 0))
    assert "two digits" in str(from_drawing(side_by_side(four, one)).remark)
    assert "two digits" in str(from_drawing(side_by_side(one, one)).remark)
    assert "two digits" in str(from_drawing(side_by_side(four, four, across=False)).remark)


def test_a_slip_of_the_pen_is_left_out():
    one = drawing(2, "plain")
    slipped = one.render().copy()
    slipped[4:10, 4:10] = 255
    assert np.array_equal(to_digit(slipped), to_digit(one.render()))
