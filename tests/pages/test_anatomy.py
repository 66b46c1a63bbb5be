"""A network taken apart for the Sharing page, and its drawing: both fit the model."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.sharing import diagram, layers, tiles
from pairdigits.models import VARIANTS, build, parameter_count

IMAGES = torch.rand(2, 14, 14, generator=torch.Generator().manual_seed(0))
MODELS = [
    (name, shared) for name, variant in VARIANTS.items() for shared in ((True, False) if variant.siamese else (True,))
]


@pytest.mark.parametrize(("variant", "shared"), MODELS)
def test_the_walk_finds_every_weight_once_and_the_models_own_answer(variant, shared):
    torch.manual_seed(0)
    model = build(variant, shared)
    found = layers.walk(model, IMAGES)
    assert sum(part.parameters for part in found.parts) == found.parameters == parameter_count(model)
    prediction = model(IMAGES[None])
    assert found.probability == pytest.approx(prediction.comparison.softmax(-1)[0, 1].item(), abs=1e-6)
    if VARIANTS[variant].siamese:
        np.testing.assert_allclose(found.digits, prediction.digits[0].softmax(-1).detach(), atol=1e-6)
        assert found.towers == (1 if shared else 2)
    else:
        with pytest.raises(ValueError, match="reads no single digits"):
            _ = found.read


def test_what_a_layer_hands_on_is_activated_and_pooled():
    torch.manual_seed(0)
    model = build("v1")
    first, second, encoder, classifier = layers.walk(model, IMAGES).parts[:4]
    tower = model.towers[0]
    maps = torch.nn.functional.leaky_relu(tower.conv1(IMAGES[:, None]))
    np.testing.assert_allclose(first.handed_on, maps.detach(), atol=1e-6)
    pooled = torch.nn.functional.max_pool2d(torch.nn.functional.leaky_relu(tower.conv2(maps)), 2)
    np.testing.assert_allclose(second.handed_on, pooled.detach(), atol=1e-5)
    assert encoder.handed_on.shape == (2, 50) and classifier.handed_on.shape == (2, 10)


def test_the_same_image_has_one_encoding_when_shared_and_two_when_separate():
    torch.manual_seed(0)
    twice = IMAGES[:1].repeat(2, 1, 1)
    assert np.ptp(layers.walk(build("v1"), twice).encodings, axis=0).max() == 0
    assert np.ptp(layers.walk(build("v1", shared=False), twice).encodings, axis=0).max() > 0.01


@pytest.mark.parametrize(
    ("variant", "feature"),
    [("base", ""), ("v1", "logits"), ("v2", "encoding"), ("v3", "encoding"), ("v5", "softmax of the logits")],
)
def test_the_drawing_says_what_the_head_is_given(variant, feature):
    found = layers.walk(build(variant), IMAGES)
    assert found.feature == feature
    assert feature in diagram.draw(found, IMAGES.numpy(), True, True)


@pytest.mark.parametrize(("shared", "count", "boxes"), [(True, "45,402", 5), (False, "90,762", 9)])
def test_the_drawing_has_a_box_for_every_layer(shared, count, boxes):
    svg = diagram.draw(layers.walk(build("v1", shared), IMAGES), IMAGES.numpy(), True, True, "conv2")
    assert svg.count("data-choose") == boxes and count in svg
    assert svg.count("part chosen") == (1 if shared else 2)
    assert svg.count("digit loss") == 2 and svg.count("class loss") == 1
    assert "digit loss" not in diagram.draw(layers.walk(build("v1", shared), IMAGES), IMAGES.numpy(), False, True)


def test_tiles_are_signed_colours_or_greys_with_lines_between():
    values = np.array([[[1.0]], [[-1.0]], [[0.0]]])
    sheet = tiles.tiles(values, 2, signed=True, zoom=3)
    assert sheet.shape == (8, 8, 3)
    assert tuple(sheet[0, 0]) == tiles.POSITIVE and tuple(sheet[2, 5]) == tiles.NEGATIVE
    assert tuple(sheet[5, 0]) == tiles.ZERO and tuple(sheet[3, 0]) == tiles.GAP
    grey = tiles.tiles(values, 3, signed=False)
    assert grey[0, 0].tolist() == [255] * 3 and grey[0, 3].tolist() == [0] * 3
