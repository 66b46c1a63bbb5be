"""One training run, an epoch at a time."""

from __future__ import annotations

import io
import math
import time
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from pairdigits import fused, probe
from pairdigits.augmentation import augment
from pairdigits.config import CORRECTED, PUBLISHED, ConfigError, RunConfig
from pairdigits.data import (
    MNIST,
    Normalisation,
    Pairs,
    RawPairs,
    label_pairs,
    load_mnist,
    pool,
    prepare,
    rebalance,
    sample_pairs,
)
from pairdigits.evaluation import Scores, confusion, contradictions, digit_loss, predict, probability, score
from pairdigits.labels import visible
from pairdigits.models import VARIANTS, PairNet, Prediction
from pairdigits.optimiser import Adam
from pairdigits.prior import fading, idleness
from pairdigits.records import EpochRecord, Outcome
from pairdigits.sketch import unpack_pair


class Training:
    """A run that is iterated: each step trains one epoch and yields its `EpochRecord`.

    It can be left after any epoch and iterated again, or written with `snapshot` and taken up by `restore`, and goes
    on exactly as if it had never stopped: all that is random in an epoch comes from the init seed and its number.

    Parameters
    ----------
    config : RunConfig
    mnist : MNIST, optional
        By default the bundled data.

    Attributes
    ----------
    model : PairNet
        As of the last epoch trained.
    epoch : int
        Epochs trained so far.
    chosen_epoch : int
        The one whose model is kept: the best on the test pairs ("as published"), on the validation pairs
        ("corrected"), or the last where there are none.
    chosen_probe : list
        The 10x10 probe of that epoch (see `EpochRecord`).
    normalisation : Normalisation
    train, validation, test : Pairs
        `validation` is None where no pairs are held out.
    """

    def __init__(self, config: RunConfig, mnist: MNIST | None = None):
        mnist = mnist or load_mnist()
        self.config, self._mnist = config, mnist
        self.device = _device(config.device)
        drawn = sample_pairs(mnist.train, config.train_pairs, config.data_seed)
        fitted = slice(0, config.train_pairs - config.validation_pairs)
        self._raw = rebalance(RawPairs(*(part[fitted] for part in drawn)), config.balance, config.data_seed)
        self.normalisation = Normalisation.fit(pool(self._raw.images))
        self.train = self._prepare(self._raw)
        self._named = visible(
            self._raw.digits, config.labelled, config.labelled_side, config.wrong_labels, config.data_seed
        )
        held_out = RawPairs(*(part[fitted.stop :] for part in drawn))
        self.validation = self._prepare(held_out) if config.validation_pairs else None
        self.test = self._prepare(sample_pairs(mnist.test, config.test_pairs, config.data_seed))

        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(config.init_seed)  # the CPU's alone: a GPU's is not forked here
            self.model = config.build()
        self.model.to(self.device, memory_format=torch.channels_last)
        fused.attach(self.model)
        self._optimiser = _optimiser(self.model, config)
        self.epoch = self.chosen_epoch = 0
        self.chosen_probe: list[list[float | None]] = []
        self.seconds = 0.0
        self._best = -math.inf
        self._last_test_accuracy: float | None = None
        self._chosen_state = self._copied_state()

    def __iter__(self) -> Iterator[EpochRecord]:
        while self.epoch < self.config.epochs:
            yield self._step()

    def _step(self) -> EpochRecord:
        start = time.perf_counter()
        self.epoch += 1
        self._train_epoch()
        predictions = {"train": predict(self.model, self.train.images)}
        if self.validation:
            predictions["validation"] = predict(self.model, self.validation.images)
        if self.config.watch_test:
            predictions["test"] = predict(self.model, self.test.images)
        auxiliary_weight = self.config.auxiliary_at(self.epoch)
        scores = {
            split: score(prediction, getattr(self, split), auxiliary_weight, self._learns_comparison)
            for split, prediction in predictions.items()
        }
        live_probe = self._probe(predictions)
        self._choose(scores, live_probe)
        seconds = time.perf_counter() - start
        self.seconds += seconds
        read = predictions["train"].digits
        return EpochRecord(
            epoch=self.epoch,
            seconds=seconds,
            train=scores["train"],
            validation=scores.get("validation"),
            test=scores.get("test"),
            probe=live_probe,
            confusion=None if read is None else confusion(read, self.train.digits).tolist(),
            own_pair=self._own_pair(),
        )

    def _train_epoch(self) -> None:
        config = self.config
        dropout = config.protocol == CORRECTED or self.epoch == 1
        self.model.train(dropout)  # no other layer asks for the mode
        generator = torch.Generator().manual_seed(config.init_seed * 1009 + self.epoch)
        pairs = self._epoch_pairs(generator)
        batches = math.ceil(len(pairs.labels) / config.batch_size)
        devices = [self.device] if self.device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(config.init_seed * 1009 + self.epoch)
            for number, batch in enumerate(zip(*(part.split(config.batch_size) for part in pairs), strict=True)):
                rate = learning_rate(config, (self.epoch - 1) * batches + number, config.epochs * batches)
                for group in self._optimiser.param_groups:
                    group["lr"] = rate
                self._optimiser.zero_grad()
                training_loss(self.model(batch[0]), Pairs(*batch), config, self.epoch).backward()
                self._optimiser.step()

    def _epoch_pairs(self, generator: torch.Generator) -> Pairs:
        """The training pairs in this epoch's order, pairing and warp, its digits as the auxiliary loss sees them."""
        pairs, config = self.train._replace(digits=self._named.to(self.device)), self.config
        if config.augmentation:
            warped = augment(self._raw.images.flatten(0, 1), self._named.flatten(), config.augmentation, generator)
            pairs = pairs._replace(images=self.normalisation(warped).view(pairs.images.shape).to(self.device))
        if config.shuffle == "none":
            return pairs
        if config.shuffle == "pairs":
            order = torch.randperm(len(pairs.labels), generator=generator).to(self.device)
            return Pairs(*(part[order] for part in pairs))
        order = torch.randperm(2 * len(pairs.labels), generator=generator).to(self.device)
        images, digits, named = (
            part.flatten(0, 1)[order].view(part.shape) for part in (pairs.images, self.train.digits, pairs.digits)
        )
        return Pairs(images, label_pairs(digits), named)

    def _choose(self, scores: dict[str, Scores], live_probe: list[list[float | None]]) -> None:
        judge = scores.get("test" if self.config.protocol == PUBLISHED else "validation")
        if "test" in scores:
            self._last_test_accuracy = scores["test"].accuracy
        if judge is None or judge.accuracy > self._best:
            self._best = judge.accuracy if judge else self._best
            self.chosen_epoch, self.chosen_probe = self.epoch, live_probe
            self._chosen_state = self._copied_state()

    def _probe(self, predictions: dict[str, Prediction]) -> list[list[float | None]]:
        kind = self.model.variant.probe_kinds[0]
        if kind == "ideal":
            found = probe.ideal_signal(self.model)
        elif kind == "typical":
            sides = probe.read_sides(self.model, self.train.images.flatten(0, 1))
            found = probe.typical_digit(self.model, sides, self.train.digits.flatten())
        else:
            split = list(predictions)[-1]
            called = predictions[split].comparison.argmax(-1).bool()
            found = probe.shares(called, getattr(self, split).digits)
        return [[None if math.isnan(cell) else cell for cell in row] for row in found.probability.tolist()]

    def _own_pair(self) -> dict | None:
        if not self.config.own_pair:
            return None
        pooled = torch.stack([torch.from_numpy(image).float() / 255 for image in unpack_pair(self.config.own_pair)])
        prediction = predict(self.model, self.normalisation(pooled).unsqueeze(0).to(self.device))
        digits = None if prediction.digits is None else prediction.digits[0].softmax(-1).tolist()
        return {"probability": probability(prediction.comparison)[0].item(), "digits": digits}

    @property
    def chosen_model(self) -> PairNet:
        """A copy of the model of the chosen epoch, ready to predict."""
        config = self.config
        model = config.build()
        model.load_state_dict(self._chosen_state)
        model.to(self.device, memory_format=torch.channels_last)
        fused.attach(model, self.model.fused)
        return model.eval()

    @torch.inference_mode()
    def outcome(self, all_pairs: bool = True) -> Outcome:
        """Score the chosen model on the test pairs, and unless told not to on all ordered pairs of test digits."""
        model = self.chosen_model
        tested = predict(model, self.test.images)
        scores = score(tested, self.test, self.config.auxiliary_weight, self._learns_comparison)
        probes = probe_test_digits(model, self._mnist, self.normalisation, real=all_pairs)
        validation = predict(model, self.validation.images) if self.validation else None
        return Outcome(
            epoch=self.chosen_epoch,
            validation_accuracy=score(validation, self.validation, 0).accuracy if validation else None,
            test_accuracy=scores.accuracy,
            test_digit_accuracy=scores.digit_accuracy,
            all_pairs_accuracy=probes["real"].accuracy if all_pairs else None,
            last_test_accuracy=self._last_test_accuracy,
            contradictions=contradictions(model, self.test, tested),
            wrong_cells={kind: found.wrong_cells for kind, found in probes.items()},
            seconds=self.seconds,
            kernel=self.model.fused,
        )

    def snapshot(self) -> bytes:
        """All that is needed to go on later, elsewhere too."""
        content = {
            "config": self.config.to_json(),
            "model": self.model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "chosen_state": self._chosen_state,
        } | {name: getattr(self, name) for name in self._PROGRESS}
        buffer = io.BytesIO()
        torch.save(content, buffer)
        return buffer.getvalue()

    _PROGRESS = ("epoch", "chosen_epoch", "chosen_probe", "seconds", "_best", "_last_test_accuracy")

    @classmethod
    def restore(cls, snapshot: bytes, mnist: MNIST | None = None) -> Training:
        """Take up a run where `snapshot` left it; runs no code from the snapshot.

        Raises
        ------
        ConfigError
            If the snapshot is damaged.
        """
        try:
            content = torch.load(io.BytesIO(snapshot), map_location="cpu", weights_only=True)
            training = cls(RunConfig.from_json(content["config"]), mnist)
            training.model.load_state_dict(content["model"])
            training._optimiser.load_state_dict(content["optimiser"])
            training._chosen_state = content["chosen_state"]
            for name in cls._PROGRESS:
                setattr(training, name, content[name])
        except ConfigError:
            raise
        except Exception as error:  # torch.load has no error of its own: zip, pickle, key, size ...
            raise ConfigError("The saved state of this run is damaged: start the run again.") from error
        return training

    @property
    def _siamese(self) -> bool:
        return self.model.variant.siamese

    @property
    def _learns_comparison(self) -> bool:
        return self.model.variant.learns_comparison

    def _prepare(self, raw: RawPairs) -> Pairs:
        return Pairs(*(part.to(self.device) for part in prepare(raw, self.normalisation)))

    def _copied_state(self) -> dict[str, Tensor]:
        return {name: value.detach().cpu().clone() for name, value in self.model.state_dict().items()}


def training_loss(prediction: Prediction, pairs: Pairs, config: RunConfig, epoch: int = 1) -> Tensor:
    """Class cross-entropy plus an epoch's weighted auxiliary loss (section II) and prior: a scalar with a gradient."""
    loss = prediction.comparison.new_zeros(())
    if VARIANTS[config.variant].learns_comparison:
        loss = F.cross_entropy(prediction.comparison, pairs.labels)
    if weight := config.auxiliary_at(epoch):
        loss = loss + weight * digit_loss(prediction.digits, pairs.digits, config.label_smoothing)
    if weight := config.prior_weight * fading(epoch, config.epochs):
        loss = loss + weight * idleness(prediction.digits)
    return loss


def learning_rate(config: RunConfig, step: int, steps: int) -> float:
    """The rate of one step, counted from 0, of all steps of a run."""
    if config.schedule == "constant":
        return config.learning_rate
    progress, warm_up = (step + 1) / steps, 0.2
    if progress < warm_up:
        return config.learning_rate * progress / warm_up
    return config.learning_rate * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up))) / 2


def probe_test_digits(
    model: PairNet, mnist: MNIST, normalisation: Normalisation, strength: float = 10.0, real: bool = True
) -> dict[str, probe.Probe]:
    """Every kind of probe that the variant has, over MNIST's 10,000 test digits; "real" takes up to a second or two."""
    device = next(model.parameters()).device
    images, digits = normalisation(pool(mnist.test.images)).to(device), mnist.test.labels.to(device)
    if not model.variant.siamese:
        return {"real": probe.drawn_pairs(model, images, digits)} if real else {}
    sides = probe.read_sides(model, images)
    take = {
        "ideal": lambda: probe.ideal_signal(model, strength),
        "typical": lambda: probe.typical_digit(model, sides, digits),
        "real": lambda: probe.real_pairs(model, sides, digits),
    }
    return {kind: take[kind]() for kind in model.variant.probe_kinds if kind != "real" or real}


def _optimiser(model: PairNet, config: RunConfig) -> Adam:
    decaying, free = [], []
    for name, parameter in model.named_parameters():
        # A temperature that decayed would end near 1, wherever it should be.
        decays = parameter.dim() > 1 if config.optimiser == "adamw" else name != "log_temperature"
        (decaying if decays else free).append(parameter)
    groups = [(decaying, config.weight_decay), (free, 0.0)]
    return Adam(
        [{"params": some, "lr": config.learning_rate, "weight_decay": decay} for some, decay in groups if some],
        decoupled=config.optimiser == "adamw",
    )


def _device(name: str) -> torch.device:
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device, there in available.items() if there)
    if not available[name]:
        raise ConfigError(f"This machine has no {name} device: choose auto or cpu.")
    return torch.device(name)
