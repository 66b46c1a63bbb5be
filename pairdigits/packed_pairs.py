"""A pair of digits as a short text, for links and settings; and one digit in full."""

from __future__ import annotations

import base64
import zlib

import numpy as np

from pairdigits.photo import SketchError

_SIDE = 14
_LEVELS = 16  # grey levels: two pixels a byte
_STEP = 255 // (_LEVELS - 1)
_BYTES = 2 * _SIDE**2 // 2
_MAX_TEXT = 300  # characters: 196 bytes that do not compress need 276


def pack_pair(left: np.ndarray, right: np.ndarray) -> str:
    """Write a pair of 14x14 images as a short text that fits a URL.

    Parameters
    ----------
    left, right : uint8 array (14, 14)
        What the network sees, `round(255 * pooled)`; kept to 16 grey levels.

    Returns
    -------
    str
        URL-safe base64 of deflated half bytes, at most 276 characters and about 150 for two drawn digits.

    Raises
    ------
    SketchError
        If the images have another shape or dtype.
    """
    if any(image.shape != (_SIDE, _SIDE) or image.dtype != np.uint8 for image in (left, right)):
        raise SketchError("A pair is packed from two images of 14x14 pixels with 256 grey levels.")
    levels = np.rint(np.stack([left, right]).ravel() / _STEP).astype(np.uint8)
    packed = zlib.compress((levels[::2] * _LEVELS + levels[1::2]).tobytes(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack_pair(text: object) -> tuple[np.ndarray, np.ndarray]:
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
        content = inflate.decompress(packed, _BYTES + 1)
    except (ValueError, zlib.error):
        raise refusal from None
    if len(content) != _BYTES or not inflate.eof or inflate.unused_data:
        raise refusal
    halves = np.frombuffer(content, np.uint8)
    pixels = np.stack([halves // _LEVELS, halves % _LEVELS], 1) * np.uint8(_STEP)
    left, right = pixels.reshape(2, _SIDE, _SIDE)
    return left, right


def pack_digit(image: np.ndarray) -> str:
    """Write a digit as text: its quarters, two and two as a pair.

    Parameters
    ----------
    image : uint8 array (28, 28)
        Kept to 16 grey levels.

    Raises
    ------
    SketchError
        If the image has another shape or dtype.
    """
    if image.shape != (2 * _SIDE, 2 * _SIDE):
        raise SketchError("A digit is packed from an image of 28x28 pixels.")
    return ".".join(pack_pair(*np.split(half, 2, 1)) for half in np.split(image, 2))


def unpack_digit(text: str) -> np.ndarray:
    """Read what `pack_digit` wrote: uint8 (28, 28).

    Raises
    ------
    SketchError
        If the text is no packed digit.
    """
    halves = text.split(".")
    if len(halves) != 2:
        raise SketchError("This is not a packed digit: copy the whole link.")
    return np.vstack([np.hstack(unpack_pair(half)) for half in halves])
