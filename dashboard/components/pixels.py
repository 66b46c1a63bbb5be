"""What a canvas sends of itself: a square PNG, in base64."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

SENT = 140  # pixels a side, as in sketchpad.js


def decode(png: str) -> np.ndarray:
    """The pixels of a canvas, uint8 (SENT, SENT), white ink on black.

    Raises
    ------
    ValueError
        If this is not what a canvas sends.
    """
    try:
        with Image.open(io.BytesIO(base64.b64decode(png)), formats=["PNG"]) as image:
            if image.size != (SENT, SENT):
                raise ValueError(f"A canvas has {SENT} by {SENT} pixels, not {image.width} by {image.height}.")
            return np.asarray(image.convert("L"))
    except (OSError, TypeError, SyntaxError) as error:
        raise ValueError("This is no PNG.") from error
