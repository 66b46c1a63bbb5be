"""What all tests share."""

from __future__ import annotations

import os

import pytest
import torch
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from pairdigits.config import RunConfig
from pairdigits.data import MNIST, load_mnist

if "OMP_NUM_THREADS" not in os.environ:
    torch.set_num_threads(1)  # what the tests train is too small for more
settings.register_profile("anywhere", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # busy machines too
settings.load_profile("anywhere")

TOGETHER = (
    ("tests/browser/test_probe.py", "tests/browser/test_sketch"),  # one server and one browser
    ("tests/browser/",),  # and another for the other half
    # one Dask cluster
    tuple(f"tests/core/test_{name}.py" for name in ("engine", "completed", "lost_workers", "experiments")),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow too")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Several processes for the whole suite only: each has to import torch. One more than cores: many tests wait."""
    whole = config.args_source == pytest.Config.ArgsSource.TESTPATHS
    return min((os.cpu_count() or 1) + 1, 4) if whole else 0


class ByFile(LoadScopeScheduling):
    """A file's tests stay in one process, so its fixtures and caches are made once; so do those of a group of files."""

    def _split_scope(self, nodeid: str) -> str:  # xdist's own groups need an older pytest
        path = nodeid.partition("::")[0]
        return next((group[0] for group in TOGETHER if path.startswith(group)), path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Who runs what."""
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="slow: give --slow"))


@pytest.fixture(scope="session")
def mnist() -> MNIST:
    return load_mnist()


@pytest.fixture
def tiny() -> RunConfig:
    """A run of a second or less."""
    return RunConfig(train_pairs=100, validation_pairs=20, test_pairs=50, epochs=3)
