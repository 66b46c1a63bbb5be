"""The table of variants against the report, and every head against arithmetic written out."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from pairdigits.models import FIRST_TEMPERATURE, VARIANTS, SiameseNet, build, parameter_count, siamese
from pairdigits.towers import TowerOutput

# From the layers of the report's section II: tower 45,360 = 160 + 4,640 + 40,050 + 510, and the heads.
COUNTS = {
    "base": 45_096,
    "v1": 45_402,
    "v2": 45_562,
    "v3": 45_462,
    "v4": 45_360,
    "v5": 45_402,
    "v6": 45_937,
    "v7": 45_360,
}
SIAMESE = [name for name, variant in VARIANTS.items() if variant.siamese]
IMAGES = torch.randn(5, 2, 14, 14, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", VARIANTS)
def test_parameter_counts(name):
    assert parameter_count(build(name)) == COUNTS[name]
    if VARIANTS[name].siamese:
        assert parameter_count(build(name, shared=False)) == COUNTS[name] + 45_360


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("shared", [True, False])
def test_every_model_gives_the_same_prediction(name, shared):
    prediction = build(name, shared)(IMAGES)
    assert prediction.comparison.shape == (5, 2)
    assert (prediction.digits is None) == (name == "base")
    if prediction.digits is not None:
        assert prediction.digits.shape == (5, 2, 10)


def test_unknown_variant():
    with pytest.raises(ValueError, match="choose one of base, v1"):
        build("v0")


def test_a_model_of_single_digits_needs_a_head():
    with pytest.raises(ValueError, match="Base reads no single digits"):
        SiameseNet(VARIANTS["base"])


@pytest.mark.parametrize("name", SIAMESE)
def test_shared_towers_read_both_sides_alike_and_separate_ones_do_not(name):
    for shared in (True, False):
        model = siamese(build(name, shared))
        forth, back = model(IMAGES).digits, model(IMAGES.flip(1)).digits.flip(1)
        assert torch.allclose(forth, back, atol=1e-5) == shared
        left = model.read(IMAGES[:, 0], 0).logits
        torch.testing.assert_close(left, forth[:, 0], atol=1e-5, rtol=1e-4)


def reference(name: str, head: Any, left: TowerOutput, right: TowerOutput) -> torch.Tensor:
    """The heads of section II as the report's words have them."""
    both = torch.cat
    if name == "v1":
        return F.linear(both([left.logits, right.logits], 1), head.weight, head.bias)
    if name == "v2":
        return F.linear(both([left.encoding, right.encoding], 1), head.weight, head.bias)
    if name == "v3":
        return F.linear(left.encoding - right.encoding, head.weight, head.bias)
    if name == "v5":
        return F.linear(both([left.logits.softmax(1), right.logits.softmax(1)], 1), head.weight, head.bias)
    if name == "v6":
        hidden = F.linear(both([left.logits, right.logits], 1), head.hidden.weight, head.hidden.bias)
        return F.linear(F.leaky_relu(hidden), head.output.weight, head.output.bias)
    p, q = left.logits.softmax(1), right.logits.softmax(1)
    if name == "v4":
        at_most = (p.argmax(1) <= q.argmax(1)).float()
    else:
        at_most = torch.stack([p[:, i] * q[:, j] for i, j in itertools.product(range(10), repeat=2) if i <= j]).sum(0)
    return torch.stack([1 - at_most, at_most], 1).log()


@pytest.mark.parametrize("name", SIAMESE)
def test_heads_are_the_reports(name):
    model = siamese(build(name))
    left, right = model.encode(IMAGES)
    expected = reference(name, model.head, left, right)
    torch.testing.assert_close(model(IMAGES).comparison, expected, atol=1e-5, rtol=1e-4)
    grid = model.compare(
        TowerOutput(*(part.unsqueeze(1) for part in left)), TowerOutput(*(part.unsqueeze(0) for part in right))
    )
    assert grid.shape == (5, 5, 2)
    torch.testing.assert_close(grid.diagonal().T, expected, atol=1e-5, rtol=1e-4)


def test_a_learned_temperature_divides_the_logits_that_are_compared():
    torch.manual_seed(0)
    plain, learned = (siamese(build("v5", learn_temperature=learns)) for learns in (False, True))
    assert parameter_count(learned) == parameter_count(plain) + 1
    plain.load_state_dict({name: value for name, value in learned.state_dict().items() if name != "log_temperature"})
    left, right = plain.encode(IMAGES)
    left, right = (side._replace(logits=side.logits / FIRST_TEMPERATURE) for side in (left, right))
    got = learned(IMAGES)
    torch.testing.assert_close(got.comparison, plain.compare(left, right))
    torch.testing.assert_close(got.digits, plain(IMAGES).digits)  # the auxiliary loss sees them as they are
    got.comparison[:, 1].sum().backward()
    assert learned.log_temperature.grad.abs() > 0


def test_expected_comparison_stays_finite_and_has_a_gradient():
    model = siamese(build("v7"))
    none = torch.empty(3, 0)  # its head looks at logits
    certain = 200 * torch.eye(10)
    logits = certain[[9, 0, 5]].requires_grad_()
    comparison = model.compare(TowerOutput(none, logits), TowerOutput(none, certain[[0, 9, 5]]))
    assert comparison.isfinite().all() and comparison.argmax(1).tolist() == [0, 1, 1]
    unsure = torch.randn(3, 10).requires_grad_()
    model.compare(TowerOutput(none, unsure), TowerOutput(none, torch.randn(3, 10)))[:, 1].sum().backward()
    assert unsure.grad.abs().sum() > 0
