"""How many heaps the C library keeps for threads, counted by itself."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from dashboard.live import memory
from tests.browser.server import ROOT

MANY = """
import ctypes, threading
from dashboard.live import memory
memory.keep_less()
libc, together = ctypes.CDLL(None), threading.Barrier(6)
def allocate():
    together.wait()
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(6)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
libc.malloc_stats()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
@pytest.mark.parametrize(("asked", "expected"), [({}, memory.ARENAS), ({memory.VARIABLE: "4"}, 4)])
def test_threads_share_a_few_heaps_unless_the_environment_says_otherwise(asked, expected):
    environment = {name: text for name, text in os.environ.items() if name != memory.VARIABLE} | asked
    command = [sys.executable, "-c", MANY]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stderr
    assert said.count("Arena ") == expected
