"""Rounds of one run trained together on one device: their weights stacked, so that one step moves them all.

It pays on a GPU, which a single run of nets this small leaves idle. On a CPU a process per core is quicker.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor
from torch.func import functional_call, vmap

from pairdigits import checkpoints
from pairdigits.config import ConfigError, RunConfig
from pairdigits.data import Pairs
from pairdigits.dropout import Dropout
from pairdigits.evaluation import LARGE_BATCH
from pairdigits.models import Prediction
from pairdigits.objective import optimiser, steps, training_loss
from pairdigits.optimiser import Adam
from pairdigits.records import Completed, EpochRecord
from pairdigits.splits import epoch_seed
from pairdigits.towers import Kept
from pairdigits.training import Training


class Together:
    """Runs that differ in their seeds only; each step of the iteration trains an epoch of all of them.

    Each draws what it would draw alone, so it becomes what it would become alone but for the rounding of sums.

    Parameters
    ----------
    rounds : sequence of Training
        Not begun, on one device. They are the runs that train: their models, snapshots and outcomes are those of the
        last epoch trained.

    Raises
    ------
    ConfigError
        If they differ in more than their seeds, or may differ in their number of pairs (balanced ones).
    """

    def __init__(self, rounds: Sequence[Training]):
        self.rounds = rounds
        self.config = rounds[0].config
        if len({row(one.config) for one in rounds}) > 1 or any(one.epoch for one in rounds):
            raise ConfigError("Rounds that train together differ in their seeds only, and none of them has begun.")
        if self.config.fork:
            raise ConfigError("Forks have pasts of their own: train each alone.")
        if self.config.balance != "none":
            raise ConfigError("Balanced rounds differ in their number of pairs: train each alone.")
        with torch.device("meta"):
            self._model = self.config.build()  # the shape of all; its own weights are never looked at
        named = [dict(one.model.named_parameters()) for one in rounds]
        self._weights = {name: torch.stack([one[name].detach() for one in named]) for name in named[0]}
        for weight in self._weights.values():
            weight.requires_grad_()
        self._optimiser = optimiser(self._weights.items(), self.config, stacked=True)
        for number, one in enumerate(rounds):
            _join(one, number, self._weights, self._optimiser)
        self._watched = {
            name: torch.stack([one.splits.watched[name].images for one in rounds]) for name in rounds[0].splits.watched
        }

    def __iter__(self) -> Iterator[list[EpochRecord]]:
        while self.rounds[0].epoch < self.config.epochs:
            yield self._step()

    def _step(self) -> list[EpochRecord]:
        start = time.perf_counter()
        pairs = Pairs(*(torch.stack(parts) for parts in zip(*(one.begin() for one in self.rounds), strict=True)))
        epoch = self.rounds[0].epoch
        dropout = Dropout(self.config.dropout_at(epoch), [epoch_seed(one.config, epoch) for one in self.rounds])
        for batch, rate in steps(pairs, self.config, epoch, along=1):
            kept = dropout(self._model.readings(batch.images[0]), batch.images)
            self._optimiser.descend(self._losses(batch, kept, epoch).sum(), rate)
        predictions = {name: self._predict(images) for name, images in self._watched.items()}
        seconds = (time.perf_counter() - start) / len(self.rounds)
        return [
            one.finish({name: found[number] for name, found in predictions.items()}, seconds)
            for number, one in enumerate(self.rounds)
        ]

    def _losses(self, pairs: Pairs, kept: Kept, epoch: int) -> Tensor:
        """The loss of each round on its batch of (R, N, ...) pairs: (R,)."""

        def loss(weights: dict[str, Tensor], pairs: Pairs, parts: tuple[Tensor | None, ...]) -> Tensor:
            prediction = functional_call(self._model, weights, (pairs.images, Kept(*parts)))
            return training_loss(prediction, pairs, self.config, epoch)

        along = tuple(None if part is None else 0 for part in kept)
        return vmap(loss, in_dims=(0, 0, along))(self._weights, pairs, tuple(kept))

    @torch.no_grad()
    def _predict(self, images: Tensor) -> list[Prediction]:
        """What each round says of its (R, N, 2, 14, 14) images, on the CPU."""

        def predict(weights: dict[str, Tensor], images: Tensor) -> tuple[Tensor, ...]:
            return tuple(part for part in functional_call(self._model, weights, (images,)) if part is not None)

        parts = [vmap(predict)(self._weights, chunk) for chunk in images.split(LARGE_BATCH, 1)]
        found = [torch.cat(part, 1).cpu() for part in zip(*parts, strict=True)]
        return [Prediction(*of_round, *[None] * (2 - len(found))) for of_round in zip(*found, strict=True)]


def _join(one: Training, number: int, weights: dict[str, Tensor], stacked: Adam) -> None:
    """Let a run's weights, and what its optimiser keeps of them, be one part of those of all."""
    for name, parameter in one.model.named_parameters():
        parameter.data = weights[name].detach()[number]
        state = stacked.state_of(weights[name])
        one.optimiser.state[parameter] = {
            key: value if key == "step" else value[number] for key, value in state.items()
        }


def row(config: RunConfig) -> RunConfig:
    """What rounds of one row of a table share: all but the seeds."""
    return replace(config, data_seed=0, init_seed=0)


def completed(configs: Iterable[RunConfig], device: str) -> Iterator[Completed]:
    """Train all of these on a device, the rounds of a row together, and yield each as its row is done.

    Raises
    ------
    ConfigError
        If there is no such device.
    """
    rows: dict[RunConfig, list[RunConfig]] = {}
    for config in configs:
        rows.setdefault(row(config), []).append(config)
    for some in rows.values():
        rounds = [Training(config, device=device) for config in some]
        records = zip(*Together(rounds), strict=True)
        for one, of_round in zip(rounds, records, strict=True):
            outcome = one.outcome()
            yield Completed(one.config, outcome, list(of_round), checkpoints.dumps(one, outcome))
