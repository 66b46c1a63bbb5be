"""How well what is no digit is told from digits: what test_one_digit.py asks for, what docs/drawings.md's tables show.

``python -m tests.non_digit_scores`` prints the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from pairdigits import checkpoints, one_digit
from pairdigits.data import load_mnist, pool
from pairdigits.folders import CHECKPOINTS
from pairdigits.models import VARIANTS
from pairdigits.sketch import from_drawing, to_pooled
from tests import non_digits
from tests.drawn_digits import Drawing
from tests.drawn_scores import DRAWINGS

GROUPS = {"scribbles": non_digits.HELD_OUT_SCRIBBLES, "two digits": ("two digits",)}
BEST = CHECKPOINTS / "best"
COST = 0.01  # at which ways of telling are compared
Looked = tuple[np.ndarray, bool]  # what a network is shown of a drawing, (14, 14) uint8; whether its shape got a remark


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
    return _flagged(_looked_at(drawings))


def _looked_at(drawings: Iterable[Drawing]) -> Iterator[Looked]:
    for one in drawings:
        image, remark = from_drawing(one.render())
        yield np.zeros((14, 14), np.uint8) if image is None else to_pooled(image), remark is not None


def _flagged(images: Iterable[Looked]) -> Flagged:
    pooled, remarked = zip(*images, strict=True)
    doubted = one_digit.doubts(list(pooled))
    return Flagged(len(pooled), sum(remarked), sum(a or b for a, b in zip(remarked, doubted, strict=True)))


def at_one_cost() -> dict[str, float]:
    """The share of non-digits that each way of telling them flags, its bound at `COST` of MNIST's test digits."""
    pooled, remarked = zip(*_looked_at(non_digits.held_out()), strict=True)
    digits = pool(load_mnist().test.images)
    others = torch.from_numpy(np.stack(pooled)).float() / 255
    committee, _ = one_digit.load()
    ways = {f"One tower, the {place}": partial(one_digit.strangeness, [tower])
            for place, tower in zip(("first", "second", "third"), committee, strict=True)}  # fmt: skip
    ways["The committee of three"] = partial(one_digit.strangeness, committee)
    ways["Disagreement of the seven models that read digits"] = disagreement
    found = {}
    for name, strange in ways.items():
        doubted = strange(others) > torch.quantile(strange(digits), 1 - COST)
        found[name] = (doubted | torch.tensor(remarked)).float().mean().item()
    return found


def disagreement(images: Tensor) -> Tensor:
    """How far the `best` readers are from one voice on images (N, 14, 14), 0..1: (N,), 0 where all are certain."""
    readers = [checkpoints.load(BEST / f"{name}.safetensors") for name, one in VARIANTS.items() if one.siamese]
    with torch.inference_mode():
        heard = [one.model.read(one.normalisation(images), 0).logits.softmax(-1) for one in readers]
    return 1 - torch.stack(heard).mean(0).amax(-1)


def markdown() -> str:
    """docs/drawings.md's tables."""
    lines = ["| Drawn | n | Flagged by its shape alone | Flagged |", "| --- | ---: | ---: | ---: |"]
    for name, found in groups().items():
        shares = (f"{share / found.count:.1%}" for share in (found.by_shape, found.all))
        lines.append(f"| {name.capitalize() if name[0].islower() else name} | {found.count} | {' | '.join(shares)} |")
    lines += ["", f"| Bound at {COST:.0%} of MNIST's test digits | Non-digits flagged |", "| --- | ---: |"]
    lines += [f"| {name} | {share:.1%} |" for name, share in at_one_cost().items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
