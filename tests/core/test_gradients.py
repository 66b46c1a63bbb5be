"""The gradient's four parts, against autograd of the plain two-tower sum and against finite differences.

In float64: in float32 a near tie, in a pooling say, sends a gradient elsewhere on another processor.
"""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from pairdigits.data import Pairs, label_pairs
from pairdigits.gradients import angle, tower_gradient
from pairdigits.models import VARIANTS, SiameseNet, build, siamese
from pairdigits.towers import TowerOutput

SIAMESE = [name for name, variant in VARIANTS.items() if variant.siamese]


@pytest.fixture
def pairs() -> Pairs:
    torch.manual_seed(0)
    digits = torch.randint(10, (6, 2))
    return Pairs(torch.randn(6, 2, 14, 14, dtype=torch.float64), label_pairs(digits), digits)


def made(variant: str, shared: bool = True) -> SiameseNet:
    torch.manual_seed(1)
    return siamese(build(variant, shared)).double()


def textbook(model: SiameseNet, pairs: Pairs, weight: float) -> dict[str, torch.Tensor]:
    """Two towers of their own with the same weights, by hand: what reaches each one is a branch's gradient."""
    left, right = made("v1", shared=False).towers
    for copy, side in ((left, 0), (right, -1)):
        copy.load_state_dict(model.towers[side].state_dict())
    outputs: list[TowerOutput] = [left(pairs.images[:, :1]), right(pairs.images[:, 1:])]
    parts = [weight * F.cross_entropy(out.logits, pairs.digits[:, i]) for i, out in enumerate(outputs)]
    auxiliary = torch.stack(parts).sum()
    losses = {"auxiliary": auxiliary}
    if model.variant.learns_comparison:
        losses["class"] = F.cross_entropy(model.head(*map(model.feature, outputs)), pairs.labels)
    return {
        f"{name} {side}": torch.cat(
            [
                (torch.zeros_like(p) if g is None else g).flatten()
                for p, g in zip(
                    tower.parameters(),
                    torch.autograd.grad(loss, list(tower.parameters()), retain_graph=True, allow_unused=True),
                    strict=True,
                )
            ]
        )
        for name, loss in losses.items()
        for side, tower in (("left", left), ("right", right))
    }


@pytest.mark.parametrize("variant", SIAMESE)
def test_the_parts_of_a_shared_tower_are_those_of_two_towers_with_its_weights(variant, pairs):
    model = made(variant)
    found = tower_gradient(model, pairs, 0.7)
    expected = textbook(model, pairs, 0.7)
    for i, loss in enumerate(("class", "auxiliary")):
        for j, side in enumerate(("left", "right")):
            part = expected.get(f"{loss} {side}", torch.zeros_like(found.whole))
            torch.testing.assert_close(found.parts[i, j], part, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("variant", SIAMESE)
def test_branches_and_losses_each_add_up_to_the_whole(variant, shared, pairs):
    found = tower_gradient(made(variant, shared), pairs)
    sources = found.sources
    torch.testing.assert_close(sources["left"] + sources["right"], found.whole, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(sources["class"] + sources["auxiliary"], found.whole, rtol=1e-9, atol=1e-12)
    assert found.error < 1e-12
    assert found.sizes["whole"] == pytest.approx(found.whole.norm().item())


def test_the_whole_is_what_training_gives_the_optimiser(pairs):
    model = made("v5")
    found = tower_gradient(model, pairs, 2.0)
    prediction = model(pairs.images)
    loss = F.cross_entropy(prediction.comparison, pairs.labels)
    for side in range(2):
        loss = loss + 2.0 * F.cross_entropy(prediction.digits[:, side], pairs.digits[:, side])
    loss.backward()
    for name, weight in model.towers.named_parameters():
        torch.testing.assert_close(
            found.whole[found.layers[name]].view(weight.shape), weight.grad, rtol=1e-9, atol=1e-12
        )


def test_a_step_along_the_gradient_changes_the_loss_as_finite_differences_say(pairs):
    model = made("v6")
    found = tower_gradient(model, pairs, 1.0)

    def loss() -> float:
        prediction = model(pairs.images)
        digits = sum(F.cross_entropy(prediction.digits[:, i], pairs.digits[:, i]) for i in range(2))
        return (F.cross_entropy(prediction.comparison, pairs.labels) + digits).item()

    step = 1e-6
    for name, index in (
        ("0.conv1.weight", 3),
        ("0.conv2.bias", 7),
        ("0.encoder.weight", 1234),
        ("0.classifier.bias", 2),
    ):
        weight = dict(model.towers.named_parameters())[name].data.view(-1)
        kept = weight[index].item()
        weight[index] = kept + step
        above = loss()
        weight[index] = kept - step
        below = loss()
        weight[index] = kept
        expected = (above - below) / (2 * step)
        assert found.whole[found.layers[name]][index].item() == pytest.approx(expected, rel=1e-4, abs=1e-8)


def test_a_branch_reaches_only_its_own_tower_when_they_are_separate(pairs):
    found = tower_gradient(made("v1", shared=False), pairs)
    half = len(found.whole) // 2
    assert not found.sources["left"][half:].any() and not found.sources["right"][:half].any()
    assert found.sources["left"][:half].any() and found.sources["right"][half:].any()


def test_without_auxiliary_loss_there_is_no_angle(pairs):
    assert tower_gradient(made("v1"), pairs, 0.0).angle is None
    assert tower_gradient(made("v4"), pairs).angle is None  # and v4's comparison has no gradient
    between = tower_gradient(made("v1"), pairs).angle
    assert between is not None and 0 < between < 180


def test_angles():
    x, y = torch.tensor([1.0, 0]), torch.tensor([1.0, 1])
    assert angle(x, y) == pytest.approx(45)
    assert angle(x, -3 * x) == pytest.approx(180)
    assert angle(y, y) == pytest.approx(0, abs=1e-5)


def test_the_model_stays_as_it_was(pairs):
    model = made("v1")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    tower_gradient(model, pairs)
    assert all(weight.grad is None for weight in model.parameters())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_base_has_one_branch_and_one_loss(pairs):
    torch.manual_seed(1)
    model = build("base").double()
    found = tower_gradient(model, pairs)
    loss = F.cross_entropy(model.tower(pairs.images).logits, pairs.labels)
    expected = torch.cat([one.flatten() for one in torch.autograd.grad(loss, list(model.parameters()))])
    assert found.parts.shape == (1, 1, len(expected)) and found.angle is None
    assert found.sources.keys() == {"pair", "class"}
    for part in (*found.sources.values(), found.whole):
        torch.testing.assert_close(part, expected, rtol=1e-9, atol=1e-13)
