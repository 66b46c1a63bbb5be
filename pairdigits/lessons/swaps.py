"""Where models contradict themselves when two digits are exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from pairdigits import checkpoints
from pairdigits.cells import contradicts
from pairdigits.data import Pairs, load_mnist, prepare, sample_pairs
from pairdigits.evaluation import predict
from pairdigits.lessons.trained import Progress
from pairdigits.models import PairNet
from pairdigits.report.experiments import EXPERIMENTS

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

SWAPPED = 5000  # test pairs: every test digit once


def swaps(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """Where the report's models contradict themselves when two digits are exchanged.

    Returns
    -------
    dict
        "pairs": test pairs shown in both orders; "models": by variant {"neither", "both": 10x10 counts by the smaller
        and the larger digit of pairs that were called <= in neither order, or in both though the digits differ}.
    """
    raw = sample_pairs(load_mnist().test, SWAPPED, seed=0)
    found = {}
    for variant in EXPERIMENTS["as-published"].rows:
        if " " in variant:  # trained without the auxiliary loss
            continue
        progress(variant)
        checkpoint = checkpoints.trained("report", variant)
        found[variant] = swapped(checkpoint.model, prepare(raw, checkpoint.normalisation))
    return {"pairs": SWAPPED, "models": found}


def swapped(model: PairNet, pairs: Pairs) -> dict[str, list[list[int]]]:
    """Counts of contradicting pairs by kind and digits, see `swaps`."""
    forth, back = (
        predict(model, images).comparison.argmax(-1).bool() for images in (pairs.images, pairs.images.flip(1))
    )
    low, high = pairs.digits.min(1).values, pairs.digits.max(1).values
    clash = contradicts(forth, back, low == high)
    kinds = {"neither": clash & ~forth, "both": clash & forth}
    cells = low * 10 + high
    return {kind: torch.bincount(cells[where], minlength=100).view(10, 10).tolist() for kind, where in kinds.items()}
