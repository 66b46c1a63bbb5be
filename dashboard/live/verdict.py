"""What every model says of two drawings, answered while the pen still moves.

``POST live/verdict?preset=best`` with the two drawings' pixels as the body: the first drawing's square of N x N bytes,
row by row, white ink on black, then the second's, N from 28 to 280. The answer is JSON::

    {"seen":    [[196 numbers, 0..255, row by row, or null] for each drawing],
     "remarks": [a sentence about the drawing, or null, for each],
     "answers": [{"variant": "v1", "says": true, "confidence": 0.98, "says_back": false,
                  "digits": [[10 probabilities], [10 probabilities]] or null}, ...]}

``seen`` is what the networks see (14x14); ``answers`` has one entry a model, in VARIANTS' order, and none while a
drawing is empty. A body or preset that makes no sense is answered 400 with ``{"error": a sentence}``.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from dashboard.shared import state

if TYPE_CHECKING:
    from pairdigits.checkpoints import Checkpoint

SIDES = range(28, 281)  # pixels that a drawing may measure


async def respond(request: Request) -> JSONResponse:
    """The route; the models answer in a thread of their own."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > 2 * SIDES[-1] ** 2:
            return JSONResponse({"error": f"The drawings are larger than {SIDES[-1]} pixels."}, 400)
    try:
        return JSONResponse(await run_in_threadpool(answer, request.query_params.get("preset", "best"), bytes(body)))
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 400)


def answer(preset: str, body: bytes) -> dict[str, Any]:
    """What the networks see of two drawings and what each model says of them.

    Parameters
    ----------
    preset : str
        A key of `state.PRESETS`.
    body : bytes
        Two squares of pixels.

    Returns
    -------
    dict
        As this file describes it.

    Raises
    ------
    ValueError
        If the preset is none, or the bytes are not two squares.
    """
    from pairdigits import sketch, verdicts

    if preset not in state.PRESETS:
        raise ValueError(f"The preset is {preset!r}: give one of {', '.join(state.PRESETS)}.")
    sketches = [sketch.from_drawing(drawing) for drawing in _drawings(body)]
    seen = [None if one.image is None else sketch.to_pooled(one.image) for one in sketches]
    left, right = seen
    answers = [] if left is None or right is None else verdicts.ask(_models(preset), left, right)
    return {
        "seen": [None if image is None else image.ravel().tolist() for image in seen],
        "remarks": [one.remark for one in sketches],
        "answers": [
            {
                "variant": one.variant.name,
                "says": one.says,
                "confidence": one.confidence,
                "says_back": one.says_back,
                "digits": None if one.digits is None else one.digits.tolist(),
            }
            for one in answers
        ],
    }


def _models(preset: str) -> dict[str, Checkpoint]:
    """Those of a preset that were trained here."""
    from pairdigits.checkpoints import CheckpointError
    from pairdigits.models import VARIANTS

    found = {}
    for name in VARIANTS:
        with suppress(CheckpointError):
            found[name] = state.model(preset, name)
    return found


def _drawings(body: bytes) -> np.ndarray:
    """The two drawings, (2, N, N) uint8."""
    side = math.isqrt(len(body) // 2)
    if side not in SIDES or len(body) != 2 * side**2:
        raise ValueError(
            f"The body has {len(body)} bytes: give two squares of {SIDES[0]} to {SIDES[-1]} pixels a side."
        )
    return np.frombuffer(body, np.uint8).reshape(2, side, side)
