"""Step 9: the comparison written down, and how far it goes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.charts import intervals
from dashboard.charts.digits import digit_bars
from dashboard.charts.probes import ideal, probe_heatmap
from dashboard.components import pictures
from dashboard.lesson import model_facts
from dashboard.lesson.figures import chart
from dashboard.lesson.model_facts import Demo
from dashboard.lesson.quoted_rounds import Evidence
from dashboard.lesson.step import Question, Step, Telling
from pairdigits.estimates import Estimate
from pairdigits.report.experiments import STUDENT_RESULTS

UNSURE = 12  # pairs to browse


def tell(evidence: Evidence) -> Telling:
    """The step in words."""
    v7 = evidence.accuracy("corrected", "v7")
    best, record = (evidence.accuracy("best", name) for name in ("v7", "v4"))
    alone = {name: evidence.accuracy("unnamed", name) for name in ("v7", "v5")}
    return Telling(
        "v4 compares, but an argmax passes no gradient, so its tower learns from digit labels only. Our v7 computes "
        "how likely the comparison is from both softmaxes: exact, differentiable, nothing to train. With the report's "
        f"settings it reaches {v7} (corrected, n = {v7.n}).\n\n"
        "The `best` recipe adds warped images, new pairs of the same digits in every epoch, AdamW with one cycle of "
        f"the learning rate, and hardly any dropout, still on the digits of 1000 pairs: {best} for v7 and {record} for "
        f"v4 (n = {best.n} each).",
        Question(
            "v7 is trained on comparisons alone: no digit label, ever. How good does it get?",
            (
                "No better than always “yes”",
                "As good as v5 without digit labels",
                "Nearly as good as with digit labels",
            ),
            2,
            f"{alone['v7'].full}, with labels {best.full}; v5, like it without them, {alone['v5'].full}. All from "
            "160,000 comparisons: 160 epochs, each with 1000 new pairs of the same 2000 digits. To be right about "
            "order, v7 must sort what it sees into ordered kinds: it finds most of the digits that nobody named. What "
            "a head knows can stand in for labels.",
        ),
        f"With the rule written down v7 goes from {v7} (the report's settings, corrected) to {best} (best recipe), and "
        f"without a single digit label it still reaches {alone['v7']}.",
        "Ours; compared with the best published student results for this task that we know of.",
        r"P(\text{first} \le \text{second}) = \sum_{i \le j} p_i\, q_j",
    )


def _pair() -> tuple[Demo, int]:
    """v7's answers, and the place of the chosen one among them."""
    shown = model_facts.demo(model_facts.preset(), "v7")
    number = st.session_state["lesson.pair"]
    return shown, int(np.argsort(shown.read.max(-1).min(1))[number - 1])


def play(evidence: Evidence) -> None:
    """How v7 compares a pair."""
    st.slider(
        "A pair that v7 finds hard",
        1,
        UNSURE,
        key="lesson.pair",
        persist_state="session",
        help=f"Of {model_facts.PAIRS} test pairs, those with the least certain digit, the hardest first.",
    )
    shown, here = _pair()
    p, q = shown.read[here]
    truth = pictures.verdict(*shown.digits[here].tolist())
    st.markdown(f"Discs: $p_i q_j$. On white they add up to **{shown.probability[here]:.0%}**. Truth: {truth}.")
    left, right = st.columns([2, 3])
    with left:
        st.html(pictures.pair_image(shown.images[here], "{} and {}".format(*shown.digits[here])))
    with right:
        chart(probe_heatmap(ideal(), weights=np.outer(p, q), height=330), "further-sum")


def more(evidence: Evidence) -> None:
    """How that pair's digits were read, and how far the models get."""
    shown, here = _pair()
    for side, (column, name) in enumerate(zip(st.columns(2), ("p, first digit", "q, second digit"), strict=True)):
        with column:
            chart(digit_bars(shown.read[here][side], name, 130, side), f"further-{side}")
    _ladder(evidence)


def _ladder(evidence: Evidence) -> None:
    rows = {
        "v5, as published": evidence.accuracy("as-published", "v5"),
        "v5, corrected": evidence.accuracy("corrected", "v5"),
        "v7, corrected": evidence.accuracy("corrected", "v7"),
        "v7, best recipe": evidence.accuracy("best", "v7"),
        "v4, best recipe": evidence.accuracy("best", "v4"),
    }
    known = {name: score for name, score in rows.items() if score.n}
    students = {f"students, {name}": Estimate.quoted(*result) for name, result in STUDENT_RESULTS.items()}
    chart(intervals.bars(known | students, "Test accuracy (%)", span=(90, 100), chosen=list(known)), "further-ladder")


STEP = Step(
    "How far it goes",
    "Write the comparison down instead of learning it",
    "What we know for certain need not be learned: give the model the rule.",
    tell,
    play,
    ("results", "See all results past the report"),
    more,
    {"v7": {"variant": "v7"}, "v5": {"variant": "v5"}},
)
