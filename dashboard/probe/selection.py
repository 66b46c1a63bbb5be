"""What a visitor chose on the Probe page, in session state and in the URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dashboard.probe import probed_models
from dashboard.probe.probed_models import Subject
from dashboard.shared import state
from dashboard.shared.plain import plain
from pairdigits import cells

if TYPE_CHECKING:
    from pairdigits.probe import Probe

KINDS = {"ideal": "Ideal signal", "typical": "Typical digit", "real": "Real pairs"}
KIND_HELP = """**Ideal signal**: the head is given the chosen strength at each digit's index and 0 elsewhere, as in the
report's Figure 2. Only for heads that are given ten values a digit.

**Typical digit**: the mean of what the tower says of MNIST's 10,000 test digits.

**Real pairs**: the share of 4,000,000 real pairs that the model calls ≤, made of every fifth test digit (base: 20,000
of these pairs)."""
MODES = {"decision": "Decision", "probability": "Probability"}
DEFAULTS: dict[str, Any] = {"kind": "ideal", "strength": 10.0, "mode": "decision", "variant": "v1"}
DIGITS = list(range(10))


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
    """Choose a preset or a stored run; reads the URL first."""
    runs = {f"run {run.id}": run for run in probed_models.runs()}
    presets = [name for name in state.PRESETS if any((state.CHECKPOINTS / name).glob("*.safetensors"))]
    if not presets:
        st.error("There are no trained models in the folder checkpoints: make them with `python -m pairdigits report`.")
        st.stop()
    options = [*presets, *runs]
    _read_url(options)
    own = {name: f"{name.capitalize()}: {run.name or run.config.describe()}" for name, run in runs.items()}
    titles = state.PRESETS | own
    chosen = st.selectbox(
        "Models from",
        options,
        format_func=titles.__getitem__,
        key=state.recall("probe.source", "report" if "report" in presets else presets[0]),
        help="The report's models, those of our best recipe, or a run that you trained, beside the report's models.",
    )
    if chosen in runs:
        preset = "report" if "report" in presets else presets[0]
        return Source(preset, Subject("run", chosen, runs[chosen].config.variant))
    return Source(chosen)


def controls(source: Source) -> Choice:
    """Kind, strength and way of drawing."""
    kind_column, strength_column, mode_column = st.columns([5, 4, 3])
    with kind_column:
        kind = st.segmented_control(
            "What the last layer is shown", list(KINDS), format_func=KINDS.__getitem__, required=True,
            key=state.recall("probe.kind", DEFAULTS["kind"]), help=KIND_HELP,
        )  # fmt: skip
    with strength_column:
        strength = st.slider(
            "Strength of the ideal signal", 0.5, 20.0, step=0.5, disabled=kind != "ideal",
            key=state.recall("probe.strength", DEFAULTS["strength"]),
            help="The logit at the digit's own index; the other nine are 0. The report calls it “a relatively large "
            "value”. Above 5 it hardly matters.",
        )  # fmt: skip
    with mode_column:
        mode = st.segmented_control(
            "Drawn as", list(MODES), format_func=MODES.__getitem__, required=True,
            key=state.recall("probe.mode", DEFAULTS["mode"]),
            help="Decision: black or white, as in Figure 2. Probability: greys, P(first ≤ second) from 0, black, to 1.",
        )  # fmt: skip
    return Choice(source, state.chosen(kind), strength, state.chosen(mode))


def probed(choice: Choice) -> tuple[dict[Subject, Probe], list[str]]:
    """The probes of all models that have this kind, and why the others have none."""
    from pairdigits.checkpoints import CheckpointError
    from pairdigits.models import VARIANTS
    from pairdigits.probe import why_not

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
    key = state.recall("probe.variant", "run" if "run" in by_name else DEFAULTS["variant"])
    if st.session_state[key] not in by_name:
        st.session_state[key] = next(iter(by_name))
    chosen = st.segmented_control(
        "In focus",
        list(by_name),
        format_func=lambda name: by_name[name].title,
        required=True,
        key=key,
        help="The model that stands below, with its cells to click on.",
    )
    return by_name[state.chosen(chosen)]


def cell(probe: Probe) -> tuple[int, int]:
    """Choose the two digits of a cell, the way without a mouse; at first the most certain of the wrong ones."""
    worst = worst_cell(probe.probability.numpy())
    first, second = (
        state.chosen(st.pills(title, DIGITS, key=state.recall(f"probe.{name}", digit), required=True, wrap=True))
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
    st.session_state["probe.a"], st.session_state["probe.b"] = (int(digit) for digit in clicked[:2])


def take_model(subject: Subject) -> None:
    """A click on a small board puts its model into focus."""
    st.session_state["probe.variant"] = subject.name


def write_url(choice: Choice, subject: Subject, first: int, second: int) -> None:
    """Put the whole choice into the address."""
    source = choice.source.own.source if choice.source.own else choice.source.preset
    values = {
        "source": source, "kind": choice.kind, "strength": f"{choice.strength:g}", "mode": choice.mode,
        "variant": subject.name, "a": str(first), "b": str(second),
    }  # fmt: skip
    if values.items() - st.query_params.to_dict().items():
        st.query_params.update(values)


def _read_url(sources: list[str]) -> None:
    """Take over what the address says, once a visit; say so where it makes no sense."""
    if "probe.kind" in st.session_state:  # the widgets are there: this is no new visit
        return
    from pairdigits.models import VARIANTS

    allowed: dict[str, Any] = {
        "source": sources, "kind": KINDS, "mode": MODES, "variant": [*VARIANTS, "run"],
        "a": [str(digit) for digit in DIGITS], "b": [str(digit) for digit in DIGITS],
    }  # fmt: skip
    for name, text in st.query_params.items():
        if name in allowed and text in allowed[name]:
            st.session_state[f"probe.{name}"] = int(text) if name in ("a", "b") else text
        elif name == "strength" and _strength(text) is not None:
            st.session_state["probe.strength"] = _strength(text)
        elif name in (*allowed, "strength"):
            asked = plain(f"{name} = “{text[:30]}”")
            st.warning(f"The address asks for {asked}, which there is not: here is something else.")


def _strength(text: str) -> float | None:
    try:
        value = round(2 * float(text)) / 2
    except (ValueError, OverflowError):
        return None
    return value if 0.5 <= value <= 20 else None
