"""One training step, against autograd and torch's own Adam on two towers cloned by hand, and against a real run."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from pairdigits import one_step
from pairdigits.choices import PUBLISHED
from pairdigits.data import Pairs
from pairdigits.models import VARIANTS, Tower
from pairdigits.one_step import Moment
from pairdigits.presets import preset
from pairdigits.training import Training

MODELS = [name for name, variant in VARIANTS.items() if variant.siamese]
LEARNING = [(name, True) for name in MODELS] + [(name, False) for name in MODELS if VARIANTS[name].learns_comparison]
ONE_BATCH = {"train_pairs": 64, "test_pairs": 10, "epochs": 3}  # an epoch is a step


def begun(variant: str, **changes) -> Training:
    """A run after its first epoch."""
    training = Training(preset("report", variant, protocol=PUBLISHED, **(ONE_BATCH | changes)))
    next(iter(training))
    return training


def batch(training: Training) -> Pairs:
    return Pairs(*(part[:64] for part in training.train))


def by_hand(
    training: Training, auxiliary: bool, tied: bool
) -> tuple[torch.Tensor, dict[tuple[str, str], torch.Tensor]]:
    """Weights of the towers after the step, and gradients by (loss, side), with nothing of `pairdigits.one_step`.

    Each side runs through a tower of its own. Tied towers get the sum of both gradients, and so stay the same.
    """
    variant, config, pairs = training.model.variant, training.config, batch(training)
    towers = [Tower().double(), Tower().double()]
    for tower in towers:
        tower.load_state_dict(training.model.towers[0].state_dict())
    head = variant.head().double()
    head.load_state_dict(training.model.head.state_dict())
    left, right = (tower(pairs.images[:, i : i + 1].double()) for i, tower in enumerate(towers))
    losses = {}
    if variant.learns_comparison:
        losses["class"] = F.cross_entropy(head(variant.feature(left), variant.feature(right)), pairs.labels)
    if auxiliary:
        digits = F.cross_entropy(left.logits, pairs.digits[:, 0]) + F.cross_entropy(right.logits, pairs.digits[:, 1])
        losses["auxiliary"] = digits
    found = {}
    for name, loss in losses.items():
        for side, tower in zip(("left", "right"), towers, strict=True):
            parts = torch.autograd.grad(
                loss, list(tower.parameters()), retain_graph=True, allow_unused=True, materialize_grads=True
            )
            found[name, side] = torch.cat([part.flatten() for part in parts])
    sides = [sum(found[name, side] for name in losses) for side in ("left", "right")]
    kept = training.optimiser.state
    after = []
    for gradient in [sides[0] + sides[1]] if tied else sides:
        weights = [nn.Parameter(weight.detach().double()) for weight in training.model.towers.parameters()]
        adam = torch.optim.Adam(weights, lr=config.learning_rate, weight_decay=config.weight_decay)
        for weight, own, part in zip(
            weights, training.model.towers.parameters(), gradient.split([one.numel() for one in weights]), strict=True
        ):
            state = {name: value.double() for name, value in kept[own].items()}
            adam.state[weight] = {name: value.clone() for name, value in state.items()}
            weight.grad = part.view_as(weight).clone()
        adam.step()
        after += [weight.detach().flatten() for weight in weights]
    return torch.cat(after), found


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize(("variant", "auxiliary"), LEARNING)
def test_a_step_is_what_two_cloned_towers_and_torchs_adam_make_of_it(variant, auxiliary, tied):
    training = begun(variant)
    step = one_step.take(Moment.of(training), batch(training), auxiliary, tied)
    after, gradients = by_hand(training, auxiliary, tied)
    size = len(next(iter(gradients.values())))
    for i, loss in enumerate(("class", "auxiliary")):
        for j, side in enumerate(("left", "right")):
            own = slice(0, size) if tied or side == "left" else slice(size, 2 * size)
            expected = gradients.get((loss, side), torch.zeros(size))
            torch.testing.assert_close(step.gradient.parts[i, j, own], expected.double(), rtol=1e-9, atol=1e-13)
    torch.testing.assert_close(step.after, after, rtol=1e-9, atol=1e-12)
    assert step.tied == tied and len(step.before) == size * (1 if tied else 2)


@pytest.mark.parametrize("variant", MODELS)
@pytest.mark.parametrize("tied", [True, False])
def test_what_is_shown_adds_up_for_every_weight(variant, tied):
    training = begun(variant)
    sources = (step := one_step.take(Moment.of(training), batch(training), tied=tied)).gradient.sources
    for one, other in (("left", "right"), ("class", "auxiliary")):
        assert (sources[one] + sources[other] - step.gradient.whole).abs().max() < 1e-12
    assert step.gradient.error < 1e-12 and step.moved > 0


def test_it_is_the_step_that_the_run_takes_next():
    """In float64, where dropout is over after the first epoch and an epoch is one batch."""
    training = begun("v5")
    training.model.double()
    for state in training.optimiser.state.values():
        state |= {name: value.double() for name, value in state.items()}
    for split in ("train", "test"):
        pairs = getattr(training, split)
        setattr(training.splits, split, pairs._replace(images=pairs.images.double()))
    step = one_step.take(Moment.of(training), batch(training))
    before = torch.cat([weight.detach().flatten() for weight in training.model.towers.parameters()])
    torch.testing.assert_close(step.before, before, rtol=0, atol=0)
    record = next(iter(training))
    assert record.epoch == 2
    after = torch.cat([weight.detach().flatten() for weight in training.model.towers.parameters()])
    torch.testing.assert_close(step.after, after, rtol=0, atol=1e-9)


def test_the_losses_are_those_of_the_batch():
    training = begun("v1")
    pairs = batch(training)
    step = one_step.take(Moment.of(training), pairs)
    prediction = training.model(pairs.images)
    expected = {"class": F.cross_entropy(prediction.comparison, pairs.labels)} | {
        side: F.cross_entropy(prediction.digits[:, place], pairs.digits[:, place])
        for place, side in enumerate(("left", "right"))
    }
    assert step.losses == pytest.approx({name: loss.item() for name, loss in expected.items()}, rel=1e-4)


def test_untied_towers_part_unless_both_digits_ask_for_the_same():
    training = begun("v1")
    moment, pairs = Moment.of(training), batch(training)
    step = one_step.take(moment, pairs, tied=False)
    left, right = step.after.chunk(2)
    assert torch.equal(*step.before.chunk(2)) and not torch.equal(left, right)
    twice = pairs._replace(images=pairs.images[:, :1].expand(-1, 2, -1, -1), digits=pairs.digits[:, :1].expand(-1, 2))
    parts = one_step.take(moment, twice, tied=False).gradient.parts[1]  # the digits' losses
    torch.testing.assert_close(parts[0].chunk(2)[0], parts[1].chunk(2)[1], rtol=0, atol=1e-12)


def test_the_first_step_of_all_goes_as_far_for_every_weight():
    """Adam's first step has the length of the rate, whatever the gradient's."""
    config = preset("report", "v1", protocol=PUBLISHED, **ONE_BATCH)
    (moment,) = one_step.moments(config, [0])
    step = one_step.take(moment, batch(Training(config)))
    assert moment.steps == 0
    moves = (step.after - step.before).abs()
    pulled = (step.gradient.whole + config.weight_decay * step.before).abs() > 1e-5
    torch.testing.assert_close(moves[pulled], torch.full_like(moves[pulled], config.learning_rate), rtol=2e-3, atol=0)


def test_a_moment_is_left_as_it_was():
    training = begun("v5")
    moment, pairs = Moment.of(training), batch(training)
    first, second = (one_step.take(moment, pairs) for _ in range(2))
    assert torch.equal(first.after, second.after)
    next(iter(training))
    assert torch.equal(first.after, one_step.take(moment, pairs).after)


def test_moments_are_written_and_read():
    config = preset("report", "v7", protocol=PUBLISHED, **ONE_BATCH)
    made = list(one_step.moments(config, [0, 2]))
    found = one_step.loads(one_step.dumps(made))
    assert list(found) == [0, 2] and found[2].steps == 2 and found[2].config == config
    pairs = batch(Training(config))
    steps = [one_step.take(moment, pairs) for moment in (made[1], found[2])]
    assert torch.equal(steps[0].gradient.whole, steps[1].gradient.whole)
    torch.testing.assert_close(steps[0].after, steps[1].after, rtol=0, atol=0.01 * config.learning_rate)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[:-9],
        lambda content: b"x" * 40,
        lambda content: content.replace(one_step.FORMAT.encode(), b"?" * len(one_step.FORMAT)),
    ],
    ids=["nothing", "cut off", "something else", "of another format"],
)
def test_what_is_no_moment_is_said_so(spoil):
    content = one_step.dumps(one_step.moments(preset("report", "v1", **(ONE_BATCH | {"validation_pairs": 8})), [0]))
    with pytest.raises(one_step.MomentError, match="make them again"):
        one_step.loads(spoil(content))


def test_a_step_of_the_base_model_is_what_torchs_adam_makes_of_its_one_loss():
    training = begun("base")
    step = one_step.take(Moment.of(training), batch(training))
    config, pairs = training.config, batch(training)
    tower = Tower(2, 2).double()
    tower.load_state_dict(training.model.tower.state_dict())
    adam = torch.optim.Adam(tower.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    for weight, own in zip(tower.parameters(), training.model.tower.parameters(), strict=True):
        adam.state[weight] = {name: value.double().clone() for name, value in training.optimiser.state[own].items()}
    loss = F.cross_entropy(tower(pairs.images.double()).logits, pairs.labels)
    loss.backward()
    gradient = torch.cat([weight.grad.flatten() for weight in tower.parameters()])
    adam.step()
    after = torch.cat([weight.detach().flatten() for weight in tower.parameters()])
    assert step.losses == {"class": pytest.approx(loss.item(), rel=1e-12)} and step.tied
    torch.testing.assert_close(step.gradient.whole, gradient, rtol=1e-9, atol=1e-13)
    torch.testing.assert_close(step.after, after, rtol=1e-9, atol=1e-12)


def test_the_base_model_has_nothing_to_untie_and_reads_no_digit():
    training = begun("base")
    with pytest.raises(ValueError, match="no single digits"):
        one_step.take(Moment.of(training), batch(training), tied=False)
    with pytest.raises(ValueError, match="no single digits"):
        _ = one_step.take(Moment.of(training), batch(training)).read


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_the_optimiser_took_in_is_the_gradient_and_the_weight_decay(variant):
    training = begun(variant)
    step = one_step.take(Moment.of(training), batch(training))
    told = step.gradient.whole + training.config.weight_decay * step.before
    torch.testing.assert_close(step.heard, told, rtol=1e-9, atol=1e-12)


def test_adamw_shrinks_matrices_only():
    training = begun("v1")
    moment = replace(Moment.of(training), config=replace(training.config, optimiser="adamw", weight_decay=0.5))
    plain = replace(moment, config=replace(moment.config, weight_decay=0.0))
    step, other = (one_step.take(one, batch(training)) for one in (moment, plain))
    rate = training.config.learning_rate
    for name, place in step.gradient.layers.items():
        shrunk = step.before[place] * (rate * 0.5 if name.endswith("weight") else 0)
        torch.testing.assert_close(step.after[place], other.after[place] - shrunk, rtol=0, atol=1e-12)
