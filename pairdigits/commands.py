"""What the commands of `pairdigits` do."""

from __future__ import annotations

import csv
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from pairdigits import bench as benchmark
from pairdigits import checkpoints
from pairdigits import lessons as prepared
from pairdigits.checkpoints import Checkpoint
from pairdigits.config import ConfigError
from pairdigits.data import load_mnist
from pairdigits.models import VARIANTS
from pairdigits.options import run_config
from pairdigits.photo import read_image
from pairdigits.report import experiments, findings
from pairdigits.report.document import document
from pairdigits.report.experiments import EXPERIMENTS, PRESET_EXPERIMENTS, Experiment, Round
from pairdigits.runs.cluster import Cluster
from pairdigits.sketch import from_drawing, to_pooled
from pairdigits.training import Training, probe_test_digits
from pairdigits.verdicts import ask, contradiction, percent, reference, sentence


def dashboard(port: int) -> None:
    """Become the server of the pages; Streamlit's other settings come from its environment variables."""
    if not 0 < port < 2**16:
        raise ConfigError(f"Port is {port}: give a whole number from 1 to 65,535.")
    app = Path(__file__).parents[1] / "dashboard" / "app.py"  # beside this package, in a clone and as installed
    arguments = [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}"]
    os.execv(arguments[0], arguments)


def train(data_root: str | None, download: bool, records: str | None, save: str | None, **options: Any) -> None:
    """Train one run, print every epoch and what it came to."""
    config = run_config(options)
    if download and not data_root:
        raise ConfigError("A download needs a folder: give --data-root too.")
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


def _epoch_line(row: dict[str, Any]) -> str:
    parts = [f"epoch {row['epoch']:4d}  loss {row['train_loss']:.3f}"]
    for split in ("train", "validation", "test"):
        if row[f"{split}_accuracy"] is not None:
            digits = row[f"{split}_digit_accuracy"]
            parts.append(f"{split} {row[f'{split}_accuracy']:.1%}" + (f" (digits {digits:.1%})" if digits else ""))
    return "  ".join(parts)


def report(
    experiments: Sequence[str], rounds: int | None, tables: bool, workers: int | None, scheduler: str | None
) -> None:
    """Run what is missing of the experiments and print the tables."""
    if unknown := [name for name in experiments if name not in EXPERIMENTS]:
        raise ConfigError(f"There is no experiment {unknown[0]!r}: choose of {', '.join(EXPERIMENTS)}.")
    if not tables:
        with Cluster(workers, scheduler) as cluster:
            for name in experiments or EXPERIMENTS:
                run_experiment(_limited(EXPERIMENTS[name], rounds), cluster)
    print(document(), end="")


def grid(variant: str, rounds: int, workers: int | None, scheduler: str | None) -> None:
    """Run what is missing of a grid search."""
    with Cluster(workers, scheduler) as cluster:
        run_experiment(_limited(experiments.grid(variant, rounds), rounds), cluster)
    print(findings.grid(experiments.read()).to_markdown())


def _limited(experiment: Experiment, rounds: int | None) -> Experiment:
    if rounds is not None and rounds < 1:
        raise ConfigError(f"Rounds is {rounds}: give at least 1.")
    return replace(experiment, rounds=min(experiment.rounds, rounds or experiment.rounds))


def run_experiment(experiment: Experiment, cluster: Cluster, folder: Path = experiments.FOLDER) -> None:
    """Train what is missing of an experiment, keeping every round as it finishes.

    The first round of an experiment behind a preset also becomes that preset's checkpoint of the variant.
    """
    cluster.client()  # before the progress bar, which an unreachable cluster shall not follow
    waiting = experiments.missing(experiment, folder)
    total = sum(1 for _ in experiment.configs())
    preset = next((preset for preset, name in PRESET_EXPERIMENTS.items() if name == experiment.name), None)
    first = {config.key: label for label, number, config in experiment.configs() if number == 0}
    with tqdm(total=total, initial=total - len(waiting), desc=experiment.name, unit="run", smoothing=0.05) as bar:
        for done in cluster.completed(waiting):
            label = first.get(done.config.key)
            if preset and label in VARIANTS:
                path = folder.parent / preset / f"{label}.safetensors"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(done.model)
            finished = Round.of(done.config, done.outcome, done.records, experiment.curves)
            experiments.append(experiment, finished, folder)
            bar.update()


def lessons(workers: int | None, scheduler: str | None) -> None:
    """Make the prepared results behind the teaching pages."""
    with Cluster(workers, scheduler) as cluster:
        prepared.make(cluster)


def probe(variant: str, kind: str | None, strength: float, preset: str, model: str | None) -> None:
    """Print P(first <= second) of the 100 pairs of digits, the wrong verdicts marked."""
    if not math.isfinite(strength):
        raise ConfigError(f"Strength is {strength}: give a finite number, such as 10.")
    checkpoint = _checkpoint(variant, preset, model)
    row = checkpoint.model.variant
    kind = kind or row.probe_kinds[0]
    probes = probe_test_digits(checkpoint.model, load_mnist(), checkpoint.normalisation, strength, real=kind == "real")
    if kind not in probes:
        raise ConfigError(f"{row.title} has no {kind} probe: choose of {', '.join(row.probe_kinds)}.")
    found = probes[kind]
    print(f"{row.title}, {kind}: percent P(first <= second); rows first digit, columns second; * is wrong")
    print("     " + "".join(f"{second:5d}" for second in range(10)))
    for first in range(10):
        cells = zip(found.probability[first].tolist(), found.wrong[first].tolist(), strict=True)
        print(f"{first:4d} " + "".join(f"{100 * value:4.0f}{'*' if wrong else ' '}" for value, wrong in cells))
    print(f"{found.wrong_cells} of 100 wrong")


def _checkpoint(variant: str, preset: str, model: str | None) -> Checkpoint:
    checkpoint = checkpoints.load(model) if model else checkpoints.trained(preset, variant)
    if checkpoint.config.variant != variant:
        raise ConfigError(f"{model} holds {checkpoint.model.variant.title}, not {VARIANTS[variant].title}.")
    return checkpoint


def compare(left: str, right: str, preset: str) -> None:
    """Print every model's verdict on two drawn digits."""
    sketches = [from_drawing(read_image(path)) for path in (left, right)]
    for path, sketch in zip((left, right), sketches, strict=True):
        if sketch.image is None:
            raise ConfigError(f"{path}: {sketch.remark}")
        if sketch.remark:
            print(f"{path}: {sketch.remark}")
    models = {name: checkpoints.trained(preset, name) for name in VARIANTS}
    answers = ask(models, *(to_pooled(sketch.image) for sketch in sketches))
    digits = reference(answers)
    for answer in answers:
        read = "reads no digits" if answer.read is None else "reads {} and {}".format(*answer.read)
        line = f"{answer.variant.title:11s} {sentence(answer, answer.read)} {percent(answer.confidence)} sure, {read}"
        clash = contradiction(answer, digits)
        print(line + (f", but {clash}" if clash else ""))


def bench() -> None:
    """Print how fast training is here."""
    for line in benchmark.run():
        print(line, flush=True)
