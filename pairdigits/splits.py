"""The pairs of one run: drawn, held out and normalised once, and put in a new order every epoch."""

from __future__ import annotations

import torch

from pairdigits.augmentation import augment
from pairdigits.config import RunConfig
from pairdigits.data import MNIST, Normalisation, Pairs, RawPairs, label_pairs, pool, prepare, rebalance, sample_pairs
from pairdigits.labels import visible


class Splits:
    """What a run is trained, chosen and tested on; all of it follows from its seeds.

    Parameters
    ----------
    config : RunConfig
    mnist : MNIST
    device : torch.device
        Where the pairs go.

    Attributes
    ----------
    normalisation : Normalisation
        Fitted to the training pairs, without those that are held out.
    train, validation, test : Pairs
        `validation` is None where no pairs are held out.
    """

    def __init__(self, config: RunConfig, mnist: MNIST, device: torch.device):
        self._config, self._device = config, device
        drawn = sample_pairs(mnist.train, config.train_pairs, config.data_seed)
        fitted = slice(0, config.train_pairs - config.validation_pairs)
        self._raw = rebalance(RawPairs(*(part[fitted] for part in drawn)), config.balance, config.data_seed)
        self.normalisation = Normalisation.fit(pool(self._raw.images))
        self.train = self._prepare(self._raw)
        if config.augmentation:
            self._raw = self._raw._replace(images=self._raw.images.to(device))
        self._named = visible(
            self._raw.digits, config.labelled, config.labelled_side, config.wrong_labels, config.data_seed
        ).to(device)
        held_out = RawPairs(*(part[fitted.stop :] for part in drawn))
        self.validation = self._prepare(held_out) if config.validation_pairs else None
        self.test = self._prepare(sample_pairs(mnist.test, config.test_pairs, config.data_seed))

    @property
    def watched(self) -> dict[str, Pairs]:
        """What is scored after every epoch, by name."""
        some = {"train": self.train, "validation": self.validation, "test": self.test}
        if not self._config.watch_test:
            del some["test"]
        return {name: pairs for name, pairs in some.items() if pairs}

    def epoch(self, number: int) -> Pairs:
        """The training pairs in this epoch's order, pairing and warp, its digits as the auxiliary loss sees them."""
        generator = torch.Generator().manual_seed(epoch_seed(self._config, number))
        pairs, config = self.train._replace(digits=self._named), self._config
        if config.augmentation:
            warped = augment(self._raw.images.flatten(0, 1), self._named.flatten(), config.augmentation, generator)
            pairs = pairs._replace(images=self.normalisation(warped).view(pairs.images.shape))
        if config.shuffle == "none":
            return pairs
        if config.shuffle == "pairs":
            order = torch.randperm(len(pairs.labels), generator=generator).to(self._device)
            return Pairs(*(part[order] for part in pairs))
        order = torch.randperm(2 * len(pairs.labels), generator=generator).to(self._device)
        images, digits, named = (
            part.flatten(0, 1)[order].view(part.shape) for part in (pairs.images, self.train.digits, pairs.digits)
        )
        return Pairs(images, label_pairs(digits), named)

    def _prepare(self, raw: RawPairs) -> Pairs:
        return prepare(raw, self.normalisation).to(self._device)


def epoch_seed(config: RunConfig, epoch: int) -> int:
    """What all that is random in an epoch comes from, so that a run can be left and taken up between any two."""
    return config.init_seed * 1009 + epoch
