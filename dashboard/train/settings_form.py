"""The form of a run: widgets that hold the fields of a `RunConfig`, and presets that fill them in.

Importing this loads torch: pages do it after their first text.
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
from typing import Any

import streamlit as st

from dashboard.shared import state
from pairdigits.augmentation import Augmentation
from pairdigits.choices import PRESETS, PUBLISHED, Number
from pairdigits.config import ConfigError, RunConfig
from pairdigits.fields import CHOICES, NUMBERS
from pairdigits.models import VARIANTS
from pairdigits.presets import preset

KEPT_BY_PRESETS = ("shared", "auxiliary_weight", "data_seed", "init_seed", "device", "own_pair")
LABELS = ("labelled", "wrong_labels", "labelled_side", "auxiliary_until")  # of use to the auxiliary loss alone
DEFAULTS = {field.name: field.default for field in dataclasses.fields(RunConfig) if field.name != "fork"}
FIELDS = DEFAULTS.keys() - {"augmentation", "own_pair"}  # these have parts and a place of their own
WARPS = {field.name: field.default for field in dataclasses.fields(Augmentation)}


def key(field: str) -> str:
    """The session state's key of a field's widget."""
    return f"train.{field}"


def begin() -> None:
    """Start from the usual settings; what the visitor chooses, Streamlit keeps, on whatever visit to the page."""
    usual = {name: DEFAULTS[name] for name in FIELDS}
    usual |= {"warp": False} | {f"warp.{name}": value for name, value in WARPS.items()}
    for name, value in usual.items():
        st.session_state.setdefault(key(name), value)


def fill(config: RunConfig) -> None:
    """Put a run's settings into the form."""
    siamese = VARIANTS[config.variant].siamese
    for name in FIELDS:
        if siamese or name not in ("shared", "auxiliary_weight"):
            st.session_state[key(name)] = type(DEFAULTS[name])(getattr(config, name))
    st.session_state[key("warp")] = config.augmentation is not None
    for name, default in WARPS.items():
        st.session_state[key(f"warp.{name}")] = type(default)(getattr(config.augmentation or Augmentation(), name))
    if config.own_pair:
        state.carried().own_pair = config.own_pair


def current() -> RunConfig:
    """What stands in the form; what the other choices rule out counts as switched off.

    Raises
    ------
    ConfigError
        If the choices do not go together.
    """
    fields = {name: st.session_state[key(name)] for name in FIELDS}
    if st.session_state[key("warp")]:
        fields["augmentation"] = Augmentation(**{name: st.session_state[key(f"warp.{name}")] for name in WARPS})
    if not VARIANTS[fields["variant"]].siamese:
        fields |= {"auxiliary_weight": 0.0, "shared": True}
    if not fields["auxiliary_weight"]:
        fields |= {name: DEFAULTS[name] for name in LABELS}
    if fields["protocol"] == PUBLISHED:
        fields |= {"validation_pairs": 0, "watch_test": True}
    return RunConfig(**fields, own_pair=state.carried().own_pair)


def matching_preset(config: RunConfig) -> str | None:
    """The preset whose settings these are, seeds and the like apart; None if there is none."""
    return next((name for name in PRESETS if _preset(name, config) == config), None)


def _preset(name: str, config: RunConfig) -> RunConfig:
    kept = {field: getattr(config, field) for field in KEPT_BY_PRESETS}
    return preset(name, config.variant, bool(config.auxiliary_weight), config.protocol, **kept)


def _apply_preset() -> None:
    """Fill the form by the chosen preset: it stands for other figures with another model, protocol or loss."""
    with contextlib.suppress(ConfigError):  # the page says what is wrong
        if chosen := st.session_state.get(key("preset")):
            fill(_preset(chosen, current()))


def draw_model() -> None:
    """The choices that come first: the model, its towers, and a preset for everything else."""
    st.selectbox(
        "Model", list(VARIANTS), key=key("variant"), persist_state="session", on_change=_apply_preset,
        format_func=lambda name: VARIANTS[name].title,
        help=CHOICES["variant"].help,
    )  # fmt: skip
    variant = VARIANTS[st.session_state[key("variant")]]
    st.caption(f"{variant.description[:1].upper()}{variant.description[1:]}.")
    st.segmented_control(
        "Towers", [True, False], key=key("shared"), persist_state="session", required=True,
        disabled=not variant.siamese,
        format_func=lambda shared: "One, shared" if shared else "Two, separate",
        help="Weight sharing: one tower reads both digits, or each digit has a tower of its own.",
    )  # fmt: skip
    st.segmented_control(
        "Preset", list(PRESETS), key=key("preset"), on_change=_apply_preset,
        format_func=lambda name: PRESETS[name].settings,
        help="Fills in the settings below. The report's settings train about 5 s, our best recipe about 60 s.",
    )  # fmt: skip
    st.segmented_control(
        "Protocol", CHOICES["protocol"].values[::-1], key=key("protocol"), persist_state="session", required=True,
        format_func=str.capitalize, on_change=_apply_preset,
        help=CHOICES["protocol"].help,
    )  # fmt: skip


def draw_settings(config: RunConfig | None) -> None:
    """Everything else: what is changed most first, and the advanced settings folded away."""
    siamese = VARIANTS[st.session_state[key("variant")]].siamese
    _row("epochs", "train_pairs")
    _row("auxiliary_weight", "learning_rate", disabled=() if siamese else ("auxiliary_weight",))
    st.caption(
        "**Auxiliary weight**: how much naming the digits counts beside comparing them; 0 is off, 1 the report. "
        "**Learning rate**: small steps learn slowly, large ones never settle."
    )
    _row("dropout_flat", "dropout_encoding")
    st.caption("**Dropout** silences values at random while training, so that no pair can be learnt by heart.")
    _row("data_seed", "init_seed")
    with st.container(horizontal=True):
        for name, words in (("data_seed", "New pairs"), ("init_seed", "New weights")):
            st.button(words, key=key(f"new.{name}"), icon=":material/casino:", on_click=_reseed, args=(name,),
                      help=f"Another {NUMBERS[name].label.lower()}.")  # fmt: skip
    if changed := config and _unlike_the_report(config):
        st.caption(f"Advanced settings in use, not as in the report: {', '.join(changed).lower()}.")
    with st.expander("Advanced settings"):
        published = st.session_state[key("protocol")] == PUBLISHED
        _row("weight_decay", "batch_size")
        for names in (("optimiser", "schedule"), ("shuffle", "balance")):
            for column, name in zip(st.columns(2), names, strict=True):
                _choice(column, name)
        unnamed = LABELS if not siamese or not st.session_state[key("auxiliary_weight")] else ()
        _row("labelled", "wrong_labels", disabled=unnamed)
        _row("auxiliary_until", disabled=unnamed)
        _choice(st, "labelled_side", disabled=bool(unnamed))
        _row("validation_pairs", "test_pairs", disabled=("validation_pairs",) if published else ())
        _row("label_smoothing")
        st.toggle("Watch the test pairs", key=key("watch_test"), persist_state="session", disabled=published,
                  help="Score them after every epoch for the curves; only to look at when corrected.")  # fmt: skip
        _choice(st, "device")
        if st.toggle("Warp the training images", key=key("warp"), persist_state="session",
                     help="Every image anew in every epoch."):  # fmt: skip
            names = list(Augmentation.NUMBERS)
            for i in range(0, len(names), 2):
                for column, name in zip(st.columns(2), names[i : i + 2], strict=False):
                    _kept(column, f"warp.{name}", Augmentation.NUMBERS[name], float)
            st.segmented_control(
                "Warp at", [28, 14], key=key("warp.resolution"), persist_state="session", required=True,
                format_func="{0}x{0}".format, help="The original image before pooling, or what the model sees.",
            )  # fmt: skip


def _unlike_the_report(config: RunConfig) -> list[str]:
    """What of the advanced settings, by its label, is not as the report has it."""
    report = _preset("report", config)
    numbers = "weight_decay", "batch_size", "validation_pairs", "test_pairs", "label_smoothing"
    chosen = "optimiser", "schedule", "balance", "shuffle", "labelled_side", "device"
    labels = {name: NUMBERS[name].label for name in numbers} | {name: CHOICES[name].label for name in chosen}
    labels["augmentation"] = "Warped images"
    return [label for name, label in labels.items() if getattr(config, name) != getattr(report, name)]


def _reseed(name: str) -> None:
    st.session_state[key(name)] = random.randrange(10_000)


def _choice(place: Any, name: str, disabled: bool = False) -> None:
    label, help = CHOICES[name].label, CHOICES[name].help
    place.selectbox(label, CHOICES[name].values, key=key(name), persist_state="session", help=help, disabled=disabled)


def _row(*names: str, disabled: tuple[str, ...] = ()) -> None:
    for column, name in zip(st.columns(2), names, strict=False):
        follow = _apply_preset if name == "auxiliary_weight" else None  # without the loss, presets have another rate
        _kept(column, name, NUMBERS[name], type(getattr(RunConfig, name)), disabled=name in disabled, on_change=follow)


def _kept(place: Any, name: str, row: Number, kind: type[float], **more: Any) -> None:
    number(place, row, kind, key(name), persist_state="session", **more)


def number(place: Any, row: Number, kind: type[float], key: str, **more: Any) -> float:
    """Ask for a number of this kind, int or float, in a container or on the page (`streamlit` itself)."""
    low, high, step = map(kind, row[:3])
    shown = "%d" if kind is int else "%g"
    return place.number_input(row.label, low, high, step=step, format=shown, key=key, help=row.help, **more)
