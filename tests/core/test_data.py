"""MNIST from its bundle and from a folder; pairs, normalisation, balancing and augmentation."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pairdigits import augmentation, data
from pairdigits.augmentation import Augmentation, augment, flag_ones
from pairdigits.data import DataError, Normalisation, label_pairs, pool, sample_pairs


def write_idx(path, array: np.ndarray) -> None:
    """MNIST's own format: two zero bytes, the type, the number of dimensions, big-endian sizes, the values."""
    path.write_bytes(struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes())


@pytest.fixture
def idx_folder(tmp_path, mnist):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for split, prefix in ((mnist.train, "train"), (mnist.test, "t10k")):
        write_idx(raw / f"{prefix}-images-idx3-ubyte", split.images.numpy())
        write_idx(raw / f"{prefix}-labels-idx1-ubyte", split.labels.to(torch.uint8).numpy())
    return tmp_path


def test_bundle_is_mnist(mnist):
    assert mnist.train.images.shape == (60_000, 28, 28) and mnist.test.images.shape == (10_000, 28, 28)
    assert mnist.train.images.dtype == torch.uint8 and mnist.train.labels.dtype == torch.int64
    # Class counts as published with the data set.
    assert torch.bincount(mnist.train.labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert torch.bincount(mnist.test.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_torchvision_folder_gives_the_same_arrays(idx_folder, mnist):
    folder = data.load_mnist(idx_folder)
    for ours, theirs in zip(mnist, folder, strict=True):
        assert torch.equal(ours.images, theirs.images) and torch.equal(ours.labels, theirs.labels)


def test_unusable_sources_get_one_sentence(tmp_path, idx_folder):
    with pytest.raises(DataError, match="No usable MNIST under"):
        data.load_mnist(tmp_path / "nothing")
    broken = idx_folder / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    broken.write_bytes(broken.read_bytes()[:100])
    with pytest.raises(DataError, match="No usable MNIST under"):
        data.load_mnist(idx_folder)
    content = bytearray(data.BUNDLE.read_bytes())
    for name, changed in (("short.npz", content[:1000]), ("altered.npz", content[:-1] + b"!")):
        (tmp_path / name).write_bytes(changed)
        with pytest.raises(DataError, match="truncated or altered"):
            data._load_bundle(tmp_path / name)
    with pytest.raises(DataError, match="cannot be read"):
        data._load_bundle(tmp_path / "missing.npz")


def test_pooling_is_the_mean_of_four_pixels(mnist):
    images = mnist.test.images[:5]
    expected = images.numpy().astype(np.float64).reshape(5, 14, 2, 14, 2).mean((2, 4)) / 255
    np.testing.assert_allclose(pool(images).numpy(), expected, atol=1e-6)


def test_pairs_are_disjoint_labelled_and_repeatable(mnist):
    raw = sample_pairs(mnist.test, 5000, seed=3)
    assert raw.indices.unique().numel() == 10_000  # every digit once
    assert torch.equal(raw.images[17, 1], mnist.test.images[raw.indices[17, 1]])
    assert torch.equal(raw.digits, mnist.test.labels[raw.indices])
    assert torch.equal(label_pairs(raw.digits), torch.tensor([int(a <= b) for a, b in raw.digits.tolist()]))
    assert torch.equal(raw.indices, sample_pairs(mnist.test, 5000, seed=3).indices)
    assert not torch.equal(raw.indices, sample_pairs(mnist.test, 5000, seed=4).indices)


@pytest.mark.parametrize("count", [0, -1, 5001])
def test_impossible_counts_are_refused(mnist, count):
    with pytest.raises(DataError, match="from 1 to 5,000"):
        sample_pairs(mnist.test, count, seed=0)


def test_balancing(mnist):
    plain = label_pairs(sample_pairs(mnist.train, 1000, seed=0).digits).bincount()
    for balance, expected in (("over", plain.max()), ("under", plain.min())):
        raw = sample_pairs(mnist.train, 1000, 0, balance)
        assert label_pairs(raw.digits).bincount().tolist() == [expected, expected]
    with pytest.raises(DataError, match="none, over, under"):
        sample_pairs(mnist.train, 10, 0, "both")


def test_normalisation(mnist):
    pooled = pool(mnist.train.images[:500])
    normalised = Normalisation.fit(pooled)(pooled)
    assert abs(normalised.mean()) < 1e-5 and abs(normalised.std() - 1) < 1e-5


STILL = Augmentation(rotation=0, log_scale=0, shear=0, shift=0, elastic=0, flags=0)


def warp(images, seed=0, **changes):
    ones = torch.ones(len(images), dtype=torch.int64)
    return augment(images, ones, replace(STILL, **changes), torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("resolution", [14, 28])
def test_augmentation_by_nothing_changes_nothing(mnist, resolution):
    images = mnist.train.images[:20]
    torch.testing.assert_close(warp(images, resolution=resolution), pool(images), atol=1e-5, rtol=0)


@pytest.mark.parametrize("resolution", [14, 28])
def test_it_does_not_matter_how_many_images_are_warped_in_one_go(mnist, monkeypatch, resolution):
    images, digits = mnist.train.images[:30], mnist.train.labels[:30]
    some = Augmentation(resolution=resolution)
    found = []
    for count in (30, 7):
        monkeypatch.setattr(augmentation, "AT_ONCE", count)
        found.append(augment(images, digits, some, torch.Generator().manual_seed(3)))
    torch.testing.assert_close(*found, rtol=0, atol=1e-6)


def test_augmentation_is_repeatable_and_per_image(mnist):
    images = mnist.train.images[:1].expand(8, -1, -1)
    full = Augmentation()
    once, again = (
        augment(images, torch.zeros(8, dtype=torch.int64), full, torch.Generator().manual_seed(5)) for _ in range(2)
    )
    assert torch.equal(once, again)
    assert (once[0] - once[1]).abs().max() > 0.1


def test_augmentation_turns_shifts_scales_and_shears():
    bar = torch.zeros(200, 28, 28, dtype=torch.uint8)
    bar[:, 4:24, 12:16] = 255  # upright
    rows, columns = torch.meshgrid(torch.arange(14.0), torch.arange(14.0), indexing="ij")

    def moments(images):
        mass = images.sum((1, 2))
        y, x = (images * rows).sum((1, 2)) / mass, (images * columns).sum((1, 2)) / mass
        dy, dx = rows - y[:, None, None], columns - x[:, None, None]
        covariance = (images * dx * dy).sum((1, 2)) / (images * dy**2).sum((1, 2))
        return mass, x, y, torch.rad2deg(torch.atan(covariance))

    _, x, y, _ = moments(warp(bar, shift=2))
    assert 1.5 < (x - 6.5).abs().max() <= 2.01 and 1.5 < (y - 6.5).abs().max() <= 2.01
    *_, tilt = moments(warp(bar, rotation=20))
    assert 15 < tilt.abs().max() < 23
    mass, *_ = moments(warp(bar, log_scale=0.2))
    assert mass.max() / mass.min() > 1.3  # the bar's ends stay inside the image, its width changes both ways
    *_, slant = moments(warp(bar, shear=0.3))
    assert 10 < slant.abs().max() < 20
    assert (warp(bar, elastic=1) - pool(bar)).abs().max() > 0.2


def test_flags_go_to_a_share_of_the_ones_only(mnist):
    images, digits = mnist.train.images[:4000], mnist.train.labels[:4000]
    flagged = flag_ones(images, digits, 0.25, torch.Generator().manual_seed(0))
    changed = (flagged != images).flatten(1).any(1)
    assert not changed[digits != 1].any()
    assert 0.2 < changed[digits == 1].float().mean() < 0.3
    ink = flagged[changed].float().sum((1, 2)) / images[changed].float().sum((1, 2))
    assert ink.min() >= 1 and 1.1 < ink.mean() < 2  # strokes are added and none is lost
    places = torch.arange(28.0)
    for axis in (1, 2):  # centred again
        centre = (flagged[changed].float().sum(axis) @ places) / flagged[changed].float().sum((1, 2))
        assert (centre - 14).abs().max() < 1.5


@settings(max_examples=25)
@given(
    st.builds(
        Augmentation,
        *(st.floats(0, number.high) for number in Augmentation.NUMBERS.values()),
        resolution=st.sampled_from([14, 28]),
    )
)
def test_any_augmentation_in_range_gives_images(mnist, augmentation):
    assert augmentation.problems() == []
    warped = augment(mnist.train.images[:4], mnist.train.labels[:4], augmentation, torch.Generator().manual_seed(0))
    assert warped.shape == (4, 14, 14) and warped.min() >= 0 and warped.max() <= 1.0001


def test_checksum_beside_the_bundle_is_the_one_that_is_checked():
    assert data.BUNDLE_SHA256 in (data.BUNDLE.parent / "README.md").read_text()
