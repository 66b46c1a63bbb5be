"""The load test runs, small: its figures depend on the machine, that nothing is lost does not; the first Start."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.browser.server import ROOT, serve
from tests.load.visitor import Visitor

SMALL = "--visitors 4 --painters 1 --browsers 0 --seconds 30 --epochs 3 --pairs 100 --workers 1 --settle 1"


@pytest.mark.slow
def test_every_start_arrives_and_no_epoch_is_lost():
    command = [sys.executable, "-m", "tests.load", *SMALL.split()]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500).stdout
    assert "4 of 4" in said and "0; runs with gaps: none" in said, said
    assert "none" in said[said.index("error boxes") :], said


@pytest.mark.slow
def test_the_first_start_of_a_server_is_like_any_other(tmp_path: Path):
    """Nobody waits for torch, nor for workers: they are made with the server, not with the first visitor."""
    environment = {"PAIRDIGITS_DATABASE": str(tmp_path / "runs.db"), "PAIRDIGITS_WORKERS": "1"}
    others = _workers()
    aside = ThreadPoolExecutor(1)  # this thread has a loop already where a browser test ran in this process before
    with serve(ROOT / "dashboard" / "app.py", environment) as address, aside:
        _settle(others)
        first, *others = aside.submit(asyncio.run, _starts(address, 4)).result()
    print(f"Start to first point: {first:.2f} s, the next {[f'{one:.2f}' for one in others]}")
    assert first < 2 * max(others) + 2  # on a busy machine; workers that have yet to start take six seconds and more


def _settle(others: set[psutil.Process]) -> None:
    """Wait until the server's worker, unlike those of other servers, has got all that it needs for its first run."""
    before, end = -1.0, time.monotonic() + 120
    while (now := _spent(_workers() - others)) == 0 or now > before + 0.1:
        assert time.monotonic() < end
        before = now
        time.sleep(2)


def _workers() -> set[psutil.Process]:
    """Worker processes of the servers of this test run."""
    children = psutil.Process().children(recursive=True)
    return {child for child in children if any("spawn_main" in part for part in child.cmdline())}


def _spent(workers: set[psutil.Process]) -> float:
    """Their processor seconds."""
    times = [worker.cpu_times() for worker in workers]
    return sum(one.user + one.system for one in times)


async def _starts(address: str, count: int) -> list[float]:
    """Seconds from the click to the first epoch in the browser, one run after the other."""
    found = []
    async with Visitor(address) as visitor:
        for seed in range(count):
            settings = dict(epochs=2, train_pairs=200, validation_pairs=40, init_seed=seed)
            await visitor.go("train", **settings)
            began = time.time()
            await visitor.click("Start")
            run = visitor.runs[-1]
            watching = asyncio.create_task(visitor.watch())
            async with asyncio.timeout(120):
                while 1 not in visitor.arrivals.get(run, {}):
                    await asyncio.sleep(0.01)
            found.append(visitor.arrivals[run][1] - began)
            await asyncio.sleep(3)  # it ends
            watching.cancel()
    return found
