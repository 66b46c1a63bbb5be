"""python -m pairdigits bench: how fast training is on this machine, measured in one go.

Against a textbook loop, and against the machine's own limit.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import torch
from torch.utils.flop_counter import FlopCounterMode

from pairdigits import fused
from pairdigits.choices import CORRECTED, PUBLISHED
from pairdigits.config import RunConfig
from pairdigits.presets import preset
from pairdigits.textbook import TextbookV5
from pairdigits.textbook import train as train_textbook
from pairdigits.together import Together
from pairdigits.training import Training

CONFIG = preset("report", "v5", protocol=PUBLISHED, epochs=25)
REPEATS = 5  # the fastest counts: other work on the machine only ever adds time
MATRIX = 2048
ROUNDS = 20  # that train together on a GPU


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--device", choices=("cpu", "cuda", "mps"), default="cpu", help="default: cpu")


def run(device: str) -> None:
    """Print how fast training is here."""
    for line in _on_cpu() if device == "cpu" else _on(device):
        print(line, flush=True)


def _on_cpu() -> Iterator[str]:
    """Measure, and yield one line of text per finding."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        ours = {"our kernel": _kernel} if fused.available() else {}
        loops = {**ours, "torch's operators": _torch, "textbook loop": _textbook}
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

    from pairdigits.runs.cluster import Cluster  # on a GPU there is no need of Dask

    with Cluster() as cluster:
        slots = cluster.slots()
        warm_up = [replace(CONFIG, epochs=1, init_seed=seed) for seed in range(slots)]
        list(cluster.completed(warm_up))
        runs = [replace(CONFIG, init_seed=seed) for seed in range(2 * slots)]
        busy = _seconds(lambda: list(cluster.completed(runs)))
    yield f"{slots} workers: {60 * len(runs) / busy:.1f} such runs a minute, scoring over all test pairs included"


def _on(device: str) -> Iterator[str]:
    """Measure training on another device, where rounds train together, and yield one line of text per finding."""
    list(Training(replace(CONFIG, epochs=1), device=device))  # what a device needs the first time
    yield f"{torch.cuda.get_device_name() if device == 'cuda' else device}, 25 epochs of v5, 1000 + 1000 pairs:"
    yield f"  textbook loop      {_quickest(lambda: _textbook(device)):6.2f} s"
    yield f"  one run            {_quickest(lambda: partial(list, Training(CONFIG, device=device))):6.2f} s"
    for protocol in (PUBLISHED, CORRECTED):
        rows = [
            replace(preset("report", "v5", protocol=protocol, epochs=25), data_seed=number, init_seed=number)
            for number in range(ROUNDS)
        ]
        seconds = _quickest(partial(_together, rows, device))
        yield f"  {ROUNDS} runs together {seconds:8.2f} s, {protocol}, {60 * ROUNDS / seconds:.0f} runs a minute"
    best = preset("best", "v4")
    yield f"The best recipe's 160 epochs of v4: one run {_seconds(partial(list, Training(best, device=device))):.2f} s"
    five = [replace(best, data_seed=number, init_seed=number) for number in range(5)]
    yield f"  five together {_seconds(_together(five, device)):.2f} s"


def _together(configs: list[RunConfig], device: str) -> Callable[[], object]:
    return partial(list, Together([Training(config, device=device) for config in configs]))


def _quickest(prepare: Callable[[], Callable[[], object]]) -> float:
    return min(_seconds(prepare()) for _ in range(3))


def _training(kernel: bool) -> Training:
    training = Training(CONFIG)
    fused.attach(training.model, kernel)
    return training


def _kernel() -> Callable[[], object]:
    return partial(list, _training(kernel=True))


def _torch() -> Callable[[], object]:
    return partial(list, _training(kernel=False))


def _textbook(device: str = "cpu") -> Callable[[], object]:
    pairs = Training(CONFIG, device=device)
    return partial(train_textbook, TextbookV5().to(pairs.device), pairs.train, pairs.test, CONFIG.epochs)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _flops(training: Training) -> int:
    """Floating-point operations of one epoch: training, and scoring the train and test pairs."""
    with FlopCounterMode(display=False) as counter:
        next(iter(training))
    return counter.get_total_flops()
