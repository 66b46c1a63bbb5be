"""A server that is killed leaves no process behind and loses no run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from pairdigits.runs.engine import Engine
from pairdigits.runs.store import Store

PATIENCE = 120  # s
SERVER = """
import sys, time
from pairdigits.runs.engine import Engine
from pairdigits.runs.store import Store
from pairdigits.config import RunConfig

if __name__ == "__main__":
    engine = Engine(Store(sys.argv[1]), workers=1)
    id = engine.submit(RunConfig(train_pairs=40, validation_pairs=0, test_pairs=20, epochs=500), speed=20)
    engine.wait(id, 60, lambda run: run.epochs >= 2)
    print("training", flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
def test_killed_server_leaves_no_process_and_loses_no_run(tmp_path: Path):
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    with subprocess.Popen([sys.executable, script, tmp_path / "runs.db"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "training\n"
        children = psutil.Process(server.pid).children(recursive=True)
        server.kill()
    assert children
    assert psutil.wait_procs(children, PATIENCE)[1] == []
    store = Store(tmp_path / "runs.db")
    (run,) = store.runs()
    assert run.status == "running" and len(store.records(run.id)) >= 2
    engine = Engine(store, workers=1)  # as after a restart of the server: goes on by itself
    run = engine.wait(run.id, PATIENCE, lambda run: run.status == "running" and run.epochs > 4)
    engine.close(PATIENCE)
    known = [record.epoch for record in store.records(run.id)]
    assert len(known) > 4 and known == list(range(1, len(known) + 1))
