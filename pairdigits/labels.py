"""Which digits the auxiliary loss may see the labels of, and which of those are wrong."""

from __future__ import annotations

import torch
from torch import Tensor

HIDDEN = -100  # in place of a label that nobody sees; torch's own mark for a target that does not count
SIDES = ("both", "left", "right")


def visible(digits: Tensor, share: float, side: str, wrong: float, seed: int) -> Tensor:
    """The labels as the auxiliary loss is told them.

    With the same seed a smaller share is part of a larger one, and so are the wrong labels: rounds that differ in a
    share can be compared one by one.

    Parameters
    ----------
    digits : Tensor, shape (N, 2), int64
        True labels.
    share : float
        Of the digits on that side, or on both, whose labels are seen, 0..1; rounded to whole digits.
    side : {"both", "left", "right"}
    wrong : float
        Share of the seen labels that name one of the nine other digits, 0..1; rounded likewise.
    seed : int

    Returns
    -------
    Tensor, shape (N, 2), int64
        `HIDDEN` where no label is seen.
    """
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(digits.numel(), generator=generator)
    shift = torch.randint(1, 10, (digits.numel(),), generator=generator)
    if side != "both":
        order = order[order % 2 == SIDES.index(side) - 1]
    seen = order[: round(share * len(order))]
    false = seen[: round(wrong * len(seen))]
    truth, told = digits.flatten(), torch.full((digits.numel(),), HIDDEN)
    told[seen] = truth[seen]
    told[false] = (truth[false] + shift[false]) % 10
    return told.view(digits.shape)
