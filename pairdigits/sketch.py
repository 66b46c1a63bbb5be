"""From a drawing, or a photo of one on paper, to a digit as MNIST has it; and a pair of digits as a short text.

MNIST was made by scaling a digit's longer side to 20 pixels with antialiasing and centring it by its centre of mass in
28x28 (http://yann.lecun.com/exdb/mnist/). The same is done here to whatever a visitor draws, after its stroke has
been brought into the range of thickness that MNIST's digits have: a pen is a few pixels wide however large the digit.
"""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

DIGIT_SIDE = 20  # MNIST pixels: the longer side of a digit
MNIST_SIDE = 28  # MNIST pixels: the image around it
CENTRE = 14  # MNIST pixels: where the centre of mass of all of MNIST's images is, to half a pixel
THICKNESS = (1.8, 3.5)  # MNIST pixels: nine in ten of MNIST's test digits have strokes of 1.7 to 3.8, median 2.5

MAX_BYTES = 20_000_000  # of an uploaded file
MAX_PIXELS = 40_000_000  # of an uploaded image, before it is scaled down
PHOTO_SIDE = 480  # pixels: the longer side of an image once it has been read
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")

_WORK_SIDE = 6 * DIGIT_SIDE  # pixels: strokes are measured, thickened and thinned at this size
_MARGIN = _WORK_SIDE // 6  # pixels around it, room to thicken
_EDGE = 0.1  # of full ink: what is fainter is outside the digit, as in MNIST
_SOLID = 0.45  # of full ink: what is darker belongs to the stroke

_POOLED_SIDE = 14
_LEVELS = 16  # grey levels in a packed pair: two pixels a byte
_STEP = 255 // (_LEVELS - 1)
_PACKED_BYTES = 2 * _POOLED_SIDE**2 // 2
_MAX_TEXT = 300  # characters: 196 bytes that do not compress need 268


class SketchError(ValueError):
    """An image or a packed pair that cannot be read; the message is one sentence for the visitor."""


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
    skeleton: np.ndarray  # bool (h, w)
    width: float  # pixels, mean over the skeleton
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
    """
    strokes = _strokes(image)
    if strokes is None:
        return Sketch(None, "Nothing is drawn here yet.")
    length = max(strokes.ink.shape) - 2 * _MARGIN
    if strokes.extent < 0.05 or length < 2 * strokes.width:
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
    """
    strokes = _strokes(image)
    return np.zeros((MNIST_SIDE, MNIST_SIDE), np.uint8) if strokes is None else _digit(strokes)


def _strokes(image: np.ndarray) -> _Strokes | None:
    """Crop to the ink, leave specks out, scale to working size and measure; None without ink."""
    from skimage.morphology import skeletonize  # here, because a page should not wait for it

    image = np.asarray(image, np.uint8)
    if image.ndim != 2:
        raise SketchError(f"A drawing is one grey image of two dimensions, not {image.ndim}.")
    if not image.size or image.max() < 32:
        return None
    side = max(image.shape)
    if side > PHOTO_SIDE:
        image = _resize(image, PHOTO_SIDE)
    ink = image.astype(np.float32) / image.max()
    ink = _crop(_without_specks(ink))
    extent = max(ink.shape) / max(image.shape)
    ink = np.pad(_resize(ink, _WORK_SIDE, Image.Resampling.BICUBIC).clip(0, 1), _MARGIN)
    solid = ink > min(_SOLID, 0.9 * ink.max())
    depth = ndimage.distance_transform_edt(solid)
    skeleton = skeletonize(solid)
    return _Strokes(ink, solid, depth, skeleton, 2 * float(depth[skeleton].mean()) - 1, extent)


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """Leave out what is a twentieth of the largest part or less: a slip of the pen, dust on a photo."""
    parts, count = ndimage.label(ink > _EDGE, np.ones((3, 3)))
    if count == 1:
        return ink
    weight = np.bincount(parts.ravel(), ink.ravel())
    weight[0] = 0
    return np.where((weight > weight.max() / 20)[parts], ink, 0)


def _crop(ink: np.ndarray) -> np.ndarray:
    rows, columns = (np.flatnonzero((ink > _EDGE).any(axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _resize(image: np.ndarray, side: int, resample: Image.Resampling = Image.Resampling.BOX) -> np.ndarray:
    """Scale an image, uint8 or float32, to a longer side of `side` pixels with antialiasing."""
    height, width = (max(1, round(side * length / max(image.shape))) for length in image.shape)
    return np.asarray(Image.fromarray(image).resize((width, height), resample))


def _digit(strokes: _Strokes) -> np.ndarray:
    """Bring the strokes into MNIST's range, scale to 20 pixels and centre in 28x28."""
    small = _resize(_crop(_restroke(strokes)), DIGIT_SIDE)
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
        return (grow + 1 - ndimage.distance_transform_edt(~strokes.solid)).clip(0, 1).astype(np.float32)
    if grow < 0:
        eroded = strokes.depth + grow
        # Where the pen ran thinner than elsewhere the stroke would break: there its skeleton holds it together.
        held = target * length / 2 + 0.5 - ndimage.distance_transform_edt(~strokes.skeleton)
        return np.minimum(np.maximum(eroded, held).clip(0, 1), strokes.solid).astype(np.float32)
    return strokes.ink


def pack_pair(left: np.ndarray, right: np.ndarray) -> str:
    """Write a pair of 14x14 images as a short text that fits a URL.

    Parameters
    ----------
    left, right : uint8 array (14, 14)
        What the network sees, `round(255 * pooled)`; kept to 16 grey levels.

    Returns
    -------
    str
        URL-safe base64 of deflated half bytes, 60 to 268 characters.
    """
    pixels = np.stack([left, right])
    if pixels.shape != (2, _POOLED_SIDE, _POOLED_SIDE) or pixels.dtype != np.uint8:
        raise SketchError("A pair is packed from two images of 14x14 pixels with 256 grey levels.")
    levels = np.rint(pixels.ravel() / _STEP).astype(np.uint8)
    packed = zlib.compress((levels[::2] * _LEVELS + levels[1::2]).tobytes(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack_pair(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Read what `pack_pair` wrote: two uint8 arrays (14, 14).

    Raises
    ------
    SketchError
        If the text is not a packed pair.
    """
    refusal = SketchError("This is not a packed pair of digits: copy the whole link.")
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        raise refusal
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj()
        content = inflate.decompress(packed, _PACKED_BYTES + 1)
    except (ValueError, zlib.error):
        raise refusal from None
    if len(content) != _PACKED_BYTES or not inflate.eof or inflate.unused_data:
        raise refusal
    halves = np.frombuffer(content, np.uint8)
    pixels = np.stack([halves // _LEVELS, halves % _LEVELS], 1) * np.uint8(_STEP)
    left, right = pixels.reshape(2, _POOLED_SIDE, _POOLED_SIDE)
    return left, right
