"""Why v5 without the auxiliary losses fails: its rounds one by one, and how little gradient gets past the softmax."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.auxiliary import charts
from dashboard.charts import lengths
from dashboard.components.live_chart import live_chart
from dashboard.shared import teaching_data
from pairdigits.report.experiments import EXPERIMENTS

ROWS = {
    "v1 shared alone": "v1, class loss alone",
    "v5 shared alone": "v5, class loss alone",
    "v5 shared auxiliary": "v5 with auxiliary losses",
}


def draw() -> str | None:
    """The section."""
    st.write(
        "v5 is v1 with one softmax more, in front of its last layer. With the auxiliary losses that helps; what is "
        "left of it without them? The same weights, the same pairs, every round by itself:"
    )
    frame = teaching_data.rounds("factorial")
    rows = {name: frame.loc[frame["row"] == row, "test_accuracy"].tolist() for row, name in ROWS.items()}
    live_chart(charts.each_round(rows, "Test accuracy (%)"), "failure.rounds", filename="v5-alone")
    rates = {EXPERIMENTS["factorial"].rows[row].learning_rate for row in ROWS}
    st.caption(
        "A point per round, on its own 1000 test pairs, and a stroke for their mean: the report's settings, corrected "
        f"protocol, learning rate {max(rates):g} with the auxiliary losses and {min(rates):g} without."
    )
    teaching_data.tell_missing("factorial")
    st.subheader("What the softmax lets through", anchor=False)
    st.write(
        "Before the first step all ten logits are nearly equal, so v5's head sees ten probabilities near "
        r"$\tfrac{1}{10}$, whoever the digit is. The class loss must first find its way back through that softmax, "
        "whose derivative there is about a tenth:"
    )
    st.latex(
        r"\frac{\partial p_i}{\partial z_j} = p_i\,(\delta_{ij} - p_j) \approx \tfrac{1}{10}\left(\delta_{ij} - "
        r"\tfrac{1}{10}\right)"
    )
    prepared = teaching_data.prepared("gradients")
    lengths_of = {variant: float(np.mean(run["sizes"]["class"][0])) for variant, run in prepared.items()}
    auxiliary = float(np.mean(prepared["v5"]["sizes"]["auxiliary"][0]))
    live_chart(
        lengths.bars(
            {f"Siamese {name}": value for name, value in lengths_of.items()},
            "Length of the class gradient in the tower",
        ),
        "failure.gradient",
        toolbar=False,
    )
    st.markdown(
        f"Untrained, the class loss reaches v5's tower with a gradient **{lengths_of['v1'] / lengths_of['v5']:.0f} "
        f"times smaller** than v1's ({lengths_of['v5']:.3f} against {lengths_of['v1']:.3f}, mean of "
        f"{prepared['v1']['batches']} batches). The auxiliary losses attach before that softmax and bring a gradient "
        f"of {auxiliary:.2f} with them. So without them v5 starts almost blind; that this is the whole reason, these "
        "figures do not say."
    )
    _with_the_recipe(rows[ROWS["v5 shared alone"]])
    return _reading(rows)


def _reading(rows: dict[str, list[float]]) -> str | None:
    alone, linear, helped = (
        np.array(rows[ROWS[row]]) for row in ("v5 shared alone", "v1 shared alone", "v5 shared auxiliary")
    )
    if not (len(alone) and len(linear) and len(helped)):
        return None
    worse = int((alone[: len(linear)] < linear[: len(alone)]).sum())
    return (
        f"v5 alone at the learning rate {EXPERIMENTS['factorial'].rows['v5 shared alone'].learning_rate:g}: mean "
        f"**{alone.mean():.1f}%**, from {alone.min():.1f}% to {alone.max():.1f}% over {len(alone)} "
        f"rounds, {int((alone < 60).sum())} of them below 60% (of the 100 pairs of digits 55 are “≤”, so always "
        f"saying that gets as much). In {worse} of {min(len(alone), len(linear))} rounds it is behind v1 alone (mean "
        f"{linear.mean():.1f}%). With the auxiliary losses: {helped.mean():.1f}%."
    )


def _with_the_recipe(report: list[float]) -> None:
    """v5 and v7 by the best recipe, given comparisons alone."""
    frame = teaching_data.rounds("unnamed")
    names = {"v5": "v5, best recipe", "v7": "v7, best recipe"}
    rows = {name: frame.loc[frame["row"] == row, "test_accuracy"].tolist() for row, name in names.items()}
    st.subheader("With a better recipe, and with a head that knows what ≤ is", anchor=False)
    if all(rows.values()) and report:
        live_chart(
            charts.each_round({"v5, the report's settings": report} | rows, "Test accuracy (%)"),
            "failure.recipe",
            filename="comparisons-alone",
        )
        means = {name: float(np.mean(values)) for name, values in rows.items()}
        st.markdown(
            "Still without a single digit's label, the best recipe (new pairings of the same digits every epoch, "
            f"warped images, AdamW) takes v5 from {np.mean(report):.1f}% to **{means[names['v5']]:.1f}%** (n = "
            f"{len(rows[names['v5']])}). v7, whose head has nothing to learn, gets **{means[names['v7']]:.1f}%** (n "
            f"= {len(rows[names['v7']])}) from the same pairs. (A point per round, tested on 1000 pairs after the last "
            "epoch; the report's settings: as in the first figure.)"
        )
    teaching_data.tell_missing("unnamed")
