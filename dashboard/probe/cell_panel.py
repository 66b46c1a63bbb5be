"""What stands behind one cell of a probe: its verdict, real pairs, and the head's arithmetic."""

from __future__ import annotations

import streamlit as st

from dashboard.probe import cell_html, probed_models, selection
from dashboard.probe.arithmetic import Comparison, WeightedSum, steps
from dashboard.probe.probed_models import Subject
from dashboard.probe.selection import Choice
from pairdigits.choices import PROBE_KINDS
from pairdigits.probe import Probe

SHOWN = 4  # pairs at first, and more with each press


def verdict(probe: Probe, first: int, second: int) -> None:
    """What the probe says of the cell, and whether it is right."""
    st.html(cell_html.STYLE)
    probability = float(probe.probability[first, second])
    says = f"{first} {'≤' if probability > 0.5 else '>'} {second}"
    mark = ":material/close: **wrong**" if probe.wrong[first, second] else ":material/check: **right**"
    what = f"P(first ≤ second) = {probability:.4f}"
    if probe.counts is not None:
        what = f"{probability:.1%} of {int(probe.counts[first, second]):,} real pairs are called ≤"
    st.markdown(f"The cell says **{says}**, {mark}. {what}.")


def pairs(subject: Subject, first: int, second: int) -> None:
    """Real test pairs of the two digits, the wrong ones first."""
    found = probed_models.behind(subject, first, second)
    count, wrong = len(found.wrong), int(found.wrong.sum())
    st.markdown(
        f"**Real test pairs of {first} and {second}**: {subject.long_title} gets {wrong} of {count} wrong, shown first."
    )
    place, asked = (subject.name, first, second), selection.visitor().pairs
    shown = min(asked.get(place, SHOWN), count)
    cards = [
        cell_html.pair_card(
            found.images(pair),
            (first, second),
            float(found.probability[pair]),
            None if found.digits is None else found.digits[pair],
        )
        for pair in range(shown)
    ]
    st.html(cell_html.pairs(cards))
    if found.digits is None:
        st.caption("The base model reads no single digits, so there are no bars below its images.")
    if shown < count:
        st.button("More pairs", on_click=asked.__setitem__, args=(place, shown + 2 * SHOWN), key="probe.more")


def arithmetic(subject: Subject, choice: Choice, first: int, second: int) -> None:
    """The cell through the last layer, to be checked by hand."""
    st.subheader("The arithmetic of this cell" if choice.kind != "real" else "The arithmetic of a pair", anchor=False)
    if not subject.siamese:
        st.info("The base model has no last layer that compares two digits: its 50 features see both at once.")
        return
    places = ""
    if choice.kind == "real":
        pair = probed_models.behind(subject, first, second).indices[0]
        places = "number {} and {}".format(*pair)
        inputs = probed_models.real_inputs(subject, pair)
    else:
        inputs = probed_models.cell_inputs(subject, choice.kind, choice.strength, first, second)
    model = probed_models.network(subject)
    what = PROBE_KINDS[choice.kind].asked.format(strength=choice.strength, first=first, second=second, places=places)
    st.write(f"{subject.long_title} is {model.variant.description}. Given {what}:")
    layers = steps(model, *inputs)
    if isinstance(layers[0], Comparison):
        _comparison(layers[0])
    else:
        _layers([layer for layer in layers if isinstance(layer, WeightedSum)])


def _layers(layers: list[WeightedSum]) -> None:
    *hidden, output = layers
    for layer in hidden:
        strongest = int(abs(output.products).max(1).argmax())
        unit = st.selectbox(
            "A unit of the hidden layer",
            range(len(layer.bias)),
            index=strongest,
            format_func=lambda number: f"unit {number}",
            key=f"probe.unit.{strongest}",
            help="At first the one that weighs most in the verdict. Each of the 25 is such a sum; a leaky ReLU then "
            "multiplies it by 0.01 where it is negative.",
        )
        st.html(cell_html.weighted_sum(layer, (unit,)))
        st.write(f"Leaky ReLU makes {output.inputs[unit]:.4f} of it. All 25 units then go into the second layer:")
    st.html(cell_html.weighted_sum(output, (0, 1), rows=25))
    st.markdown(cell_html.verdict(output.sums))


def _comparison(comparison: Comparison) -> None:
    if comparison.expected:
        st.html(cell_html.product_table(comparison))
        st.markdown(
            r"The sum of all $p_i\,q_j$ with $i \le j$, on a tint: "
            f"$P(\\text{{first}}\\le\\text{{second}}) = {comparison.probability:.4f}$. No weight is learned here."
        )
        return
    left, right = (int(side.argmax()) for side in (comparison.left, comparison.right))
    st.markdown(
        f"The largest of the first ten logits is that of **{left}** ({comparison.left[left]:.4f}), of the second ten "
        f"that of **{right}** ({comparison.right[right]:.4f}). {left} ≤ {right} is "
        f"{'true' if left <= right else 'false'}, and that is the verdict: no weight is learned here."
    )
