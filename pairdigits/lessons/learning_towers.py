"""What goes on in towers while they learn: the gradients that reach them, and maps of what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from pairdigits.data import Digits, Pairs, load_mnist, pool
from pairdigits.encodings import encode, principal_maps
from pairdigits.gradients import tower_gradient
from pairdigits.lessons.trained import Progress, epochs
from pairdigits.presets import preset

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

BATCHES = 4  # of training pairs whose gradients are measured after every epoch
MAPPED = 30  # test digits of each kind on a map


def gradients(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """Sizes of the tower's gradient by source, and the angle between class and auxiliary, after every epoch.

    Returns
    -------
    dict
        By label {"config", "batches", "epochs": [0 (untrained), 1, ...], "sizes": {source: [[by batch] by epoch]},
        "angle": [[by batch] by epoch]}.
    """
    found = {}
    for variant in ("v1", "v5"):
        config = preset("report", variant)
        progress(config.describe())
        measured = []
        for training in epochs(config):
            batches = list(zip(*(part.split(config.batch_size)[:BATCHES] for part in training.train), strict=True))
            measured.append([tower_gradient(training.model, Pairs(*batch)) for batch in batches])
        sizes = {
            name: [[part.sizes[name] for part in batches] for batches in measured] for name in measured[0][0].sizes
        }
        found[variant] = {
            "config": config.to_dict(),
            "batches": len(measured[0]),
            "epochs": list(range(len(measured))),
            "sizes": sizes,
            "angle": [[part.angle for part in batches] for batches in measured],
        }
    return found


def maps(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """Flat maps of test digits' encodings after every epoch, with and without the auxiliary loss.

    Returns
    -------
    dict
        "digits": their labels, and "runs": by label {"config", "epochs", "x" and "y": [[by digit] by epoch],
        "explained": shares of the variance, "accuracy" and "digit_accuracy" on the test pairs (None untrained)}.
    """
    images, digits = _some_of_each(load_mnist().test, MAPPED)
    runs = {}
    for variant in ("v1", "v5"):
        for auxiliary in (True, False):
            config = preset("report", variant, auxiliary)
            progress(config.describe())
            encodings, records = [], []
            for training in epochs(config, records):
                encodings.append(encode(training.model, training.normalisation(images)))
            drawn, explained = principal_maps(encodings)
            runs[f"{variant} {'auxiliary' if auxiliary else 'alone'}"] = {
                "config": config.to_dict(),
                "epochs": list(range(len(drawn))),
                "x": [np.round(one[:, 0], 2).tolist() for one in drawn],
                "y": [np.round(one[:, 1], 2).tolist() for one in drawn],
                "explained": explained,
                "accuracy": [None] + [record.test.accuracy for record in records],
                "digit_accuracy": [None] + [record.test.digit_accuracy for record in records],
            }
    return {"digits": digits.tolist(), "runs": runs}


def _some_of_each(digits: Digits, count: int) -> tuple[Tensor, Tensor]:
    """The first few of each digit, pooled, and their labels."""
    places = torch.cat([(digits.labels == digit).nonzero().squeeze(1)[:count] for digit in range(10)])
    return pool(digits.images[places]), digits.labels[places]
