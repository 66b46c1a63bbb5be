"""What mends v7 without digit labels: re-spacing, self-training, and the comparison of the two with the prior."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from pairdigits.commands.repairs import run_missing
from pairdigits.objective import optimiser
from pairdigits.records import Outcome
from pairdigits.report import repairs, respacing, stored_rounds
from pairdigits.report.conclusions import conclusion
from pairdigits.report.respacing import respace, respaced
from pairdigits.report.self_training import beliefs, posteriors, self_trained
from pairdigits.report.sweeps import row
from pairdigits.splits import Splits
from pairdigits.training import Training


@pytest.fixture
def short(mnist):
    """v7 by the recipe on comparisons alone, cut short."""
    return row("best", "v7", False, train_pairs=60, test_pairs=50, epochs=10)


@pytest.mark.parametrize(("empty", "full"), [(2, 7), (7, 2), (0, 9), (9, 0), (4, 5), (5, 4)])
def test_a_respaced_classifier_says_the_same_of_all_but_the_empty_output(empty, full):
    torch.manual_seed(0)
    classifier, encodings = nn.Linear(50, 10).double(), torch.randn(20, 50).double()
    adam = optimiser(classifier.named_parameters(), row("best", "v7", False))
    adam.descend(classifier(encodings).square().mean(), 0.01)
    before = classifier(encodings).detach()
    moments = [state["exp_avg"].clone() for state in adam.state.values()]
    respace(classifier, adam, empty, full, seed=0, noise=0.0)
    after, place = classifier(encodings).detach(), full - (empty < full)  # of the lower one of the twins
    others = [output for output in range(10) if output not in (empty, full)]
    kept = [output for output in range(10) if output not in (place, place + 1)]
    torch.testing.assert_close(after[:, kept], before[:, others])  # in the same order
    torch.testing.assert_close(after[:, place : place + 2].logsumexp(1), before[:, full])
    torch.testing.assert_close(after[:, place], after[:, place + 1])
    for old, state in zip(moments, adam.state.values(), strict=True):
        torch.testing.assert_close(state["exp_avg"][kept], old[others])
        torch.testing.assert_close(state["exp_avg"][[place, place + 1]], old[[full, full]])


def test_noise_parts_the_twins_and_no_other_output():
    torch.manual_seed(0)
    classifier = nn.Linear(50, 10)
    adam = optimiser(classifier.named_parameters(), row("best", "v7", False))
    before = classifier.weight.detach().clone()
    respace(classifier, adam, empty=2, full=7, seed=0)
    torch.testing.assert_close(classifier.weight[[0, 1, 2, 3, 4, 5, 8, 9]], before[[0, 1, 3, 4, 5, 6, 8, 9]])
    added = (classifier.weight[6:8] - before[7]).detach()
    assert added.std().item() == pytest.approx(respacing.NOISE * before.std().item(), rel=0.3)
    assert (added[0] - added[1]).abs().max() > 0


def test_outputs_are_respaced_every_five_epochs_of_the_middle_where_one_is_empty_and_one_full(short, monkeypatch):
    even, crowded = np.eye(10, dtype=int) * 12, np.eye(10, dtype=int) * 12
    crowded[6] = crowded[8]  # nobody at output 6, a fifth at 8
    asked = []

    class Told(Training):
        def __iter__(self):
            for self.epoch in range(1, 101):
                yield SimpleNamespace(epoch=self.epoch, confusion=(even if self.epoch == 40 else crowded).tolist())

    monkeypatch.setattr(respacing, "respace", lambda *given: asked.append((training.epoch, *given[2:4])))
    training = Told(replace(short, epochs=100))
    assert [record.epoch for record in respaced(training)] == list(range(1, 101))
    assert asked == [(epoch, 6, 8) for epoch in range(20, 71, 5) if epoch != 40]


@given(st.integers(0, 2**32 - 1))
def test_posteriors_are_bayes_rule(seed):
    read = np.random.default_rng(seed).dirichlet([0.3] * 10, (2, 2))
    found = posteriors(torch.from_numpy(read), torch.tensor([1, 0])).numpy()
    for (left, right), compares, (for_left, for_right) in zip(
        read, (lambda i, j: i <= j, lambda i, j: i > j), found, strict=True
    ):
        likely = {(i, j): left[i] * right[j] for i, j in product(range(10), repeat=2) if compares(i, j)}
        for digit in range(10):
            of_left, of_right = (
                sum(p for pair, p in likely.items() if pair[side] == digit) / sum(likely.values()) for side in (0, 1)
            )
            assert for_left[digit] == pytest.approx(of_left, abs=1e-9)
            assert for_right[digit] == pytest.approx(of_right, abs=1e-9)


def test_a_new_tower_learns_what_the_trained_one_believes(mnist, monkeypatch):
    config = row("best", "v7", train_pairs=150, test_pairs=500, epochs=30)
    teacher = Training(config)  # one that has digit labels: in so few epochs nobody finds them otherwise
    *_, taught = teacher
    drawn = Splits(replace(config, shuffle="none"), mnist, teacher.device)
    believed = beliefs(teacher, drawn)
    assert believed.shape == (150, 2, 10) and believed.sum(-1).allclose(torch.ones(150, 2).double())
    in_order = believed.argmax(-1)[:, 0] <= believed.argmax(-1)[:, 1]
    assert (in_order == drawn.train.labels.bool()).float().mean() > 0.95  # the pairs' answers are known
    student, last = self_trained(teacher)
    assert last.epoch == student.epoch == student.outcome(all_pairs=False).epoch == 30
    read = student.model(drawn.train.images).digits
    assert (read.argmax(-1) == believed.argmax(-1)).float().mean() > 0.9
    assert last.train.accuracy > taught.train.accuracy - 0.1


@pytest.mark.slow
def test_an_interrupted_comparison_goes_on(short, tmp_path, monkeypatch):
    ways = {name: (short, mended) for name, (_, mended) in repairs.WAYS.items() if name != "a prior"}
    monkeypatch.setattr(repairs, "WAYS", ways)
    run_missing([100], 2, tmp_path)
    path = tmp_path / "repairs.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    assert len(lines) == len(stored_rounds.read(folder=tmp_path)) == 4
    path.write_text("".join(lines[:1]))  # a run without the tower that it taught
    run_missing([100], 2, tmp_path)
    found = stored_rounds.read(folder=tmp_path)
    assert len(found) == 4 and repairs.missing(found, [100]) == []


def test_the_table_pairs_rounds_by_seed():
    found = {}
    scores = {"nothing": 0.97, "a prior": 0.98, "re-spacing": 0.99}
    for config, mended in repairs.runs([100, 101]):
        name = "a prior" if config.prior_weight else "re-spacing" if mended else "nothing"
        for on_top in (False, True):
            done = repairs.taught(mended) if on_top else mended
            share = scores[name] + 0.005 * on_top + 0.001 * (config.data_seed - 100)
            outcome = Outcome(3, None, 0.9, share - 0.01, share, None, 0.1, {"real": 2}, 1.5)
            one = stored_rounds.Round(config, outcome, [[None] * 10] * 10, None, done)
            assert stored_rounds.Round.from_json(one.to_json()) == one
            found[one.key] = one
    assert len(found) == 12
    table = repairs.table(found)
    assert [one.mean for one in table.frame["All pairs"]] == pytest.approx([97.05, 98.05, 99.05])
    assert [one.mean for one in table.frame["Difference, self-trained"]] == pytest.approx([0.5] * 3)
    gaps = table.frame["Difference, to the prior"]
    assert [one.mean for one in gaps] == pytest.approx([-1, math.nan, 1], nan_ok=True) and gaps[0].std < 1e-9
    assert "6 of 15 runs have finished" in table.note
    assert "Re-spacing minus the prior, on all pairs: +1.00 ± 0.00 (n = 2) points (clear)" in conclusion(table)
    plain = {key: one for key, one in found.items() if not one.mended and not one.config.prior_weight}
    assert len(plain) == 2 and not conclusion(repairs.table(plain))  # nothing to compare with yet
