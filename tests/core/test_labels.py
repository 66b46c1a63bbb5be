"""Labels that only some digits have, some of them wrong."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from pairdigits.labels import HIDDEN, SIDES, visible

DIGITS = torch.randint(0, 10, (101, 2), generator=torch.Generator().manual_seed(0))
shares = st.floats(0, 1)


@given(shares, st.sampled_from(SIDES), st.floats(0, 0.5), st.integers(0, 2**31 - 1))
def test_so_many_are_seen_and_so_many_of_those_are_wrong(share, side, wrong, seed):
    told = visible(DIGITS, share, side, wrong, seed)
    seen = told != HIDDEN
    there = {"both": [0, 1], "left": [0], "right": [1]}[side]
    assert seen.sum() == round(share * 101 * len(there)) == seen[:, there].sum()
    assert (told[seen] != DIGITS[seen]).sum() == round(wrong * seen.sum().item())
    assert set(told[seen].tolist()) <= set(range(10))


@given(shares, shares, st.floats(0, 0.5))
def test_a_smaller_share_is_part_of_a_larger_one(one, other, wrong):
    fewer, more = (visible(DIGITS, share, "both", 0.0, 3) != HIDDEN for share in sorted((one, other)))
    assert not (fewer & ~more).any()
    told = visible(DIGITS, max(one, other), "both", wrong, 3)
    assert torch.equal(told != HIDDEN, more)  # wrong labels stand where right ones would


def test_by_default_all_labels_are_seen_and_right():
    assert torch.equal(visible(DIGITS, 1.0, "both", 0.0, 5), DIGITS)
