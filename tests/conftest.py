"""What all tests share."""

from __future__ import annotations

import os

import pytest
import torch
from hypothesis import HealthCheck, settings

from pairdigits.config import RunConfig
from pairdigits.data import MNIST, load_mnist

if "OMP_NUM_THREADS" not in os.environ:
    torch.set_num_threads(1)  # what the tests train is too small for more
settings.register_profile("anywhere", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # busy machines too
settings.load_profile("anywhere")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow too")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Several processes for the whole suite only: each has to import torch."""
    whole = config.args_source == pytest.Config.ArgsSource.TESTPATHS
    return min(os.cpu_count() or 1, 4) if whole else 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="slow: give --slow"))
        if not item.get_closest_marker("xdist_group"):  # a file's fixtures and caches are made once
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def mnist() -> MNIST:
    return load_mnist()


@pytest.fixture
def tiny() -> RunConfig:
    """A run of a second or less."""
    return RunConfig(train_pairs=100, validation_pairs=20, test_pairs=50, epochs=3)
