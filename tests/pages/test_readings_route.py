"""What a last layer is given of every test digit, as the route gives it."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import pytest
from starlette.routing import Route

from dashboard.live import readings
from dashboard.shared import state
from pairdigits.data import pool
from pairdigits.models import siamese
from pairdigits.probe import read_sides
from tests.pages.route_server import serve


def test_readings_are_the_towers_and_of_models_whose_layer_can_be_set_only():
    with serve([Route("/{preset}/{variant}", readings.respond)]) as address:
        with urlopen(f"{address}/report/v1") as answer:
            content = answer.read()
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{address}/report/v2")
    found, test = state.model("report", "v1"), state.mnist().test
    left, _ = read_sides(siamese(found.model), found.normalisation(pool(test.images)))
    np.testing.assert_allclose(np.frombuffer(content, "<f4", 100_000).reshape(-1, 10), left.logits, atol=1e-4)
    assert list(content[400_000:]) == test.labels.tolist()
