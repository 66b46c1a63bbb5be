"""Whose turn it is, where and for how long; and what a visitor may do. No workers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairdigits.config import RunConfig
from pairdigits.runs import visitors
from pairdigits.runs.jobs import FIRST_GUESS, Job, Pace, in_turn, place, waits
from pairdigits.runs.store import Store
from pairdigits.runs.visitors import Limits, NotAllowedError
from pairdigits.runs.worker import REHEARSAL

PLAIN = RunConfig(train_pairs=1000, test_pairs=1000, epochs=40)


def jobs(*visitors: str, **fields) -> list[Job]:
    return [Job(id, PLAIN, 1, visitor, **fields) for id, visitor in enumerate(visitors)]


def test_visitors_take_turns_and_who_was_served_longest_ago_is_first():
    waiting = jobs("ann", "ann", "ann", "bob", "cid", "bob")
    assert [job.id for job in in_turn(waiting, {})] == [0, 3, 4, 1, 5, 2]
    assert [job.id for job in in_turn(waiting, {"ann": 2, "bob": 1})] == [4, 3, 0, 5, 1, 2]


@given(st.lists(st.sampled_from("abcd"), max_size=30))
def test_the_queue_is_fair_to_everybody(names):
    """Served one by one as the engine does: until somebody's line ends, nobody is served twice more than another."""
    waiting, served, order = jobs(*names), {}, []
    while waiting:
        job = in_turn(waiting, served)[0]
        served[job.visitor] = max(served.values(), default=0) + 1
        waiting.remove(job)
        order.append(job)
        left, had = Counter(one.visitor for one in waiting), Counter(one.visitor for one in order)
        assert all(had[poor] + 1 >= had[rich] for poor in left for rich in had)
    assert all(first.id < second.id for first in order for second in order[order.index(first) + 1 :]
               if first.visitor == second.visitor)  # fmt: skip


def test_a_worker_has_one_run_at_full_speed_and_slow_ones_as_it_has_time():
    pace, workers = Pace(), {"left": 8, "right": 8}
    epoch = 1200 * FIRST_GUESS  # 1000 training pairs, and as many test pairs, which take a fifth
    assert pace.epoch(PLAIN) == pytest.approx(epoch)
    fast, *slow = (replace(job, speed=0.15 / epoch) for job in jobs(*"abcdefg"))  # 15% of a worker's time each
    fast = replace(fast, speed=None, place="left")
    assert place(replace(fast), workers, [], pace) == "left"
    assert place(replace(fast), workers, [fast], pace) == "right"
    assert place(replace(fast), workers, [fast, replace(fast, place="right")], pace) is None
    assert place(slow[0], workers, [fast], pace) == "right"
    beside = [fast, *(replace(job, place="left") for job in slow[:3])]
    assert place(slow[4], {"left": 8}, beside[:3], pace) == "left"
    assert place(slow[4], {"left": 8}, beside, pace) is None  # a run at full speed keeps half of it
    assert place(slow[4], {"left": 8}, beside[1:], pace) == "left"
    assert place(slow[4], {"left": 3}, beside[1:], pace) is None  # no thread is free
    assert place(replace(slow[0], speed=100), {"left": 8}, [], pace) == "left"


def test_a_worker_that_has_just_started_says_what_an_epoch_takes_until_runs_say_better():
    pace, bigger = Pace(), replace(REHEARSAL, train_pairs=10 * REHEARSAL.train_pairs, test_pairs=1000)
    pace.rehearsed(0.0)  # it has not rehearsed yet
    assert pace.epoch(PLAIN) == pytest.approx(1200 * FIRST_GUESS)
    pace.rehearsed(0.1)
    assert pace.epoch(REHEARSAL) == pytest.approx(0.1)
    assert pace.epoch(bigger) == pytest.approx(1.0)
    pace.note(PLAIN, 0.3)
    pace.rehearsed(0.1)
    assert pace.epoch(PLAIN) > 0.3


def test_of_how_long_epochs_took_the_last_count_most_and_the_first_is_not_one_of_them(monkeypatch):
    pace, job = Pace(), jobs("ann")[0]
    now = iter([10.0, 10.5, 11.0, 11.5])
    monkeypatch.setattr("pairdigits.runs.jobs.time", SimpleNamespace(monotonic=lambda: next(now)))
    pace.heard(job)  # after a second or more in which its pairs were drawn
    assert pace.epoch(PLAIN) == pytest.approx(1200 * FIRST_GUESS)
    for _ in range(3):
        pace.heard(job)
    assert pace.epoch(PLAIN) == pytest.approx(0.5)
    for _ in range(100):
        pace.note(PLAIN, 1.0)
    assert 0.9 < pace.epoch(PLAIN) < 1.0
    job.speed = 0.1
    now = iter([100.0])
    pace.heard(job)  # it was asked to be slow
    assert pace.epoch(PLAIN) < 1.0


def test_waiting_times_follow_from_measured_epochs():
    pace = Pace()
    for _ in range(60):
        pace.note(PLAIN, 0.5)
        pace.note_end(PLAIN, 40, 22)  # 20 s are its epochs'
    training = [Job(9, PLAIN, 1, "x", epochs=20), Job(8, PLAIN, 1, "x", speed=0.1)]
    waiting = jobs("a", "b", "c")
    waiting[0].until = 10
    found = waits(waiting, training, 2, pace)
    assert {id: wait.seconds for id, wait in found.items()} == pytest.approx(
        {0: 0, 1: 5, 2: 12}
    )  # the slow one leaves its worker to others
    assert [wait.place for wait in found.values()] == [1, 2, 3]


def test_only_whose_it_is_or_the_teacher_changes_a_run(tmp_path, monkeypatch):
    store = Store(tmp_path / "runs.db")
    mine, nobodys = (store.run(store.add(PLAIN, visitor=visitor)) for visitor in (visitors.identity("token"), ""))
    store.close()
    monkeypatch.setenv("PAIRDIGITS_TEACHER", "chalk é")
    visitors.teacher_code.cache_clear()
    assert mine.visitor not in ("", "token")
    assert visitors.may_change(mine, mine.visitor) and visitors.may_change(mine, "other", "chalk é")
    assert not visitors.may_change(mine, "other", "cheese") and not visitors.may_change(mine, "")
    assert visitors.may_change(nobodys, "other")
    visitors.check_change(mine, mine.visitor)
    with pytest.raises(NotAllowedError, match=r"Run 1 is somebody else's: .*\.$"):
        visitors.check_change(mine, "other")
    monkeypatch.delenv("PAIRDIGITS_TEACHER")
    visitors.teacher_code.cache_clear()
    assert visitors.teacher_code() == visitors.teacher_code() and not visitors.may_change(mine, "other", "")


def test_limits_are_told_in_one_sentence(monkeypatch):
    monkeypatch.setenv("PAIRDIGITS_VISITOR_RUNS", "3")
    monkeypatch.setenv("PAIRDIGITS_VISITOR_WORK", "100000")
    limits = Limits.from_environment()
    limits.check([PLAIN], [PLAIN])
    with pytest.raises(NotAllowedError, match=r"would come to 120,000, and this server allows 100,000: .*\.$"):
        limits.check([PLAIN, PLAIN], [PLAIN])
    with pytest.raises(NotAllowedError, match=r"^You have 2 runs waiting or training; 2 more would be 4, and .*\.$"):
        limits.check([replace(PLAIN, epochs=1)] * 2, [replace(PLAIN, epochs=1)] * 2)
    limits.check([PLAIN] * 4, [])  # what is only joined
    monkeypatch.setenv("PAIRDIGITS_VISITOR_RUNS", "many")
    with pytest.raises(ValueError, match="PAIRDIGITS_VISITOR_RUNS is 'many'"):
        Limits.from_environment()
