"""The sections of the Data page; each is a fragment of its own, so that what one of them is asked costs the others nothing.

Importing this loads torch.
"""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

from dashboard import dataset, state
from dashboard.charts import pairs as charts
from dashboard.livechart import live_chart
from pairdigits.data import Augmentation, Normalisation, RawPairs, augment, pool, rebalance, sample_pairs

PAGE = 40  # pairs at a time
MOST = 5000  # pairs that the test digits suffice for
ANY = "any"
SPLITS = {"train": "training digits", "test": "test digits"}
CLASSES = (ANY, "first < second", "tie", "first > second")
WARPED = 11  # beside the original


def draw() -> None:
    """Every section under its heading."""
    for heading, section in (
        ("The pairs", _pairs),
        ("Two classes, not quite equal", _classes),
        ("From 28×28 to 14×14", _pooling),
        ("Warped anew every epoch", _warping),
        ("Digits that every model gets wrong", _misread),
        ("No image on both sides", _duplicates),
    ):
        st.header(heading, divider="gray")
        st.fragment(section)()


@st.cache_resource(show_spinner=False, max_entries=8)
def _drawn(split: str, count: int, seed: int) -> RawPairs:
    return sample_pairs(getattr(state.mnist(), split), count, seed)


def _draw_settings() -> tuple[str, int, int]:
    """Split, number of pairs and seed; what is below them on the page follows."""
    names = ("data.split", "data.count", "data.seed")
    return tuple(st.session_state.get(name, default) for name, default in zip(names, ("train", 1000, 0), strict=True))


@state.error_boundary()
def _pairs() -> None:
    first, second, third = st.columns(3)
    first.segmented_control("Drawn from", list(SPLITS), key=state.recall("data.split", "train"), required=True,
                            format_func=SPLITS.get,
                            help="No image is ever in both, see below.")  # fmt: skip
    second.number_input("Pairs", 10, MOST, step=10, key=state.recall("data.count", 1000),
                        help="The report trains on 1000 pairs and tests on 1000. No digit is used twice in a draw.")  # fmt: skip
    third.number_input("Seed", 0, 2**31 - 1, key=state.recall("data.seed", 0),
                       help="The same seed draws the same pairs, here and in every run with this data seed.")  # fmt: skip
    raw = _drawn(*_draw_settings())
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


@state.error_boundary()
def _classes() -> None:
    raw = _drawn(*_draw_settings())
    split = _draw_settings()[0]
    expected = dataset.pair_table(dataset.digit_counts(split))
    shares = [100 * share for share in dataset.class_shares(expected)]
    st.write(
        f"A pair is as likely one way round as the other, so {shares[0]:.2f}% of all pairs have a smaller first digit and "
        f"{shares[2]:.2f}% a larger one. The rest, {shares[1]:.2f}%, are ties, and a tie counts as “≤”. So class 1 has "
        f"{shares[0] + shares[1]:.1f}% of the pairs. Whoever always answers “≤” is right that often."
    )
    st.latex(r"P(\text{tie}) = \sum_{d=0}^{9} \frac{n_d\,(n_d - 1)}{N (N - 1)} \qquad "
             r"P(\text{label } 1) = \tfrac{1}{2}\bigl(1 + P(\text{tie})\bigr)")  # fmt: skip
    rows = {"exact": tuple(shares)}
    for balance, name in (("none", "drawn"), ("over", "oversampled"), ("under", "undersampled")):
        digits = rebalance(raw, balance, _draw_settings()[2]).digits.numpy()
        counts = np.zeros((10, 10))
        np.add.at(counts, tuple(digits.T), 1)
        rows[f"{name}, {len(digits):,} pairs"] = dataset.class_shares(counts)
        if balance == "none":
            measured = counts
    live_chart(charts.class_balance(rows), key="data.balance", toolbar=False)
    st.caption(
        "Training can balance the classes: oversampling repeats pairs of the rarer class, undersampling leaves pairs of "
        "the commoner one out. Both then have a half, left and right of the dotted line. The report did neither."
    )
    kind = st.segmented_control("How often each pair of digits comes up", ["drawn", "expected"], required=True,
                                key=state.recall("data.table", "drawn"),
                                help="Expected: exact, from how often each digit is in MNIST.")  # fmt: skip
    table, decimals = (measured, 0) if kind == "drawn" else (expected * len(raw.digits), 1)
    live_chart(charts.digit_table(table, decimals), key="data.table.chart", toolbar=False)
    st.caption("Below and right of the line: label 1. Above it: label 0.")


@state.error_boundary()
def _pooling() -> None:
    test = state.mnist().test
    number = st.slider("Test digit", 0, 199, key=state.recall("data.pooled", 0))
    image = test.images[number]
    small = pool(image.unsqueeze(0))[0]
    row, column = st.columns(2)
    y = row.slider("Row", 1, 14, key=state.recall("data.row", 7), help="Of the 14×14 image, from the top.") - 1
    x = column.slider("Column", 1, 14, key=state.recall("data.column", 7), help="From the left.") - 1
    label = int(test.labels[number])
    left, right = st.columns(2)
    left.html(charts.marked(image.numpy(), 2 * y, 2 * x, 2, f"{label} at 28 by 28 pixels"))
    left.caption("28×28, as MNIST has it: 784 numbers")
    right.html(charts.marked((255 * small).round().byte().numpy(), y, x, 1, f"{label} at 14 by 14 pixels"))
    right.caption("14×14, as the models get it: 196 numbers")
    four = image[2 * y : 2 * y + 2, 2 * x : 2 * x + 2].flatten().tolist()
    mean, std = _normalisation()
    sum_ = " + ".join(map(str, four))
    st.latex(rf"\frac{{{sum_}}}{{4 \cdot 255}} = {small[y, x]:.3f} \quad\longrightarrow\quad "
             rf"\frac{{{small[y, x]:.3f} - {mean:.3f}}}{{{std:.3f}}} = {(small[y, x] - mean) / std:+.3f}")  # fmt: skip
    st.caption(
        "Each pixel of the small image is the mean of the 2×2 pixels marked in the large one. The models get it less the "
        f"mean and over the standard deviation of the training pairs' pixels (here {mean:.3f} and {std:.3f}, measured on "
        "the 1000 training pairs of seed 0)."
    )


def _normalisation() -> Normalisation:
    return Normalisation.fit(pool(_drawn("train", 1000, 0).images))


@state.error_boundary()
def _warping() -> None:
    st.write(
        "The `best` recipe never shows a training image twice: in every epoch each one is warped anew, pooled and "
        "normalised. The sliders begin at the recipe's bounds; what is drawn within them is up to chance."
    )
    recipe, settings = Augmentation(), {}
    bounds = {
        "rotation": ("Rotation (± degrees)", 45.0, 1.0, "Uniform between minus and plus so many degrees."),
        "log_scale": ("Size (± log)", 0.5, 0.01, "The size is multiplied by exp(U(−s, s)): 0.12 is about ±12%."),
        "shear": ("Shear (±)", 0.6, 0.01, "How far the top leans over against the bottom, as a ratio."),
        "shift": ("Shift (± pixels)", 4.0, 0.1, "In pixels of the 14×14 image, in both directions."),
        "elastic": ("Elastic (pixels)", 2.0, 0.05, "Standard deviation of a smooth random displacement (Simard, 2003)."),
    }
    columns = st.columns(3)
    for place, (name, (label, most, step, help)) in enumerate(bounds.items()):
        key = state.recall(f"data.warp.{name}", getattr(recipe, name))
        settings[name] = columns[place % 3].slider(label, 0.0, most, step=step, key=key, help=help)
    seed = columns[2].number_input("Seed", 0, 10_000, key=state.recall("data.warp.seed", 0), help="Of the warps.")
    digit = st.slider("Training digit", 0, 199, key=state.recall("data.warp.digit", 0))
    size = st.segmented_control("Warped at", [28, 14], key=state.recall("data.warp.size", 28), required=True,
                                format_func="{0}×{0}".format,
                                help="28×28: the original is warped, then pooled. 14×14: the strict reading, in which "
                                "nothing but what the models are given is used.")  # fmt: skip
    train = state.mnist().train
    image, label = train.images[digit], int(train.labels[digit])
    augmentation = Augmentation(**settings, resolution=size)
    warped = augment(image.expand(WARPED, 28, 28), augmentation, torch.Generator().manual_seed(seed))
    shown = [pool(image.unsqueeze(0))[0], *warped]
    captions = ["<b>the original</b>", *(f"warp {number}" for number in range(1, WARPED + 1))]
    st.html(
        charts.gallery(
            ((255 * small).round().byte().numpy(), f"{label}, {name}", name)
            for small, name in zip(shown, captions, strict=True)
        )
    )


@state.error_boundary()
def _misread() -> None:
    preset = st.segmented_control("Models", list(state.PRESETS), key=state.recall("data.preset", "report"),
                                  format_func=state.PRESETS.get, required=True)  # fmt: skip
    names = dataset.available(preset)
    if not names:
        st.info("The models of this preset have not been trained yet: `python -m pairdigits report` makes them.")
        return
    with st.spinner("Showing all test digits to the models…"):
        found = dataset.misread(preset, names)
    st.write(
        f"**{len(found.indices)} of {found.tested:,}** test digits are misread by every one of {len(names)} models: "
        f"{', '.join(found.models)}. Some are unreadable for people too; the rest is what 2000 training digits do not teach."
    )
    images = state.mnist().test.images
    st.html(
        charts.gallery(
            (
                images[index].numpy(),
                f"a {label}, read as {_votes(readings)}",
                f"<b>{label}</b>, read as {_votes(readings)}",
            )
            for index, label, readings in zip(
                found.indices[:60].tolist(), found.labels.tolist(), found.readings.T.tolist(), strict=False
            )
        )
    )
    if len(found.indices) > 60:
        st.caption(f"The first 60 of {len(found.indices)}.")


def _votes(readings: list[int]) -> str:
    """What the models say, the commonest first: "5 (6), 3 (1)"."""
    digits, counts = np.unique(readings, return_counts=True)
    ranked = sorted(zip(counts.tolist(), digits.tolist(), strict=True), reverse=True)
    return ", ".join(f"{digit} ({count})" for count, digit in ranked)


@state.error_boundary()
def _duplicates() -> None:
    size = st.segmented_control("Compared at", [28, 14], key=state.recall("data.duplicates", 28), required=True,
                                format_func="{0}×{0}".format)  # fmt: skip
    with st.spinner("Comparing all images…"):
        found = dataset.duplicates(size)
    columns = st.columns(3)
    for column, label, value, help in zip(
        columns,
        ("In both splits", "Twice in training", "Twice in test"),
        (found.across, found.within_train, found.within_test),
        ("Test images that are, pixel by pixel, also training images.",
         "Training images beyond the first of their kind.", "Test images beyond the first of their kind."),
        strict=True,
    ):  # fmt: skip
        column.metric(label, f"{value:,}", help=help)
    st.write(
        f"All {found.images:,} images were compared, pixel by pixel. Training pairs come from the training digits only, "
        "and test pairs from the test digits only"
        + (": so no model is ever tested on an image that it has learnt from." if not found.across else ".")
    )
