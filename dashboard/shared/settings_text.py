"""A run's settings as text: in the page's address, and as Python (`pairdigits.options` has the command line)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from pairdigits.augmentation import Augmentation
from pairdigits.choices import Number
from pairdigits.config import ConfigError, RunConfig
from pairdigits.fields import CHOICES, NUMBERS


def to_params(config: RunConfig) -> dict[str, str]:
    """The settings that are not at their defaults, as parameters of a URL; a fork's past has no place there."""
    return {name: text(value) for name, value in config.differences().items() if name != "fork"}


def from_params(params: Mapping[str, str]) -> RunConfig:
    """Read what `to_params` wrote; parameters that are no fields of a run are left alone.

    Raises
    ------
    ConfigError
        If a value is not one that the field can have.
    """
    defaults = {field.name: field.default for field in dataclasses.fields(RunConfig) if field.name != "fork"}
    given = {name: _value(params[name], default) for name, default in defaults.items() if name in params}
    return RunConfig.from_dict(given)


def python_code(config: RunConfig) -> str:
    """The run as a script, with `records` as a worker makes them, on the same machine to the last bit."""
    fields = [f"{name}={_literal(name, config)}" for name in config.differences()]
    score = "record.test.accuracy" if config.watch_test else "record.train.accuracy"
    warped = config.augmentation or (config.fork and config.fork.parent.augmentation)
    imports = "from pairdigits.augmentation import Augmentation\n" if warped else ""
    return (
        "import torch\n\n"
        f"from pairdigits.config import {'Fork, ' if config.fork else ''}RunConfig\n"
        f"{imports}from pairdigits.training import Training\n\n"
        "torch.set_num_threads(1)  # as the workers do: sums over several threads round otherwise\n"
        f"config = RunConfig({', '.join(fields)})\n"
        "records = []\n"
        "for record in Training(config):\n"
        "    records.append(record)\n"
        f"    print(record.epoch, {score})\n"
    )


def value(name: str, written: str) -> Any:
    """A setting that `text` wrote, whatever the others are.

    Raises
    ------
    ConfigError
        If there is no such setting.
    """
    usual = getattr(RunConfig, name)
    found: Any = _value(written, usual)
    named = name not in CHOICES or found in CHOICES[name].values
    if type(found) is type(usual) and named and (name not in NUMBERS or _within(found, NUMBERS[name])):
        return found
    raise ConfigError(f"There is no such {name}.")


def _within(found: float, row: Number) -> bool:
    return row.low <= found <= row.high


def text(value: object) -> str:
    """A setting as an address has it."""
    if isinstance(value, dict):
        return ",".join(f"{name}={text(item)}" for name, item in value.items())
    return (
        str(value).lower() if isinstance(value, bool) else f"{value:.12g}" if isinstance(value, float) else str(value)
    )


def _value(text: str, default: object) -> object:
    """The text as the type of the field's default; as it is where it does not fit, for RunConfig to name the field."""
    if default is None:
        return _augmentation(text)
    try:
        if isinstance(default, bool):
            return {"true": True, "false": False}[text]
        return int(text) if isinstance(default, int) else float(text) if isinstance(default, float) else text
    except (KeyError, ValueError):
        return text


def _augmentation(text: str) -> dict[str, float]:
    defaults = dataclasses.asdict(Augmentation())
    try:
        parts = dict(part.split("=") for part in text.split(","))
        return {name: type(defaults.get(name, 0.0))(value) for name, value in parts.items()}
    except ValueError:
        raise ConfigError(f"Augmentation is {text!r}: give numbers such as rotation=12,shift=1.") from None


def _literal(name: str, config: RunConfig) -> str:
    if name != "augmentation":
        return repr(getattr(config, name))
    changed = [
        f"{field.name}={value!r}"
        for field in dataclasses.fields(Augmentation)
        if (value := getattr(config.augmentation, field.name)) != field.default
    ]
    return f"Augmentation({', '.join(changed)})"
