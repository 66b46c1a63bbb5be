"""The Data page's sections on pairs: a grid to browse, the two classes, the table of digit pairs.

Importing this loads torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st

from dashboard.components import pictures
from dashboard.components.live_chart import live_chart
from dashboard.data import charts, dataset
from dashboard.shared import state
from pairdigits import cells
from pairdigits.data import RawPairs, label_pairs, rebalance, sample_pairs

PAGE = 24  # pairs at a time
MOST = 5000  # pairs that the test digits suffice for
ANY = "any"
SPLITS = {"train": "training digits", "test": "test digits"}
CLASSES = (ANY, "first < second", "tie", "first > second")


@dataclass
class Visitor:
    """What is remembered of a visitor besides the widgets' values."""

    page: int = 1  # of the grid of pairs


@st.cache_resource(show_spinner=False, max_entries=8)
def drawn(split: str, count: int, seed: int) -> RawPairs:
    """Pairs as a run with this data seed gets them."""
    return sample_pairs(getattr(state.mnist(), split), count, seed)


class Draw(NamedTuple):
    """Which pairs the page looks at."""

    split: str
    size: int
    seed: int

    @property
    def pairs(self) -> RawPairs:
        """Those that a run with this data seed gets."""
        return drawn(*self)


def _counts(raw: RawPairs) -> np.ndarray:
    """How often each pair of digits comes up: (10, 10)."""
    counts = np.zeros((10, 10))
    np.add.at(counts, tuple(raw.digits.numpy().T), 1)
    return counts


def choose_draw() -> Draw:
    """Widgets for the pairs that a section looks at; both sections on pairs have the same."""
    first, second, third = st.columns(3)
    split = first.segmented_control(
        "Drawn from", list(SPLITS), default="train", key="data.split", persist_state="session", required=True,
        format_func=SPLITS.__getitem__, help="No image is ever in both, see the last section.",
    )  # fmt: skip
    count = second.number_input(
        "Pairs", 10, MOST, 1000, step=10, key="data.count", persist_state="session",
        help="The report trains on 1000 pairs and tests on 1000. No digit is used twice in a draw.",
    )  # fmt: skip
    seed = third.number_input(
        "Seed", 0, 2**31 - 1, 0, key="data.seed", persist_state="session",
        help="The same seed draws the same pairs, here and in every run with this data seed.",
    )  # fmt: skip
    return Draw(split, count, seed)


def browse() -> str:
    """Draw pairs, filter them and leaf through them."""
    draw = choose_draw()
    _leaf(draw)
    labels = label_pairs(draw.pairs.digits)
    return f"In this draw {labels.double().mean():.1%} of the {draw.size:,} pairs have label 1, first ≤ second."


@state.fragment
def _leaf(draw: Draw) -> None:
    raw = draw.pairs
    one, two, three = st.columns(3)
    digits = [ANY, *range(10)]
    a = one.selectbox("First digit", digits, key="data.first", persist_state="session")
    b = two.selectbox("Second digit", digits, key="data.second", persist_state="session")
    relation = three.selectbox("Class", CLASSES, key="data.class", persist_state="session")
    found = np.flatnonzero(_chosen(raw.digits.numpy(), a, b, relation))
    pages = max(-(-len(found) // PAGE), 1)
    here = state.memory(Visitor)
    page = here.page = min(here.page, pages)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Previous", icon=":material/chevron_left:", on_click=_turn, args=(page - 1,), disabled=page == 1)
        st.button("Next", icon=":material/chevron_right:", on_click=_turn, args=(page + 1,), disabled=page == pages)
        st.markdown(f"Page {page} of {pages}: {len(found):,} of {len(raw.digits):,} pairs")
    if not len(found):
        st.info("No drawn pair is like that. Take another digit or class, or draw more pairs.")
    shown = found[(page - 1) * PAGE : page * PAGE]
    st.html(pictures.pair_grid(raw.images[shown].numpy(), raw.digits[shown].numpy()))
    st.caption("Labels under the pairs; those of class 0, the first digit larger, are bold.")


def _turn(page: int) -> None:
    state.memory(Visitor).page = page


def _chosen(digits: np.ndarray, first: int | str, second: int | str, relation: str) -> np.ndarray:
    """Which pairs (N, 2) the filters let through."""
    a, b = digits.T
    fits = {ANY: a == a, "first < second": a < b, "tie": a == b, "first > second": a > b}[relation]
    for place, wanted in ((a, first), (b, second)):
        if wanted != ANY:
            fits = fits & (place == wanted)
    return fits


def classes() -> str:
    """The share of each class, exact, drawn and balanced; and how often each pair of digits comes up."""
    draw = choose_draw()
    raw, split, seed = draw.pairs, draw.split, draw.seed
    expected = cells.pair_table(dataset.digit_counts(split))
    shares = [100 * share for share in cells.class_shares(expected)]
    st.write(
        f"A pair is as likely one way round as the other, so {shares[0]:.2f}% of all pairs have a smaller first digit "
        f"and {shares[2]:.2f}% a larger one. The rest, {shares[1]:.2f}%, are ties, and a tie counts as “≤”. So class 1 "
        f"has {shares[0] + shares[1]:.1f}% of the pairs."
    )
    st.latex(r"P(\text{tie}) = \sum_{d=0}^{9} \frac{n_d\,(n_d - 1)}{N (N - 1)}")
    st.latex(r"P(\text{label } 1) = \tfrac{1}{2}\bigl(1 + P(\text{tie})\bigr)")
    rows = {"exact": cells.class_shares(expected)}
    measured = _counts(raw)
    for balance, name in (("none", "drawn"), ("over", "oversampled"), ("under", "undersampled")):
        balanced = rebalance(raw, balance, seed)
        rows[f"{name}, {len(balanced.digits):,} pairs"] = cells.class_shares(_counts(balanced))
    live_chart(charts.class_balance(rows), key="data.balance", toolbar=False)
    st.caption(
        "Training can balance the classes: oversampling repeats pairs of the rarer class, undersampling leaves pairs "
        "of the commoner one out. Both then have a half, left and right of the dotted line. The report did neither."
    )
    kind = st.segmented_control("How often each pair of digits comes up", ["drawn", "expected"], required=True,
                                default="drawn", key="data.table", persist_state="session",
                                help="Expected: exact, from how often each digit is in MNIST.")  # fmt: skip
    table, decimals = (measured, 0) if kind == "drawn" else (expected * len(raw.digits), 1)
    live_chart(charts.digit_table(table, decimals), key="data.table.chart", toolbar=False)
    counted = "Counted in" if kind == "drawn" else "Expected, from MNIST's own digits, in a draw of"
    st.caption(f"{counted} {len(raw.digits):,} {split} pairs. Below and right of the line: label 1. Above it: label 0.")
    return (
        f"Always answering “≤” is right for {shares[0] + shares[1]:.1f}% of the pairs: a model has learnt only what "
        "goes beyond that."
    )
