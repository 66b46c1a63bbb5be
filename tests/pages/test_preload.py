"""What the server loads behind its start: every part of every page, so that no visitor is the first to wait for it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from dashboard import preload
from dashboard.shared import state
from pairdigits import data
from pairdigits.models import VARIANTS
from tests.browser.server import ROOT

LOADED = """
import json, sys
from dashboard import preload
from dashboard.shared import state
from pairdigits.data import _load_bundle
preload.load()
before = [name for name in sys.modules if name.startswith(("dashboard.", "pairdigits."))]
print(json.dumps([before, state.model.cache_info().misses, _load_bundle.cache_info().misses, state.spare_imports()]))
"""


@pytest.mark.slow
def test_everything_that_pages_are_made_of_is_loaded_once():
    command = [sys.executable, "-c", LOADED]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    modules, models, datasets, again = json.loads(said.splitlines()[-1])
    files = [file for file in (ROOT / "dashboard").glob("*/*.py") if file.name not in ("__init__.py", "page.py")]
    assert {f"dashboard.{file.parent.name}.{file.stem}" for file in files} <= set(modules)
    assert models == len(state.MODELS) * len(VARIANTS) and datasets == 1
    assert not again  # the garbage collector has been told to spare it all


def test_a_data_set_that_cannot_be_read_is_left_to_the_pages_to_tell(monkeypatch, caplog):
    def unreadable():
        raise data.DataError("MNIST cannot be read.")

    monkeypatch.setattr(data, "load_mnist", unreadable)
    caplog.set_level("ERROR")  # where a test has started Dask in this process, its silence_logs has silenced pytest too
    preload.load()
    assert "MNIST cannot be read." in caplog.text
