"""Streamlit, started on a free port of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@contextmanager
def serve(script: Path, environment: dict[str, str], base: str = "") -> Iterator[str]:
    """Run ``script`` in Streamlit, in a process group of its own, and give its address; it may lie under a path."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    options = [f"--server.port={port}", f"--server.baseUrlPath={base}"]
    address = f"http://localhost:{port}/{base}".rstrip("/")
    process = subprocess.Popen(command + options, cwd=ROOT, env=os.environ | environment, start_new_session=True)
    try:
        _wait_until_healthy(f"{address}/_stcore/health", process)
        yield address
    finally:
        process.terminate()  # the server alone: it ends its workers, which would be started again if they ended first
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def dashboard(folder: Path) -> AbstractContextManager[str]:
    """Run the dashboard with one worker and an empty database in a folder, and give its address."""
    environment = {"PAIRDIGITS_DATABASE": f"sqlite:///{folder / 'runs.db'}", "PAIRDIGITS_WORKERS": "1"}
    return serve(ROOT / "dashboard" / "app.py", environment)


def _wait_until_healthy(address: str, process: subprocess.Popen, seconds: float = 30) -> None:
    for _ in range(int(seconds * 10)):
        if process.poll() is not None:
            pytest.fail(f"Streamlit stopped with status {process.returncode}.")
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"Streamlit did not answer within {seconds} seconds.")
