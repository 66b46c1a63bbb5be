"""What was measured, and whether it is good enough."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Sequence
from typing import NamedTuple

import psutil


class Figure(NamedTuple):
    """One line of the result."""

    name: str
    value: str
    good: bool | None = None  # None where nothing is asked of it

    def __str__(self) -> str:
        mark = {True: "ok  ", False: "FAIL", None: "    "}[self.good]
        return f"{mark} {self.name:<52} {self.value}"


def seconds(name: str, taken: Sequence[float], most: float | None = None, quantile: float = 0.95) -> Figure:
    """Median and 95% quantile of times; the quantile is to be below `most`."""
    if not taken:
        return Figure(name, "none", good=None if most is None else False)
    high = statistics.quantiles([*taken, *taken], n=100, method="inclusive")[round(100 * quantile) - 1]
    middle, last = statistics.median(taken), max(taken)
    words = f"median {middle:.3f} s, p{100 * quantile:.0f} {high:.3f} s, most {last:.3f} s (n = {len(taken)})"
    return Figure(name, words, None if most is None else high < most)


def ratios(name: str, found: Sequence[float], least: float, most: float) -> Figure:
    """Median and outer tenths of ratios; eight of ten are to be within bounds."""
    if len(found) < 2:
        return Figure(name, "too few")
    low, *_, high = statistics.quantiles(found, n=10, method="inclusive")
    words = f"median {statistics.median(found):.2f}, p10 {low:.2f}, p90 {high:.2f} (n = {len(found)})"
    return Figure(name, words, least <= low and high <= most)


def own(process: psutil.Process) -> int:
    """Bytes of a process without the files that it maps, of which the kernel drops and reads again what it likes."""
    memory = process.memory_info()
    return memory.rss - getattr(memory, "shared", 0)  # which Linux tells


class Meter:
    """Processor time and memory of a server and of its workers, looked at every half second.

    Parameters
    ----------
    process
        The server's id; its children train.
    """

    def __init__(self, process: int):
        self._server = psutil.Process(process)
        self._spent: dict[int, float] = {}  # processor seconds by process, as last seen
        self.memory: list[tuple[float, int]] = []  # when, and `own` of the server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._attend, daemon=True)
        self._thread.start()

    def spent(self) -> tuple[float, float]:
        """Processor seconds of the server and of its workers, so far."""
        self._look()
        workers = sum(seconds for process, seconds in self._spent.items() if process != self._server.pid)
        return self._spent[self._server.pid], workers

    def now(self) -> int:
        """The server's `own` memory, as last seen."""
        return self.memory[-1][1]

    async def rest(self, seconds: float = 5, patience: float = 120) -> None:
        """Wait until the server has taken no more of the processor than a tenth of a core for so long."""
        since = time.monotonic()
        until, before = since + patience, self.spent()[0]
        while time.monotonic() < min(since + seconds, until):
            await asyncio.sleep(0.5)
            now = self.spent()[0]
            if now > before + 0.05:
                since = time.monotonic()
            before = now

    def close(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def _attend(self) -> None:
        while not self._ended.wait(0.5):
            self._look()
            self.memory.append((time.monotonic(), own(self._server)))

    def _look(self) -> None:
        for process in [self._server, *self._server.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            self._spent[process.pid] = times.user + times.system
