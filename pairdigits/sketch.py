"""From a drawing, or a photo of one on paper, to a digit as MNIST has it.

MNIST was made by scaling a digit's longer side to 20 pixels with antialiasing and centring it by its centre of mass in
28x28 (http://yann.lecun.com/exdb/mnist/). The same is done here to whatever a visitor draws, after its stroke has
been brought into the range of thickness that MNIST's digits have: a pen is a few pixels wide however large the digit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

from pairdigits.distances import to_outside
from pairdigits.photo import LONGEST, SketchError, read_image, resize

__all__ = ["Sketch", "SketchError", "from_drawing", "read_image", "to_digit", "to_pooled"]

DIGIT_SIDE = 20  # MNIST pixels: the longer side of a digit
MNIST_SIDE = 28  # MNIST pixels: the image around it
CENTRE = 14  # MNIST pixels: where the centre of mass of all of MNIST's images is, to half a pixel
THICKNESS = (1.7, 4.2)  # MNIST pixels: nine in ten of its test digits have strokes of 1.7 to 4.2, median 2.5

_WORK_SIDE = 6 * DIGIT_SIDE  # pixels: strokes are measured, thickened and thinned at this size
_MARGIN = 8  # pixels around it: the thinnest stroke grows by 6
_EDGE = 0.1  # of full ink: what is fainter is outside the digit, as in MNIST
_SOLID = 0.45  # of full ink: what is darker belongs to the stroke


class Sketch(NamedTuple):
    """What became of a drawing.

    Attributes
    ----------
    image : uint8 array (28, 28) or None
        The digit as MNIST would have it; None where there is nothing to read.
    remark : str or None
        One sentence for whoever drew it, where the drawing is missing or is hardly one digit; None where all is well.
        With both an image and a remark, show the models' verdict together with the remark.
    """

    image: np.ndarray | None
    remark: str | None


class _Strokes(NamedTuple):
    """A drawing cropped to its ink, at working size."""

    ink: np.ndarray  # float32 (h, w), 0..1, the longer side _WORK_SIDE plus a margin on either side
    solid: np.ndarray  # bool (h, w)
    depth: np.ndarray  # float64 (h, w), pixels to the nearest paper
    width: float  # pixels, of the pen
    extent: float  # the longer side of the ink as a part of the longer side of the whole image


def from_drawing(image: np.ndarray) -> Sketch:
    """Turn a drawing into a digit, and say so where it hardly is one.

    Parameters
    ----------
    image : uint8 array (H, W)
        White ink on black, of any size.

    Returns
    -------
    Sketch

    Raises
    ------
    SketchError
        If the drawing has more or fewer than two dimensions.
    """
    strokes = _strokes(image)
    if strokes is None:
        return Sketch(None, "Nothing is drawn here yet.")
    blob = max(strokes.ink.shape) - 2 * _MARGIN < 2 * strokes.width
    if strokes.extent < 0.05 or (blob and strokes.extent < 0.5):
        return Sketch(None, "This is only a dot: draw a digit, about as tall as the canvas.")
    return Sketch(_digit(strokes), _doubt(strokes))


def to_digit(image: np.ndarray) -> np.ndarray:
    """Make a drawing look as MNIST would have it.

    Parameters
    ----------
    image : uint8 array (H, W)
        White ink on black, of any size.

    Returns
    -------
    uint8 array (28, 28)
        All zero where there is no ink.

    Raises
    ------
    SketchError
        If the drawing has more or fewer than two dimensions.
    """
    strokes = _strokes(image)
    return np.zeros((MNIST_SIDE, MNIST_SIDE), np.uint8) if strokes is None else _digit(strokes)


def _strokes(image: np.ndarray) -> _Strokes | None:
    """Crop to the ink, leave specks out, scale to working size and measure; None without ink."""
    image = np.asarray(image, np.uint8)
    if image.ndim != 2:
        raise SketchError(f"A drawing is one grey image of two dimensions, not {image.ndim}.")
    if not image.size or image.max() < 32:
        return None
    if max(image.shape) > LONGEST:
        image = resize(image, LONGEST)
    ink = image.astype(np.float32) / image.max()
    ink = _without_specks(_crop(ink))
    extent = max(ink.shape) / max(image.shape)
    ink = np.pad(resize(ink, _WORK_SIDE, Image.Resampling.BICUBIC).clip(0, 1), _MARGIN)
    solid = ink > min(_SOLID, 0.9 * ink.max())
    depth = to_outside(solid)
    # Depth runs evenly from 0 at a stroke's edge to half its width, and a pixel's centre is half a pixel further in.
    width = 4 * (float(depth[solid].mean()) - 0.5)
    return _Strokes(ink, solid, depth, width, extent)


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """Leave out what is a twentieth of the largest part or less: a slip of the pen, dust on a photo."""
    parts, count = ndimage.label(ink > _EDGE, np.ones((3, 3)))
    if count == 1:
        return ink
    weight = np.bincount(parts.ravel(), ink.ravel())
    weight[0] = 0
    return _crop(np.where((weight > weight.max() / 20)[parts], ink, 0))


def _box(mask: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns in which a mask that is not empty has anything."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _crop(ink: np.ndarray) -> np.ndarray:
    return ink[_box(ink > _EDGE)]


def _digit(strokes: _Strokes) -> np.ndarray:
    """Bring the strokes into MNIST's range, scale to 20 pixels and centre in 28x28."""
    small = resize(_crop(_restroke(strokes)), DIGIT_SIDE)
    small = (255 * small / small.max()).round().clip(0, 255).astype(np.uint8)
    digit = np.zeros((MNIST_SIDE, MNIST_SIDE), np.uint8)
    corner = [
        min(max(round(CENTRE - mean), 0), MNIST_SIDE - length)
        for mean, length in zip(ndimage.center_of_mass(small), small.shape, strict=True)
    ]
    digit[corner[0] : corner[0] + small.shape[0], corner[1] : corner[1] + small.shape[1]] = small
    return digit


def _restroke(strokes: _Strokes) -> np.ndarray:
    """Thicken or thin the strokes until they fall into `THICKNESS`; leave them alone where they do already."""
    length = max(strokes.ink.shape) - 2 * _MARGIN
    thickness = DIGIT_SIDE * strokes.width / length
    target = min(max(thickness, THICKNESS[0]), THICKNESS[1]) / DIGIT_SIDE
    # The digit grows with its strokes: solve (width + 2 grow) / (length + 2 grow) = target.
    grow = (target * length - strokes.width) / (2 * (1 - target))
    if grow > 0:
        return (grow + 1 - to_outside(~strokes.solid, grow + 1)).clip(0, 1).astype(np.float32)
    if grow < 0:
        from skimage.morphology import skeletonize  # here: half a second that few drawings need

        eroded = strokes.depth + grow
        # Where the pen ran thinner than elsewhere the stroke would break: there its skeleton holds it together.
        reach = target * length / 2 + 0.5
        held = reach - to_outside(~skeletonize(strokes.solid), reach)
        return np.minimum(np.maximum(eroded, held).clip(0, 1), strokes.solid).astype(np.float32)
    return strokes.ink


def _doubt(strokes: _Strokes) -> str | None:
    """Say why this may not be one digit.

    The bounds raise no remark on the drawn digits in the tests, on which they were set, and on 996 in 1000 of MNIST's.
    """
    (top, bottom), (left, right) = ((slice_.start, slice_.stop) for slice_ in _box(strokes.solid))
    height, width = bottom - top, right - left
    longer = max(height, width)
    ink = np.count_nonzero(strokes.solid)
    holes = np.count_nonzero(np.bincount(ndimage.label(~strokes.solid)[0].ravel())[2:] > 8)  # pixels: seen as a hole
    if ink > 5 * longer * strokes.width or holes > 3 or (ink > 0.7 * height * width and width > 0.75 * height):
        return "This looks like a scribble: draw one digit, and take the verdict with a pinch of salt."
    if _are_two(strokes.solid, height, width):
        return "These look like two digits: draw one on each canvas."
    if width > 1.5 * height:
        return "This is wider than digits are: draw one digit, upright."
    return None


def _are_two(solid: np.ndarray, height: int, width: int) -> bool:
    """Whether two parts are each the size of a digit; the bar of a 5 or the side of an open 4 is not."""
    parts, count = ndimage.label(solid, np.ones((3, 3)))
    if count == 1:
        return False
    first, second = sorted(ndimage.find_objects(parts), key=lambda part: part[0].start - part[0].stop)[:2]
    tall = (second[0].stop - second[0].start) / height
    below, beside = (max(a.start, b.start) - min(a.stop, b.stop) for a, b in zip(first, second, strict=True))
    longer = max(height, width)
    return (
        tall > 0.75
        or (tall > 0.5 and width > 1.05 * height)
        or (tall > 0.35 and beside > 0.15 * longer)
        or (tall > 0.3 and below > 0.08 * longer)
    )


def to_pooled(digit: np.ndarray) -> np.ndarray:
    """Shrink a digit to what the network sees: uint8 (28, 28) -> uint8 (14, 14), `data.pool` in 255 grey levels."""
    side = MNIST_SIDE // 2
    return (digit.reshape(side, 2, side, 2).mean((1, 3)) + 0.5).astype(np.uint8)
