"""python -m pairdigits grid: the report's grid search."""

from __future__ import annotations

import argparse

from pairdigits.commands.report import limited, run_experiment
from pairdigits.models import VARIANTS
from pairdigits.options import add_cluster_options
from pairdigits.report import experiments, findings
from pairdigits.runs.cluster import Cluster


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("--rounds", type=int, default=1, help="rounds of each of the 20 settings (default: 1)")
    add_cluster_options(parser)


def run(variant: str, rounds: int, workers: int | None, scheduler: str | None) -> None:
    """Run what is missing of a grid search."""
    with Cluster(workers, scheduler) as cluster:
        run_experiment(limited(experiments.grid(variant, rounds), rounds), cluster)
    print(findings.grid(experiments.read()).to_markdown())
