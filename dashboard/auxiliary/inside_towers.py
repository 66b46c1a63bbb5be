"""What labels do inside a tower: the digits that its encodings know, and where the two gradients pull."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from dashboard.components.live_chart import live_chart
from dashboard.shared import teaching_data
from dashboard.shared.label_sweeps import evenly
from pairdigits.estimates import Estimate

FIGURES = {
    "read_out": ("Digits read off the encodings", "Read rightly (%)", 100),
    "angle": ("Angle between the two gradients", "Angle (°)", 1),
}


def inside(names: Mapping[str, str], shares: Sequence[float], named: Callable[[float], str]) -> None:
    """Both figures against the share of labelled digits, from prepared rounds.

    Parameters
    ----------
    names : mapping of variant to str
    shares : sequence of float
    named : callable
        A share -> its name on the axis.
    """
    rows = teaching_data.prepared("labelled")["rows"]
    st.markdown("**Inside the towers of these rounds**")
    for column, (figure, (title, axis, factor)) in zip(st.columns(2), FIGURES.items(), strict=True):
        lines = {
            name: [
                Estimate.of(
                    factor * np.nan if value is None else factor * value
                    for value in rows[f"{variant} {share:g}"][figure]
                )
                for share in shares
            ]
            for variant, name in names.items()
        }
        drawn = evenly(lines, [named(share) for share in shares], "Labelled digits", axis, height=320)
        with column:
            st.markdown(title)
            live_chart(drawn, f"labels.{figure}", toolbar=False, alt=title)
    n = len(next(iter(rows.values()))["read_out"])
    ends = {
        variant: [np.mean(rows[f"{variant} {share:g}"]["read_out"]) for share in (shares[0], shares[-1])]
        for variant in names
    }
    known = ", ".join(f"{100 * none:.1f} to {100 * full:.1f}% in {name}" for name, (none, full) in ends.items())
    angles = ", ".join(f"{np.mean(rows[f'{name} {shares[-1]:g}']['angle']):.0f}° in {name}" for name in names)
    rate = next(iter(rows.values()))["config"]["learning_rate"]
    st.write(
        "From no label to all, the digits that can be read off the encodings go from "
        f"{known} (n = {n}, learning rate {rate:g} for all). With all labels the two gradients stand, on average, at "
        f"{angles}: the smaller the angle, the more the comparison asks for what the labels ask for."
    )
    st.caption(
        f"Mean and 95% interval of n = {n} rounds, after training. Left: a linear layer fitted to 5,000 other training "
        "digits and scored on the 10,000 test digits. Right: between what the class loss and the auxiliary losses ask "
        "of the tower, over all its training pairs, with the labels that the run was told; 90° do not interfere, more "
        "pull against each other. Without labels there is no second gradient."
    )
