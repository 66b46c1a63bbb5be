"""The Data page's sections on pairs: a grid to browse, the two classes, the table of digit pairs.

What is drawn concerns both; all else is asked inside fragments and costs the rest of the page nothing. Importing this
loads torch.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.charts import pairs as charts
from dashboard.components.live_chart import live_chart
from dashboard.data import dataset
from dashboard.shared import state
from pairdigits.data import RawPairs, rebalance, sample_pairs

PAGE = 24  # pairs at a time
MOST = 5000  # pairs that the test digits suffice for
ANY = "any"
SPLITS = {"train": "training digits", "test": "test digits"}
CLASSES = (ANY, "first < second", "tie", "first > second")


@st.cache_resource(show_spinner=False, max_entries=8)
def drawn(split: str, count: int, seed: int) -> RawPairs:
    """Pairs as a run with this data seed gets them."""
    return sample_pairs(getattr(state.mnist(), split), count, seed)


@state.error_boundary()
def browse() -> None:
    """Draw pairs, filter them and leaf through them."""
    first, second, third = st.columns(3)
    first.segmented_control(
        "Drawn from",
        list(SPLITS),
        key=state.recall("data.split", "train"),
        required=True,
        format_func=SPLITS.get,
        help="No image is ever in both, see below.",
    )
    second.number_input(
        "Pairs",
        10,
        MOST,
        step=10,
        key=state.recall("data.count", 1000),
        help="The report trains on 1000 pairs and tests on 1000. No digit is used twice in a draw.",
    )
    third.number_input(
        "Seed",
        0,
        2**31 - 1,
        key=state.recall("data.seed", 0),
        help="The same seed draws the same pairs, here and in every run with this data seed.",
    )
    _leaf()


def _settings() -> tuple[str, int, int]:
    """Split, number of pairs and seed of the draw that the page shows."""
    return tuple(st.session_state[name] for name in ("data.split", "data.count", "data.seed"))


@st.fragment
@state.error_boundary()
def _leaf() -> None:
    raw = drawn(*_settings())
    one, two, three = st.columns(3)
    digits = [ANY, *range(10)]
    a = one.selectbox("First digit", digits, key=state.recall("data.first", ANY))
    b = two.selectbox("Second digit", digits, key=state.recall("data.second", ANY))
    relation = three.selectbox("Class", CLASSES, key=state.recall("data.class", ANY))
    found = np.flatnonzero(_chosen(raw.digits.numpy(), a, b, relation))
    pages = max(-(-len(found) // PAGE), 1)
    page = min(st.session_state.get("data.page", 1), pages)
    st.session_state["data.page"] = page
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Previous", icon=":material/chevron_left:", on_click=_turn, args=(page - 1,), disabled=page == 1)
        st.button("Next", icon=":material/chevron_right:", on_click=_turn, args=(page + 1,), disabled=page == pages)
        st.markdown(f"Page {page} of {pages}: {len(found):,} of {len(raw.digits):,} pairs")
    if not len(found):
        st.info("No drawn pair is like that. Take another digit or class, or draw more pairs.")
    shown = found[(page - 1) * PAGE : page * PAGE]
    st.html(charts.pair_grid(raw.images[shown].numpy(), raw.digits[shown].numpy()))
    st.caption("Labels under the pairs; those of class 0, the first digit larger, are bold.")


def _turn(page: int) -> None:
    st.session_state["data.page"] = page


def _chosen(digits: np.ndarray, first: int | str, second: int | str, relation: str) -> np.ndarray:
    """Which pairs (N, 2) the filters let through."""
    a, b = digits.T
    fits = {ANY: a == a, "first < second": a < b, "tie": a == b, "first > second": a > b}[relation]
    for place, wanted in ((a, first), (b, second)):
        if wanted != ANY:
            fits = fits & (place == wanted)
    return fits


@st.fragment
@state.error_boundary()
def classes() -> None:
    """The share of each class, exact, drawn and balanced; and how often each pair of digits comes up."""
    raw = drawn(*_settings())
    split, _, seed = _settings()
    expected = dataset.pair_table(dataset.digit_counts(split))
    shares = [100 * share for share in dataset.class_shares(expected)]
    st.write(
        f"A pair is as likely one way round as the other, so {shares[0]:.2f}% of all pairs have a smaller first digit "
        f"and {shares[2]:.2f}% a larger one. The rest, {shares[1]:.2f}%, are ties, and a tie counts as “≤”. So class 1 "
        f"has {shares[0] + shares[1]:.1f}% of the pairs. Whoever always answers “≤” is right that often."
    )
    st.latex(r"P(\text{tie}) = \sum_{d=0}^{9} \frac{n_d\,(n_d - 1)}{N (N - 1)}")
    st.latex(r"P(\text{label } 1) = \tfrac{1}{2}\bigl(1 + P(\text{tie})\bigr)")
    rows = {"exact": tuple(shares)}
    for balance, name in (("none", "drawn"), ("over", "oversampled"), ("under", "undersampled")):
        digits = rebalance(raw, balance, seed).digits.numpy()
        counts = np.zeros((10, 10))
        np.add.at(counts, tuple(digits.T), 1)
        rows[f"{name}, {len(digits):,} pairs"] = dataset.class_shares(counts)
        if balance == "none":
            measured = counts
    live_chart(charts.class_balance(rows), key="data.balance", toolbar=False)
    st.caption(
        "Training can balance the classes: oversampling repeats pairs of the rarer class, undersampling leaves pairs "
        "of the commoner one out. Both then have a half, left and right of the dotted line. The report did neither."
    )
    kind = st.segmented_control("How often each pair of digits comes up", ["drawn", "expected"], required=True,
                                key=state.recall("data.table", "drawn"),
                                help="Expected: exact, from how often each digit is in MNIST.")  # fmt: skip
    table, decimals = (measured, 0) if kind == "drawn" else (expected * len(raw.digits), 1)
    live_chart(charts.digit_table(table, decimals), key="data.table.chart", toolbar=False)
    st.caption("Below and right of the line: label 1. Above it: label 0.")
