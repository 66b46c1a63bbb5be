"""Towers side by side say what each says alone."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from pairdigits.data import Normalisation
from pairdigits.side_by_side import Remembered, SideBySide
from pairdigits.towers import Tower

NORMALISATIONS = st.builds(Normalisation, st.floats(-0.5, 0.5), st.floats(0.1, 2))


@given(st.lists(NORMALISATIONS, min_size=1, max_size=4), st.integers(1, 5), st.sampled_from([2, 10]), st.integers(0))
def test_each_tower_says_what_it_says_alone(normalisations, images, outputs, seed):
    torch.manual_seed(seed % 2**31)
    towers = [Tower(outputs=outputs).double() for _ in normalisations]
    pooled = torch.rand(images, 14, 14, dtype=torch.float64)
    together = SideBySide(towers, normalisations)(pooled)
    with torch.no_grad():
        alone = [tower(normal(pooled)[:, None]) for tower, normal in zip(towers, normalisations, strict=True)]
    for one, other in zip(together, alone, strict=True):
        torch.testing.assert_close(one.encoding, other.encoding)
        torch.testing.assert_close(one.logits, other.logits)


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=6), max_size=5), st.integers(1, 4))
def test_what_was_said_of_an_image_is_said_again(questions, most):
    towers = SideBySide([Tower(), Tower()], [Normalisation(0.1, 0.3)] * 2)
    images = np.random.default_rng(0).integers(0, 256, (6, 14, 14), dtype=np.uint8)
    read = []

    def counting(pooled: torch.Tensor):
        read.append(len(pooled))
        return towers(pooled)

    remembered = Remembered(counting, most)  # pyright: ignore[reportArgumentType]
    for asked in questions:
        before, known = sum(read), set(remembered._said)
        found = remembered([images[place] for place in asked])
        for one, other in zip(found, towers(torch.from_numpy(images[asked]).float() / 255), strict=True):
            torch.testing.assert_close(one.encoding, other.encoding)
            torch.testing.assert_close(one.logits, other.logits)
        assert sum(read) - before == len({images[place].tobytes() for place in asked} - known)
        assert len(remembered._said) <= most
