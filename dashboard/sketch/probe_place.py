"""Why a model says so: the pair's place on the 10x10 probe, as HTML and SVG for `dashboard.components.live_html`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from dashboard.shared.templates import render
from pairdigits.cells import wrong as wrong_cells
from pairdigits.verdicts import Answer, Reference, explanation, finding, percent

_CELL = 20  # of the probe, in units of its picture
_SIDE = 10 * _CELL


def why(answer: Answer, probability: np.ndarray, kind: str, held: Reference | None) -> str:
    """The pair's place on the model's probe, and what it says about the verdict.

    Parameters
    ----------
    answer : Answer
        Of the chosen model.
    probability : array (10, 10)
        Its probe, P(first <= second), [first digit, second digit]; NaN where there is nothing to say.
    kind : str
        What the probe shows, for the caption.
    held : Reference or None
        Which digits these are, or what most models read.
    """
    weights = answer.weights
    if weights is None:
        weights = np.zeros((10, 10))
        if held:
            weights[held.digits] = 1
    cells = [f"{first}, {second}: {percent(weights[first, second])}" for first, second in _heaviest(weights)]
    return render(
        "sketch/why.html",
        title=answer.variant.title,
        picture=probe_picture(probability, weights, answer.variant.title),
        finding=finding(answer, held).name.lower() if held and held.known else "",
        explanation=explanation(answer, held),
        cell=_cell(answer, probability, held),
        cells=cells if answer.weights is not None else [],
        kind=kind,
        wrong=int(wrong_cells(probability).sum()),
        placed_by_others=answer.weights is None and held is not None and not held.known,
    )


def _heaviest(weights: np.ndarray, count: int = 3) -> list[tuple[int, int]]:
    order = np.argsort(weights, axis=None)[::-1][:count]
    return [divmod(int(place), 10) for place in order if weights.flat[place] >= 0.005]


def _cell(answer: Answer, probability: np.ndarray, held: Reference | None) -> dict[str, Any] | None:
    """What the probe says in the pair's own cell."""
    place = answer.read or (held.digits if held else None)
    if place is None or np.isnan(probability[place]):
        return None
    first, second = place
    says = probability[place] > 0.5
    return {
        "first": first,
        "second": second,
        "sign": "≤" if says else ">",
        "percent": percent(float(probability[place])),
        "right": says == (first <= second),
        "known": held is not None and held.known,
    }


def probe_picture(probability: np.ndarray, weights: np.ndarray, title: str) -> Markup:
    """A 10x10 probe as SVG with discs as large as the weights; the first digit grows upwards as in Figure 2."""
    best = _heaviest(weights, 1)
    discs = "".join(
        f'<circle cx="{(second + 0.5) * _CELL}" cy="{(9.5 - first) * _CELL}" '
        f'r="{2 + 8 * np.sqrt(weights[first, second]):.1f}" class="{"top" if (first, second) in best else "other"}"/>'
        for first, second in np.argwhere(weights >= 0.005)
    )
    board, around = _board(probability.astype(float).tobytes())
    return Markup(
        f'<svg class="probe" viewBox="-34 -4 {_SIDE + 38} {_SIDE + 40}" role="img" '
        f'aria-label="The 10 by 10 probe of {escape(title)} and the pair\'s place on it">{board}{discs}{around}</svg>'
    )


@lru_cache(maxsize=32)
def _board(content: bytes) -> tuple[str, str]:
    """What is the same for every pair: a probe's cells with the step, and what is written around them.

    Parameters
    ----------
    content : bytes
        The probe, float64 (10, 10).
    """
    probability = np.frombuffer(content).reshape(10, 10)
    wrong, parts = wrong_cells(probability), []
    for first, second in np.ndindex(10, 10):
        x, y = second * _CELL, (9 - first) * _CELL
        value = probability[first, second]
        grey = 128 if np.isnan(value) else round(21 + 234 * float(value))
        parts.append(
            f"<g><title>{first}, {second}: P(≤) = {value:.0%}</title>"
            f'<rect x="{x}" y="{y}" fill="#{3 * f"{grey:02x}"}"/>'
            + (_cross(x, y) if wrong[first, second] else "")
            + "</g>"
        )
    corners = [(x, _SIDE - (y * _CELL)) for y in range(1, 10) for x in ((y - 1) * _CELL, y * _CELL)]
    step = " ".join(f"{x},{y}" for x, y in [*corners, (9 * _CELL, 0)])
    ticks = "".join(
        f'<text x="{(d + 0.5) * _CELL}" y="{_SIDE + 14}">{d}</text><text x="-8" y="{(9.5 - d) * _CELL + 5}">{d}</text>'
        for d in range(10)
    )
    axes = (
        f'<text x="{_SIDE / 2}" y="{_SIDE + 32}">second digit</text>'
        f'<text transform="translate(-24 {_SIDE / 2}) rotate(-90)">first digit</text>'
    )
    return f'<rect class="frame" x="-1" y="-1"/>{"".join(parts)}<polyline points="{step}"/>', ticks + axes


def _cross(x: int, y: int) -> str:
    a, b = 6, _CELL - 7
    return f'<path d="M{x + a} {y + a}L{x + b} {y + b}M{x + b} {y + a}L{x + a} {y + b}"/>'
