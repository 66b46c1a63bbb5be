"""The experiments as lists of runs, their files, and that an interrupted one goes on and loses nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pairdigits import checkpoints
from pairdigits.choices import CORRECTED, PRESETS, PUBLISHED
from pairdigits.commands.report import run_experiment, trainer
from pairdigits.config import ConfigError
from pairdigits.report import experiments, repairs, stored_rounds
from pairdigits.report.experiments import EXPERIMENTS, Experiment
from pairdigits.report.stored_rounds import Round, RoundsError, round_key


@pytest.fixture
def experiment(tiny):
    rows = {"v5": tiny, "base": replace(tiny, variant="base", auxiliary_weight=0.0)}
    return Experiment("small", "Small", rows, rounds=2, curves=True)


def test_experiments_are_the_reports():
    tables = EXPERIMENTS["as-published"]
    assert tables.rounds == EXPERIMENTS["corrected"].rounds == 20
    assert {row.protocol for row in tables.rows.values()} == {PUBLISHED}
    assert set(experiments.TABLE_II) <= set(tables.rows) and "base" in tables.rows
    assert {row.protocol for row in EXPERIMENTS["corrected"].rows.values()} == {CORRECTED}
    assert not any(row.watch_test for row in EXPERIMENTS["corrected"].rows.values())
    factorial = EXPERIMENTS["factorial"].rows.values()
    kinds = {(row.variant, row.shared, row.auxiliary_weight) for row in factorial if row.variant != "base"}
    assert len(kinds) == 8
    assert all(row.validation_pairs == 0 and not row.watch_test for row in EXPERIMENTS["best"].rows.values())


def test_rounds_have_seeds_of_their_own_and_rows_share_them():
    configs = list(EXPERIMENTS["corrected"].configs())
    assert [config.data_seed for _, number, config in configs] == [number for _, number, _ in configs]
    assert len({config.key for *_, config in configs}) == len(configs)


def test_grid_is_the_reports_twenty_settings():
    grid = experiments.grid("v1")
    settings = {(row.learning_rate, row.weight_decay) for row in grid.rows.values()}
    assert len(settings) == 20 and (0.0001, 0.25) in settings
    with pytest.raises(ConfigError, match="no variant"):
        experiments.grid("v0")


def test_interrupted_experiment_goes_on(experiment, engine, tmp_path):
    folder = tmp_path / "report"
    run_experiment(replace(experiment, rounds=1), engine.cluster.completed, folder)
    assert len(experiments.missing(experiment, folder)) == 2
    path = folder / "small.jsonl"
    kept = path.read_text()
    path.write_text(kept + kept.splitlines()[0][:200])  # an interrupt in the middle of a line
    run_experiment(experiment, engine.cluster.completed, folder)
    assert path.read_text().startswith(kept) and experiments.missing(experiment, folder) == []
    rounds = stored_rounds.read(folder=folder)
    assert {found.config.key for found in rounds.values()} == {config.key for *_, config in experiment.configs()}
    for found in rounds.values():
        assert Round.from_json(found.to_json()) == found
        assert len(found.curves["test_accuracy"]) == 3 and len(found.probe) == 10


def test_the_first_round_behind_a_preset_becomes_its_checkpoint(experiment, tmp_path):
    experiment = replace(experiment, name=PRESETS["best"].experiment)
    with trainer("cpu", None, None) as train:
        run_experiment(experiment, train, tmp_path / "report")
    kept = {path.name: checkpoints.load(path).config for path in (tmp_path / "best").iterdir()}
    first = {f"{label}.safetensors": config for label, number, config in experiment.configs() if number == 0}
    assert kept == first and len(experiments.read(folder=tmp_path / "report")) == 4


def test_a_lost_checkpoint_is_made_again_and_its_round_is_not_kept_twice(experiment, tmp_path):
    experiment = replace(experiment, name=PRESETS["best"].experiment, rounds=1)
    with trainer("cpu", None, None) as train:
        run_experiment(experiment, train, tmp_path / "report")
        (rounds,), (lost, *_) = (tmp_path / "report").iterdir(), sorted((tmp_path / "best").iterdir())
        kept, config = rounds.read_bytes(), checkpoints.load(lost).config
        lost.unlink()
        run_experiment(experiment, train, tmp_path / "report")
    assert checkpoints.load(lost).config == config and rounds.read_bytes() == kept


def test_damaged_lines_are_named(experiment, tmp_path):
    (tmp_path / "small.jsonl").write_text("{}\n{}\n")
    with pytest.raises(RoundsError, match=r"Line 1 of small\.jsonl"):
        stored_rounds.read(folder=tmp_path)


def test_committed_rounds_are_readable_and_belong_to_an_experiment():
    known = {config.key for experiment in EXPERIMENTS.values() for *_, config in experiment.configs()}
    known |= {round_key(one, done) for one, mended in repairs.runs() for done in (mended, repairs.taught(mended))}
    for path in stored_rounds.FOLDER.glob("*.jsonl"):
        rounds = {Round.from_json(line).key for line in path.read_text().splitlines()}
        assert rounds
        if not path.stem.startswith("grid"):
            assert rounds <= known, path.name
