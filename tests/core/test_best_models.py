"""How well the committed models read drawings."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

from pairdigits.sketch import read_image, to_digit
from tests import drawn_digits, drawn_scores
from tests.core.test_photo import encode
from tests.core.test_sketch import DRAWINGS
from tests.drawn_scores import ALIKE


@cache
def photographed() -> list[np.ndarray]:
    """What becomes of a photo of every drawing."""
    photos = (encode(drawn_digits.photo(one, seed), "JPEG") for seed, one in enumerate(DRAWINGS))
    return [to_digit(read_image(one)) for one in photos]


@pytest.mark.parametrize("variant", ["v4", "v7"])
class TestBestModels:
    @pytest.mark.parametrize("hands", drawn_scores.DRAWINGS)
    def test_they_read_drawings(self, variant, hands):
        reading = drawn_scores.read(variant, hands)
        assert reading.digits >= 0.97
        assert reading.pairs >= 0.98

    @pytest.mark.parametrize("how", list(ALIKE)[1:])
    @pytest.mark.parametrize("hands", drawn_scores.DRAWINGS)
    def test_place_size_and_pen_cost_at_most_a_point(self, variant, hands, how):
        plain = drawn_scores.read(variant, hands)
        for before, changed in zip(plain, drawn_scores.read(variant, hands, how), strict=True):
            assert changed >= before - 0.01

    @pytest.mark.parametrize("every", [10, pytest.param(5, marks=pytest.mark.slow)])  # 5: as published
    def test_mnist_through_a_canvas_is_read_as_directly(self, variant, every):
        assert drawn_scores.unchanged_by_canvas(variant, every) >= 0.99

    @pytest.mark.slow
    def test_photos_are_read_too(self, variant):
        digits = drawn_scores.digits_read(variant, photographed())
        assert (digits == torch.tensor([one.digit for one in DRAWINGS])).float().mean() >= 0.95
