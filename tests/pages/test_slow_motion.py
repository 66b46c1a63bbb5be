"""One step in slow motion: what it says adds up and is what the core says; the address is answered."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from dashboard.shared.step_scene import LAYERS, scene, shows
from dashboard.shared.taken_step import Look, Question, moments
from pairdigits import one_step
from pairdigits.models import VARIANTS
from tests.pages.app import open_app

FIRST = Question("v5", 1)


def number(words: str) -> float:
    return float(words.replace("−", "-"))


@pytest.mark.parametrize("variant", [name for name, row in VARIANTS.items() if row.siamese])
def test_the_table_adds_up_along_rows_and_columns(variant):
    table = scene(Look.at(Question(variant, 1, layer="encoder", row=7, column=400))).table
    values = np.array([[number(cell) for cell in row[1:]] for row in table[1:]])
    np.testing.assert_allclose(values[:, 0] + values[:, 1], values[:, 2], atol=1.01e-7 * 1.5)
    np.testing.assert_allclose(values[0] + values[1], values[2], atol=1.01e-7 * 1.5)


def test_every_number_is_the_cores():
    look = Look.at(replace(FIRST, layer="conv2", row=3, column=40))
    gradient = look.step.gradient
    place = gradient.layers["0.conv2.weight"].start + 3 * 144 + 40
    np.testing.assert_array_equal(look.parts, gradient.parts[:, :, place].numpy())
    assert look.gradient()[3, 40] == gradient.whole[place]
    weight = moments("v5")[1].weights["towers.0.conv2.weight"]
    assert look.ends[0][0] == weight[3, 40 // 9, 40 % 9 // 3, 40 % 3].double().item()
    assert look.label == "conv2, filter 4, map 5, row 2, column 2"


def test_the_last_column_is_the_biases():
    look = Look.at(replace(FIRST, layer="classifier", row=6, column=50))
    assert look.shape == (10, 51) and look.label == "classifier, output 7, its bias"
    assert look.ends[0][0] == moments("v5")[1].weights["towers.0.classifier.bias"][6].double().item()


def test_untied_there_are_two_weights_and_nothing_to_add():
    look = Look.at(replace(FIRST, tied=False))
    shown = scene(look)
    assert shown.towers == 2 and len(shown.chosen.moved) == 2 and len(shown.table[0]) == 3
    (start, one), (same, two) = look.ends
    assert start == same and one != two
    assert "Nothing is added" not in shown.phases[7]["title"] and "nothing to add" in shown.phases[7]["title"]
    np.testing.assert_allclose(look.gradient(), look.other.gradient(), atol=1e-12)
    assert shows(look) == shows(look.other)  # both speak of both


def test_without_auxiliary_losses_their_arrows_and_their_numbers_are_gone():
    look = Look.at(replace(FIRST, auxiliary=False))
    shown = scene(look)
    assert shown.losses[0] is shown.losses[2] is None and shown.losses[1].startswith("class")
    assert not look.parts[1].any() and look.parts[0].any()
    assert shown.phases[4]["title"] == "One loss"


def test_v4_has_two_losses_and_no_arrow_from_the_comparison():
    look = Look.at(replace(FIRST, variant="v4"))
    shown = scene(look)
    assert shown.losses[1] is None and shown.losses[0] and shown.losses[2]
    assert shown.phases[4]["title"] == "Two losses" and "no gradient" in shown.phases[4]["text"]
    assert look.parts[1].any() and not look.parts[0].any()
    app = open_app("sharing", section="step", step_model="v4", step_auxiliary="false")
    assert not app.exception and not app.error
    assert any(shows(look) in one.value for one in app.markdown)  # the digits' losses stay


def test_the_base_model_is_one_picture_with_one_loss_and_one_gradient():
    look = Look.at(replace(FIRST, variant="base", auxiliary=False))
    shown = scene(look)
    assert shown.together and shown.towers == 1 and list(shown.readings) == [[], []]
    assert shown.losses[0] is shown.losses[2] is None and shown.losses[1].startswith("class")
    titles = [phase["title"] for phase in shown.phases]
    assert titles == [
        "Before the step", "One picture", "Read the picture", "Compare", "One loss", "One gradient travels back",
        "It reaches the weight", "No other gradient meets it", "The optimiser moves it",
    ]  # fmt: skip
    assert len(shown.chosen.numbers["sides"]) == 1
    sent, decay, both = (number(row[1]) for row in shown.table[1:])
    assert sent + decay == pytest.approx(both, abs=1.01e-7 * 1.5) and look.misheard < 1e-12
    place = look.step.gradient.layers["0.conv1.weight"].start + 3 * 18 + 4
    weight = moments("base")[1].weights["tower.conv1.weight"][3].flatten()[4].double().item()
    assert sent == pytest.approx(look.step.gradient.whole[place].item(), abs=5.1e-8)
    assert decay == pytest.approx(look.moment.config.weight_decay * weight, abs=5.1e-8)


def test_the_base_models_filters_have_other_weights_for_the_right_digit():
    left, right = (Look.at(Question("base", 1, auxiliary=False, row=3, column=column)) for column in (4, 13))
    assert left.label == "conv1, filter 4, left digit, row 2, column 2"
    assert right.label == "conv1, filter 4, right digit, row 2, column 2"
    for look, other in ((left, right), (right, left)):  # each tells of both
        assert f"{other.ends[0][0]:.5f} to {other.ends[0][1]:.5f}".replace("-", "−") in shows(look)
    for layer, column in (("conv1", 18), ("encoder", 4)):  # a bias, and where both are mixed
        mixed = shows(Look.at(Question("base", 1, auxiliary=False, layer=layer, row=3, column=column)))
        assert "for the whole pair" in mixed and "other number" not in mixed


def test_the_page_plays_the_base_model_whatever_the_address_says_of_towers_and_digits():
    app = open_app("sharing", section="step", step_model="base", step_tied="false", step_batch="64", step_phase="3")
    assert not app.exception and not app.error
    look = Look.at(Question("base", 1, 64, auxiliary=False))
    assert any(shows(look) in one.value for one in app.markdown)
    assert all(one.disabled for one in app.toggle if one.key in ("step_tied", "step_auxiliary"))


def test_a_batch_of_64_is_the_runs_own():
    look = Look.at(replace(FIRST, size=64, number=2))
    assert len(look.pairs.labels) == 64 and "of 64" in scene(look).readings[0][0]
    first = Look.at(replace(FIRST, size=1, number=65))
    assert (look.picture == first.picture).all()


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_can_be_looked_into(layer):
    look = Look.at(replace(FIRST, layer=layer, row=10**4, column=10**4))
    rows, columns = look.shape
    assert look.cell == (rows - 1, columns - 1) and scene(look).gradient.shape == (rows, columns)


def test_each_phase_says_what_its_number_stands_for():
    titles = [phase["title"] for phase in scene(Look.at(FIRST)).phases]
    assert titles == [
        "Before the step", "Read left", "Read right", "Compare", "Three losses", "Two gradients travel back",
        "They meet in the same weight", "They are added", "The optimiser moves it",
    ]  # fmt: skip


def test_the_page_answers_what_the_address_asks():
    address = {"step_model": "v2", "step_epoch": "5", "step_batch": "64", "step_tied": "false"}
    app = open_app("sharing", section="step", step_weight="encoder-4-7", **address)
    assert not app.exception and not app.error
    said = " ".join(one.value for one in app.markdown)
    asked = Question("v2", 5, 64, tied=False, layer="encoder", row=4, column=7)
    assert shows(Look.at(asked)) in said and "encoder, output 5, input 8" in said


@pytest.mark.parametrize("weight", ["", "conv1", "conv9-1-1", "conv1-x-2", "conv1-²-2", "conv1-99999-1", "**-1-1"])
def test_an_address_that_means_nothing_opens_on_the_usual_weight(weight):
    app = open_app("sharing", section="step", step_weight=weight, step_phase="77")
    assert not app.exception and not app.error
    assert any(re.search("conv1, filter 4, row 2, column 2", one.value) for one in app.markdown)


def test_a_model_whose_steps_are_not_there_is_said_so(monkeypatch, tmp_path):
    from dashboard.shared import taken_step

    monkeypatch.setattr(taken_step, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="python -m pairdigits lessons"):
        moments.__wrapped__("v5")
    (tmp_path / "v5-moments.safetensors").write_bytes(b"no")
    with pytest.raises(one_step.MomentError):
        moments.__wrapped__("v5")
