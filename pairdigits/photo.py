"""From an image file, a drawing or a photo of paper, to clean white ink on black."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from scipy import ndimage

MAX_BYTES = 20_000_000  # of a file
MAX_PIXELS = 40_000_000  # of an image, known before it is decoded
LONGEST = 480  # pixels: the longer side of an image once it has been read
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")

_ORIENTATION = 0x0112  # the EXIF tag of a camera that was held sideways
_THUMBNAIL = 40  # pixels: the paper's light is found at this size
_FAINTEST = 0.12  # of the paper's light: less contrast is grain or shadow
_SHARPEST_SHADOW = 0.045  # of the paper's light a pixel: shadows and grain stayed below 0.04, pens above 0.13


class SketchError(ValueError):
    """An image or a packed pair that cannot be read; the message is one sentence for the visitor."""


def read_image(source: bytes | str | Path) -> np.ndarray:
    """Read an image of a digit: drawn on a screen or photographed on paper, dark on light or light on dark.

    The paper's own light is taken away, and polarity found out: ink is whatever differs from the paper around it.

    Parameters
    ----------
    source : bytes or path
        A PNG, JPEG, GIF, WebP or BMP file. Of an animation the first frame counts.

    Returns
    -------
    uint8 array (H, W)
        White ink on black, the longer side at most 480 pixels; all zero where the paper is blank.

    Raises
    ------
    SketchError
        If the file cannot be read, is too large, or is no image.
    """
    grey = _decode(_content(source))
    light = _light(grey)
    # Polarity: shadows' edges leave something on either side, but hardly anything that looks written.
    calm = max((_ink(*way) for way in ((grey, light), (255 - grey, 255 - light))), key=lambda ink: (ink**2).sum())
    if not calm.any():
        return np.zeros(grey.shape, np.uint8)
    strongest = calm.max()
    ink_level = np.median(calm[calm > strongest / 2])
    return (255 * ((calm - 0.3 * ink_level) / (0.4 * ink_level)).clip(0, 1)).astype(np.uint8)


def resize(image: np.ndarray, side: int, resample: Image.Resampling = Image.Resampling.BOX) -> np.ndarray:
    """Scale an image with antialiasing.

    Parameters
    ----------
    image : array (H, W), uint8 or float32
    side : int
        Its longer side afterwards, in pixels; the shorter one has at least one.
    resample : Image.Resampling
        Boxes average all that they cover.

    Returns
    -------
    array (h, w) of the same dtype
    """
    height, width = (max(1, round(side * length / max(image.shape))) for length in image.shape)
    return np.asarray(Image.fromarray(image).resize((width, height), resample))


def _content(source: bytes | str | Path) -> bytes:
    if not isinstance(source, bytes):
        path = Path(source)
        try:
            with path.open("rb") as file:
                source = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SketchError(f"{path.name} cannot be read ({reason}): give the path of an image.") from None
    if len(source) > MAX_BYTES:
        raise SketchError(f"This file is larger than {MAX_BYTES // 1_000_000} MB: use a smaller image.")
    return source


def _decode(content: bytes) -> np.ndarray:
    """Decode to grey levels at a bounded size: float32 (H, W), 0..255."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise SketchError(f"This image is {image.width} by {image.height} pixels: use one below 40 megapixels.")
            image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded at a fraction of its size
            turned = image.getexif().get(_ORIENTATION)
            if max(image.size) > 4 * LONGEST:  # some pixels will do, and the copies below stay small
                scale = 4 * LONGEST / max(image.size)
                size = [max(1, round(scale * length)) for length in image.size]
                image = image.resize(size, Image.Resampling.NEAREST)
            if image.mode in ("I;16", "I", "F"):
                image = Image.fromarray((np.asarray(image, np.float32) / 257).clip(0, 255).astype(np.uint8))
            elif image.mode not in ("L", "RGB", "LA", "RGBA"):
                image = image.convert("RGBA" if image.has_transparency_data else "RGB")
            elif image.has_transparency_data:
                image = image.convert("RGBA")
            image.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
            if turned:
                image.getexif()[_ORIENTATION] = turned
                image = ImageOps.exif_transpose(image)
            return _flatten(image)
    except SketchError:
        raise
    except Image.DecompressionBombError:
        raise SketchError("This image has too many pixels: use one below 40 megapixels.") from None
    except Exception:
        raise SketchError("This is not an image that can be read: use a whole PNG or JPEG file.") from None


def _flatten(image: Image.Image) -> np.ndarray:
    """Lay a transparent image on paper that its ink shows on."""
    grey = np.asarray(image.convert("LA"), np.float32)
    grey, opacity = grey[..., 0], grey[..., 1] / 255
    if opacity.mean() > 0.5:
        paper = np.median(grey[opacity > 0.5])  # paper came along, with a hole or a rounded corner in it
    else:
        ink = (grey * opacity).sum() / max(opacity.sum(), 1e-6)
        paper = 0 if ink > 127 else 255
    return grey * opacity + paper * (1 - opacity)


def _ink(grey: np.ndarray, light: np.ndarray) -> np.ndarray:
    """What was written darker than the paper, as a share of its light: float32 (H, W), 0 elsewhere."""
    ink = 1 - grey / np.maximum(light, 32)
    calm = ndimage.gaussian_filter(ink, max(grey.shape) / LONGEST)  # grain is finer than any pen
    grain = 1.5 * np.median(np.abs(calm))  # the standard deviation of paper, hardly moved by the ink on it
    calm[~_written(calm, max(_FAINTEST, 5 * grain))] = 0
    return calm


def _light(grey: np.ndarray) -> np.ndarray:
    """Find how bright the paper is under the ink: the median of a wide neighbourhood, which follows shadows' edges."""
    small = resize(grey, min(_THUMBNAIL, max(grey.shape)))
    small = ndimage.median_filter(small, size=1 + max(small.shape) // 2, mode="nearest")
    full = Image.fromarray(small).resize(grey.shape[::-1], Image.Resampling.BILINEAR)
    return np.asarray(full, np.float32)


def _written(ink: np.ndarray, faintest: float) -> np.ndarray:
    """Tell what was written from shadows, whose edges are soft, and from the table, which runs along the border."""
    parts, count = ndimage.label(ink > faintest)
    if not count:
        return parts > 0
    edges = ndimage.gaussian_gradient_magnitude(ink, 1.5)
    sharpness = np.r_[0, ndimage.maximum(edges, parts, np.arange(1, count + 1))]
    border = np.concatenate([parts[0], parts[-1], parts[1:-1, 0], parts[1:-1, -1]])
    contact, size = (np.bincount(where, minlength=count + 1) for where in (border, parts.ravel()))
    written = (sharpness > max(_SHARPEST_SHADOW, 0.3 * sharpness.max())) & (contact < max(ink.shape) / 5)
    written[0] = False
    largest_within = size[written & (contact == 0)].max(initial=0)
    return (written & ((contact == 0) | (size >= largest_within)))[parts]
