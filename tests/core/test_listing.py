"""Runs as rows: pages of them, found by a shared past, however many there are and whatever is wrong with one."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from pairdigits.config import Fork
from pairdigits.runs.database import RUNS, StoreError, transaction
from pairdigits.runs.store import Store
from tests.core.undisturbed import TINY


def test_pages_of_runs_are_filtered_sorted_and_counted(store):
    configs = [replace(TINY, variant=variant, init_seed=seed) for seed in range(3) for variant in ("v1", "v5")]
    ids = [store.add(config, f"100%_{n}", visitor="ann" if n == 2 else "bob") for n, config in enumerate(configs)]
    store.delete(ids[0])
    store.rest(ids[3], "stopped")

    def found(limit: int = 50, offset: int = 0, **conditions) -> tuple[list[int], int]:
        page = store.page(limit, offset, **conditions)
        return [ids.index(run.id) for run in page.runs], page.total

    assert found() == ([5, 4, 3, 2, 1], 5)
    assert found(first="ann") == ([2, 5, 4, 3, 1], 5)
    assert found(2, 2) == ([3, 2], 5)
    assert found(variants=["v5"]) == ([5, 3, 1], 3)
    assert found(statuses=["stopped", "paused"]) == ([3], 1)
    assert found(visitor="ann", search="0%_2") == ([2], 1)
    assert found(search="SIAMESE V1") == ([4, 2], 2)
    assert 4 in found(search=str(ids[4]))[0]
    assert found(search="1__") == ([], 0)  # no wildcards
    assert found(include_deleted=True)[1] == 6


def test_one_unreadable_run_spoils_no_other(store):
    ids = [store.add(TINY, "damaged <b>"), store.add(TINY)]
    with transaction(store._engine) as connection:
        connection.execute(sa.update(RUNS).where(RUNS.c.id == ids[0]).values(config='{"variant": "v99"}'))
    page = store.page()
    assert [run.id for run in page.runs] == [run.id for run in store.runs()] == [ids[1]] and page.total == 2
    (damaged,) = page.damaged
    assert (damaged.id, damaged.name) == (ids[0], "damaged <b>") and "Variant is 'v99'" in damaged.reason
    with pytest.raises(StoreError, match=f"Run {ids[0]} cannot be read: Variant"):
        store.run(ids[0])


def test_thousands_of_runs_cost_no_more_than_some(location):
    store = Store(location)

    def cost() -> float:
        times = []
        for _ in range(15):
            began = time.process_time()
            page = store.page(first="v1")
            times.append(time.process_time() - began)
        assert len(page.runs) == 50
        return sorted(times)[7]

    for n in range(71):
        store.add(TINY, visitor=f"v{n % 30}")
    few = cost()
    copied = [column for column in RUNS.c if column.name != "id"]
    twice = sa.select(*copied).select_from(RUNS.join(RUNS.alias(), sa.true()))
    with transaction(store._engine) as connection:
        connection.execute(sa.insert(RUNS).from_select([column.name for column in copied], twice))
    many = cost()
    assert store.page().total == 71 + 71**2
    assert many < 2 * few + 0.01, (few, many)
    store.close()


def test_a_family_is_whatever_shares_a_past(store):
    root = replace(TINY, epochs=9)
    child = replace(root, learning_rate=0.002, fork=Fork(root, 4))
    grandchild = replace(child, shared=False, fork=Fork(child, 6))
    ids = [store.add(config) for config in (root, child, grandchild, replace(root, fork=Fork(root, 2)))]
    other = store.add(TINY)
    assert sorted(run.id for run in store.family(grandchild)) == ids
    assert [run.id for run in store.family(TINY)] == [other]
    stored = store.run(ids[2])
    assert (stored.parent, stored.parent_epoch, stored.config) == (child.key, 6, grandchild)
    store.delete(ids[0])
    assert {run.id for run in store.family(root)} == set(ids[1:])


def test_names_hold_whatever_is_typed(store):
    name = "![x](http://a) <b>\\ \u202e \U0001f600 '; DROP TABLE runs"
    assert store.run(store.add(TINY, name + "\0")).name == name
