"""What a command leaves behind when its output ends before it does, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["probe", "v7"], 141, ""),  # as of a program that the signal ends
        (["grid", "v1", "--scheduler", "nonsense"], 2, "No Dask scheduler answers at 'nonsense'.\n"),
    ],
)
def test_what_is_left_at_the_end_adds_no_traceback(arguments, status, words):
    reader, writer = os.pipe()
    os.close(reader)  # nobody reads along
    command = [sys.executable, "-m", "pairdigits", *arguments]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(writer)
    assert (done.returncode, done.stderr) == (status, words)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_full_disk_is_one_sentence():
    command = [sys.executable, "-m", "pairdigits", "probe", "v7"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "The output: No space left on device.\n")
