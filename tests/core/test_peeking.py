"""The simulator of peeking, against a plain loop and against what must hold of any bank."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pairdigits.data import load_mnist, pool
from pairdigits.evaluation import predict
from pairdigits.lessons import peeks
from pairdigits.lessons.trained import epochs
from pairdigits.peeking import Bank, peek
from pairdigits.presets import preset

RUNS, LOOKS, HELD, CELLS = 6, 8, 300, 2


def made(seed: int) -> Bank:
    """Runs of different worth whose every look has luck of its own."""
    rng = np.random.default_rng(seed)
    true = rng.uniform(0.6, 0.9, (RUNS, LOOKS))
    return Bank((rng.random((RUNS, LOOKS, HELD)) < true[..., None]).astype(np.float32), true, np.arange(RUNS) % CELLS)


habits = st.tuples(st.integers(1, LOOKS), st.integers(1, CELLS), st.integers(1, RUNS // CELLS), st.integers(1, HELD))


@settings(max_examples=40, deadline=None)
@given(habits=habits, seed=st.integers(0, 5))
def test_what_is_claimed_is_the_best_score_and_what_is_true_is_that_looks_worth(habits, seed):
    bank = made(seed)
    found = peek(bank, *habits, draws=20, seed=seed)
    assert np.allclose(found.claimed - found.plain, found.luck + found.selection)
    assert np.isin(found.true, bank.true).all()
    assert np.allclose(
        found.claimed * habits[3], np.round(found.claimed * habits[3]), atol=1e-3
    )  # so many of the pairs
    everything = peek(bank, LOOKS, CELLS, RUNS // CELLS, HELD, draws=3)
    score = bank.right.mean(-1)
    assert np.allclose(everything.claimed, score.max()) and np.allclose(everything.true, bank.true.flat[score.argmax()])
    assert np.allclose(everything.plain, bank.true[:, -1].mean())


def test_one_look_at_one_run_is_honest_and_more_looks_are_not():
    bank = made(1)
    once, often = (peek(bank, looks, 1, 1, 50, draws=2000) for looks in (1, LOOKS))
    at_last = bank.right[:, -1].mean(-1) - bank.true[:, -1]  # the bank's own luck, which no draw can lose
    error = 4 * once.luck.std() / np.sqrt(2000)
    assert once.luck.mean() == pytest.approx(at_last.mean(), abs=error)
    assert np.array_equal(once.true, once.plain)
    assert often.luck.mean() > once.luck.mean() + 0.02
    assert peek(bank, LOOKS, 1, 1, 250, draws=2000).luck.mean() < often.luck.mean() - 0.02  # more pairs, less luck


@pytest.mark.parametrize(
    "habits", [(0, 1, 1, 1), (LOOKS + 1, 1, 1, 1), (1, 3, 1, 1), (1, 1, 4, 1), (1, 1, 1, HELD + 1)]
)
def test_what_the_bank_does_not_hold_gets_a_sentence(habits):
    with pytest.raises(ValueError, match="1 to 8 times"):
        peek(made(0), *habits)


def test_the_bank_is_what_the_model_says_of_each_pair(monkeypatch):
    tiny = {"train_pairs": 60, "validation_pairs": 10, "test_pairs": 20, "epochs": 2, "batch_size": 10}
    monkeypatch.setattr(peeks, "preset", lambda *names, **more: preset(*names, **(tiny | more)))
    monkeypatch.setattr(peeks, "LEARNING_RATES", (0.01, 0.001))
    monkeypatch.setattr(peeks, "SEEDS", range(1))
    lesson = peeks.peeks(None, lambda text: None)
    bank = peeks.bank(lesson)
    assert bank.right.shape == (2, 1, 10_000) and bank.cell.tolist() == [1, 0]
    config = preset("report", "v5", **tiny, learning_rate=0.01, data_seed=0, init_seed=0, watch_test=False)
    *_, training = epochs(config)
    test, pairs = load_mnist().test, peeks.matched(10_000)
    assert (torch.bincount(pairs.flatten()) == peeks.MATCHINGS).all()
    some = pairs[:500]
    said = predict(training.model, training.normalisation(pool(test.images[some]))).comparison.argmax(-1)
    right = said.bool() == (test.labels[some[:, 0]] <= test.labels[some[:, 1]])
    assert (bank.right[0, 0, :500].astype(bool) == right.numpy()).mean() > 0.995  # sums in another order may tip one
    assert bank.true[0, 0] == pytest.approx(bank.right[0, 0].mean(), abs=0.03)
