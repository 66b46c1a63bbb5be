"""What is cached for everybody and what one visitor carries from page to page.

Nothing here imports torch before it is asked for: a page shows its first text long before torch is loaded. Visitors
share what comes from a cache, so they only ever read it: never train a model that comes from `model`.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from dashboard.shared import server_wide
from dashboard.shared.plain import say_error
from pairdigits.choices import PRESETS
from pairdigits.folders import CHECKPOINTS

if TYPE_CHECKING:
    from pairdigits.checkpoints import Checkpoint
    from pairdigits.data import MNIST
    from pairdigits.runs.engine import Engine
    from pairdigits.runs.store import Store

VISITOR = "pairdigits_visitor"  # the cookie that tells one browser from another; scripts cannot read it
MODELS = {name: PRESETS[name].models for name in ("best", "report")}  # trained models by preset, the better first

_log = logging.getLogger(__name__)
_frozen = 0  # modules, when imports were last frozen


def store() -> Store:
    """The database of runs, one for all visitors.

    Raises
    ------
    StoreError
        If it cannot be opened.
    """
    from pairdigits.runs.store import Store

    return server_wide.once("store", Store)


def engine() -> Engine:
    """The workers that train, one set for all visitors; the first call begins to start them and does not wait."""

    def begin() -> Engine:
        from pairdigits.runs.engine import Engine

        engine = Engine(store())
        engine.warm_up()
        return engine

    return server_wide.once("engine", begin)


def visitor() -> str:
    """Whose runs a visitor starts, see `pairdigits.runs.visitors`; "" where the browser keeps no cookies."""
    from pairdigits.runs.visitors import identity

    token: Any = st.context.cookies.get(VISITOR, "")
    return identity(token) if type(token) is str else ""  # AppTest has no browser, and a mock for its cookies


T = TypeVar("T")


def chosen(value: T | None) -> T:
    """The value of a widget that is `required`; Streamlit's types let it be None all the same.

    Raises
    ------
    ValueError
        If it is.
    """
    if value is None:
        raise ValueError("Nothing is chosen: choose again.")
    return value


@cache
def model(preset: str, variant: str) -> Checkpoint:
    """A committed model, loaded once.

    Parameters
    ----------
    preset : str
        A key of `MODELS`.
    variant : str
        A key of ``pairdigits.models.VARIANTS``.

    Raises
    ------
    CheckpointError
        If the file is missing, damaged or foreign.
    """
    from pairdigits import checkpoints
    from pairdigits.models import VARIANTS

    paths = {name: CHECKPOINTS / preset / f"{name}.safetensors" for name in VARIANTS}
    if not paths[variant].exists():
        missing = ", ".join(name for name, path in paths.items() if not path.exists())
        raise checkpoints.CheckpointError(
            f"Some models of the preset “{preset}” ({missing}) have not been trained here yet: "
            "run python -m pairdigits report."
        )
    return checkpoints.load(paths[variant])


@st.cache_resource(show_spinner="Loading MNIST…")
def mnist() -> MNIST:
    """MNIST as it ships with the package."""
    from pairdigits.data import load_mnist

    return load_mnist()


def freeze_imports() -> None:
    """`spare_imports` at the end of a page's run."""
    if spare_imports():
        # Streamlit notices here if the visitor has left meanwhile. Without it, the end of this run would throw away the
        # fragments of the page that he went to, and that page would be deaf to every click.
        st.session_state["frozen"] = True


def spare_imports() -> bool:
    """Spare what imports made from garbage collection; whether there was enough of it.

    With torch, pandas and plotly loaded a collection takes a tenth of a second, in which nothing reaches any browser.
    """
    global _frozen
    if len(sys.modules) < _frozen + 50:  # a handful is not worth a collection
        return False
    _frozen = len(sys.modules)
    gc.collect()
    gc.freeze()
    return True


@dataclass
class Carried:
    """What a visitor takes from one page to another."""

    own_pair: str = ""  # a packed pair of images, drawn on the Sketch page or on Train, which the next runs are asked
    head_numbers: list[float] | None = None  # of the last layer that was set by hand
    teachers_code: str = ""  # as it was typed, right or wrong


def carried() -> Carried:
    """What the visitor whose page runs has taken along."""
    return memory(Carried)


def memory(kind: type[T]) -> T:
    """What is remembered of the visitor whose page runs: a dataclass of the page, made when it is first asked for."""
    return st.session_state.setdefault(f"{kind.__module__}.{kind.__name__}", kind())


@contextmanager
def error_boundary() -> Generator[None]:
    """Show an error as one sentence instead of a traceback; usable as a context or as a decorator."""
    try:
        yield
    except Exception as error:
        say_error(told(error))


def told(error: Exception) -> str:
    """The sentence about an error that a visitor reads; the log gets the traceback.

    A ``ValueError`` carries its own (every error that the core expects is one). Anything else is our fault, and the
    visitor gets an apology.
    """
    if isinstance(error, ValueError):
        _log.info("Shown to a visitor: %s", error, exc_info=error)
        return str(error)
    _log.error("Unexpected error on a page", exc_info=error)
    return (
        "Something went wrong here, and it is not your doing. Nothing that you made is lost: "
        "try again, or go to another page and come back. The server's log has the details."
    )


F = TypeVar("F", bound=Callable[..., Any])


def fragment(part: F, key: str | None = None) -> F:
    """A part of a page that is drawn anew alone, as `st.fragment`, with an error boundary of its own.

    When it runs again alone, it runs outside the page's.
    """
    return st.fragment(error_boundary()(part), key=key)
