"""What the Data page finds out about MNIST and its pairs; everything slow is done once for all visitors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st
import torch

from dashboard.shared import state
from pairdigits.data import pool
from pairdigits.models import VARIANTS, siamese
from pairdigits.probe import read


@st.cache_data(show_spinner=False)
def digit_counts(split: str) -> np.ndarray:
    """Images of each digit in a split of MNIST ("train" or "test"): (10,) int64."""
    return np.bincount(getattr(state.mnist(), split).labels.numpy(), minlength=10)


class Duplicates(NamedTuple):
    """Images that occur more than once, pixel by pixel."""

    images: int  # compared
    across: int  # test images that are also training images
    within_train: int  # images beyond the first of their kind
    within_test: int


@st.cache_data(show_spinner=False)
def duplicates(size: int) -> Duplicates:
    """Compare all images with one another, as they are (size 28) or as the models get them (size 14)."""
    kept = []
    for images in (split.images for split in state.mnist()):
        seen = pool(images) if size == 14 else images
        kept.append([image.tobytes() for image in seen.flatten(1).numpy()])  # exact, where a hash might collide
    train, _ = (set(images) for images in kept)
    count = sum(len(images) for images in kept)
    return Duplicates(count, sum(image in train for image in kept[1]), *(len(i) - len(set(i)) for i in kept))


class Misread(NamedTuple):
    """Test digits that every siamese model of a preset misreads."""

    models: list[str]  # titles of the models that were asked
    tested: int
    indices: np.ndarray  # (M,) places in the test split
    labels: np.ndarray  # (M,)
    readings: np.ndarray  # (models, M), what each of them reads


@st.cache_data(show_spinner=False)
def misread(preset: str, names: tuple[str, ...]) -> Misread:
    """Find the test digits that all of some models get wrong; each is shown only what the ones before got wrong.

    Parameters
    ----------
    preset : str
        A key of `state.MODELS`.
    names : tuple of str
        Siamese variants that have a checkpoint (see `available`).
    """
    test = state.mnist().test
    left, readings = torch.arange(len(test.labels)), torch.empty(0, len(test.labels), dtype=torch.int64)
    for name in names:
        checkpoint = state.model(preset, name)
        digits = read(siamese(checkpoint.model), checkpoint.normalisation(pool(test.images[left]))).logits.argmax(-1)
        wrong = digits != test.labels[left]
        left, readings = left[wrong], torch.cat([readings, digits.unsqueeze(0)])[:, wrong]
    titles = [state.model(preset, name).model.variant.title for name in names]
    return Misread(titles, len(test.labels), left.numpy(), test.labels[left].numpy(), readings.numpy())


def available(preset: str) -> tuple[str, ...]:
    """The siamese variants of a preset whose checkpoint is there, best readers first, so that few digits are left."""
    names = sorted((name for name, variant in VARIANTS.items() if variant.siamese), reverse=True)
    return tuple(name for name in names if (state.CHECKPOINTS / preset / f"{name}.safetensors").exists())
