"""Command line options for every choice of a run, and the command line of a run."""

from __future__ import annotations

import argparse
import dataclasses
import shlex
from typing import Any

from pairdigits.augmentation import Augmentation
from pairdigits.choices import PRESETS
from pairdigits.config import ConfigError, Fork, RunConfig
from pairdigits.fields import CHOICES, NUMBERS
from pairdigits.presets import preset


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add one option for each field of `RunConfig`, read by `run_config`."""
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        help="start from settings: " + "; ".join(f"{one.name}: {one.about}" for one in PRESETS.values()),
    )
    parser.add_argument("--config", metavar="JSON", help="start from a whole configuration")
    for field in dataclasses.fields(RunConfig):
        option, default = "--" + field.name.replace("_", "-"), field.default
        if field.name == "fork":  # names a stored run, which not every command has
            continue
        if isinstance(default, bool):
            parser.add_argument(option, action=argparse.BooleanOptionalAction, default=None)
        elif field.name == "augmentation":
            parser.add_argument(
                option, type=_augmentation, metavar="NAME=VALUE,...", help='"default" for the recipe\'s'
            )
        elif field.name in CHOICES:
            options = CHOICES[field.name]
            parser.add_argument(option, choices=options.values, help=f"{options.help} Default: {default}.")
        elif field.name in NUMBERS:
            low, high, _, _, about = NUMBERS[field.name]
            text = f"{about} {low:,} to {high:,}, default {default:,}."
            parser.add_argument(option, type=type(default), metavar=field.name.split("_")[-1].upper(), help=text)
        else:
            parser.add_argument(option, metavar="PAIR", help="A packed pair to score after every epoch.")


def add_cluster_options(parser: argparse.ArgumentParser) -> None:
    """Add where to train: workers of this machine, or an existing cluster."""
    parser.add_argument("--workers", type=int, help="worker processes on this machine (default: its cores)")
    parser.add_argument("--scheduler", help="address of an existing Dask cluster, such as tcp://host:8786")


def add_device_option(parser: argparse.ArgumentParser) -> None:
    """Add training in this process, many rounds at once, in place of the workers."""
    text = "train here on this device, all rounds of a row at once: quicker on a GPU (default: each run on a worker)"
    parser.add_argument("--device", choices=CHOICES["device"].values, help=text)


def run_config(options: dict[str, Any], fork: Fork | None = None) -> RunConfig:
    """The run that was asked for; takes its own entries out of `options`. A fork starts from its parent's settings.

    Raises
    ------
    ConfigError
        If a field is wrong.
    """
    name, text = options.pop("preset"), options.pop("config")
    given = {field.name: options.pop(field.name) for field in dataclasses.fields(RunConfig) if field.name in options}
    changes = {field: value for field, value in given.items() if value is not None}
    if fork:
        if text or name:
            raise ConfigError("A fork starts from its parent's settings: leave out --preset and --config.")
        return dataclasses.replace(fork.parent, **changes, fork=fork)
    if text:
        return RunConfig.from_dict(RunConfig.from_json(text).to_dict() | changes)
    if name:
        variant = changes.pop("variant", RunConfig.variant)
        auxiliary = changes.get("auxiliary_weight", 1.0) != 0
        protocol = changes.pop("protocol", RunConfig.protocol)
        return preset(name, variant, auxiliary, protocol, **changes)
    return RunConfig(**changes)


def command_line(config: RunConfig) -> str:
    """The command that trains just this run."""
    words = ["python", "-m", "pairdigits", "train"]
    if config.fork:  # in full: a database elsewhere does not have its parent
        return shlex.join([*words, "--config", config.to_json()])
    for name, value in config.differences().items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            words.append(f"--{option}" if value else f"--no-{option}")
        elif isinstance(value, dict):
            words += [f"--{option}", ",".join(f"{key}={number}" for key, number in value.items())]
        else:
            words += [f"--{option}", str(value)]
    return shlex.join(words)


def _augmentation(text: str) -> Augmentation:
    if text == "default":
        return Augmentation()
    known = {field.name: field.default for field in dataclasses.fields(Augmentation)}
    values = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        if name not in known:
            raise argparse.ArgumentTypeError(f"augmentation has no {name!r}: name some of {', '.join(known)}")
        try:
            values[name] = type(known[name])(value)
        except ValueError:
            raise argparse.ArgumentTypeError(f"augmentation {name} is {value!r}: give a number") from None
    return Augmentation(**values)
