"""Every kind of probe against single pairs put through the whole model."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pairdigits import cells, probe
from pairdigits.choices import PROBE_KINDS
from pairdigits.evaluation import predict, probability
from pairdigits.models import VARIANTS, SiameseNet, build, siamese
from pairdigits.towers import TowerOutput

GENERATOR = torch.Generator().manual_seed(1)
DIGITS = torch.arange(10).repeat(3)
IMAGES = torch.randn(30, 14, 14, generator=GENERATOR)
ON_DIGITS = [name for name, variant in VARIANTS.items() if "ideal" in variant.probe_kinds]
SIAMESE = [name for name, variant in VARIANTS.items() if variant.siamese]


def made(name: str, shared: bool = True) -> SiameseNet:
    return siamese(build(name, shared))


@pytest.mark.parametrize("name", ON_DIGITS)
def test_ideal_signal_goes_through_the_real_head(name):
    model = made(name)
    found = probe.ideal_signal(model, strength=7.0)
    signal = torch.zeros(2, 10)
    signal[0, 6] = signal[1, 2] = 7.0
    none = torch.empty(1, 0)  # these heads look at logits
    alone = model.compare(TowerOutput(none, signal[:1]), TowerOutput(none, signal[1:]))
    assert found.probability[6, 2].item() == pytest.approx(probability(alone).item(), abs=1e-6)


@pytest.mark.parametrize("name", ["v4", "v7"])
def test_models_without_a_trained_head_are_right_everywhere(name):
    found = probe.ideal_signal(made(name))
    assert found.wrong_cells == 0 and found.decision.tolist() == cells.RIGHT.tolist()


def test_ideal_triangle_is_the_task():
    assert all(cells.RIGHT[a, b] == (a <= b) for a in range(10) for b in range(10))


def test_pairs_of_a_table_by_hand():
    table = cells.pair_table(np.array([2, 1] + [0] * 8))  # three images, six ordered pairs
    assert table[0, 0] == pytest.approx(2 / 6) and table[0, 1] == table[1, 0] == pytest.approx(2 / 6)
    assert table[1, 1] == 0 and sum(cells.class_shares(table)) == pytest.approx(1)


@pytest.mark.parametrize("name", SIAMESE)
@pytest.mark.parametrize("shared", [True, False])
def test_typical_digit_is_the_mean_of_what_the_tower_says(name, shared):
    model = made(name, shared)
    found = probe.typical_digit(model, probe.read_sides(model, IMAGES), DIGITS)
    left = TowerOutput(*(part[DIGITS == 4].mean(0) for part in model.read(IMAGES, 0)))
    right = TowerOutput(*(part[DIGITS == 8].mean(0) for part in model.read(IMAGES, 1)))
    expected = probability(model.compare(left, right)).item()
    assert found.probability[4, 8].item() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("name", SIAMESE)
@pytest.mark.parametrize("shared", [True, False])
def test_real_pairs_are_all_ordered_pairs_of_the_whole_model(name, shared):
    model = made(name, shared).double()  # where a verdict on the edge does not depend on the order of a sum
    images = IMAGES.double()
    found = probe.real_pairs(model, probe.read_sides(model, images), DIGITS)
    first, second = torch.meshgrid(torch.arange(30), torch.arange(30), indexing="ij")
    indices = torch.stack([first.flatten(), second.flatten()], 1)
    called = predict(model, images[indices]).comparison.argmax(1).bool()
    expected = probe.shares(called, DIGITS[indices])
    torch.testing.assert_close(found.probability, expected.probability)
    assert found.counts.tolist() == [[9] * 10] * 10
    labels = DIGITS[indices[:, 0]] <= DIGITS[indices[:, 1]]
    assert found.accuracy == pytest.approx((called == labels).float().mean().item())


@pytest.mark.parametrize("name", SIAMESE)
def test_probes_are_of_the_models_type(name):
    single, double = made(name), made(name).double()
    double.load_state_dict(single.state_dict())
    found = probe.typical_digit(double, probe.read_sides(double, IMAGES.double()), DIGITS).probability
    assert found.dtype == torch.float64
    expected = probe.typical_digit(single, probe.read_sides(single, IMAGES), DIGITS).probability
    torch.testing.assert_close(found.float(), expected)
    if name in ON_DIGITS:
        found = probe.ideal_signal(double).probability
        assert found.dtype == torch.float64
        torch.testing.assert_close(found.float(), probe.ideal_signal(single).probability)


@pytest.mark.parametrize("name", SIAMESE)
def test_blame_is_the_last_layers_where_both_digits_were_read(name, monkeypatch):
    monkeypatch.setattr(probe, "PAIRS_AT_ONCE", 100)  # several blocks
    model = made(name).double()
    images = IMAGES.double()
    first, second = (index.flatten() for index in torch.meshgrid(torch.arange(30), torch.arange(30), indexing="ij"))
    prediction = predict(model, torch.stack([images[first], images[second]], 1))
    digits = torch.stack([DIGITS[first], DIGITS[second]], 1)
    wrong = (probability(prediction.comparison) > 0.5) != (digits[:, 0] <= digits[:, 1])
    read = (prediction.digits.argmax(-1) == digits).all(1)
    found = probe.blame(model, probe.read_sides(model, images), DIGITS)
    assert found == (900, int((wrong & read).sum()), int((wrong & ~read).sum()))


def test_base_model_is_shown_drawn_pairs():
    found = probe.drawn_pairs(build("base"), IMAGES, DIGITS)
    assert found.counts.sum() == probe.SAMPLED_PAIRS
    assert 0 <= found.accuracy <= 1


def test_an_ideal_signal_has_no_accuracy():
    with pytest.raises(ValueError, match="kind ideal has no pairs behind it"):
        probe.ideal_signal(made("v5")).accuracy  # noqa: B018


def test_cells_without_pairs_are_unknown_not_wrong():
    found = probe.shares(torch.tensor([True, False]), torch.tensor([[1, 2], [2, 3]]))
    assert found.probability.isnan().sum() == 98
    assert found.wrong_cells == 1 and found.accuracy == 0.5
    kept = [[None if cell != cell else cell for cell in row] for row in found.probability.tolist()]
    assert (cells.wrong(cells.as_array(kept)) == found.wrong.numpy()).all()


@pytest.mark.parametrize("name", VARIANTS)
def test_kinds_that_do_not_apply_say_why(name):
    variant = VARIANTS[name]
    for kind in PROBE_KINDS:
        reason = probe.why_not([variant], kind)
        assert (reason is None) == (kind in variant.probe_kinds)
        assert reason is None or variant.title in reason
    if name in ("base", "v2", "v3"):
        with pytest.raises(ValueError, match="no such probe" if variant.siamese else "reads no single digits"):
            probe.ideal_signal(made(name))
