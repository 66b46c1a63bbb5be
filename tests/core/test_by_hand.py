"""A last layer set by hand, against a sum and a plain loop over pairs."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pairdigits.by_hand import Numbers, staircase, trained, with_numbers
from pairdigits.evaluation import predict
from pairdigits.models import build
from pairdigits.probe import ideal_signal, read_sides, real_pairs

IMAGES = 17


@pytest.fixture(scope="module", params=["v1", "v5"])
def model(request):
    torch.manual_seed(0)
    return build(request.param).double()


@pytest.fixture(scope="module")
def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Images that a network has never seen, and labels."""
    generator = torch.Generator().manual_seed(1)
    images = torch.randn(IMAGES, 14, 14, generator=generator, dtype=torch.float64)
    return images, torch.randint(10, (IMAGES,), generator=generator)


@pytest.fixture(scope="module")
def pairs(digits) -> torch.Tensor:
    """Every image beside every one, (N * N, 2, 14, 14)."""
    images, _ = digits
    return torch.stack(torch.broadcast_tensors(images[:, None], images[None]), 2).flatten(0, 1)


@pytest.fixture(scope="module")
def logits(model, pairs) -> torch.Tensor:
    """What the towers say of both sides of each pair, (N * N, 2, 10), before anybody touches the last layer."""
    return predict(model, pairs).digits


numbers = st.lists(st.integers(-300, 300), min_size=21, max_size=21).map(
    lambda drawn: Numbers(*torch.tensor(drawn[:20], dtype=torch.float64).div(100).split(10), drawn[20] / 100)
)


@settings(max_examples=20, deadline=None)
@given(numbers=numbers)
def test_the_sorted_count_is_what_the_model_says_of_all_pairs_of_images(model, digits, pairs, logits, numbers):
    images, labels = digits
    ours = with_numbers(model, numbers)
    share = real_pairs(ours, read_sides(ours, images), labels).accuracy
    left, right = (logits.softmax(-1) if model.variant.name == "v5" else logits).unbind(1)
    margin = left @ numbers.first + right @ numbers.second + numbers.constant
    sure = margin.abs() > 1e-9  # where the sum is 0, two orders of adding may differ
    assert torch.equal(predict(ours, pairs).comparison.argmax(-1).bool()[sure], (margin > 0)[sure])
    expected = ((margin > 0) == (labels[:, None] <= labels[None]).flatten()).double().mean().item()
    assert share == pytest.approx(expected, abs=1e-6 + (~sure).double().mean().item())


def test_the_trained_numbers_put_back_change_nothing_and_the_model_stays_as_it_was(model, digits):
    before = {name: value.clone() for name, value in model.state_dict().items()}
    again = with_numbers(model, trained(model))
    assert torch.allclose(ideal_signal(again).probability, ideal_signal(model).probability)
    with_numbers(model, staircase())
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert again.towers[0] is model.towers[0]


@pytest.mark.parametrize("strength", [5.0, 10.0, 20.0])
def test_a_staircase_makes_the_step_on_clear_signals(model, strength):
    assert ideal_signal(with_numbers(model, staircase()), strength).wrong_cells == 0


@pytest.mark.parametrize("variant", ["base", "v2", "v3", "v4", "v6", "v7"])
def test_other_last_layers_have_no_such_numbers(variant):
    with pytest.raises(ValueError, match="v1 and v5"):
        trained(build(variant))
