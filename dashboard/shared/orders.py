"""What visitors ask of the engine, in their own name: every page that starts or halts runs does it through here.

The same settings and seeds give the same records, so what was trained, or is being trained, is joined and not trained
again. Anybody may watch a run; changing somebody else's is refused in one sentence, unless the teacher's code was
given. Importing this loads torch.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from dashboard.shared import state
from dashboard.shared.plain import plain, say_error
from pairdigits.config import RunConfig
from pairdigits.runs import visitors
from pairdigits.runs.store import UNFINISHED, Run


def start(
    configs: Sequence[RunConfig],
    names: Sequence[str] = (),
    group: str | None = None,
    speed: float | None = None,
    epochs: int = 0,
    anew: bool = False,
) -> list[int]:
    """Queue runs, all of them or none, and return their ids.

    Parameters
    ----------
    configs, names, group, speed, epochs
        As in `Engine.submit`, a name for each run or none at all.
    anew : bool
        Whether to train even what was trained before.

    Raises
    ------
    NotAllowedError
        If it is more than one visitor may have waiting or training.
    ValueError
        If the database or the cluster cannot be had.
    """
    engine, visitor = state.engine(), state.visitor()
    join = not (anew or epochs or group)
    if len(configs) > 1:  # one by one some would be queued before the limit is reached
        engine.check_limits(visitor, [one for one in configs if not (join and state.store().find(one.key))])
    return [
        engine.submit(config, name, group, speed, epochs, visitor, join)
        for config, name in zip(configs, names or [""] * len(configs), strict=True)
    ]


def join(configs: Sequence[RunConfig]) -> list[Run]:
    """The runs that were started together and are just these, finished or on their way there; empty if there are none.

    The visitor counts from now on as one for whom they are trained.
    """
    store = state.store()
    found = store.find(configs[0].key)
    if found is None:
        return []
    runs = store.runs(found.group) if found.group else [found]
    whole = all(run.status == "finished" or (run.status in UNFINISHED and not run.until) for run in runs)
    if not whole or sorted(run.key for run in runs) != sorted(one.key for one in configs):
        return []
    for run in runs:
        state.engine().join(run.id, state.visitor())
    return runs


def may_change(runs: Sequence[Run]) -> bool:
    """Whether all of these are the visitor's to change."""
    return all(visitors.may_change(run, state.visitor(), state.carried().teachers_code) for run in runs)


def change(order: Callable[[int], None], runs: Sequence[Run]) -> None:
    """Have something done with each run, such as `Engine.pause`; with none if one of them is not the visitor's.

    Raises
    ------
    NotAllowedError
        If one of them is not.
    """
    for run in runs:
        visitors.check_change(run, state.visitor(), state.carried().teachers_code)
    for run in runs:
        order(run.id)


@dataclass
class Failed:
    """Why what a visitor ordered last could not be done, one sentence, until it has been shown."""

    sentence: str = ""


@contextmanager
def in_callback() -> Generator[None]:
    """Orders in the callback of a widget; usable as a context or as a decorator.

    An error that left the callback would end the page's run before anything is drawn. It is kept for `tell_trouble`,
    and the whole page runs.
    """
    try:
        yield
    except Exception as error:
        state.memory(Failed).sentence = state.told(error)
        st.rerun()


def tell_trouble() -> None:
    """What came of an order that failed, and a warning while something keeps runs from going on or being stored."""
    failed = state.memory(Failed)
    if failed.sentence:
        say_error(failed.sentence)
        failed.sentence = ""
    if trouble := state.engine().trouble:
        st.warning(plain(trouble), icon=":material/warning:")


def ask_for_code() -> bool:
    """Where the teacher says who they are, and whether they have; it holds until the browser's tab is closed."""
    code = st.text_input(
        "Teacher's code", type="password", key="teacher.typed", persist_state="session", autocomplete="off",
        help="From the server's environment, or from its console at the start.",
    )  # fmt: skip
    if code != state.carried().teachers_code:
        state.carried().teachers_code = code
        st.rerun()  # the whole page: its buttons may be pressed now
    known = visitors.is_teacher(code)
    if known:
        st.caption("You may pause, stop, rename and delete every run.")
    elif code:
        say_error("That is not the code.")
    return known
