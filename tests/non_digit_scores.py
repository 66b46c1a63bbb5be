"""How well what is no digit is told from digits: what test_sketch.py asks for and what docs/drawings.md's table shows.

``python -m tests.non_digit_scores`` prints the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from pairdigits import one_digit
from pairdigits.data import load_mnist
from pairdigits.sketch import from_drawing, to_pooled
from tests import non_digits
from tests.drawn_digits import Drawing
from tests.drawn_scores import DRAWINGS

GROUPS = {"scribbles": ("rounds", "waves"), "two digits": ("two digits",)}


class Flagged(NamedTuple):
    """What was flagged of some images."""

    count: int
    by_shape: int  # by the pipeline's own remarks, before any tower
    all: int


@cache
def groups() -> dict[str, Flagged]:
    """Held-out non-digits by what they are, drawn digits, and MNIST's test digits."""
    drawn = {name: [one for one in non_digits.held_out() if one.shape in kinds] for name, kinds in GROUPS.items()}
    named = {kind for kinds in GROUPS.values() for kind in kinds}
    others = {"letters and symbols": [one for one in non_digits.held_out() if one.shape not in named]} | drawn
    found = {name: _drawings(drawings) for name, drawings in others.items()}
    found["all non-digits"] = Flagged(*(sum(counts) for counts in zip(*found.values(), strict=True)))
    found |= {f"drawn digits, {hands}": _drawings(drawings) for hands, drawings in DRAWINGS.items()}
    found["MNIST's test digits"] = _flagged((to_pooled(image), False) for image in load_mnist().test.images.numpy())
    return found


def _drawings(drawings: Iterable[Drawing]) -> Flagged:
    sketches = [from_drawing(one.render()) for one in drawings]
    return _flagged(
        (np.zeros((14, 14), np.uint8) if one.image is None else to_pooled(one.image), one.remark is not None)
        for one in sketches
    )


def _flagged(images: Iterable[tuple[np.ndarray, bool]]) -> Flagged:
    pooled, remarked = zip(*images, strict=True)
    doubted = one_digit.doubts(list(pooled))
    return Flagged(len(pooled), sum(remarked), sum(a or b for a, b in zip(remarked, doubted, strict=True)))


def markdown() -> str:
    """docs/drawings.md's table."""
    lines = ["| Drawn | n | Flagged by its shape alone | Flagged |", "| --- | ---: | ---: | ---: |"]
    for name, found in groups().items():
        shares = (f"{share / found.count:.1%}" for share in (found.by_shape, found.all))
        lines.append(f"| {name.capitalize() if name[0].islower() else name} | {found.count} | {' | '.join(shares)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
