"""The landscape of a comparison: P(first <= second) while both digits turn into others, one along each side.

A digit turns into another by moving its ink: every bit of it travels on a straight line to a bit of the other, paired
so that the squared distances add up to as little as possible (optimal transport). A cross-fade would show both digits
at once, which no hand draws.
"""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from torch import Tensor

from pairdigits.data import Normalisation, pool
from pairdigits.evaluation import predict, probability
from pairdigits.models import PairNet, SiameseNet
from pairdigits.towers import TowerOutput

STEPS = 41  # of each digit: the square has 1,681 points
BITS = 300  # of ink: enough for the strokes of a 28x28 image, and paired in hundredths of a second
BLUR = 0.6  # pixels, standard deviation: closes the gaps between bits that travel apart
STROKE = 60  # pixels: the brightest of a digit, its stroke's middle
ENDS = 0.25  # of the way: there the exact image of either end fades into what its bits of ink show of it


def morph(first: np.ndarray, second: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """A path from one digit to another, both ends included and exact.

    Parameters
    ----------
    first, second : uint8 array (28, 28)
        White ink on black; each has some.
    steps : int
        Images on the path, at least 2.

    Returns
    -------
    uint8 array (steps, 28, 28)

    Raises
    ------
    ValueError
        If an image is blank.
    """
    if not (first.any() and second.any()):
        raise ValueError("A blank image cannot turn into a digit: draw something in both.")
    start, end = _bits(first), _bits(second)
    start_order, end_order = linear_sum_assignment(cdist(start, end, "sqeuclidean"))
    start, end = start[start_order], end[end_order]
    shown = [_render(bits) for bits in (start, end)]
    strength = [_strength(image) for image in (first, second)]
    lost = [  # what the bits cannot show
        image - bits * (wanted / _strength(bits))
        for image, bits, wanted in zip((first, second), shown, strength, strict=True)
    ]
    path = []
    for done in np.linspace(0, 1, steps):
        image = _render((1 - done) * start + done * end)
        image *= ((1 - done) * strength[0] + done * strength[1]) / _strength(image)
        image += max(0.0, 1 - done / ENDS) * lost[0] + max(0.0, 1 - (1 - done) / ENDS) * lost[1]
        path.append(image)
    return np.stack(path).round().clip(0, 255).astype(np.uint8)


def landscape(model: PairNet, normalisation: Normalisation, firsts: np.ndarray, seconds: np.ndarray) -> Tensor:
    """What a model makes of every pair of two paths.

    A siamese model's towers see each image once; its head then has all pairs of what they say.

    Parameters
    ----------
    model : PairNet
        Only read; dropout is off.
    normalisation : Normalisation
        That the model was trained with.
    firsts : uint8 array (N, 28, 28)
    seconds : uint8 array (M, 28, 28)

    Returns
    -------
    Tensor, shape (N, M)
        P(first <= second).
    """
    left, right = (normalisation(pool(torch.from_numpy(images))) for images in (firsts, seconds))  # (N, 14, 14)
    if not isinstance(model, SiameseNet):
        pairs = torch.stack(torch.broadcast_tensors(left[:, None], right[None]), 2).flatten(0, 1)  # (N * M, 2, 14, 14)
        return probability(predict(model, pairs).comparison).view(len(left), len(right))
    with torch.inference_mode():
        rows = TowerOutput(*(part.unsqueeze(1) for part in model.read(left, 0)))
        columns = TowerOutput(*(part.unsqueeze(0) for part in model.read(right, 1)))
        return probability(model.compare(rows, columns))


def undecided(square: Tensor, margin: float = 0.1) -> float:
    """Share of a landscape, 0..1, where the model is sure of neither answer.

    Parameters
    ----------
    square : Tensor, shape (n, m), float32
        P(first <= second), as `landscape` gives it.
    margin : float
        A probability: both answers have more than this.
    """
    return ((square > margin) & (square < 1 - margin)).float().mean().item()


def _bits(image: np.ndarray) -> np.ndarray:
    """Where equal parts of an image's ink are: (BITS, 2), row and column in pixels."""
    place = np.flatnonzero(image)
    until = np.cumsum(image.ravel()[place], dtype=float)
    wanted = (np.arange(BITS) + 0.5) / BITS * until[-1]
    return np.stack(np.unravel_index(place[np.searchsorted(until, wanted)], image.shape), 1).astype(float)


def _render(bits: np.ndarray) -> np.ndarray:
    """Bits of ink as an image (28, 28): each is shared out among the four pixels around it, and blurred a little."""
    image = np.zeros((28, 28))
    corner = np.floor(bits).astype(int)
    part = bits - corner
    for down in (0, 1):
        for right in (0, 1):
            share = np.abs(1 - down - part[:, 0]) * np.abs(1 - right - part[:, 1])
            row, column = (corner + np.array([down, right])).clip(0, 27).T
            np.add.at(image, (row, column), share)
    return ndimage.gaussian_filter(image, BLUR, mode="constant")


def _strength(image: np.ndarray) -> float:
    """How bright the strokes are: ink that spreads keeps it, as a pen does that draws two lines in place of one."""
    return float(np.sort(image, axis=None)[-STROKE:].mean())
