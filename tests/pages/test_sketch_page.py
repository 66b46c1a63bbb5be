"""The Sketch page without a browser: the models that answer, what stands on the canvases, what the page does."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.components.sketchpad import Drawing
from dashboard.shared.state import Carried
from dashboard.sketch import drawings, examples
from dashboard.sketch.visitor import Visitor
from pairdigits import models, verdicts
from pairdigits.data import Digits, Normalisation
from pairdigits.models import VARIANTS
from pairdigits.packed_pairs import pack_pair, unpack_pair
from pairdigits.sketch import SketchError
from pairdigits.verdicts import Reference
from tests.pages.app import boards, memory, said

APP = Path(__file__).parents[2] / "dashboard" / "pages.py"


@pytest.fixture
def checkpoints() -> dict:
    """Untrained models; the normalisation is not the usual one."""
    torch.manual_seed(0)
    normalisation = Normalisation(0.1, 0.3)
    return {name: SimpleNamespace(model=models.build(name), normalisation=normalisation) for name in VARIANTS}


def test_every_model_answers_as_it_does_alone(checkpoints) -> None:
    left, right = np.random.default_rng(0).integers(0, 256, (2, 14, 14), dtype=np.uint8)
    _, answers = verdicts.ask_all(checkpoints, [(right, right), (left, right)])
    assert [given.variant.name for given in answers] == list(VARIANTS)
    pair = (torch.from_numpy(np.stack([left, right])).float() / 255 - 0.1) / 0.3
    for given, checkpoint in zip(answers, checkpoints.values(), strict=True):
        with torch.no_grad():
            forth, back = checkpoint.model(pair[None]), checkpoint.model(pair.flip(0)[None])
        assert given.says == bool(forth.comparison.argmax()) and given.says_back == bool(back.comparison.argmax())
        if given.variant.learns_comparison:
            assert given.confidence == pytest.approx(forth.comparison.softmax(-1).max().item(), abs=1e-5)
        if forth.digits is None:
            assert given.digits is None and given.weights is None
        else:
            assert given.digits == pytest.approx(forth.digits[0].softmax(-1).numpy(), abs=1e-5)
            assert given.weights.sum() == pytest.approx(1, abs=1e-5)


def test_v4_which_is_never_in_doubt_is_as_sure_as_its_digits(checkpoints) -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 14, 14), dtype=np.uint8)
    (given,) = verdicts.ask({"v4": checkpoints["v4"]}, *images)
    below = sum(given.weights[i, j] for i in range(10) for j in range(i, 10))
    assert given.confidence == pytest.approx(below if given.says else 1 - below)
    assert 0 < given.confidence < 1


def test_a_misjudged_pair_is_read_rightly_and_compared_wrongly(checkpoints) -> None:
    model = checkpoints["v1"]
    rng = np.random.default_rng(1)
    images = torch.from_numpy(rng.integers(0, 256, (500, 28, 28), dtype=np.uint8))
    small = (
        torch.from_numpy(np.stack([drawings.of_digit(image.numpy(), 0).seen.image for image in images])).float() / 255
    )
    with torch.no_grad():  # call every digit what the model reads
        labels = model.model.read(model.normalisation(small), 0).logits.argmax(-1)
    left, right = examples.misjudged_pair(model, Digits(images, labels), rng)
    (given,) = verdicts.ask({"v1": model}, left.seen.image, right.seen.image)
    held = Reference((left.seen.label, right.seen.label), known=True)
    assert given.read == held.digits and given.says != held.says
    with pytest.raises(ValueError, match=r"^Siamese v4 got every pair right"):  # as it compares just what it reads
        examples.misjudged_pair(checkpoints["v4"], Digits(images, labels), rng)


def test_an_example_digit_reaches_the_network_as_mnist_has_it_and_a_link_as_it_was_packed() -> None:
    image = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    shown = drawings.of_digit(image, 4)
    exact = image.reshape(14, 2, 14, 2).mean((1, 3))
    assert np.abs(shown.seen.image - exact).max() <= 0.5 and shown.seen.label == 4
    for side, expected in zip(
        drawings.of_link(text := pack_pair(*2 * [shown.seen.image])), unpack_pair(text), strict=True
    ):
        assert (side.seen.image == expected).all() and side.seen.label is None


def blank_page() -> bytes:
    file = io.BytesIO()
    Image.new("L", (60, 80), 240).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n" + bytes(50), blank_page()])
def test_a_file_without_a_digit_is_refused_in_a_sentence(content) -> None:
    with pytest.raises(SketchError):
        drawings.of_file(content)


def test_the_first_example_is_read_as_it_was_meant() -> None:
    for shown, digit in zip(examples.first_pair(), (3, 7), strict=True):
        assert shown.seen.image.shape == (14, 14) and shown.seen.label == digit and shown.seen.remark is None
        assert shown.drawing.strokes and not shown.drawing.blank


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=120)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def test_the_page_answers_before_anything_is_drawn(app: AppTest) -> None:
    app.run()
    assert not app.exception and not app.error
    assert app.title[0].value == "Sketch two digits"
    said = boards(app)
    assert "Three is less than or equal to seven." in said and "models say so" in said and 'class=\\"probe\\"' in said


def test_swap_exchanges_what_the_networks_see(app: AppTest) -> None:
    press(app.run(), "Swap")
    assert "Seven is greater than three." in boards(app)


def test_an_empty_canvas_is_asked_for_and_no_button_trips_over_it(app: AppTest) -> None:
    app.run()
    blank = Drawing(np.zeros((140, 140), np.uint8))
    memory(app, Visitor).put_one(1, drawings.drawn(blank))
    app.run()
    assert "Draw the second digit." in boards(app)
    assert any("Draw a digit on each canvas first." in caption.value for caption in app.caption)  # in place of a link
    press(app, "Watch it learn")
    assert not app.exception and "Draw a digit on each canvas first." in said(app.error[0])
    app.run()
    assert not app.error


def test_watch_it_learn_takes_the_pair_along(app: AppTest) -> None:
    press(app.run(), "Watch it learn")
    left, right = unpack_pair(memory(app, Carried).own_pair)
    assert left.any() and right.any() and not (left == right).all()


def test_a_link_brings_its_pair_and_a_broken_one_a_sentence(app: AppTest) -> None:
    nine, one = np.zeros((14, 14), np.uint8), np.zeros((14, 14), np.uint8)
    one[2:12, 6:8] = 255
    app.query_params["pair"] = pack_pair(nine, one)
    app.run()
    assert "Draw the first digit." in boards(app)
    app.query_params["pair"] = "nonsense"
    app.run()
    assert "not a packed pair" in said(app.error[0]) and not app.exception


def test_the_link_carries_pair_model_and_who_answers(app: AppTest) -> None:
    press(app.run(), "A pair v1 gets wrong")
    app.segmented_control("models").set_value("report").run()
    asked = parse_qs(urlsplit(app.code[0].value).query)
    other = AppTest.from_file(str(APP), default_timeout=120)
    for name, (value,) in asked.items():
        other.query_params[name] = value
    other.run()
    assert other.session_state["models"] == "report" and memory(other, Visitor).chosen == "v1"
    seen = [[place.now.seen.image for place in memory(page, Visitor).places] for page in (app, other)]
    assert all(np.abs(one.astype(int) - two).max() <= 8 for one, two in zip(*seen, strict=True))
    assert "Why Siamese v1 says so" in boards(other)


def test_a_pair_that_v1_gets_wrong_is_explained_by_its_last_layer(app: AppTest) -> None:
    press(app.run(), "A pair v1 gets wrong")
    assert "Wrong, and it is the last layer" in boards(app) and memory(app, Visitor).chosen == "v1"


def test_an_image_stands_for_a_drawing() -> None:
    image = Image.new("L", (300, 400), 190)
    image.paste(30, (140, 80, 165, 320))
    file = io.BytesIO()
    image.save(file, "JPEG")
    shown = drawings.of_file(file.getvalue())
    assert shown.seen.image is not None and shown.drawing.background.startswith("data:image/png")


@pytest.mark.parametrize("asked", [{"model": "v9"}, {"models": "The worst"}])
def test_who_answers_is_one_that_there_is(app: AppTest, asked: dict[str, str]) -> None:
    ((name, value),) = asked.items()
    app.query_params[name] = value
    app.run()
    assert said(app.error[0]).startswith(f"The address asks for {name} = “{value}”, which does not exist")
    assert memory(app, Visitor).chosen == "v7" and name not in app.query_params
