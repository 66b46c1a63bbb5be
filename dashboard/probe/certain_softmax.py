"""How certain must the softmax be? v5's own head behind softmaxes that are made more certain than they are."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.probe import probed_models
from dashboard.probe.probed_models import Subject
from dashboard.shared import choose, sections, state
from pairdigits.certainty import by_argmax, by_certainty, sharpened
from pairdigits.choices import LOGIT_FACTORS


@dataclass(frozen=True)
class Certain:
    """What a factor on the logits makes of a model, over MNIST's 10,000 test digits."""

    largest: float  # mean of the largest of a digit's ten softmax values
    accuracy: float  # over all ordered pairs of the digits, 0..1


@state.fragment
def draw() -> None:
    """The whole section."""
    st.markdown(
        "v5's last layer adds up softmax values, so a digit that is seen with 80% certainty adds 80% of what it "
        "should, and some of what other digits add. Here the tower and the last layer stay as they were trained; only "
        "the **logits are multiplied** before the softmax. A large factor leaves nothing but the likeliest digit, "
        "which is what v4 compares."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        preset = choose.preset("Models", "best", shown=False, key="probe.certain_models", persist_state="session")
        factor = st.select_slider(
            "v5's logits, multiplied by", LOGIT_FACTORS, key="probe.certain_factor", persist_state="session"
        )
    found, argmax = _by_factor(preset), _argmax(preset)
    chosen, plain = found[factor], found[1]
    left, middle, right = st.columns(3)
    left.metric("Largest of the ten softmax values, on average", f"{chosen.largest:.1%}")
    middle.metric(
        "Pairs compared rightly by v5's last layer",
        f"{chosen.accuracy:.2%}",
        None if factor == 1 else f"{100 * (chosen.accuracy - plain.accuracy):+.2f} points",
    )
    right.metric("Had the likeliest digits been compared", f"{argmax:.2%}")
    every = ", ".join(f"{100 * found[one].accuracy:.2f}% at {one}" for one in LOGIT_FACTORS)
    st.caption(
        f"One trained v5 ({state.MODELS[preset]}), all 100 million ordered pairs of MNIST’s 10,000 test digits: "
        f"{every}; {100 * argmax:.2f}% by the likeliest digits. Nothing is trained again."
    )
    best = max(LOGIT_FACTORS, key=lambda one: found[one].accuracy)
    gain, gap = (100 * (one - plain.accuracy) for one in (found[best].accuracy, argmax))
    lacked = (
        "what the head lacked was certainty" if gain > 0.9 * gap else f"the other {gap - gain:.2f} are in its weights"
    )
    sections.shows(
        f"Comparing the likeliest digits is {gap:.2f} points ahead of v5's last layer. Multiplying the logits by "
        f"{best} brings it {gain:.2f}: {lacked}."
    )


@st.cache_data(max_entries=8, show_spinner="Comparing 100 million pairs, five times…")
def _by_factor(preset: str) -> dict[int, Certain]:
    subject = Subject("v5", preset, "v5")
    sides = probed_models.towers(subject)
    probes = by_certainty(probed_models.network(subject), sides, state.mnist().test.labels, LOGIT_FACTORS)
    softmaxes = {factor: sharpened(sides, factor)[0].logits.softmax(-1) for factor in LOGIT_FACTORS}
    return {
        factor: Certain(softmaxes[factor].max(-1).values.mean().item(), probes[factor].accuracy)
        for factor in LOGIT_FACTORS
    }


@st.cache_data(max_entries=8, show_spinner=False)
def _argmax(preset: str) -> float:
    return by_argmax(probed_models.towers(Subject("v5", preset, "v5")), state.mnist().test.labels).accuracy
