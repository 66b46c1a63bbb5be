"""A pair of digits as a short text, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pairdigits.packed_pairs import pack_digit, pack_pair, unpack_digit, unpack_pair
from pairdigits.sketch import SketchError, to_digit, to_pooled
from tests.core.test_sketch import DRAWINGS

POOLED = arrays.arrays(np.uint8, (14, 14))


@given(POOLED, POOLED)
def test_a_packed_pair_comes_back_to_its_quantisation(left, right):
    text = pack_pair(left, right)
    assert len(text) <= 276
    for before, after in zip((left, right), unpack_pair(text), strict=True):
        assert (after.shape, after.dtype) == ((14, 14), np.uint8)
        assert np.abs(before.astype(int) - after).max() <= 8
    assert pack_pair(*unpack_pair(text)) == text


@given(POOLED, POOLED, POOLED, POOLED)
def test_a_packed_digit_comes_back_to_its_quantisation(one, two, three, four):
    image = np.block([[one, two], [three, four]])
    again = unpack_digit(pack_digit(image))
    assert (again.shape, again.dtype) == ((28, 28), np.uint8) and np.abs(image.astype(int) - again).max() <= 8
    assert pack_digit(again) == pack_digit(image)


@given(st.one_of(st.text(), st.text("abcXYZ019-_", max_size=400), st.none(), st.integers()))
def test_other_texts_are_refused_in_one_sentence(text):
    with pytest.raises(SketchError, match="not a packed pair"):
        unpack_pair(text)
    with pytest.raises(SketchError, match="not a packed"):
        unpack_digit(str(text))


def test_a_cut_or_altered_pair_is_refused():
    text = pack_pair(*(to_pooled(to_digit(one.render())) for one in DRAWINGS[:2]))
    for wrong in (text[:-1], text[:-5], text[1:], text + "AAAA", text[:20] + "A" + text[21:], text + "\n"):
        with pytest.raises(SketchError):
            unpack_pair(wrong)
    with pytest.raises(SketchError):
        pack_pair(np.zeros((28, 28), np.uint8), np.zeros((14, 14), np.uint8))
    with pytest.raises(SketchError, match="28x28"):
        pack_digit(np.zeros((14, 14), np.uint8))
