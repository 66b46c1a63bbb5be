"""The story that the probe tells, with its figures from the committed rounds."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import committed_rounds

TOLD = ("v1", "v4", "v5", "v6", "v7")


def tell() -> None:
    """Three sentences, and what the typical digit adds to them."""
    from pairdigits.config import CORRECTED, PUBLISHED
    from pairdigits.report.results import wrong_cells

    for protocol in (CORRECTED, PUBLISHED):
        cells = wrong_cells(committed_rounds.rounds(), protocol).frame.set_index("Model")
        if all(cells.loc[f"Siamese {variant}", "Ideal"].n > 1 for variant in TOLD):
            break

    def figure(variant: str, kind: str = "Ideal") -> str:
        count = cells.loc[f"Siamese {variant}", kind]
        return f"{count.mean:.1f}" if count.known else "not yet known"

    st.markdown(
        f"1. **v1** adds up raw logits, so how strongly a digit is seen counts as much as which digit it is: its last "
        f"layer makes no clean step and gets **{figure('v1')}** of the 100 ideal signals wrong.\n"
        f"2. A softmax before that layer (**v5**: {figure('v5')} wrong) or one more layer (**v6**: {figure('v6')} "
        "wrong) mends it.\n"
        f"3. **v4** and **v7** need neither: they compare by construction, {figure('v4')} and {figure('v7')} wrong."
    )
    n = cells.loc["Siamese v1", "Ideal"].n
    st.caption(
        f"Mean wrong cells over {n} committed rounds, {protocol}, strength 10. Shown its own **typical digits** "
        f"instead, v1 gets {figure('v1', 'Typical')} wrong (v5 {figure('v5', 'Typical')}, v6 "
        f"{figure('v6', 'Typical')}): most of its wrong cells in the report's figure are inputs that its tower never "
        "produces."
    )
