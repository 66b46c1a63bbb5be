"""The load test runs, small: its figures depend on the machine, that nothing is lost does not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.browser.server import ROOT

SMALL = "--visitors 4 --painters 1 --browsers 0 --seconds 30 --epochs 3 --pairs 100 --workers 1"


@pytest.mark.slow
def test_every_start_arrives_and_no_epoch_is_lost():
    command = [sys.executable, "-m", "tests.load", *SMALL.split()]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500).stdout
    assert "4 of 4" in said and "0; runs with gaps: none" in said and "error boxes" in said, said
    assert "none" in said[said.index("error boxes") :], said
