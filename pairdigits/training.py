"""One training run, an epoch at a time."""

from __future__ import annotations

import io
import math
import time
from collections.abc import Iterator

import torch
from torch import Tensor

from pairdigits import fused
from pairdigits.config import ConfigError, Fork, RunConfig
from pairdigits.data import MNIST, Normalisation, Pairs, load_mnist
from pairdigits.devices import find, place
from pairdigits.dropout import Dropout
from pairdigits.evaluation import confusion, contradictions, predict, score
from pairdigits.forks import inherit
from pairdigits.models import PairNet, Prediction
from pairdigits.objective import optimiser, steps, training_loss
from pairdigits.records import EpochRecord, Outcome
from pairdigits.splits import Splits, epoch_seed
from pairdigits.watching import live_probe, own_pair, probe_test_digits


class Training:
    """A run that is iterated: each step trains one epoch and yields its `EpochRecord`.

    It can be left after any epoch and iterated again, or written with `snapshot` and taken up by `restore`, and goes
    on exactly as if it had never stopped: all that is random in an epoch comes from the init seed and its number.
    A fork trains its parent's epochs again, or from where a restored parent stands (`follow`), to the same records.

    Parameters
    ----------
    config : RunConfig
    mnist : MNIST, optional
        By default the bundled data.
    device : str, optional
        In place of the config's.

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
    optimiser : Adam
    splits : Splits
        Its pairs and their normalisation.

    Raises
    ------
    ConfigError
        If this machine has no such device.
    """

    def __init__(self, config: RunConfig, mnist: MNIST | None = None, device: str | None = None):
        mnist = mnist or load_mnist()
        self.config, self._mnist = config, mnist
        self.device = find(device or config.device)
        self.splits = Splits(config, mnist, self.device)

        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(config.init_seed)  # the CPU's alone: a GPU's is not forked here
            self.model = config.build()
        place(self.model, self.device)
        fused.attach(self.model)
        self.optimiser = optimiser(self.model.named_parameters(), config)
        self.epoch = self.chosen_epoch = 0
        self.chosen_probe: list[list[float | None]] = []
        self.seconds = 0.0
        self._best = -math.inf
        self._last_test_accuracy: float | None = None
        self._chosen_state = self._copied_state()
        self._past: Training | None = None  # the parent, while its epochs are trained again

    @property
    def normalisation(self) -> Normalisation:
        """Of the splits."""
        return self.splits.normalisation

    @property
    def train(self) -> Pairs:
        """The training pairs."""
        return self.splits.train

    @property
    def validation(self) -> Pairs | None:
        """The pairs held out of the training pairs, if any."""
        return self.splits.validation

    @property
    def test(self) -> Pairs:
        """The test pairs."""
        return self.splits.test

    def __iter__(self) -> Iterator[EpochRecord]:
        while self.epoch < self.config.epochs:
            yield self._step()

    def _step(self) -> EpochRecord:
        if self.config.fork and self.epoch < self.config.fork.epoch:
            return self._step_of_past(self.config.fork)
        start = time.perf_counter()
        pairs, epoch = self.begin(), self.epoch
        dropout = Dropout(self.config.dropout_at(epoch), [epoch_seed(self.config, epoch)])
        for batch, rate in steps(pairs, self.config, epoch):
            prediction = self.model(batch.images, dropout(self.model.readings(batch.images), batch.images))
            self.optimiser.descend(training_loss(prediction, batch, self.config, epoch), rate)
        predictions = {name: predict(self.model, some.images) for name, some in self.splits.watched.items()}
        return self.finish(predictions, time.perf_counter() - start)

    def _step_of_past(self, fork: Fork) -> EpochRecord:
        past = self._past or Training(fork.parent, self._mnist, self.device.type)
        record = past._step()
        self.follow(past)
        return record

    def follow(self, past: Training) -> None:
        """Stand where the parent stands, at the fork or before it.

        Raises
        ------
        ConfigError
            If it is no such parent, or beyond the fork.
        """
        fork = self.config.fork
        if fork is None or past.config != fork.parent or past.epoch > fork.epoch:
            raise ConfigError("A run follows the one that it was forked from, up to where they part.")
        self._past, self.epoch, self.seconds = past, past.epoch, past.seconds
        if self.epoch == fork.epoch:
            inherit(self.model, self.optimiser, past.model, past.optimiser)
            self._past = None

    def begin(self) -> Pairs:
        """Begin an epoch, and say what is to be trained on in it."""
        self.epoch += 1
        return self.splits.epoch(self.epoch)

    def finish(self, predictions: dict[str, Prediction], seconds: float) -> EpochRecord:
        """End an epoch that took so long, and whose model predicts this of the pairs that are watched."""
        start = time.perf_counter()
        watched, config = self.splits.watched, self.config
        weight = config.auxiliary_at(self.epoch)
        compares = self.model.variant.learns_comparison
        scores = {
            split: score(prediction, watched[split], weight, compares) for split, prediction in predictions.items()
        }
        read = predictions["train"].digits
        record = EpochRecord(
            epoch=self.epoch,
            train=scores["train"],
            validation=scores.get("validation"),
            test=scores.get("test"),
            probe=live_probe(self.model, watched, predictions),
            confusion=None if read is None else confusion(read, self.train.digits.cpu()).tolist(),
            own_pair=own_pair(self.model, config.own_pair, self.normalisation) if config.own_pair else None,
            seconds=seconds + time.perf_counter() - start,  # last, so that it counts all of the above
        )
        self._choose(record)
        return record

    def _choose(self, record: EpochRecord) -> None:
        self.seconds += record.seconds
        self._last_test_accuracy = record.test.accuracy if record.test else None
        if (merit := record.merit(self.config.protocol)) > self._best:
            self._best = merit
            self.chosen_epoch, self.chosen_probe = record.epoch, record.probe
            self._chosen_state = self._copied_state()

    @property
    def chosen_model(self) -> PairNet:
        """A copy of the model of the chosen epoch, ready to predict."""
        model = self.config.build()
        model.load_state_dict(self._chosen_state)
        place(model, self.device)
        fused.attach(model, self.model.fused)
        return model

    @torch.inference_mode()
    def outcome(self, all_pairs: bool = True) -> Outcome:
        """Score the chosen model on the test pairs, and unless told not to on all ordered pairs of test digits."""
        model = self.chosen_model
        tested = predict(model, self.test.images)
        scores = score(tested, self.test, self.config.auxiliary_weight, model.variant.learns_comparison)
        probes = probe_test_digits(model, self._mnist, self.normalisation, real=all_pairs)
        held_out = self.validation
        return Outcome(
            epoch=self.chosen_epoch,
            validation_accuracy=score(predict(model, held_out.images), held_out, 0).accuracy if held_out else None,
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
            "optimiser": self.optimiser.state_dict(),
            "chosen_state": self._chosen_state,
            "past": self._past.snapshot() if self._past else None,
        } | {name: getattr(self, name) for name in self._PROGRESS}
        torch.save(content, buffer := io.BytesIO())
        return buffer.getvalue()

    _PROGRESS = ("epoch", "chosen_epoch", "chosen_probe", "seconds", "_best", "_last_test_accuracy")

    @classmethod
    def restore(cls, snapshot: bytes, mnist: MNIST | None = None, device: str | None = None) -> Training:
        """Take up a run where `snapshot` left it; runs no code from the snapshot.

        Raises
        ------
        ConfigError
            If the snapshot is damaged.
        """
        try:
            content = torch.load(io.BytesIO(snapshot), map_location="cpu", weights_only=True)
            training = cls(RunConfig.from_json(content["config"]), mnist, device)
            training.model.load_state_dict(content["model"])
            training.optimiser.load_state_dict(content["optimiser"])
            training._chosen_state = content["chosen_state"]
            if past := content.get("past"):
                training._past = cls.restore(past, mnist, device)
            for name in cls._PROGRESS:
                setattr(training, name, content[name])
        except ConfigError:
            raise
        except Exception as error:  # torch.load has no error of its own: zip, pickle, key, size ...
            raise ConfigError("The saved state of this run is damaged: start the run again.") from error
        return training

    def _copied_state(self) -> dict[str, Tensor]:
        return {name: value.detach().cpu().clone() for name, value in self.model.state_dict().items()}
