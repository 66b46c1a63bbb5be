"""python -m pairdigits repairs: what mends v7 where nobody names a digit."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import torch
from tqdm import tqdm

from pairdigits.config import ConfigError, RunConfig
from pairdigits.report import repairs, stored_rounds
from pairdigits.report.conclusions import conclusion
from pairdigits.report.respacing import respaced
from pairdigits.report.self_training import self_trained
from pairdigits.report.stored_rounds import FOLDER, Round
from pairdigits.training import Training


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--rounds", type=int, default=len(repairs.SEEDS), help="the most rounds of each (default: all)")
    parser.add_argument("--workers", type=int, help="processes of this machine (default: its cores)")


def run(rounds: int, workers: int | None) -> None:
    """Run what is missing of the comparison and print its table.

    Raises
    ------
    ConfigError
        If fewer rounds or workers than one are asked for.
    """
    for name, value in (("Rounds", rounds), ("Workers", workers)):
        if value is not None and value < 1:
            raise ConfigError(f"{name} is {value}: give at least 1.")
    run_missing(repairs.SEEDS[:rounds], workers or os.cpu_count() or 1)
    table = repairs.table(stored_rounds.read())
    print(f"{table.to_markdown()}\n{conclusion(table)}")


def run_missing(seeds: Sequence[int], workers: int, folder: Path = FOLDER) -> None:
    """Train what is missing, keeping every round as it finishes."""
    found = stored_rounds.read(folder=folder)
    waiting = repairs.missing(found, seeds)
    # One thread a run, as an experiment's workers have: another number rounds otherwise.
    processes = ProcessPoolExecutor(workers, get_context("spawn"), torch.set_num_threads, (1,))
    with processes as pool, tqdm(total=len(waiting), unit="run") as bar:
        for done in as_completed([pool.submit(trained, *way) for way in waiting]):
            for finished in done.result():
                if finished.key not in found:
                    stored_rounds.append(repairs.NAME, finished, folder)
            bar.update()


def trained(config: RunConfig, mended: tuple[str, ...]) -> list[Round]:
    """Train a run as it is mended, and the new tower that it teaches."""
    teacher = Training(config)
    records = list(respaced(teacher) if repairs.RESPACED in mended else teacher)
    student, last = self_trained(teacher)
    return [
        Round.of(config, teacher.outcome(), records, mended=mended),
        Round.of(config, student.outcome(), [last], mended=repairs.taught(mended)),
    ]
