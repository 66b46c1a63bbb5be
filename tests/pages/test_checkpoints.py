"""Checkpoints: what is saved is what is loaded, and nothing else is."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import pytest
import safetensors.torch
import torch

from pairdigits import checkpoints
from pairdigits.checkpoints import CheckpointError
from pairdigits.evaluation import predict
from pairdigits.models import VARIANTS
from pairdigits.training import Training


@pytest.fixture(scope="module")
def trained():
    from pairdigits.config import RunConfig

    training = Training(RunConfig(train_pairs=60, validation_pairs=20, test_pairs=50, epochs=2, shared=False))
    list(training)
    return training, training.outcome(all_pairs=False)


def test_round_trip(trained, tmp_path):
    training, outcome = trained
    path = tmp_path / "model.safetensors"
    path.write_bytes(checkpoints.dumps(training, outcome))
    found = checkpoints.load(path)
    assert (found.config, found.outcome, found.normalisation) == (training.config, outcome, training.normalisation)
    assert found.probe == training.chosen_probe
    ours, theirs = (predict(model, training.test.images) for model in (training.chosen_model, found.model))
    torch.testing.assert_close(ours.comparison, theirs.comparison)


def test_damaged_truncated_and_foreign_files(trained, tmp_path):
    content = checkpoints.dumps(*trained)
    foreign = safetensors.torch.save({"weight": torch.zeros(3)})
    other = safetensors.torch.save({"weight": torch.zeros(3)}, {"format": checkpoints.FORMAT, "config": "{}"})
    files = {
        "empty": (b"", "damaged or no safetensors"),
        "short": (content[:1000], "damaged or no safetensors"),
        "cut": (content[:-10], "damaged or no safetensors"),
        "pickle": (pickle.dumps({"a": 1}), "damaged or no safetensors"),
        "foreign": (foreign, "not a checkpoint of PairDigits"),
        "other": (other, "damaged: its header and its weights"),
    }
    for name, (bad, words) in files.items():
        path = tmp_path / name
        path.write_bytes(bad)
        with pytest.raises(CheckpointError, match=words):
            checkpoints.load(path)
    with pytest.raises(CheckpointError, match="No such file"):
        checkpoints.load(tmp_path / "missing")
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        checkpoints.loads(bytes(checkpoints.MAX_BYTES + 1))
    with (tmp_path / "large").open("wb") as file:
        file.truncate(checkpoints.MAX_BYTES + 1)
    with pytest.raises(CheckpointError, match="large is too large for a checkpoint"):
        checkpoints.load(tmp_path / "large")


def test_a_header_of_another_model_does_not_fit(trained):
    training, outcome = trained
    tensors = safetensors.torch.load(checkpoints.dumps(training, outcome))
    header = {"format": checkpoints.FORMAT, "config": replace(training.config, variant="v6").to_json()}
    header |= {"normalisation": '{"mean": 0, "std": 1}', "outcome": "{}", "probe": "[]"}
    with pytest.raises(CheckpointError, match="do not fit"):
        checkpoints.loads(safetensors.torch.save(tensors, header))


@pytest.mark.parametrize(
    "changes",
    [
        {"probe": "[[0.5]]"},
        {"probe": '{"0": 1}'},
        {"probe": json.dumps([["<b>"] * 10] * 10)},
        {"probe": "[" * 100_000},
        {"normalisation": '{"mean": "0", "std": 1}'},
        {"outcome": "{}"},
        {"outcome": "[]"},
        {"config": '{"augmentation": ["blur"]}'},
        {"config": "[" * 100_000},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_a_header_with_anything_else_in_it_is_one_sentence(trained, changes):
    content = checkpoints.dumps(*trained)
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])["__metadata__"] | changes
    with pytest.raises(CheckpointError, match=r"^[^\n]*\.$"):
        checkpoints.loads(safetensors.torch.save(safetensors.torch.load(content), header))


@pytest.mark.parametrize("preset", ["report", "best"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_committed_checkpoint_scores_what_its_header_says(preset, variant):
    found = checkpoints.trained(preset, variant)
    test = Training(found.config).test
    right = predict(found.model, test.images).comparison.argmax(1) == test.labels
    # Another machine's arithmetic may turn a pair or two that lie on the edge.
    assert right.float().mean().item() == pytest.approx(found.outcome.test_accuracy, abs=0.003)
