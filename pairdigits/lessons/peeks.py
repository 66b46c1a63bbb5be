"""Runs that were looked at every other epoch, pair by pair: what the simulator of peeking draws from."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from pairdigits.data import load_mnist, pool
from pairdigits.lessons.trained import Progress, epochs
from pairdigits.models import SiameseNet, TowerOutput, siamese
from pairdigits.peeking import Bank
from pairdigits.presets import preset
from pairdigits.probe import read_sides, real_pairs

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

LEARNING_RATES = (0.01, 0.005, 0.002, 0.001)
SEEDS = range(2000, 2005)  # which no other committed round has
EVERY = 2  # epochs between looks
MATCHINGS = 2  # every test digit is in two of the pairs


def peeks(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """v5 by the report's settings at four learning rates, five seeds each, looked at after every other epoch.

    Returns
    -------
    dict
        "pairs": how many; "runs": a list of {"config", "epochs", "true": accuracy over all ordered pairs of test digits
        at each of them, "right": bits, one a pair and epoch, packed, compressed, in base64 (see `bank`)}.
    """
    mnist = load_mnist()
    pairs, runs = matched(len(mnist.test.labels)), []
    labels = mnist.test.labels
    for rate in LEARNING_RATES:
        for seed in SEEDS:
            progress(f"learning rate {rate:g}, seed {seed}")
            config = preset("report", "v5", learning_rate=rate, data_seed=seed, init_seed=seed, watch_test=False)
            kept, true, right = [], [], []
            for training in epochs(config):
                if training.epoch and training.epoch % EVERY == 0:
                    model = siamese(training.model)
                    sides = read_sides(model, training.normalisation(pool(mnist.test.images)))
                    kept.append(training.epoch)
                    true.append(real_pairs(model, sides, labels).accuracy)
                    right.append(_right(model, sides, labels, pairs))
            runs.append({"config": config.to_dict(), "epochs": kept, "true": true, "right": packed(np.stack(right))})
    return {"pairs": len(pairs), "runs": runs}


def matched(digits: int) -> Tensor:
    """Pairs of places among test digits, (N, 2): in each of the matchings every digit stands once."""
    generator = torch.Generator().manual_seed(0)
    return torch.cat([torch.randperm(digits, generator=generator).view(-1, 2) for _ in range(MATCHINGS)])


@torch.inference_mode()
def _right(model: SiameseNet, sides: tuple[TowerOutput, TowerOutput], labels: Tensor, pairs: Tensor) -> np.ndarray:
    left, right = (TowerOutput(*(part[pairs[:, side]] for part in sides[side])) for side in (0, 1))
    said = model.compare(left, right).argmax(-1).bool()
    return (said == (labels[pairs[:, 0]] <= labels[pairs[:, 1]])).numpy()


def packed(right: np.ndarray) -> str:
    """Bits (L, N) as text."""
    return base64.b64encode(zlib.compress(np.packbits(right).tobytes(), 9)).decode()


def bank(lesson: dict[str, Any]) -> Bank:
    """What `pairdigits.peeking` draws from."""
    runs, held = lesson["runs"], lesson["pairs"]
    right = []
    for run in runs:
        bits = np.frombuffer(zlib.decompress(base64.b64decode(run["right"])), np.uint8)
        right.append(np.unpackbits(bits, count=len(run["epochs"]) * held).reshape(-1, held))
    rates = [run["config"]["learning_rate"] for run in runs]
    return Bank(
        np.stack(right).astype(np.float32),
        np.array([run["true"] for run in runs]),
        np.unique(rates, return_inverse=True)[1],
    )
