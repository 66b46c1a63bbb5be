"""python -m pairdigits train: one run, every epoch printed."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

from pairdigits import checkpoints
from pairdigits.augmentation import shown
from pairdigits.config import ConfigError, Fork
from pairdigits.data import load_mnist
from pairdigits.options import add_run_options, run_config
from pairdigits.training import Training


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    add_run_options(parser)
    parser.add_argument("--fork", metavar="RUN@EPOCH", help="branch off from a stored run after an epoch")
    parser.add_argument("--data-root", help="a folder with MNIST for torchvision, instead of the bundled data")
    parser.add_argument("--download", action="store_true", help="let torchvision download MNIST into --data-root")
    parser.add_argument("--records", metavar="FILE.csv", help="write every epoch's scores")
    parser.add_argument("--save", metavar="FILE.safetensors", help="write the chosen model")


def run(
    fork: str | None, data_root: str | None, download: bool, records: str | None, save: str | None, **options: Any
) -> None:
    """Train one run, print every epoch and what it came to.

    Raises
    ------
    ConfigError
        If the settings make no run, or a download has no folder.
    StoreError
        If the run that a fork branches off from cannot be read.
    DataError
        If there is no MNIST under `data_root`.
    """
    config = run_config(options, _fork(fork) if fork else None)
    if download and not data_root:
        raise ConfigError("A download needs a folder: give --data-root too.")
    for path in filter(None, (records, save)):
        open(path, "ab").close()  # before hours of training, whether it can be written
    training = Training(config, load_mnist(data_root, download))
    print(config.describe())
    rows = []
    for record in training:
        rows.append(record.flat())
        print(_epoch_line(rows[-1]), flush=True)
    outcome = training.outcome()
    print(f"Chosen: epoch {outcome.epoch}, {outcome.test_accuracy:.2%} of {config.test_pairs:,} test pairs, "
          f"{outcome.all_pairs_accuracy:.2%} of all pairs; wrong probe cells {outcome.wrong_cells}")  # fmt: skip
    if records:
        with open(records, "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    if save:
        Path(save).write_bytes(checkpoints.dumps(training, outcome))


def _fork(text: str) -> Fork:
    """Where a run branches off from one of the store: "12@5" is after epoch 5 of run 12."""
    run, _, epoch = text.partition("@")
    if not (run.isdecimal() and epoch.isdecimal()):
        raise ConfigError(f"The fork is {shown(text)}: give a run and an epoch, such as 12@5.")
    from pairdigits.runs.store import Store

    store = Store()
    try:
        return Fork(store.run(int(run)).config, int(epoch))
    finally:
        store.close()


def _epoch_line(row: dict[str, Any]) -> str:
    parts = [f"epoch {row['epoch']:4d}  loss {row['train_loss']:.3f}"]
    for split in ("train", "validation", "test"):
        if row[f"{split}_accuracy"] is not None:
            digits = row[f"{split}_digit_accuracy"]
            parts.append(f"{split} {row[f'{split}_accuracy']:.1%}" + (f" (digits {digits:.1%})" if digits else ""))
    return "  ".join(parts)
