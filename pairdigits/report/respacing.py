"""Re-spacing the outputs of a run that is told comparisons only: the empty one takes the fullest one's side.

Where two digits share an output, another stands empty elsewhere and what lies between is shifted. The empty row is
taken out of the classifier and the full one doubled beside itself, so that the order of all others stays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import nn

from pairdigits.optimiser import Adam
from pairdigits.records import EpochRecord
from pairdigits.splits import epoch_seed
from pairdigits.towers import Tower
from pairdigits.training import Training

EVERY = 5  # epochs
BEGIN, END = 0.2, 0.7  # shares of the run
EMPTY, FULL = 0.04, 0.145  # shares of the training images: at most, at least
NOISE = 0.05  # on the doubled rows, in standard deviations of all weights


def respaced(training: Training) -> Iterator[EpochRecord]:
    """Train a run of one tower and re-space its outputs on the way; each record is from before that.

    Nothing but the outputs' shares of the training images is looked at: no digit's name.
    """
    for record in training:
        if record.confusion and record.epoch % EVERY == 0 and BEGIN <= record.epoch / training.config.epochs <= END:
            won = torch.tensor(record.confusion).sum(0)
            shares = won / won.sum()
            if shares.min() <= EMPTY and shares.max() >= FULL:
                (tower,) = (part for part in training.model.modules() if isinstance(part, Tower))
                seed = epoch_seed(training.config, record.epoch)
                respace(tower.classifier, training.optimiser, int(shares.argmin()), int(shares.argmax()), seed)
        yield record


@torch.no_grad()
def respace(classifier: nn.Linear, optimiser: Adam, empty: int, full: int, seed: int, noise: float = NOISE) -> None:
    """Take one output out of a classifier and double another beside itself, what Adam keeps of them too.

    Parameters
    ----------
    classifier : nn.Linear
        Its outputs have an order, which all but `empty` keep.
    optimiser : Adam
        That of the classifier's parameters.
    empty, full : int
        Two different outputs.
    seed : int
        Of the noise, without which the two would have the same gradient wherever they are told apart by nothing.
    noise : float
        Standard deviation of what is added to the doubled rows, in standard deviations of all weights.
    """
    order = [output for output in range(classifier.out_features) if output != empty]
    place = order.index(full)
    order.insert(place, full)
    for parameter in (classifier.weight, classifier.bias):
        state = optimiser.state_of(parameter)
        for values in (parameter, state["exp_avg"], state["exp_avg_sq"]):
            values.copy_(values[order])
    twins = slice(place, place + 2)
    classifier.bias[twins] -= math.log(2)  # both together are as likely as the one was
    drawn = torch.randn(2, classifier.in_features, generator=torch.Generator().manual_seed(seed))
    classifier.weight[twins] += noise * classifier.weight.std() * drawn.to(classifier.weight)
