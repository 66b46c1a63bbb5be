"""The Data page's sections on single images: pooling, warps, hard digits, duplicates.

Importing this loads torch.
"""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch
from markupsafe import Markup

from dashboard.components import pictures
from dashboard.data import dataset
from dashboard.data.pair_sections import drawn
from dashboard.shared import choose, state
from pairdigits.augmentation import Augmentation, augment
from pairdigits.data import Normalisation, pool

WARPED = 11  # beside the original
HARD = 24  # misread digits to show


def pooling() -> str:
    """One digit before and after pooling, and the arithmetic of one pixel."""
    test = state.mnist().test
    number = st.slider("Test digit", 0, 199, 0, key="data.pooled", persist_state="session")
    image = test.images[number]
    small = pool(image.unsqueeze(0))[0]
    row, column = st.columns(2)
    y = (
        row.slider("Row", 1, 14, 5, key="data.row", persist_state="session", help="Of the 14×14 image, from the top.")
        - 1
    )
    x = column.slider("Column", 1, 14, 7, key="data.column", persist_state="session", help="From the left.") - 1
    label = int(test.labels[number])
    left, right = st.columns(2)
    left.html(pictures.marked(image.numpy(), 2 * y, 2 * x, 2, f"{label} at 28 by 28 pixels"))
    left.caption("28×28, as MNIST has it: 784 numbers")
    right.html(pictures.marked((255 * small).round().byte().numpy(), y, x, 1, f"{label} at 14 by 14 pixels"))
    right.caption("14×14, as the models get it: 196 numbers")
    four = image[2 * y : 2 * y + 2, 2 * x : 2 * x + 2].flatten().tolist()
    mean, std = _normalisation()
    sum_ = " + ".join(map(str, four))
    st.latex(rf"\frac{{{sum_}}}{{4 \cdot 255}} = {small[y, x]:.3f}")
    st.latex(rf"\frac{{{small[y, x]:.3f} - {mean:.3f}}}{{{std:.3f}}} = {(small[y, x] - mean) / std:+.3f}")
    st.caption(
        "Each pixel of the small image is the mean of the 2×2 pixels marked in the large one. The models get it less "
        f"the mean and over the standard deviation of the training pairs' pixels (here {mean:.3f} and {std:.3f}, "
        "measured on the 1000 training pairs of seed 0)."
    )
    return "A quarter of the numbers is left, 196 of 784, and the digit can still be read."


def _normalisation() -> Normalisation:
    return Normalisation.fit(pool(drawn("train", 1000, 0).images))


def warping() -> str:
    """One digit warped in many ways."""
    st.write(
        "The `best` recipe never shows a training image twice: in every epoch each one is warped anew, pooled and "
        "normalised. The sliders begin at the recipe's bounds; what is drawn within them is up to chance."
    )
    recipe, settings = Augmentation(), {}
    bounds = {
        "rotation": ("Rotation (± degrees)", 45.0, 1.0, "Uniform between minus and plus this many degrees."),
        "log_scale": ("Size (± log)", 0.5, 0.01, "The size is multiplied by exp(U(−s, s)): 0.12 is about ±12%."),
        "shear": ("Shear (±)", 0.6, 0.01, "How far the top leans over against the bottom, as a ratio."),
        "shift": ("Shift (± pixels)", 4.0, 0.1, "In pixels of the 14×14 image, in both directions."),
        "elastic": (
            "Elastic (pixels)",
            2.0,
            0.05,
            "Standard deviation of a smooth random displacement (Simard, 2003).",
        ),
        "flags": ("Flagged ones (share)", 1.0, 0.05, "Many people draw a one with a flag; MNIST's writers did not."),
    }
    columns = st.columns(3)
    for place, (name, (label, most, step, help)) in enumerate(bounds.items()):
        settings[name] = columns[place % 3].slider(
            label, 0.0, most, getattr(recipe, name), step, key=f"data.warp.{name}", persist_state="session", help=help
        )
    seed = columns[0].number_input(
        "Seed", 0, 10_000, 0, key="data.warp.seed", persist_state="session", help="Of the warps."
    )
    digit = st.slider("Training digit", 0, 199, 0, key="data.warp.digit", persist_state="session")
    size = st.segmented_control(
        "Warped at", [28, 14], default=28, key="data.warp.size", persist_state="session", required=True,
        format_func="{0}×{0}".format, help="28×28: the original is warped, then pooled. 14×14: the strict reading, in "
        "which nothing but what the models are given is used.",
    )  # fmt: skip
    train = state.mnist().train
    image, label = train.images[digit], int(train.labels[digit])
    augmentation = Augmentation(**settings, resolution=size)
    images, labels = image.expand(WARPED, 28, 28), train.labels[digit].expand(WARPED)
    warped = augment(images, labels, augmentation, torch.Generator().manual_seed(seed))
    shown = [pool(image.unsqueeze(0))[0], *warped]
    names = ["the original", *(f"warp {number}" for number in range(1, WARPED + 1))]
    captions = [Markup("<b>{}</b>").format(names[0]), *names[1:]]
    st.html(
        pictures.gallery(
            ((255 * small).round().byte().numpy(), f"{label}, {name}", caption)
            for small, name, caption in zip(shown, names, captions, strict=True)
        )
    )
    return f"All twelve are labelled {label}: what changes is what a reader must not rely on."


def misread() -> str | None:
    """The test digits that all siamese models of a preset misread."""
    preset = choose.preset("Models", "report", key="data.preset", persist_state="session")
    names = dataset.available(preset)
    if not names:
        st.info("The models of this preset have not been trained yet: `python -m pairdigits report` makes them.")
        return None
    with st.spinner("Showing all test digits to the models…"):
        found = dataset.misread(preset, names)
    images = state.mnist().test.images
    st.html(
        pictures.gallery(
            (
                images[index].numpy(),
                f"a {label}, read as {_votes(readings)}",
                Markup("<b>{}</b>, read as {}").format(label, _votes(readings)),
            )
            for index, label, readings in zip(
                found.indices[:HARD].tolist(), found.labels.tolist(), found.readings.T.tolist(), strict=False
            )
        )
    )
    first = f" The first {HARD} of {len(found.indices)}." if len(found.indices) > HARD else ""
    st.caption(f"What it is, and what the models read (how many of the {len(names)}).{first}")
    return (
        f"**{len(found.indices)} of {found.tested:,}** test digits are misread by every one of {len(names)} models: "
        f"{', '.join(found.models)}. Which of them would you have read?"
    )


def _votes(readings: list[int]) -> str:
    """What the models say, the commonest first: "5 (6), 3 (1)"."""
    digits, counts = np.unique(readings, return_counts=True)
    ranked = sorted(zip(counts.tolist(), digits.tolist(), strict=True), reverse=True)
    return ", ".join(f"{digit} ({count})" for count, digit in ranked)


def duplicates() -> str:
    """Whether an image comes up twice."""
    size = st.segmented_control(
        "Compared at", [28, 14], default=28, key="data.duplicates", persist_state="session", required=True,
        format_func="{0}×{0}".format,
    )  # fmt: skip
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
    return (
        f"All {found.images:,} images were compared, pixel by pixel. Training pairs come from the training digits "
        "only, and test pairs from the test digits only"
        + (": so no model is ever tested on an image that it has learnt from." if not found.across else ".")
    )
