"""How fast training is here, measured in one go: against a textbook loop and the machine's own limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import torch
from torch.utils.flop_counter import FlopCounterMode

from pairdigits import fused
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
        loops = {"our kernel": _kernel, "torch's operators": _torch, "textbook loop": _textbook}
        if not fused.available():
            del loops["our kernel"]
        seconds = {name: [] for name in loops}
        for repeat in range(-1, REPEATS):  # in turn, so that all meet the same machine; the first warms up
            for name, prepare in loops.items():
                found = _seconds(prepare())  # drawing the pairs is not counted
                seconds[name] += [found] if repeat >= 0 else []
        best = {name: min(some) for name, some in seconds.items()}
        yield "25 epochs of v5, 1000 + 1000 pairs, one thread:"
        for name, fastest in best.items():
            ratio = best["textbook loop"] / fastest
            yield f"  {name:18s} {fastest:6.2f} s, {ratio:.2f} times as fast as the textbook loop"

        work = _flops(_training(kernel=False)) * CONFIG.epochs / best["torch's operators"] / 1e9
        matrix = torch.randn(MATRIX, MATRIX)
        limit = 2 * MATRIX**3 / min(_seconds(lambda: matrix @ matrix) for _ in range(REPEATS)) / 1e9
        share = f"{work / limit:.0%} of what a matrix product of {MATRIX} reaches, {limit:.0f}"
        yield f"torch's operators do {work:.0f} GFLOP/s, {share}"
    finally:
        torch.set_num_threads(threads)

    with Cluster() as cluster:
        slots = cluster.slots()
        warm_up = [replace(CONFIG, epochs=1, init_seed=seed) for seed in range(slots)]
        list(cluster.completed(warm_up))
        runs = [replace(CONFIG, init_seed=seed) for seed in range(2 * slots)]
        busy = _seconds(lambda: list(cluster.completed(runs)))
    yield f"{slots} workers: {60 * len(runs) / busy:.1f} such runs a minute, scoring over all test pairs included"


def _training(kernel: bool) -> Training:
    training = Training(CONFIG)
    fused.attach(training.model, kernel)
    return training


def _kernel() -> Callable[[], object]:
    return partial(list, _training(kernel=True))


def _torch() -> Callable[[], object]:
    return partial(list, _training(kernel=False))


def _textbook() -> Callable[[], object]:
    pairs = Training(CONFIG)
    return partial(train_textbook, TextbookV5(), pairs.train, pairs.test, CONFIG.epochs)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _flops(training: Training) -> int:
    """Floating-point operations of one epoch: training, and scoring the train and test pairs."""
    with FlopCounterMode(display=False) as counter:
        next(iter(training))
    return counter.get_total_flops()
