"""The route that answers while the pen moves, asked as a browser asks it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from starlette.routing import Route

from dashboard.live import verdict
from dashboard.shared import state
from pairdigits import verdicts
from pairdigits.data import MNIST
from pairdigits.models import VARIANTS
from pairdigits.sketch import from_drawing, to_pooled
from tests.pages.routes import ask, serve


@pytest.fixture(scope="module")
def route() -> Iterator[str]:
    with serve([Route("/live/verdict", verdict.respond, methods=["POST"])]) as address:
        yield f"{address}/live/verdict"


def digits(mnist: MNIST) -> np.ndarray:
    return (mnist.test.images[:2].numpy().reshape(2, 28, 28) * 255).round().astype(np.uint8)


def test_the_answers_are_those_of_the_models(route, mnist):
    pair = digits(mnist)
    _, found = ask(f"{route}?preset=report", pair.tobytes())
    left, right = (to_pooled(from_drawing(image).image) for image in pair)
    np.testing.assert_array_equal(found["seen"], [left.ravel(), right.ravel()])
    wanted = verdicts.ask({name: state.model("report", name) for name in VARIANTS}, left, right)
    assert [(one["variant"], one["says"], one["says_back"]) for one in found["answers"]] == [
        (one.variant.name, one.says, one.says_back) for one in wanted
    ]
    np.testing.assert_allclose(found["answers"][-1]["digits"], wanted[-1].digits, atol=1e-6)


def test_an_empty_canvas_gets_a_remark_and_no_answers(route, mnist):
    pair = digits(mnist) * np.array([1, 0], np.uint8)[:, None, None]
    _, found = ask(route, pair.tobytes())
    assert found["seen"][1] is None and found["remarks"][1] and found["answers"] == []


@pytest.mark.parametrize("body", [b"", bytes(2 * 28 * 28 - 1), bytes(2 * 27 * 27), bytes(2 * 281 * 281)])
def test_what_is_no_pair_of_drawings_gets_one_sentence(route, body):
    status, answer = ask(route, body)
    assert status == 400 and answer["error"].endswith(".")


def test_a_preset_is_no_path(route, mnist):
    status, answer = ask(f"{route}?preset=../report", digits(mnist).tobytes())
    assert status == 400 and "best, report" in answer["error"]
