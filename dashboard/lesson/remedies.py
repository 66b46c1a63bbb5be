"""Step 8: three ways to make a last layer compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.charts.probes import probe_heatmap
from dashboard.lesson import charts, model_facts
from dashboard.lesson.figures import chart
from dashboard.lesson.step import Question, Step, Telling
from dashboard.shared import choose
from pairdigits import cells
from pairdigits.choices import LOGIT_FACTORS

if TYPE_CHECKING:
    import numpy as np

    from dashboard.lesson.quoted_rounds import Evidence

HEADS = {  # "first <= second" is said where this holds
    "v1": r"\sum_i a_i z_i + \sum_j b_j z'_j + c > 0",
    "v5": r"\begin{gathered} \sum_i a_i p_i + \sum_j b_j q_j + c > 0 \\"
    r"p = \mathrm{softmax}(z),\; q = \mathrm{softmax}(z') \end{gathered}",
    "v6": r"w \cdot \mathrm{leaky\,ReLU}(A z + B z' + d) + c > 0",
    "v4": r"\arg\max z \le \arg\max z'",
}
ADDED_UP = ("v1", "v5")
CERTAIN = "v5"  # adds up softmaxes, which can be made more certain


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    rows = {name: evidence.accuracy("as-published", name) for name in ("v1", "v5", "v6", "v4")}
    ranked = ", ".join(f"{name} {score}" for name, score in sorted(rows.items(), key=lambda row: row[1].mean))
    return Telling(
        "A sum of a number for the left digit and one for the right *can* make the step, but only if every 3 adds "
        "nearly the same, and less towards “first ≤ second” than any 2. Raw logits differ from image to image: the "
        "dots of neighbouring digits overlap. After a softmax every clear reading is about 1 at its digit and 0 "
        "elsewhere, and the dots lie on ten shelves (v5): the flatter, the more certain the softmax is, as "
        "multiplied logits show. One more layer can learn something like it (v6). Or there is nothing to learn: v4 "
        "compares the likeliest digits.\n\n"
        f"As published, n = {rows['v1'].n} rounds: v1 {rows['v1']}, v6 {rows['v6']}, v5 {rows['v5']}, v4 {rows['v4']}.",
        Question(
            f"v1 and v5 both have {model_facts.parameters('v5')} trainable numbers. What does v5's softmax change?",
            (
                "It makes clear readings of the same digit all alike",
                "It makes the logits larger",
                "It gives the tower more to learn from",
            ),
            0,
            "A softmax keeps what matters, which digit it is, and drops what varies, how large the logits happen to "
            "be. Knowledge of the task was built in, at no cost in parameters.",
        ),
        f"From the worst to the best, as published: {ranked}.",
        "Report, sections II and IV, Figure 2 and Table II. The sum is that of the step before: it is the same scale "
        "(log-odds) and the same sign, upwards for “first ≤ second”.",
    )


def play(evidence: Evidence) -> None:
    """Four last layers, each with its formula: what a left digit adds where it adds up, else its probe."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        variant = choose.siamese("lesson.remedy", list(HEADS), "v5", "Last layer of Siamese", "{}")
        factor = _certainty() if variant == CERTAIN else 1
    st.latex(HEADS[variant])
    right = f"{evidence.accuracy('as-published', variant)} of the test pairs right, as published."
    if factor > 1:
        right = f"logits times {factor}: **{_accuracy(factor):.2%}** of all pairs right, before {_accuracy(1):.2%}."
    st.markdown(f"**{_wrong(variant)} of 100 cells wrong** on ideal signals; {right}")
    if variant in ADDED_UP:
        values, digits = model_facts.contributions(model_facts.preset(), variant, factor)
        chart(charts.contributions(values, digits, 320), "remedies-sum")
    else:
        _probe(variant)


def _certainty() -> int:
    return st.select_slider(
        "Logits times",
        LOGIT_FACTORS,
        key="lesson.certain",
        persist_state="session",
        help="How certain must the softmax be? Tower and last layer stay as they were trained; the larger the factor, "
        "the more is the likeliest digit all that counts.",
        width=220,
    )


def _accuracy(factor: int) -> float:
    return model_facts.accuracy_at(model_facts.preset(), CERTAIN, factor)


def _wrong(variant: str) -> int:
    return int(cells.wrong(_ideal(variant)).sum())


def _ideal(variant: str) -> np.ndarray:
    return model_facts.last_layer(model_facts.preset(), variant, "ideal", 10.0)


def _probe(variant: str) -> None:
    alt = f"Probe of {variant}: {_wrong(variant)} of 100 cells wrong."
    chart(probe_heatmap(_ideal(variant), height=320), "remedies-probe", alt=alt)


def more(evidence: Evidence) -> None:
    """What the dots are and the probe, where the layer adds up."""
    variant = st.session_state["lesson.remedy"]
    if variant in ADDED_UP:
        st.caption(
            "A dot is a left digit of the test set. Where dots of two digits overlap, a sum confuses them. The overall "
            "mean is taken off, as c makes up for it. With other logits this one model, not trained again, "
            "compares all ordered pairs of MNIST’s 10,000 test digits."
        )
        _probe(variant)
    elif variant == "v6":
        st.info("Its two layers do not simply add up a left and a right part, so there are no dots to draw.")
    else:
        st.info("There is no layer: nothing to train, nothing to get wrong.")


STEP = Step(
    "Three remedies",
    "Softmax, one more layer, or no layer at all",
    "A layer that adds up needs every reading of a digit to weigh the same.",
    tell,
    play,
    ("probe", "Compare the last layers side by side"),
    more,
    {"v5": {"variant": "v5"}, "v6": {"variant": "v6"}},
)
