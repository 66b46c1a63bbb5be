"""The boards of two drawings, answered while the pen still moves: a browser need not wait for the page to run.

``POST live/verdict`` with JSON: ``{"preset": "best", "model": "v7", "canvases": [left, right], "boards": ["first"]}``,
each canvas as `seen.of_json` takes it, and the boards that somebody sees, without which all are meant. The answer is
JSON, board -> HTML, as on the page; what makes no sense is answered 400 with ``{"error": a sentence}``.
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
        names = set(asked.get("boards", board_html.Boards._fields))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError("Give a preset, a model and two canvases as JSON.") from error
    if preset not in state.MODELS:
        raise ValueError(f"The preset is {preset!r}: give one of {', '.join(state.MODELS)}.")
    models = _models(preset, _changed(preset))
    if not models.found:
        raise ValueError("These models have not been trained here yet.")
    below = not names.isdisjoint(board_html.BELOW)
    shown = board_html.answered((seen.of_json(left), seen.of_json(right)), models, model, below)
    return {name: html for name, html in shown._asdict().items() if name in names}


def _changed(preset: str) -> int:
    """When a file last came into a preset's folder, in ns; 0 without a folder. Asked at each request: be quick."""
    try:
        return (state.CHECKPOINTS / preset).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@cache
def _models(preset: str, changed: int) -> answering.Models:
    """A model that was missing is looked for again once its preset's folder has changed."""
    return answering.load(preset)
