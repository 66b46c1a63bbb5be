"""What a tower's encodings know of the digits: a linear read-out, and maps to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from pairdigits.data import Digits, RawPairs
from pairdigits.models import PairNet, SiameseNet

BATCH = 200  # digits; the feature maps of more do not stay in a core's cache


@dataclass(frozen=True)
class ReadOut:
    """How well a linear classifier names digits from features that it is given."""

    accuracy: float  # share of held-out digits named rightly, 0..1
    by_digit: tuple[float, ...]  # the same for each digit, 0 to 9
    fitted: int  # digits that it was fitted to
    held_out: int  # digits that it was scored on


@torch.inference_mode()
def encode(model: PairNet, images: Tensor, side: int = 0) -> np.ndarray:
    """The encodings of single digits by the tower of one side, with dropout off.

    Parameters
    ----------
    model : SiameseNet
    images : Tensor, shape (N, 14, 14)
        Normalised as in the model's training.
    side : int
        0 for the left tower, 1 for the right one; no difference when they are shared.

    Returns
    -------
    array, shape (N, 50), float32

    Raises
    ------
    ValueError
        If the model reads no single digits (base).
    """
    if not isinstance(model, SiameseNet):
        raise ValueError(f"{model.variant.title} sees both digits as one image: it has no encoding of a single digit.")
    return torch.cat([model.read(chunk, side).encoding for chunk in images.split(BATCH)]).cpu().numpy()


def unseen(digits: Digits, drawn: RawPairs, count: int, seed: int = 0) -> Tensor:
    """Places of `count` digits of a split that are in none of the drawn pairs: (count,) int64, at random.

    Raises
    ------
    ValueError
        If there are fewer.
    """
    free = torch.ones(len(digits.labels), dtype=torch.bool)
    free[drawn.indices.flatten()] = False
    places = free.nonzero().squeeze(1)
    if not 1 <= count <= len(places):
        raise ValueError(f"{count:,} unseen digits were asked for: give a number from 1 to {len(places):,}.")
    return places[torch.randperm(len(places), generator=torch.Generator().manual_seed(seed))[:count]]


def read_out(features: np.ndarray, digits: np.ndarray, held_out: np.ndarray, held_out_digits: np.ndarray) -> ReadOut:
    """Fit a linear classifier to some digits' features and score it on others.

    Multinomial logistic regression on standardised features, with scikit-learn's usual penalty (C = 1): nothing is
    tuned, and the held-out digits take no part in the fit or in the scaling.

    Parameters
    ----------
    features, held_out : array, shape (N, d) and (M, d)
        Encodings, pixels, or whatever else is read.
    digits, held_out_digits : array, shape (N,) and (M,)
        Whole numbers 0..9.
    """
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(features, digits)
    right = classifier.predict(held_out) == held_out_digits
    by_digit = tuple(float(right[held_out_digits == digit].mean()) for digit in range(10))
    return ReadOut(float(right.mean()), by_digit, len(digits), len(held_out_digits))


def principal_maps(encodings: Sequence[np.ndarray]) -> tuple[list[np.ndarray], list[float]]:
    """Flat maps of the same digits' encodings at several times, made to be looked at one after the other.

    Each map shows its own time's plane of largest variance (PCA). Such a plane's axes may flip or change places from
    one time to the next without meaning anything; so the last map keeps the principal axes, and going back each map
    is turned or mirrored in its plane to lie as close as it can to the one after it (orthogonal Procrustes), which
    changes no distance on it.

    Parameters
    ----------
    encodings : sequence of arrays, shape (N, d) each

    Returns
    -------
    maps : list of arrays, shape (N, 2) each, centred
    explained : list of float
        The share of each time's variance that its map shows, 0..1.
    """
    fits = [PCA(2, svd_solver="full").fit(encoding) for encoding in encodings]
    maps = [fit.transform(encoding) for fit, encoding in zip(fits, encodings, strict=True)]
    for place in range(len(maps) - 2, -1, -1):
        left, _, right = np.linalg.svd(maps[place].T @ maps[place + 1])
        maps[place] = maps[place] @ left @ right
    return maps, [float(fit.explained_variance_ratio_.sum()) for fit in fits]
