"""Read-outs and maps, against arithmetic that can be done by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pairdigits.data import load_mnist, sample_pairs
from pairdigits.encodings import encode, principal_maps, read_out, unseen
from pairdigits.models import build, siamese


def clusters(count: int, seed: int, spread: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    digits = np.arange(count) % 10
    return np.eye(10)[digits] + spread * generator.normal(size=(count, 10)), digits


def test_encodings_are_the_towers_own():
    torch.manual_seed(0)
    model = siamese(build("v1", shared=False))
    images = torch.randn(230, 14, 14)
    found = encode(model, images, side=1)
    assert found.shape == (230, 50)
    tower = model.towers[1]
    np.testing.assert_allclose(found, tower(images.unsqueeze(1)).encoding.detach().numpy(), rtol=1e-4, atol=1e-6)
    assert np.abs(found - encode(model, images, side=0)).max() > 0.01


def test_base_has_no_encoding_of_one_digit():
    with pytest.raises(ValueError, match="no encoding"):
        encode(build("base"), torch.zeros(1, 14, 14))


def test_a_linear_read_out_finds_what_is_there_and_nothing_in_noise():
    features, digits = clusters(500, 0)
    held_out, held_out_digits = clusters(300, 1)
    found = read_out(features, digits, held_out, held_out_digits)
    assert found.accuracy == 1 and found.by_digit == (1,) * 10
    assert (found.fitted, found.held_out) == (500, 300)
    noise = np.random.default_rng(2)
    # More features than needed to learn 200 digits by heart: only the held-out score tells that nothing was learnt.
    blind = read_out(noise.normal(size=(200, 300)), digits[:200], noise.normal(size=(1000, 300)), np.arange(1000) % 10)
    assert blind.accuracy < 0.2


def test_the_scale_of_a_feature_does_not_matter():
    features, digits = clusters(400, 0, spread=0.5)
    held_out, held_out_digits = clusters(400, 1, spread=0.5)
    scale = 10.0 ** np.arange(-4, 6)
    plain = read_out(features, digits, held_out, held_out_digits)
    scaled = read_out(features * scale, digits, held_out * scale, held_out_digits)
    assert scaled.accuracy == pytest.approx(plain.accuracy, abs=0.01)


def test_unseen_digits_are_in_no_pair():
    digits = load_mnist().train
    drawn = sample_pairs(digits, 500, seed=3)
    places = unseen(digits, drawn, 2000, seed=3)
    assert len(places.unique()) == 2000
    assert not np.intersect1d(places, drawn.indices.flatten()).size
    assert torch.equal(places, unseen(digits, drawn, 2000, seed=3))
    with pytest.raises(ValueError, match="59,000"):
        unseen(digits, drawn, 59_001)


def test_maps_keep_their_axes_when_the_encodings_only_flip_or_turn():
    generator = np.random.default_rng(0)
    cloud = generator.normal(size=(200, 6)) * [5, 3, 0.5, 0.4, 0.3, 0.2]
    turn, _ = np.linalg.qr(generator.normal(size=(6, 6)))
    maps, explained = principal_maps([-cloud, cloud @ turn, cloud[:, ::-1], cloud])
    for earlier in maps[:-1]:
        np.testing.assert_allclose(earlier, maps[-1], atol=1e-8)
    assert explained == pytest.approx([explained[-1]] * 4) and 0.9 < explained[0] < 1


def test_turning_a_map_changes_no_distance_and_the_last_is_plain_pca():
    generator = np.random.default_rng(1)
    times = [generator.normal(size=(50, 8)) * np.linspace(3, 1, 8) for _ in range(3)]
    maps, explained = principal_maps(times)
    for time, found, share in zip(times, maps, explained, strict=True):
        centred = time - time.mean(0)
        values = np.linalg.svd(centred, compute_uv=False) ** 2
        assert (found**2).sum() == pytest.approx(values[:2].sum())
        assert share == pytest.approx(values[:2].sum() / values.sum())
        np.testing.assert_allclose(found.mean(0), 0, atol=1e-9)
    # Principal axes: uncorrelated, the first with the larger variance.
    covariance = maps[-1].T @ maps[-1]
    assert abs(covariance[0, 1]) < 1e-8 and covariance[0, 0] > covariance[1, 1]
