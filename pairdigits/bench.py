"""How fast training is here, measured in one go: against a textbook loop and the machine's own limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch.utils.flop_counter import FlopCounterMode

from pairdigits.config import PUBLISHED
from pairdigits.presets import preset
from pairdigits.runs.cluster import Cluster
from pairdigits.textbook import TextbookV5
from pairdigits.textbook import train as train_textbook
from pairdigits.training import Training

CONFIG = preset("report", "v5", protocol=PUBLISHED, epochs=25)
REPEATS = 5  # the fastest counts: other work on the machine only ever adds time
MATRIX = 2048


def run() -> Iterator[str]:
    """Measure and yield one line of text per finding."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        training = Training(CONFIG)
        next(iter(training))  # warm
        ours, textbook = [], []
        for _ in range(REPEATS):  # in turn, so that both meet the same machine
            ours.append(_seconds(lambda run=Training(CONFIG): list(run)))  # noqa: B008  # drawing the pairs is not counted in either
            textbook.append(
                _seconds(lambda: train_textbook(TextbookV5(), training.train, training.test, CONFIG.epochs))
            )
        seconds, slow = min(ours), min(textbook)
        yield f"25 epochs of v5, 1000 + 1000 pairs, one thread: {seconds:.2f} s; textbook loop {slow:.2f} s"
        yield f"ratio: {slow / seconds:.2f} times as fast as the textbook loop"

        work = _flops(training) * CONFIG.epochs / seconds / 1e9
        matrix = torch.randn(MATRIX, MATRIX)
        limit = 2 * MATRIX**3 / min(_seconds(lambda: matrix @ matrix) for _ in range(REPEATS)) / 1e9
        yield f"training does {work:.0f} GFLOP/s, a matrix product of {MATRIX} {limit:.0f}: {work / limit:.0%} of it"
    finally:
        torch.set_num_threads(threads)

    with Cluster() as cluster:
        slots = cluster.slots()
        warm_up = [replace(CONFIG, epochs=1, init_seed=seed) for seed in range(slots)]
        list(cluster.completed(warm_up))
        runs = [replace(CONFIG, init_seed=seed) for seed in range(2 * slots)]
        busy = _seconds(lambda: list(cluster.completed(runs)))
    yield f"{slots} workers: {60 * len(runs) / busy:.1f} such runs a minute, scoring over all test pairs included"


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _flops(training: Training) -> int:
    """Floating-point operations of one epoch: training, and scoring the train and test pairs."""
    with FlopCounterMode(display=False) as counter:
        next(iter(training))
    return counter.get_total_flops()
