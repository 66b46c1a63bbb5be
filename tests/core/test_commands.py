"""The command line: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pairdigits import checkpoints
from pairdigits.__main__ import main
from pairdigits.choices import PUBLISHED
from pairdigits.commands import bench
from pairdigits.config import RunConfig
from pairdigits.folders import CHECKPOINTS
from pairdigits.presets import preset
from pairdigits.runs.store import Store
from pairdigits.training import Training

V7 = CHECKPOINTS / "best" / "v7.safetensors"
TINY = ["--train-pairs", "60", "--validation-pairs", "20", "--test-pairs", "50", "--epochs", "2"]


def test_train_prints_and_writes_every_epoch(tmp_path, capsys):
    records, model = tmp_path / "records.csv", tmp_path / "model.safetensors"
    assert (
        main(["train", "--variant", "v6", "--no-shared", *TINY, "--records", str(records), "--save", str(model)]) == 0
    )
    printed = capsys.readouterr().out
    assert (
        "Siamese v6, separate towers, auxiliary loss" in printed and "epoch    2" in printed and "Chosen: " in printed
    )
    rows = list(csv.DictReader(records.open()))
    assert [row["epoch"] for row in rows] == ["1", "2"] and 0 <= float(rows[1]["test_accuracy"]) <= 1
    assert checkpoints.load(model).config.variant == "v6"


def test_train_forks_a_stored_run(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PAIRDIGITS_DATABASE", str(tmp_path / "runs.db"))
    store = Store()
    id = store.add(RunConfig(variant="v4", train_pairs=60, validation_pairs=20, test_pairs=50, epochs=2))
    store.close()
    model = tmp_path / "fork.safetensors"
    assert main(["train", "--fork", f"{id}@1", "--variant", "v5", "--epochs", "3", "--save", str(model)]) == 0
    printed = capsys.readouterr().out
    assert "Siamese v5, auxiliary loss, forked after epoch 1" in printed and "epoch    3" in printed
    config = checkpoints.load(model).config
    assert (config.fork.parent.variant, config.fork.epoch, config.train_pairs) == ("v4", 1, 60)
    assert main(["train", "--fork", f"{id}@2"]) == 2
    assert "Fork epoch is 2: give a whole number from 1 to 1" in capsys.readouterr().err
    assert main(["train", "--fork", f"{id}@1", "--preset", "best"]) == 2
    assert "leave out --preset and --config" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--epochs", "0"], "Epochs is 0"),
        (["train", "--config", "{"], "not valid JSON"),
        (["train", "--download"], "give --data-root"),
        (["train", "--fork", "five"], "such as 12@5"),
        (["train", "--fork", "99999@1"], "There is no run 99999"),
        (["train", "--data-root", "nowhere", *TINY], "No usable MNIST"),
        (["train", "--records", "nowhere/scores.csv", *TINY], "nowhere/scores.csv: No such file or directory."),
        (["train", "--save", ".", *TINY], ".: Is a directory."),
        (["report", "table-9"], "no experiment 'table-9'"),
        (["report", "corrected", "--rounds", "0", "--scheduler", "tcp://127.0.0.1:9"], "give at least 1"),
        (["repairs", "--rounds", "0"], "Rounds is 0: give at least 1"),
        (["grid", "v1", "--scheduler", "tcp://127.0.0.1:9"], "No Dask scheduler answers"),
        (["grid", "v1", "--rounds", "99999999"], "Rounds is 99999999: give at least 1, at most 1,000"),
        (["probe", "v2", "--kind", "ideal"], "no ideal probe"),
        (["probe", "v1", "--model", "nowhere.safetensors"], "nowhere.safetensors cannot be read"),
        (["probe", "v1", "--model", str(V7)], "v7.safetensors holds Siamese v7, not Siamese v1."),
        (["probe", "v1", "--strength", "nan"], "finite number"),
        (["compare", "nowhere.png", "nowhere.png"], "nowhere.png"),
        (["lessons", "--workers", "0"], "The number of workers is 0"),
        (["dashboard", "--port", "0"], "Port is 0: give a whole number from 1 to 65,535"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(arguments, words, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert words in printed.err and printed.err.count("\n") == 1 and "Traceback" not in printed.err
    assert not printed.out  # nothing was trained first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: COMMAND"),
        (["dance"], "'dance'"),
        (["train", "--variant", "v9"], "'v9'"),
        (["train", "--augmentation", "blur=1"], "augmentation has no 'blur': name some of rotation, "),
        (["train", "--augmentation", "shift=far"], "augmentation shift is 'far': give a number"),
    ],
)
def test_unknown_words_have_status_2(arguments, words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2 and words in capsys.readouterr().err


def test_an_interrupt_has_a_status_of_its_own(monkeypatch, capsys):
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pairdigits.commands.probe.run", interrupted)
    assert main(["probe", "v7"]) == 130
    assert capsys.readouterr().err == "Interrupted; finished runs are kept.\n"


def test_probe_prints_the_hundred_cells(capsys):
    assert main(["probe", "v7"]) == 0
    printed = capsys.readouterr().out
    assert "0 of 100 wrong" in printed and len(printed.splitlines()) == 13


def test_compare_prints_every_models_verdict(mnist, tmp_path, capsys):
    paths = []
    for index in (0, 1):  # a 7 and a 2
        paths.append(str(tmp_path / f"{index}.png"))
        Image.fromarray(np.pad(mnist.test.images[index].numpy(), 10)).resize((288, 288)).save(paths[-1])
    assert main(["compare", *paths]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 8 and "reads no digits" in printed[0]
    assert "Seven is greater than two." in printed[7] and "reads 7 and 2" in printed[7]


def test_compare_has_doubts_about_what_is_no_digit_and_names_contradictions(mnist, tmp_path, capsys):
    cross, two, blank = (str(tmp_path / f"{name}.png") for name in ("cross", "two", "blank"))
    image = Image.new("L", (288, 288))
    image.save(blank)
    for ends in ((44, 144, 244, 144), (144, 44, 144, 244)):
        ImageDraw.Draw(image).line(ends, fill=255, width=22)
    image.save(cross)
    digits = np.hstack([np.pad(mnist.test.images[index].numpy(), 10) for index in (0, 1)])
    Image.fromarray(digits).resize((576, 288)).save(two)
    assert main(["compare", cross, two]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"{cross}: This is hardly one digit."
    assert printed[1] == f"{two}: These look like two digits: draw one on each canvas."
    assert any(line.endswith(", but says both 4 ≤ 2 and 2 ≤ 4") for line in printed[2:])
    assert main(["compare", cross, blank]) == 2
    assert capsys.readouterr().err == f"{blank}: Nothing is drawn here yet.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "corrected", "--rounds", "1", "--device", "cpu"], "the tables\n"),
        (["report", "corrected", "--rounds", "1", "--scheduler"], "the tables\n"),
        (["grid", "v1", "--device", "cpu"], "| Siamese v1 | 0.01 | 0.001 | 93.00 | 87.80 |"),
        (["repairs"], "Re-spacing minus the prior, on all pairs: "),
        (["lessons", "--scheduler"], ""),
    ],
)
def test_what_is_there_is_not_trained_again(arguments, words, scheduler_here, capsys, monkeypatch):
    monkeypatch.setattr("pairdigits.commands.report.document", lambda: "the tables\n")
    monkeypatch.setattr(Training, "__init__", None)  # nobody can train
    before = {path: path.stat().st_mtime_ns for path in CHECKPOINTS.rglob("*")}
    assert main([*arguments, *([scheduler_here] if arguments[-1] == "--scheduler" else [])]) == 0
    assert words in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in CHECKPOINTS.rglob("*")} == before


def test_tables_are_printed_from_committed_rounds(capsys):
    assert main(["report", "--tables"]) == 0
    printed = capsys.readouterr().out
    assert "Table I" in printed and "95.5" in printed


def test_module_runs_as_a_command():
    done = subprocess.run([sys.executable, "-m", "pairdigits", "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "bench" in done.stdout


@pytest.mark.parametrize(("command", "spared"), [("", "torch"), ("compare", "distributed pandas sklearn numba")])
def test_a_command_imports_only_what_it_needs(command, spared):
    code = f"""
import sys
from pairdigits.__main__ import main
try:
    main([*{command.split()}, "--help"])
except SystemExit:
    sys.exit(" ".join({set(spared.split())} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert not done.stderr.strip() and "usage" in done.stdout


def test_the_dashboard_is_streamlit_on_the_pages_that_lie_beside_the_core(monkeypatch):
    become = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: become.append((program, arguments)))
    assert main(["dashboard", "--port", "8600"]) == 0
    ((program, arguments),) = become
    assert program == sys.executable and arguments[1:4] == ["-m", "streamlit", "run"]
    assert "app = st.App(" in Path(arguments[4]).read_text() and arguments[5:] == ["--server.port=8600"]


@pytest.mark.slow
def test_bench_of_another_device_prints_its_findings(capsys, monkeypatch):
    def short(_: str, variant: str, **changes: Any) -> RunConfig:
        return preset("report", variant, **changes | {"train_pairs": 300, "test_pairs": 50, "epochs": 1})

    for name, value in {"preset": short, "CONFIG": short("report", "v5", protocol=PUBLISHED), "ROUNDS": 2}.items():
        monkeypatch.setattr(bench, name, value)
    printed = list(bench._on("cpu"))  # in place of a GPU
    assert printed[0].startswith("cpu, ") and len(printed) == 7
    assert all(re.search(r"\d\.\d\d s", line) for line in printed[1:])
    assert "2 runs together" in printed[3] and "as published" in printed[3] and "corrected" in printed[4]


@pytest.mark.slow
def test_bench_prints_its_findings(capsys):
    assert main(["bench"]) == 0
    printed = capsys.readouterr().out
    for words in ("our kernel", "torch's operators", "textbook loop", "GFLOP/s", "runs a minute"):
        assert words in printed
