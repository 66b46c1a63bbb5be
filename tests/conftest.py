"""What all tests share."""

from __future__ import annotations

import os

import pytest
import torch

from pairdigits.config import RunConfig
from pairdigits.data import MNIST, load_mnist

if "OMP_NUM_THREADS" not in os.environ:
    torch.set_num_threads(1)  # what the tests train is too small for more


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: give --slow"))


@pytest.fixture(scope="session")
def mnist() -> MNIST:
    return load_mnist()


@pytest.fixture
def tiny() -> RunConfig:
    """A run of a second or less."""
    return RunConfig(train_pairs=100, validation_pairs=20, test_pairs=50, epochs=3)
