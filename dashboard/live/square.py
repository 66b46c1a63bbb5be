"""The landscape of a stored run, as far as it has got: it changes while the run trains.

``POST live/square`` with JSON: ``{"run": 12, "ends": [a, b, c, d]}``, the first digit's ends and the second's, each 784
bytes in base64. The answer is JSON: after which epoch, and the square's P(first <= second) in bytes, base64; both null
where the run has no snapshot yet. What makes no sense is answered 400 with ``{"error": a sentence}``.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboard.shared import state

if TYPE_CHECKING:
    from pairdigits.data import Normalisation
    from pairdigits.models import PairNet

LARGEST = 10_000  # bytes of a request
SIDE = 28


def answer(body: bytes) -> dict[str, Any]:
    """What the route answers.

    Raises
    ------
    ValueError
        If the body is not as this file describes it, or there is no such run.
    """
    try:
        asked = json.loads(body)
        id = int(asked["run"])
        ends = tuple(base64.b64decode(text, validate=True) for text in asked["ends"])
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError("Give a run and four images as JSON.") from error
    if len(ends) != 4 or any(len(one) != SIDE**2 for one in ends):
        raise ValueError("Give four images of 784 bytes.")
    run = state.store().run(id)
    epoch = run.outcome.epoch if run.outcome else run.snapshot_epoch
    square = _square(id, run.attempt, epoch, bool(run.outcome), ends) if epoch else None
    return {"epoch": epoch or None, "square": square}


@lru_cache(maxsize=64)
def _square(id: int, attempt: int, epoch: int, finished: bool, ends: tuple[bytes, ...]) -> str | None:
    """Painted once for all who watch; a run's attempt and epoch tell one state of it from the next."""
    from pairdigits.landscape import landscape, morph

    found = _model(id, finished)
    if found is None:
        return None
    first, becomes, second, grows = (np.frombuffer(one, np.uint8).reshape(SIDE, SIDE) for one in ends)
    square = landscape(*found, morph(first, becomes), morph(second, grows)).numpy()
    return base64.b64encode(np.clip(np.round(255 * square), 0, 255).astype(np.uint8).tobytes()).decode()


def _model(id: int, finished: bool) -> tuple[PairNet, Normalisation] | None:
    if finished:
        from pairdigits import checkpoints

        content = state.store().model(id)
        found = content and checkpoints.loads(content, f"The model of run {id}")
    else:
        from pairdigits.training import Training

        content = state.store().snapshot(id)
        found = content and Training.restore(content)
    return (found.model, found.normalisation) if found else None
