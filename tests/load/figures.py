"""What was measured, and whether it is good enough."""

from __future__ import annotations

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
        self.memory: list[tuple[float, int]] = []  # when, and bytes of the server alone
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._attend, daemon=True)
        self._thread.start()

    def spent(self) -> tuple[float, float]:
        """Processor seconds of the server and of its workers, so far."""
        self._look()
        workers = sum(seconds for process, seconds in self._spent.items() if process != self._server.pid)
        return self._spent[self._server.pid], workers

    def close(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def _attend(self) -> None:
        while not self._ended.wait(0.5):
            self._look()
            self.memory.append((time.monotonic(), self._server.memory_info().rss))

    def _look(self) -> None:
        for process in [self._server, *self._server.children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            self._spent[process.pid] = times.user + times.system
