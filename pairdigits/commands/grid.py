"""python -m pairdigits grid: the report's grid search."""

from __future__ import annotations

import argparse

from pairdigits.commands.report import limited, run_experiment, trainer
from pairdigits.models import VARIANTS
from pairdigits.options import add_cluster_options, add_device_option
from pairdigits.report import experiments, findings, stored_rounds


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("--rounds", type=int, default=1, help="rounds of each of the 20 settings (default: 1)")
    add_device_option(parser)
    add_cluster_options(parser)


def run(variant: str, rounds: int, device: str | None, workers: int | None, scheduler: str | None) -> None:
    """Run what is missing of a grid search.

    Raises
    ------
    ConfigError
        If no round is asked for.
    EngineError
        If the cluster cannot be had, or a run fails.
    """
    experiment = limited(experiments.grid(variant, rounds), rounds)
    with trainer(device, workers, scheduler) as train:
        run_experiment(experiment, train)
    print(findings.grid(stored_rounds.read()).to_markdown())
