"""The boards of two drawings, answered while the pen still moves: a browser need not wait for the page to run.

``POST live/verdict`` with JSON: ``{"preset": "best", "model": "v7", "canvases": [left, right]}``, each canvas as
`seen.of_json` takes it. The answer is JSON, board -> HTML, as on the page; what makes no sense is answered 400 with
``{"error": a sentence}``.
"""

from __future__ import annotations

import json
from functools import cache

from dashboard.shared import state
from dashboard.sketch import answering, board_html, seen

LARGEST = 200_000  # bytes of a request; two scribbles have 20,000


def answer(body: bytes) -> dict[str, str]:
    """Board -> HTML.

    Raises
    ------
    ValueError
        If the body is not as this file describes it.
    """
    try:
        asked = json.loads(body)
        preset, model, (left, right) = asked["preset"], asked["model"], asked["canvases"]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError("Give a preset, a model and two canvases as JSON.") from error
    if preset not in state.MODELS:
        raise ValueError(f"The preset is {preset!r}: give one of {', '.join(state.MODELS)}.")
    models = _models(preset)
    if not models.found:
        raise ValueError("These models have not been trained here yet.")
    return board_html.answered((seen.of_json(left), seen.of_json(right)), models, model)._asdict()


@cache
def _models(preset: str) -> answering.Models:
    return answering.load(preset)
