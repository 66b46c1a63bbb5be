"""Whatever is killed, every run finishes once, with every epoch: a server with two workers, killed here and there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from pairdigits.config import RunConfig
from pairdigits.runs.listing import UNFINISHED
from pairdigits.runs.store import Store
from tests.core.undisturbed import timeless, trained

KILLS = int(os.environ.get("KILLS", "12"))  # CI has no time for the hundred that were tried
PATIENCE = 120  # s
BASE = RunConfig(variant="v5", train_pairs=600, validation_pairs=100, test_pairs=200, epochs=60)
LOAD = [  # (run, epochs a second)
    (BASE, None),
    (replace(BASE, variant="v1", shuffle="digits", init_seed=1), None),
    (replace(BASE, variant="base", auxiliary_weight=0.0, epochs=100), None),
    (replace(BASE, variant="v7", train_pairs=200, epochs=40), 5.0),
]
SERVER = """
import sys, time
from pairdigits.runs import attendant
from pairdigits.runs.engine import Engine
from pairdigits.runs.store import Store

attendant.ATTEMPTS = 1000  # here chance may kill one run again and again before its next epoch
if __name__ == "__main__":
    engine = Engine(Store(sys.argv[1]), workers=2)
    while True:
        time.sleep(60)
"""


class Server:
    """A process with an engine, and what can be done to it."""

    def __init__(self, folder: Path):
        self.command = [sys.executable, str(folder / "server.py"), str(folder / "runs.db")]
        (folder / "server.py").write_text(SERVER)
        self.process = subprocess.Popen(self.command)

    def workers(self) -> list[psutil.Process]:
        found = []
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it has just died
                if "spawn_main" in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def kill_one_worker(self) -> int:
        return self._kill(self.workers()[:1])

    def kill_all_workers(self) -> int:
        return self._kill(self.workers())

    def kill_all_workers_and_those_that_start_in_their_place(self) -> int:
        before = self.workers()
        killed, end = self._kill(before), time.monotonic() + 30
        while not (fresh := [worker for worker in self.workers() if worker not in before]):
            assert time.monotonic() < end, "no worker is started again"
            time.sleep(0.02)
        time.sleep(random.uniform(0, 1))
        return killed + self._kill(fresh)

    def kill_the_server(self) -> int:
        children = psutil.Process(self.process.pid).children()
        self.process.kill()
        self.process.wait()
        assert not psutil.wait_procs(children, 60)[1], "workers outlive their server"
        self.process = subprocess.Popen(self.command)
        return 1

    def close(self) -> None:
        self.process.kill()
        self.process.wait()

    @staticmethod
    def _kill(processes: list[psutil.Process]) -> int:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return len(processes)


@pytest.mark.slow
def test_every_run_finishes_once_with_every_epoch_whatever_is_killed(tmp_path):
    random.seed(KILLS)
    store = Store(tmp_path / "runs.db")
    server = Server(tmp_path)
    ways = [server.kill_one_worker, server.kill_all_workers, server.kill_the_server,
            server.kill_all_workers_and_those_that_start_in_their_place]  # fmt: skip
    kills, done = 0, Counter()

    def progress() -> int:
        return sum(run.snapshot_epoch + (run.status == "finished") for run in store.runs())

    def until(condition) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, [(run.id, run.status, run.reason, run.epochs) for run in store.runs()]
            time.sleep(0.1)

    while kills < KILLS:
        unfinished = sum(run.status in UNFINISHED for run in store.runs())
        for _ in range(4 - unfinished):
            config, speed = LOAD[len(store.runs()) % len(LOAD)]
            store.add(config, speed=speed)
        before = progress()
        until(lambda before=before: progress() != before)  # a server that nothing leaves alone cannot get on
        time.sleep(random.uniform(0, 3))
        way = random.choice(ways)
        kills += way()
        done[way.__name__] += 1
    until(lambda: all(run.status not in UNFINISHED for run in store.runs()))
    runs = store.runs()
    server.close()
    undisturbed = {config.key: trained(config)[1] for config, _ in LOAD}
    assert max(run.attempt for run in runs) > 1
    for run in runs:
        assert (run.status, run.epochs) == ("finished", run.config.epochs), run.reason
        assert timeless(store.records(run.id)) == undisturbed[run.key] and store.model(run.id)
    print(f"{kills} kills, {len(runs)} runs, attempts {sorted(run.attempt for run in runs)}, {done}")
    store.close()
