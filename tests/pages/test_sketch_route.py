"""The route that answers while the pen moves, asked as a browser asks it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from dashboard.live import posted
from dashboard.sketch import answering, board_html, examples, route
from dashboard.sketch.batched import Batched
from dashboard.sketch.seen import Seen, as_json, look, of_json
from tests.pages.route_server import ask, serve
from tests.pages.test_sketchpad import png

SCALARS = st.none() | st.integers() | st.text(max_size=20)
NAMES = st.sampled_from(["pixels", "image", "remark", "label"])
ANYTHING = SCALARS | st.lists(SCALARS) | st.dictionaries(NAMES, SCALARS)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve([Route("/live/verdict", posted.endpoint(route.answer, route.LARGEST), methods=["POST"])]) as address:
        yield f"{address}/live/verdict"


def body(*canvases: object, preset: str = "report", model: str = "v5", **more: object) -> bytes:
    return json.dumps({"preset": preset, "model": model, "canvases": canvases, **more}).encode()


def test_the_boards_are_the_pages_own(address):
    three, seven = examples.first_pair()
    drawn, known = {"pixels": png(three.drawing.pixels)}, as_json(seven.seen)
    _, found = ask(address, body(drawn, known))
    seen = (look(three.drawing.pixels), seven.seen)
    assert found == board_html.answered(seen, answering.load("report"), "v5")._asdict()
    assert "Three is less than or equal to seven." in found["headline"] and "Why Siamese v5" in found["why"]


def test_only_the_boards_that_somebody_sees_are_answered(address):
    known = [as_json(shown.seen) for shown in examples.first_pair()]
    _, everything = ask(address, body(*known))
    for names in (["first"], ["headline", "why"], ["cards", "a board of tomorrow"]):
        _, found = ask(address, body(*known, boards=names))
        assert found == {name: html for name, html in everything.items() if name in names}


def test_what_many_ask_at_once_is_answered_in_one_go_and_each_gets_its_own():
    goes, busy = [], threading.Event()

    def answer(asked: list[int]) -> list[int]:
        goes.append(len(asked))
        busy.wait(20)
        if -1 in asked:
            raise ValueError("One of them was no good.")
        return [10 * number for number in asked]

    def ask_one(number: int) -> None:
        try:
            found[number] = together(number)
        except ValueError as error:
            found[number] = str(error)

    together, found = Batched(answer), {}
    threads = [threading.Thread(target=ask_one, args=(number,)) for number in range(9)]
    threads[0].start()
    while not goes:
        time.sleep(0.01)
    for thread in threads[1:]:
        thread.start()
    while len(together._waiting) < 8:
        time.sleep(0.01)
    busy.set()
    for thread in threads:
        thread.join(20)
    assert goes == [1, 8] and found == {number: 10 * number for number in range(9)}
    ask_one(-1)
    assert found[-1] == "One of them was no good." and together(5) == 50


def test_an_empty_canvas_is_asked_for(address):
    three, _ = examples.first_pair()
    _, found = ask(address, body(as_json(three.seen), {"pixels": png(np.zeros((140, 140), np.uint8))}))
    assert "Draw the second digit." in found["headline"] and not found["why"]


@pytest.mark.parametrize(
    "sent",
    [b"", b"[]", b"\xff", body(), body({}, {}), body({"pixels": "x"}, {"pixels": "x"}), body({}, {}, boards=[{}])],
)
def test_what_is_no_pair_of_canvases_gets_one_sentence(address, sent):
    status, answer = ask(address, sent)
    assert status == 400 and answer["error"].endswith(".")


def test_of_a_body_that_is_too_large_no_more_is_read(address):
    assert ask(address, b" " * (route.LARGEST + 1)) == (400, {"error": "This is too much: send at most 200000 bytes."})


def test_a_preset_is_no_path(address):
    look = as_json(Seen(None))
    status, answer = ask(address, body(look, look, preset="../report"))
    assert status == 400 and "best, report" in answer["error"]


@settings(max_examples=50)
@given(ANYTHING)
def test_a_canvas_is_a_look_or_an_error_in_one_sentence(sent):
    try:
        seen = of_json(sent)
    except ValueError as refused:
        seen, sentence = None, str(refused)
    assert isinstance(seen, Seen) or sentence.endswith(".")


@given(st.integers(0, 9) | st.none(), st.binary(min_size=196, max_size=196) | st.none())
def test_what_stands_on_a_canvas_comes_back_from_the_browser(label, content):
    image = None if content is None else np.frombuffer(content, np.uint8).reshape(14, 14)
    back = of_json(json.loads(json.dumps(as_json(Seen(image, "A remark.", label)))))
    assert back[1:] == ("A remark.", label) and ((back.image is None) if image is None else (back.image == image).all())
