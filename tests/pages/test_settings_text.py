"""“Do this in Python”: the code that the page gives to copy, run as it stands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch

from dashboard.shared.settings_text import python_code
from pairdigits.augmentation import Augmentation
from pairdigits.training import Training


@pytest.fixture
def one_thread() -> Iterator[None]:
    """What torch has on a worker, whatever the tests' own processes have."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="plain"),
        pytest.param({"variant": "v6", "augmentation": Augmentation()}, id="warped", marks=pytest.mark.slow),
    ],
)
def test_the_copied_code_makes_every_record_of_the_run(changes, tiny):
    config = replace(tiny, **changes)
    expected = [record.to_dict() | {"seconds": 0} for record in Training(config)]
    dump = "import json\nprint(json.dumps([record.to_dict() | {'seconds': 0} for record in records]))"
    done = subprocess.run(
        [sys.executable, "-c", python_code(config) + dump],
        env=os.environ | {"OMP_NUM_THREADS": "2"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    *printed, records = done.stdout.splitlines()
    assert json.loads(records) == json.loads(json.dumps(expected)) and len(printed) == config.epochs
