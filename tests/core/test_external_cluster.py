"""A cluster of one's own, as docs/class.md starts it, whose parts are killed: said within seconds, nothing lost."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from pairdigits.runs.cluster import Cluster, EngineError
from pairdigits.runs.engine import Engine
from pairdigits.runs.outbox import Outbox
from pairdigits.runs.store import Store
from tests.core.test_outages import PATIENCE, SMALL, opened, undisturbed, until
from tests.core.undisturbed import epochs, timeless

__all__ = ["undisturbed"]
SAID = 5  # s until it is said what is in the way


class Processes:
    """A scheduler and workers on this machine, each with its nanny."""

    def __init__(self, folder: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self._folder, self._started = folder, []
        self._scheduler = ["scheduler", "--host", self.address, "--no-dashboard"]
        self._worker = ["worker", self.address, "--nthreads", "8", "--no-dashboard", "--local-directory", str(folder)]
        self.scheduler, self.nanny = self.start(*self._scheduler), self.start(*self._worker)

    def start(self, *command: str) -> subprocess.Popen:
        environment = os.environ | {"DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "1"}
        with (self._folder / f"{command[0]}.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command], env=environment, stderr=log, stdout=log
            )
        self._started.append(process)
        return process

    def again(self, killed: subprocess.Popen) -> None:
        if killed is self.scheduler:
            self.start(*self._scheduler)
        self.start(*self._worker)

    def close(self) -> None:
        for process in self._started:
            if process.poll() is None:
                children = psutil.Process(process.pid).children(recursive=True)
                process.kill()
                process.wait()
                psutil.wait_procs(children, 30)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(tmp_path)
    yield processes
    processes.close()


def connected(processes: Processes, engine: Engine) -> None:
    """Wait until there is a worker."""

    def there() -> bool:
        try:
            return bool(engine.cluster.workers())
        except ValueError:  # the scheduler has not come up
            return False

    until(there)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["nanny", "scheduler"])
def test_whatever_is_killed_is_said_and_the_run_goes_on_where_it_was(part, processes, tmp_path, undisturbed):
    with opened(tmp_path / "runs.db", processes.address) as engine:
        connected(processes, engine)
        id = engine.submit(replace(SMALL), speed=10)
        engine.wait(id, PATIENCE, epochs(3))
        killed = getattr(processes, part)
        began = time.monotonic()
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        until(lambda: re.search(r"No worker is connected|No Dask scheduler answers", engine.trouble))
        assert time.monotonic() - began < SAID
        processes.again(killed)
        run = engine.wait(id, PATIENCE)
        assert run.status == "finished" and not engine.trouble
        assert timeless(engine.store.records(id)) == undisturbed


def test_what_fails_in_the_background_is_logged_in_one_sentence(tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.WARNING)  # clusters of other tests have silenced it
    with closing(Store(tmp_path / "runs.db")) as store:
        monkeypatch.setattr(store, "adopt", lambda name: [7])  # purged since
        engine = Engine(store, scheduler="nonsense")
        engine.warm_up()
        until(lambda: "No Dask scheduler answers at 'nonsense'." in caplog.messages)
        assert "There is no run 7 in the store." in caplog.messages
        for _ in range(2):  # by hand, and as Python ends
            engine.close()


def test_what_cannot_be_written_holds_up_nothing_else(caplog):
    caplog.set_level(logging.WARNING)
    box, written = Outbox(lambda: None, 60), []
    for value in ("one", "two"):
        box.post(lambda value=value: written.append(value), lambda: written.append("told"))
        box.post(lambda: {}["missing"], lambda: None)
    box.close(PATIENCE)
    assert written == ["one", "told", "two", "told"] and not box.trouble
    assert caplog.messages == ["This could not be written to the database."] * 2


def test_unreachable_scheduler_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PAIRDIGITS_SCHEDULER", "tcp://127.0.0.1:9")
    store = Store(tmp_path / "runs.db")
    engine = Engine(store)
    began = time.monotonic()
    with pytest.raises(EngineError, match=r"No Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        engine.submit(SMALL)
    assert time.monotonic() - began < 10
    assert store.runs() == []
    engine.close()
    with pytest.raises(EngineError, match="No Dask scheduler"):
        Cluster(scheduler="nonsense").client()
