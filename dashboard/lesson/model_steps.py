"""The steps whose thing to play with is a committed model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.charts import pairs
from dashboard.charts.curves import Curve, learning_curves
from dashboard.charts.digits import digit_bars
from dashboard.charts.probes import ideal, probe_heatmap
from dashboard.lesson import charts as charts
from dashboard.lesson import model_facts
from dashboard.lesson.sizes import chart, missing
from dashboard.shared import state
from pairdigits import cells

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence

RIVALS = {"base": "Base", "v5": "Siamese v5"}  # of the visitor's game
UNSURE = 12  # pairs to browse in the step on v7
HEADS = {
    "v1": r"\sum_i a_i z_i + \sum_j b_j z'_j + c > 0",
    "v5": r"\begin{gathered} \sum_i a_i p_i + \sum_j b_j q_j + c > 0 \\"
    r"p = \mathrm{softmax}(z),\; q = \mathrm{softmax}(z') \end{gathered}",
    "v6": r"w \cdot \mathrm{leaky\,ReLU}(A z + B z' + d) + c > 0",
    "v4": r"\arg\max z \le \arg\max z'",
}


def game(evidence: Evidence) -> None:
    """Compare pairs against two models."""
    shown = {name: model_facts.demo(model_facts.preset(), name) for name in RIVALS}
    first = shown["base"]
    order = np.random.default_rng(5).permutation(len(first.digits))
    score = st.session_state.setdefault("lesson.game", {"played": 0, "you": 0} | dict.fromkeys(RIVALS, 0))
    here = int(order[score["played"] % len(order)])

    def answer(less_or_equal: bool) -> None:
        a, b = first.digits[here]
        score["played"] += 1
        score["you"] += bool(less_or_equal == (a <= b))
        for name, model in shown.items():
            score[name] += bool(model.right[here])

    st.html(pairs.pair_image(first.images[here], "Two handwritten digits; which, you are to see for yourself", 380))
    row = st.container(horizontal=True)
    row.button("first ≤ second", on_click=answer, args=(True,), key="lesson.le", type="primary")
    row.button("first > second", on_click=answer, args=(False,), key="lesson.gt", type="primary")
    played = score["played"]
    if played:
        last = int(order[(played - 1) % len(order)])
        said = ", ".join(f"{RIVALS[name]} was {'right' if shown[name].right[last] else 'wrong'}" for name in RIVALS)
        st.write(f"The last pair: **{pairs.verdict(*first.digits[last].tolist())}**. {said}.")
    columns = st.columns(3)
    columns[0].metric(
        "You", f"{score['you']} of {played}" if played else "–", help="Pairs that you have compared rightly."
    )
    for column, (name, title) in zip(columns[1:], RIVALS.items(), strict=True):
        rate = f"On all {len(first.digits)} test pairs this model is right {shown[name].right.mean():.1%} of the time."
        column.metric(title, f"{score[name]} of {played}" if played else "–", help=f"On the same pairs as you. {rate}")


def paradox(evidence: Evidence) -> None:
    """Figure 1, and pairs whose digits are read rightly and compared wrongly."""
    variant = st.segmented_control(
        "Model", ["v2", "v4"], key=state.recall("lesson.paradox", "v2"), format_func="Siamese {}".format, required=True
    )
    tables = evidence.curves("as-published", variant)
    if not tables:
        missing("as-published")
    else:
        for column, metric in zip(st.columns(2), ("accuracy", "digit_accuracy"), strict=True):
            figure = learning_curves([Curve(variant, tables)], metric, height=270)
            figure.update_layout(yaxis_range=[65, 101])
            with column:
                chart(figure, f"paradox-{metric}")
    shown = model_facts.demo(model_facts.preset(), variant)
    bad = np.flatnonzero(shown.read_right & ~shown.right)
    st.markdown(
        f"Both digits read rightly, and compared **wrongly**: **{len(bad)}** of {len(shown.digits)} test pairs"
        + (", such as" if len(bad) else ". With no last layer there is nothing that could go wrong.")
    )
    st.html(
        pairs.gallery(
            (
                pairs.side_by_side(shown.images[i]),
                f"{a} and {b}",
                f"read {a} and {b},<br>says {'&gt;' if a <= b else '≤'}",
            )
            for i, (a, b) in zip(bad[:8], shown.digits[bad[:8]].tolist(), strict=True)
        )
    )


def last_layer(evidence: Evidence) -> None:
    """The probe of v1, with its kind and strength to choose."""
    kind = st.segmented_control(
        "Fed with",
        ["ideal", "typical"],
        key=state.recall("lesson.kind", "ideal"),
        format_func={"ideal": "Ideal signals", "typical": "Typical digits"}.get,
        required=True,
    )
    strength = st.slider(
        "Strength of the signal",
        0.5,
        20.0,
        step=0.5,
        key=state.recall("lesson.strength", 10.0),
        disabled=kind != "ideal",
        help="The value at the digit's index; the other nine are 0. A typical digit has the strength that it has.",
    )
    probability = model_facts.last_layer(model_facts.preset(), "v1", kind, strength)
    wrong = int(cells.wrong(probability).sum())
    chart(probe_heatmap(probability, height=430), "last-layer", alt=f"Probe of v1: {wrong} of 100 cells wrong.")
    st.markdown(f"**{wrong} of 100 cells wrong** (crosses).")


def remedies(evidence: Evidence) -> None:
    """Four last layers: formula, probe, and what the left digit adds where the layer adds up."""
    variant = st.segmented_control(
        "Last layer",
        list(HEADS),
        key=state.recall("lesson.remedy", "v5"),
        format_func="Siamese {}".format,
        required=True,
    )
    st.latex(HEADS[variant])
    probability = model_facts.last_layer(model_facts.preset(), variant, "ideal", 10.0)
    wrong = int(cells.wrong(probability).sum())
    left, right = st.columns(2)
    with left:
        alt = f"Probe of {variant}: {wrong} of 100 cells wrong."
        chart(probe_heatmap(probability, height=320), "remedies-probe", alt=alt)
        st.markdown(f"**{wrong} of 100 cells wrong**, ideal signals. Test accuracy as published: "
                    f"{evidence.accuracy('as-published', variant).full}.")  # fmt: skip
    with right:
        if variant in ("v1", "v5"):
            values, digits = model_facts.contributions(model_facts.preset(), variant)
            chart(charts.contributions(values, digits, 320), "remedies-sum")
            st.caption("A dot is a left digit of the test set. Where dots of two digits overlap, a sum confuses them.")
        else:
            st.info(
                "Its two layers do not simply add up a left and a right part, so there are no dots to draw."
                if variant == "v6"
                else "There is no layer: nothing to train, nothing to get wrong."
            )


def further(evidence: Evidence) -> None:
    """How v7 compares a pair, and how far the models get."""
    shown = model_facts.demo(model_facts.preset(), "v7")
    unsure = np.argsort(shown.readings.max(-1).min(1))[:UNSURE]
    number = st.slider(
        "A pair that v7 finds hard",
        1,
        UNSURE,
        key=state.recall("lesson.pair", 1),
        help=f"Of {len(shown.digits)} test pairs, those with the least certain digit, the hardest first.",
    )
    here = unsure[number - 1]
    p, q = shown.readings[here]
    left, right = st.columns([2, 3])
    with left:
        st.html(pairs.pair_image(shown.images[here], "{} and {}".format(*shown.digits[here])))
        for side, name, values in ((0, "p, first digit", p), (1, "q, second digit", q)):
            chart(digit_bars(values, name, 130, side), f"further-{side}")
    with right:
        chart(probe_heatmap(ideal(), weights=np.outer(p, q), height=330), "further-sum")
        truth = pairs.verdict(*shown.digits[here].tolist())
        st.markdown(f"Discs: $p_i q_j$. On white they add up to **{shown.probability[here]:.0%}**. Truth: {truth}.")
    _ladder(evidence)


def _ladder(evidence: Evidence) -> None:
    from pairdigits.report.experiments import STUDENT_RESULTS

    rows = {
        "v5, as published": evidence.accuracy("as-published", "v5"),
        "v5, corrected": evidence.accuracy("corrected", "v5"),
        "v7, corrected": evidence.accuracy("corrected", "v7"),
        "v7, best recipe": evidence.accuracy("best", "v7"),
        "v4, best recipe": evidence.accuracy("best", "v4"),
    }
    known = {name: (score.mean, score.std) for name, score in rows.items() if score.n}
    students = {f"students, {name}": result for name, result in STUDENT_RESULTS.items()}
    span = (90, 100)
    chart(charts.accuracies(known | students, list(known), 300, span=span), "further-ladder")
