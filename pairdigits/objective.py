"""What a training step makes smaller, on which batch, at which rate, and by which optimiser."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import torch.nn.functional as F
from torch import Tensor

from pairdigits.config import RunConfig
from pairdigits.data import Pairs
from pairdigits.evaluation import digit_loss
from pairdigits.models import VARIANTS, Prediction
from pairdigits.optimiser import Adam
from pairdigits.prior import fading, idleness

WARM_UP = 0.2  # of the steps of a one-cycle run


def training_loss(prediction: Prediction, pairs: Pairs, config: RunConfig, epoch: int = 1) -> Tensor:
    """Class cross-entropy plus an epoch's weighted auxiliary loss (section II) and prior: a scalar with a gradient."""
    loss = prediction.comparison.new_zeros(())
    if VARIANTS[config.variant].learns_comparison:
        loss = F.cross_entropy(prediction.comparison, pairs.labels)
    if prediction.digits is None:
        return loss
    if weight := config.auxiliary_at(epoch):
        loss = loss + weight * digit_loss(prediction.digits, pairs.digits, config.label_smoothing)
    if weight := config.prior_weight * fading(epoch, config.epochs):
        loss = loss + weight * idleness(prediction.digits)
    return loss


def steps(pairs: Pairs, config: RunConfig, epoch: int, along: int = 0) -> Iterator[tuple[Pairs, float]]:
    """The batches of an epoch, cut along one dimension of its pairs, and the learning rate of each."""
    parts = [part.split(config.batch_size, along) for part in pairs]
    count = len(parts[0])
    for number, batch in enumerate(zip(*parts, strict=True)):
        yield Pairs(*batch), learning_rate(config, (epoch - 1) * count + number, config.epochs * count)


def learning_rate(config: RunConfig, step: int, steps: int) -> float:
    """The rate of one step, counted from 0, of all steps of a run."""
    if config.schedule == "constant":
        return config.learning_rate
    progress = (step + 1) / steps
    if progress < WARM_UP:
        return config.learning_rate * progress / WARM_UP
    return config.learning_rate * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP))) / 2


def optimiser(named: Iterable[tuple[str, Tensor]], config: RunConfig, stacked: bool = False) -> Adam:
    """Adam as the report has it, or AdamW, whose weight decay spares biases.

    For the parameters of a model, or those of many models stacked along a first dimension.
    """
    decaying: list[Tensor] = []
    free: list[Tensor] = []
    for name, parameter in named:
        # A temperature that decayed would end near 1, wherever it should be.
        decays = parameter.dim() - stacked > 1 if config.optimiser == "adamw" else name != "log_temperature"
        (decaying if decays else free).append(parameter)
    groups = [(decaying, config.weight_decay), (free, 0.0)]
    return Adam(
        [{"params": some, "lr": config.learning_rate, "weight_decay": decay} for some, decay in groups if some],
        decoupled=config.optimiser == "adamw",
    )
