"""One training step taken apart: what is read, which gradients come back, and where the optimiser moves every weight.

It is taken in float64, so that sums hold to the last digit shown, and with dropout off, so that every part sees the
same network. After the first epoch of a run "as published" at a constant rate, that is the step which it takes next.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import safetensors
import safetensors.torch
import torch
import torch.nn.functional as F
from torch import Tensor

from pairdigits.config import ConfigError, RunConfig
from pairdigits.data import Pairs
from pairdigits.gradients import TowerGradient, tower_gradient
from pairdigits.models import PairNet, Prediction, SiameseNet, siamese
from pairdigits.objective import optimiser as begun
from pairdigits.training import Training

AVERAGES = ("exp_avg", "exp_avg_sq")
FORMAT = "pairdigits moments 1"


class MomentError(ValueError):
    """A file holds no moments of a run; the message says so in one sentence."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A run between two steps: all that the next one depends on but the batch."""

    config: RunConfig
    epoch: int  # epochs trained
    steps: int  # taken by the optimiser
    weights: dict[str, Tensor]  # of the whole model, by name
    averages: dict[str, dict[str, Tensor]]  # Adam's, of the gradient and of its square: AVERAGES -> name -> values

    @classmethod
    def of(cls, training: Training) -> Moment:
        """Where a run stands now; later epochs do not change it."""
        named = dict(training.model.named_parameters())
        states = {name: kept for name, weight in named.items() if (kept := training.optimiser.state.get(weight))}
        steps = next((int(state["step"]) for state in states.values()), 0)
        averages = {key: {name: _copy(state[key]) for name, state in states.items()} for key in AVERAGES}
        weights = {name: _copy(weight.detach()) for name, weight in named.items()}
        return cls(training.config, training.epoch, steps, weights, averages)


@dataclass(frozen=True, eq=False)
class Step:
    """A step that a model took on one batch. P are its towers' weights and biases, all in float64."""

    prediction: Prediction  # of the batch, before the step
    losses: dict[str, float]  # mean cross-entropies in nats: left and right, unweighted, where digits are read; class
    gradient: TowerGradient
    before: Tensor  # (P,)
    after: Tensor  # (P,)
    heard: Tensor  # (P,) what the optimiser took in, read off its average: the gradient, and adam's weight decay

    @property
    def tied(self) -> bool:
        """Whether one tower read both sides."""
        return not any(name.startswith("1.") for name in self.gradient.layers)

    @property
    def read(self) -> Tensor:
        """Logits of the digits, (N, 2, 10).

        Raises
        ------
        ValueError
            If the model reads no single digits (base).
        """
        if self.prediction.digits is None:
            raise ValueError("This model reads no single digits.")
        return self.prediction.digits

    @property
    def moved(self) -> float:
        """Length of the whole move of the towers' weights."""
        return (self.after - self.before).norm().item()


def take(moment: Moment, pairs: Pairs, auxiliary: bool = True, tied: bool = True) -> Step:
    """Take the next step of a run on a batch.

    Parameters
    ----------
    moment : Moment
        Of a run with one tower; it is left as it was.
    pairs : Pairs
        The batch.
    auxiliary : bool
        With the digits' losses at the run's weight, or on the class loss alone.
    tied : bool
        False gives each side a tower of its own just now, both with the weights and averages of the shared one.

    Raises
    ------
    ValueError
        If there is nothing to untie: the base model reads both digits at once.
    """
    config, model = moment.config, _model(moment).double()
    pairs = pairs._replace(images=pairs.images.double())
    if not tied:
        model = untied(siamese(model))
    weight = config.auxiliary_weight if auxiliary else 0.0
    gradient = tower_gradient(model, pairs, weight)
    prediction = model(pairs.images)
    losses: dict[str, Tensor] = {}
    if prediction.digits is not None:
        for place, side in enumerate(("left", "right")):
            losses[side] = F.cross_entropy(prediction.digits[:, place], pairs.digits[:, place])
    if model.variant.learns_comparison:
        losses["class"] = F.cross_entropy(prediction.comparison, pairs.labels)
    towers = model.tower_weights()
    for name, parameter in towers.items():
        parameter.grad = gradient.whole[gradient.layers[name]].view_as(parameter).clone()
    head = [parameter for name, parameter in model.named_parameters() if not name.startswith("tower")]
    for parameter, one in zip(head, torch.autograd.grad(losses["class"], head) if head else (), strict=True):
        parameter.grad = one
    before = _flat(towers)
    optimiser = begun(model.named_parameters(), config)
    for name, parameter in model.named_parameters():
        if moment.steps:
            averages = {average: moment.averages[average][_origin(name)].double() for average in AVERAGES}
            optimiser.state[parameter] = {"step": torch.tensor(float(moment.steps)), **averages}
    average = _flat({name: optimiser.state_of(weight)["exp_avg"] for name, weight in towers.items()})
    optimiser.step()
    moved = _flat({name: optimiser.state_of(weight)["exp_avg"] for name, weight in towers.items()})
    kept = optimiser.BETAS[0]
    return Step(
        Prediction(prediction.comparison.detach(), None if prediction.digits is None else prediction.digits.detach()),
        {name: loss.item() for name, loss in losses.items()},
        gradient,
        before,
        _flat(towers),
        (moved - kept * average) / (1 - kept),
    )


def untied(model: SiameseNet) -> SiameseNet:
    """A copy in which each side has a tower of its own, both with the weights that the shared one has now."""
    twin = SiameseNet(model.variant, shared=False, learn_temperature=model.log_temperature is not None).to(
        next(model.parameters()).dtype
    )
    shared = model.state_dict()
    twin.load_state_dict({name: shared[_origin(name)] for name in twin.state_dict()})
    return twin


def moments(config: RunConfig, epochs: Iterable[int]) -> Iterator[Moment]:
    """Train a run up to the last of these epochs and yield where it stands after each; 0 is before the first."""
    wanted = set(epochs)
    training = Training(config)
    if 0 in wanted:
        yield Moment.of(training)
    for record in training:
        if record.epoch in wanted:
            yield Moment.of(training)
        if record.epoch >= max(wanted):
            return


def dumps(found: Iterable[Moment]) -> bytes:
    """Write moments of one run as a safetensors file; Adam's averages keep three digits (bfloat16) to be small."""
    found = list(found)
    tensors = {
        f"{moment.epoch}/{kind}/{name}": value if kind == "weights" else value.bfloat16()
        for moment in found
        for kind, values in [("weights", moment.weights), *moment.averages.items()]
        for name, value in values.items()
    }
    steps = {str(moment.epoch): moment.steps for moment in found}
    return safetensors.torch.save(
        tensors, {"format": FORMAT, "config": found[0].config.to_json(), "steps": json.dumps(steps)}
    )


def loads(content: bytes) -> dict[int, Moment]:
    """Read what `dumps` wrote, by epoch.

    Raises
    ------
    MomentError
        If the content is damaged or something else.
    """
    try:
        tensors = safetensors.torch.load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
        if header["format"] != FORMAT:
            raise KeyError(header["format"])
        config, steps = RunConfig.from_json(header["config"]), json.loads(header["steps"])
        found = {}
        for epoch, taken in steps.items():
            kinds: dict[str, dict[str, Tensor]] = {kind: {} for kind in ("weights", *AVERAGES)}
            for place, value in tensors.items():
                at, kind, name = place.split("/")
                if at == epoch:
                    kinds[kind][name] = value.float()
            moment = Moment(config, int(epoch), int(taken), kinds.pop("weights"), kinds)
            _model(moment)  # whether its weights fit
            found[int(epoch)] = moment
        return found
    except (safetensors.SafetensorError, ConfigError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        raise MomentError("These are no moments of a run: make them again with python -m pairdigits lessons.") from None


def _model(moment: Moment) -> PairNet:
    with torch.random.fork_rng(devices=[]):
        model = moment.config.build()
    model.load_state_dict(moment.weights)
    return model


def _origin(name: str) -> str:
    """The parameter of a shared tower that one of two separate towers comes from."""
    return name.replace("towers.1.", "towers.0.")


def _flat(weights: Mapping[str, Tensor]) -> Tensor:
    return torch.cat([weight.detach().flatten().clone() for weight in weights.values()])


def _copy(values: Tensor) -> Tensor:
    return values.cpu().clone(memory_format=torch.contiguous_format)
