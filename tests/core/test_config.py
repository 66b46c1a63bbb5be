"""RunConfig: ranges, contradictions, JSON, presets; and the command line that says the same."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import shlex
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairdigits.augmentation import Augmentation
from pairdigits.choices import PRESETS, PUBLISHED
from pairdigits.config import ConfigError, Fork, RunConfig
from pairdigits.fields import CHOICES, LATER, NUMBERS
from pairdigits.models import VARIANTS
from pairdigits.options import add_run_options, command_line, run_config
from pairdigits.presets import preset
from pairdigits.report import stored_rounds


@st.composite
def run_configs(draw) -> RunConfig:
    """Any run that can be asked for."""
    fields = {name: draw(st.sampled_from(options.values)) for name, options in CHOICES.items()}
    for name, (low, high, *_) in NUMBERS.items():
        whole = isinstance(getattr(RunConfig, name), int)
        fields[name] = draw(st.integers(int(low), int(high)) if whole else st.floats(low, high))
    fields |= {name: draw(st.booleans()) for name in ("shared", "watch_test")}
    if VARIANTS[fields["variant"]].compares_softmaxes:
        fields["learn_temperature"] = draw(st.booleans())
    else:
        fields["prior_weight"] = 0.0
    fields["augmentation"] = draw(st.none() | st.builds(Augmentation, rotation=st.floats(0, 180)))
    fields["validation_pairs"] = min(fields["validation_pairs"], fields["train_pairs"] - 1)
    if fields["protocol"] == PUBLISHED:
        fields["watch_test"] = True
    if fields["variant"] == "base":
        fields["auxiliary_weight"] = 0.0
    if fields["variant"] == "v4":
        fields |= {name: fields[name] or 1.0 for name in ("auxiliary_weight", "labelled")} | {"auxiliary_until": 0}
    return RunConfig(**fields)


@given(run_configs())
def test_json_round_trip(config):
    assert RunConfig.from_json(config.to_json()) == config
    assert RunConfig(**config.differences()) == config
    assert RunConfig.from_json(config.to_json()).key == config.key


def asked_for(words: list[str]) -> RunConfig:
    """The run that these options name."""
    parser = argparse.ArgumentParser()
    add_run_options(parser)
    return run_config(vars(parser.parse_args(words)))


@given(st.just(RunConfig(variant="v2", fork=Fork(RunConfig(), 1))) | run_configs())
def test_command_line_asks_for_the_same_run(config):
    words = shlex.split(command_line(config))
    assert words[:4] == ["python", "-m", "pairdigits", "train"]
    assert asked_for(words[4:]) == config


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--preset report --variant v2 --epochs 3", preset("report", "v2", epochs=3)),
        ("--preset report --variant v1 --auxiliary-weight 0", preset("report", "v1", auxiliary=False)),
        (f"--preset best --protocol '{PUBLISHED}'", preset("best", "v5", protocol=PUBLISHED)),
        ("""--config '{"variant": "v2", "epochs": 9}' --epochs 3""", RunConfig(variant="v2", epochs=3)),
        ("--augmentation default", RunConfig(augmentation=Augmentation())),
        ("--augmentation rotation=20,resolution=14", RunConfig(augmentation=Augmentation(rotation=20, resolution=14))),
    ],
)
def test_options_change_what_they_start_from(words, expected):
    assert asked_for(shlex.split(words)) == expected


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([field.name for field in dataclasses.fields(RunConfig)]), ANY_JSON)
def test_whatever_stands_in_a_field_is_a_run_or_one_sentence(name, value):
    with suppress(ConfigError):
        made = RunConfig.from_dict({name: value})
        assert RunConfig.from_json(made.to_json()) == made


def test_older_files_are_read_and_unknown_fields_refused():
    assert RunConfig.from_dict({"variant": "v2"}) == RunConfig(variant="v2")
    with pytest.raises(ConfigError, match="A run has no momentum"):
        RunConfig.from_dict({"momentum": 0.9})
    for text in ("", "[1]", "{", "null", "[" * 100_000, '{"variant":' * 100_000):
        with pytest.raises(ConfigError):
            RunConfig.from_json(text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"learning_rate": 0}, "Learning rate is 0: give a number from 1e-06 to 1."),
        ({"learning_rate": float("nan")}, "Learning rate is nan"),
        ({"learning_rate": "fast"}, "Learning rate is 'fast'"),
        ({"epochs": 2.5}, "Epochs is 2.5: give a whole number from 1 to 1,000."),
        ({"epochs": True}, "Epochs is True"),
        ({"train_pairs": 30_001}, "Train pairs is 30001: give a whole number from 10 to 30,000."),
        ({"variant": "v9"}, "Variant is 'v9': choose one of base, v1"),
        ({"shared": "yes"}, "Shared is 'yes': give true or false."),
        ({"augmentation": Augmentation(rotation=200)}, "Augmentation rotation is 200: give a number from 0 to 180."),
        ({"augmentation": Augmentation(resolution=20)}, "Augmentation resolution is 20: give 14 or 28."),
        ({"augmentation": {"blur": 1}}, "An augmentation has no blur"),
        ({"augmentation": ["blur"]}, "Augmentation is ['blur']: give an object of named fields, or none."),
        ({"augmentation": "default"}, "Augmentation is 'default': give an object"),
        ({"own_pair": 5}, "Own pair: "),
        ({"variant": "base"}, "The base model reads no digits"),
        ({"variant": "v4", "auxiliary_weight": 0}, "Siamese v4 learns from its digits only"),
        ({"variant": "v4", "auxiliary_until": 5}, "Siamese v4 learns from its digits only"),
        ({"variant": "v4", "labelled": 0}, "Siamese v4 learns from its digits only: label some of them."),
        ({"variant": "v1", "learn_temperature": True}, "Siamese v1 compares no softmaxes"),
        ({"variant": "v1", "prior_weight": 1}, "Siamese v1 compares no softmaxes"),
        ({"labelled_side": "top"}, "Labelled side is 'top': choose one of both, left, right."),
        ({"wrong_labels": 0.6}, "Wrong labels is 0.6: give a number from 0 to 0.5."),
        ({"train_pairs": 100}, "Validation pairs are taken out of the training pairs"),
        ({"protocol": PUBLISHED, "watch_test": False}, "chooses its epoch on the test pairs"),
        ({"own_pair": "xyz"}, "Own pair: "),
    ],
)
def test_bad_fields_get_a_sentence_with_the_range(fields, words):
    with pytest.raises(ConfigError) as error:
        RunConfig(**fields)
    assert words in str(error.value)


def test_every_bad_field_is_named():
    with pytest.raises(ConfigError) as error:
        RunConfig(epochs=0, batch_size=0)
    assert "Epochs is 0" in str(error.value) and "Batch size is 0" in str(error.value)


def test_configs_are_frozen_and_keyed_by_their_fields():
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(RunConfig(), "epochs", 3)  # noqa: B010
    assert RunConfig().key == RunConfig().key != RunConfig(init_seed=1).key
    assert json.loads(RunConfig().to_json())["variant"] == "v5"


def test_choices_that_came_later_leave_older_keys_as_they_were():
    line = (stored_rounds.FOLDER / "pairs.jsonl").read_text().splitlines()[0]
    older = json.loads(line)["config"]
    assert older.keys() == RunConfig().to_dict().keys() - set(LATER)
    key = hashlib.sha256(json.dumps(older, sort_keys=True).encode()).hexdigest()[:16]
    assert RunConfig.from_dict(older).key == key == RunConfig.from_dict(RunConfig.from_dict(older).to_dict()).key
    made: dict[str, Any] = {
        "variant": "v5", "labelled": 0.1, "labelled_side": "left", "wrong_labels": 0.2, "learn_temperature": True,
        "prior_weight": 1.0, "auxiliary_until": 3, "fork": Fork(RunConfig(), 5),
    }  # fmt: skip
    assert made.keys() >= set(LATER)
    for name in LATER:
        assert RunConfig(**made).key != RunConfig(**(made | {name: getattr(RunConfig, name)})).key


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"auxiliary_weight": 0, "prior_weight": 2}, "Siamese v5, prior x 2, no auxiliary loss"),
        ({"labelled": 0.05, "shared": False}, "Siamese v5, separate towers, auxiliary loss, 5% labelled"),
        ({"labelled_side": "left", "learn_temperature": True},
         "Siamese v5, learned temperature, auxiliary loss, 100% labelled on the left"),
        ({"wrong_labels": 0.1, "auxiliary_until": 5, "auxiliary_weight": 2},
         "Siamese v5, auxiliary loss x 2 until epoch 5, 10% of the labels wrong"),
    ],
)  # fmt: skip
def test_a_run_is_described_by_what_sets_it_apart(fields, words):
    assert RunConfig(**fields).describe() == words


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_presets_are_valid_under_both_protocols(name, variant):
    for protocol in CHOICES["protocol"].values:
        assert preset(name, variant, protocol=protocol).protocol == protocol


def test_report_preset_is_the_published_settings():
    rates = {variant: preset("report", variant) for variant in VARIANTS}
    assert (rates["base"].learning_rate, rates["base"].weight_decay) == (0.001, 0.01)
    assert (rates["v2"].learning_rate, rates["v2"].weight_decay) == (0.01, 0.05)
    assert (rates["v3"].learning_rate, rates["v3"].weight_decay) == (0.005, 0.01)
    assert (preset("report", "v1", auxiliary=False).learning_rate) == 0.001
    assert rates["v5"].epochs == 40 and rates["v5"].batch_size == 64
    with pytest.raises(ConfigError, match="report, best"):
        preset("finest", "v1")
