"""The story that the probe tells, with its figures from the committed rounds."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import committed_rounds
from pairdigits.choices import CORRECTED, PUBLISHED
from pairdigits.estimates import Estimate
from pairdigits.report.results import wrong_cells
from pairdigits.report.tables import rows

TOLD = ("v1", "v4", "v5", "v6", "v7")


def tell() -> None:
    """What the figure shows, and what the typical digit adds to it."""
    protocol, cells = CORRECTED, {}
    for protocol in (CORRECTED, PUBLISHED):
        cells = _by_model(protocol)
        if all((cells[f"Siamese {variant}"]["Ideal"].n or 0) > 1 for variant in TOLD):
            break

    def figure(variant: str, kind: str = "Ideal") -> str:
        count = cells[f"Siamese {variant}"][kind]
        return f"{count.mean:.1f}" if count.known else "not yet known"

    st.header("What the boards show", anchor=False)
    st.markdown(
        "1. On ideal signals the last layers of **v1** and **v5** compute the same kind of sum, "
        f"$a_i + b_j + c$: a number for each first digit, one for each second. Such a sum can make the step: v5 gets "
        f"**{figure('v5')}** of the 100 signals wrong. v1 gets **{figure('v1')}** wrong, because it never saw such "
        "inputs: it was trained on raw logits, where how strongly a digit is seen counts as much as which digit it "
        "is.\n"
        f"2. On the **typical digits** of its own tower v1 gets only {figure('v1', 'Typical')} wrong (v5 "
        f"{figure('v5', 'Typical')}, v6 {figure('v6', 'Typical')}). So most of v1's wrong cells in the report's "
        "figure are inputs that its tower never produces.\n"
        f"3. One more layer (**v6**: {figure('v6')} ideal signals wrong) mends much of it; **v4** and **v7** compare "
        f"by construction: {figure('v4')} and {figure('v7')} wrong."
    )
    n = cells["Siamese v1"]["Ideal"].n
    st.caption(f"Mean wrong cells of 100 over {n} committed rounds, {protocol}, the report's settings, strength 10.")


def _by_model(protocol: str) -> dict[str, dict[str, Estimate]]:
    """Wrong cells, of 100, by model and kind of probe."""
    return {row.pop("Model"): row for row in rows(wrong_cells(committed_rounds.rounds(), protocol).frame)}
