"""What a visitor chose on the Probe page: widgets that Streamlit keeps, and whose values it writes into the URL.

Their keys are the URL's names, and the URL has what stands on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from dashboard.probe import probed_models
from dashboard.probe.probed_models import Subject
from dashboard.shared import address, state
from pairdigits import cells
from pairdigits.checkpoints import CheckpointError
from pairdigits.choices import PROBE_KINDS
from pairdigits.models import VARIANTS
from pairdigits.probe import Probe, why_not

KIND_HELP = "\n\n".join(f"**{kind.title}**: {kind.about}" for kind in PROBE_KINDS.values())
MODES = {"decision": "Decision", "probability": "Probability"}
DIGITS = list(range(10))
STRENGTHS = [step / 2 for step in range(1, 41)]


@dataclass
class Visitor:
    """What the page remembers of one visitor besides the widgets' values."""

    opened: tuple[int, int] | None = None  # the cell that the page itself chose last
    pairs: dict[tuple[str, int, int], int] = field(default_factory=dict)  # model, cell -> real pairs shown of it


def visitor() -> Visitor:
    """Whoever looks at the page now."""
    return state.memory(Visitor)


@dataclass(frozen=True)
class Source:
    """Where the models come from."""

    preset: str
    own: Subject | None = None  # a run of the visitor's beside them


@dataclass(frozen=True)
class Choice:
    """What is shown of the models."""

    source: Source
    kind: str
    strength: float
    mode: str


def source() -> Source:
    """Choose a preset or a stored run."""
    runs = {run.source: (run, name) for run, name in probed_models.own_runs().items()}
    presets = [name for name in state.MODELS if any((state.CHECKPOINTS / name).glob("*.safetensors"))]
    if not presets:
        st.error("There are no trained models in the folder checkpoints: make them with `python -m pairdigits report`.")
        st.stop()
    options = [*presets, *runs]
    titles = state.MODELS | {source: f"{source.capitalize()}: {name}" for source, (_, name) in runs.items()}
    chosen = st.selectbox(
        "Models from",
        options,
        options.index("report") if "report" in options else 0,
        format_func=titles.__getitem__,
        **address.bound("source", titles.values()),
        help="The report's models, those of our best recipe, or a run that you trained, beside the report's models.",
    )
    if chosen in runs:
        preset = "report" if "report" in presets else presets[0]
        return Source(preset, runs[chosen][0])
    return Source(chosen)


def controls(source: Source) -> Choice:
    """Kind, strength and way of drawing."""
    kind_column, strength_column, mode_column = st.columns([5, 4, 3])
    with kind_column:
        kind = st.segmented_control(
            "What the last layer is shown", list(PROBE_KINDS), default="ideal", required=True,
            format_func=lambda name: PROBE_KINDS[name].title,
            **address.bound("kind", [kind.title for kind in PROBE_KINDS.values()]), help=KIND_HELP,
        )  # fmt: skip
    with strength_column:
        strength = st.slider(
            "Strength of the ideal signal", STRENGTHS[0], STRENGTHS[-1], 10.0, step=0.5, disabled=kind != "ideal",
            **address.bound("strength", STRENGTHS),
            help="The logit at the digit's own index; the other nine are 0. The report calls it “a relatively large "
            "value”. Above 5 it hardly matters.",
        )  # fmt: skip
    with mode_column:
        mode = st.segmented_control(
            "Drawn as", list(MODES), default="decision", format_func=MODES.__getitem__, required=True,
            **address.bound("mode", MODES.values()),
            help="Decision: black or white, as in Figure 2. Probability: greys, P(first ≤ second) from 0, black, to 1.",
        )  # fmt: skip
    return Choice(source, state.chosen(kind), strength, state.chosen(mode))


def probed(choice: Choice) -> tuple[dict[Subject, Probe], list[str]]:
    """The probes of all models that have this kind, and why the others have none."""
    own = [choice.source.own] if choice.source.own else []
    subjects = own + [Subject(name, choice.source.preset, name) for name in VARIANTS]
    reason = why_not([VARIANTS[name] for name in dict.fromkeys(subject.variant for subject in subjects)], choice.kind)
    found, missing = {}, [reason] if reason else []
    for subject in subjects:
        if choice.kind in VARIANTS[subject.variant].probe_kinds:
            try:
                found[subject] = probe_of(subject, choice)
            except CheckpointError as error:
                missing.append(str(error))
    return found, missing


def probe_of(subject: Subject, choice: Choice) -> Probe:
    """The probe that is asked for."""
    return probed_models.probe(subject, choice.kind, choice.strength)


def focused(subjects: tuple[Subject, ...]) -> Subject:
    """Choose the model in focus."""
    by_name = {subject.name: subject for subject in subjects}
    usual = next(name for name in ("run", "v1", *by_name) if name in by_name)
    if st.session_state.get("variant", usual) not in by_name:
        st.session_state["variant"] = usual
    chosen = st.segmented_control(
        "In focus",
        list(by_name),
        default=usual,
        format_func=lambda name: by_name[name].title,
        required=True,
        **address.bound("variant", [*VARIANTS, *(subject.title for subject in subjects)]),
        help="The model that stands below, with its cells to click on.",
    )
    return by_name[state.chosen(chosen)]


def cell(probe: Probe) -> tuple[int, int]:
    """Choose the two digits of a cell, the way without a mouse; at first the most certain of the wrong ones."""
    worst, here = worst_cell(probe.probability.numpy()), visitor()
    shown = tuple(st.session_state.get(name) for name in "ab")
    if here.opened != worst and here.opened in (None, shown):  # no other cell was chosen yet
        here.opened = st.session_state["a"], st.session_state["b"] = worst
    first, second = (
        st.pills(title, DIGITS, default=digit, **address.bound(name, DIGITS), required=True, wrap=True)
        for title, name, digit in zip(("First digit", "Second digit"), "ab", worst, strict=True)
    )
    return first, second


def worst_cell(probability: np.ndarray) -> tuple[int, int]:
    """The wrong cell whose verdict is most certain, or of a probe without fault the least certain cell."""
    certainty = np.abs(probability - 0.5)
    wrong = cells.wrong(probability)
    ranked = np.where(wrong, certainty, -np.inf) if wrong.any() else -np.nan_to_num(certainty, nan=np.inf)
    first, second = np.unravel_index(int(ranked.argmax()), ranked.shape)
    return int(first), int(second)


def take_cell(clicked: list[Any]) -> None:
    """A click on the probe sets the two selectors."""
    st.session_state["a"], st.session_state["b"] = (int(digit) for digit in clicked[:2])


def take_model(subject: Subject) -> None:
    """A click on a small board puts its model into focus."""
    st.session_state["variant"] = subject.name
