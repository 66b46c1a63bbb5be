"""Dask workers to train on: processes of this machine, or an existing cluster."""

from __future__ import annotations

import logging
import os
import signal
import threading
import uuid
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

import dask.config
from dask.system import CPU_COUNT
from distributed import CancelledError, Client, Future, KilledWorker, LocalCluster, Status, as_completed
from distributed.comm.addressing import get_address_host_port

from pairdigits.config import RunConfig
from pairdigits.records import Completed, EpochRecord, Outcome
from pairdigits.runs.worker import Result, Task, WarmUp, train

SCHEDULER = "PAIRDIGITS_SCHEDULER"  # environment variable: the address of an existing cluster's scheduler
WORKERS = "PAIRDIGITS_WORKERS"  # environment variable: how many worker processes to start on this machine
NICENESS = 10  # of this machine's workers: pages answer first
TIMEOUT = 3  # s, for an existing scheduler to answer
ATTEMPTS = 3  # of a run whose worker process dies before it has got any further
THREADS = 8  # of a worker: runs that are trained slowly share it, an epoch each in turn
LOST = (KilledWorker, CancelledError, TimeoutError)  # what a task whose worker has died ends in
SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,  # attempts are counted here
    "distributed.admin.low-level-log-length": 1,  # messages that the scheduler keeps; snapshots are among ours
    # A worker that takes longer to come back is given up for good: 15 s, the default, is too short on a busy machine.
    "distributed.deploy.lost-worker-timeout": "1 hour",
    # Clockwork that nobody looks at: at Dask's pace it costs the server 3% of a core while nothing trains, so 1%.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.profile.enabled": False,
    # One thread a run. Dask's default MALLOC_TRIM_THRESHOLD_ is left out: it costs torch 40% of its speed.
    "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1},
}


class EngineError(ValueError):
    """A cluster that cannot be used, or a request that makes no sense; the message is one sentence for the user."""


class Cluster:
    """Workers, started or connected to when they are first needed; usable from any thread and as a context manager.

    Parameters
    ----------
    workers
        Number of worker processes on this machine, by default what the environment variable ``PAIRDIGITS_WORKERS``
        says, or its cores. They end with this process, killed or not.
    scheduler
        Address of an existing Dask cluster, such as ``"tcp://host:8786"``, to use instead; by default what the
        environment variable ``PAIRDIGITS_SCHEDULER`` says. PairDigits must be installed wherever it runs.

    Notes
    -----
    Worker processes are spawned, which imports the main script again: guard it by ``if __name__ == "__main__":``.
    """

    def __init__(self, workers: int | None = None, scheduler: str | None = None):
        self._workers = _count(workers if workers is not None else os.environ.get(WORKERS))
        self._scheduler = scheduler or os.environ.get(SCHEDULER) or None
        self._client: Client | None = None
        self._lock = threading.Lock()

    def client(self) -> Client:
        """The connected client.

        Raises
        ------
        EngineError
            If the cluster cannot be had.
        """
        with self._lock:
            if self._client is not None and self._client.status != "running":
                self._leave()
            if self._client is None:
                self._client = _connect(self._workers, self._scheduler)
            return self._client

    def slots(self) -> int:
        """How many runs train at once, one a worker; at least 1, which waits for a worker where there is none."""
        return max(1, len(self.workers()))

    def workers(self) -> dict[str, int]:
        """The connected workers: address -> how many tasks each takes at once."""
        client = self.client()
        if isinstance(client.cluster, LocalCluster):
            loop: Any = client.loop
            loop.add_callback(_replace_workers, client.cluster)
        try:
            threads: Any = client.nthreads()  # Dask says a coroutine: this client is none of asyncio's
        except OSError as error:  # it has gone, though the client still hopes to reach it again
            raise _silent(self._scheduler) from error
        return dict(threads)

    def submit(self, task: Task, priority: int = 0, worker: str | None = None) -> Future[Result]:
        """Have a worker `train` this, the named one if it still lives."""
        key, elsewhere = f"pairdigits-{uuid.uuid4().hex}", worker is not None
        return self.client().submit(
            train, task, key=key, priority=priority, pure=False, workers=worker, allow_other_workers=elsewhere
        )

    def completed(self, configs: Iterable[RunConfig], all_pairs: bool = True) -> Iterator[Completed]:
        """Train all of these and yield each as it finishes, in any order.

        Configs are taken as workers come free. Closing the iterator, or an interrupt, stops what still runs. Runs of an
        engine on the same cluster go first.

        Parameters
        ----------
        configs
            What to train; may be a generator of thousands.
        all_pairs
            As in `Training.outcome`.

        Raises
        ------
        EngineError
            If the cluster cannot be had, a run fails, or its worker process dies again and again.
        """
        waiting = ((config, 1) for config in configs)
        flying: dict[Future[Result], tuple[RunConfig, int]] = {}
        landed = as_completed(loop=self.client().loop)

        def launch(config: RunConfig, attempt: int) -> None:
            future = self.submit(Task(config.to_json(), all_pairs=all_pairs), priority=-1)
            flying[future] = config, attempt
            landed.add(future)

        try:
            while True:
                for _ in range(self.slots() - len(flying)):
                    if upcoming := next(waiting, None):
                        launch(*upcoming)
                if not flying:
                    return
                future = next(landed)
                config, attempt = flying.pop(future)
                try:
                    result = future.result()
                except LOST as error:
                    if attempt == ATTEMPTS:
                        died = f"The worker process died {ATTEMPTS} times with {config.describe()}."
                        raise EngineError(died) from error
                    launch(config, attempt + 1)
                except Exception as error:
                    raise EngineError(f"{config.describe()} failed: {sentence(error)}") from error
                else:
                    yield _completed(config, result)
        finally:
            self.client().cancel(list(flying))

    def close(self) -> None:
        """End the workers that were started here, or leave the cluster that was connected to."""
        with self._lock:
            self._leave()

    def _leave(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            client.close(TIMEOUT)
            if client.cluster is not None:
                client.cluster.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _completed(config: RunConfig, result: Result) -> Completed:
    if result.outcome is None or result.model is None:  # nobody asked it to halt
        raise EngineError(f"{config.describe()} was halted before its end.")
    records = [EpochRecord.from_dict(record) for record in result.records]
    return Completed(config, Outcome.from_dict(result.outcome), records, result.model)


def sentence(error: BaseException) -> str:
    """An exception in one sentence; the type only where the message may not make sense alone."""
    text = (str(error).strip().splitlines() or [""])[0].rstrip(".")
    return f"{text}." if isinstance(error, ValueError) and text else f"{type(error).__name__}: {text}."


def _count(workers: int | str | None) -> int | None:
    if workers is not None and not (str(workers).isdecimal() and int(workers) > 0):
        raise EngineError(f"The number of workers is {workers}: give a whole number of at least 1.")
    return None if workers is None else int(workers)


def _connect(workers: int | None, scheduler: str | None) -> Client:
    if scheduler is None:
        dask.config.set(SETTINGS)  # not only in here: some are looked at when a worker dies
        with _interrupts_blocked():
            cluster = LocalCluster(
                n_workers=workers or CPU_COUNT,
                threads_per_worker=THREADS,
                dashboard_address="127.0.0.1:0",  # any free port: Dask's own 8787 may be taken
                scheduler_kwargs={"dashboard": False},
                memory_limit=0,
                silence_logs=logging.CRITICAL,  # failures are told by those who asked for the run
            )
            client = Client(cluster, set_as_default=False)
    else:
        try:
            get_address_host_port(scheduler)  # what is no address a client would hold on to, and complain at the end
            client = Client(scheduler, timeout=TIMEOUT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise _silent(scheduler) from error
    try:
        client.register_plugin(WarmUp(NICENESS if scheduler is None else 0))
    except Exception as error:  # whatever importing PairDigits raises there
        client.close()
        raise EngineError(f"The workers at {scheduler!r} cannot run PairDigits: {sentence(error)}") from error
    return client


def _silent(scheduler: str | None) -> EngineError:
    return EngineError(f"No Dask scheduler answers at {scheduler or 'this machine'!r}.")


def _replace_workers(cluster: LocalCluster) -> None:
    """Start others for those that died while they started: their nannies give up then. On the cluster's event loop."""
    for name, nanny in list(cluster.workers.items()):
        if nanny.status in (Status.closed, Status.failed):
            del cluster.workers[name]
    cluster.scale(len(cluster.worker_spec))


@contextmanager
def _interrupts_blocked() -> Generator[None]:
    """Ctrl-C in a terminal reaches every process there; those started within do not hear it, as ours ends them."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover: Windows
        yield
        return
    resource_tracker.ensure_running()  # started later, by the first process, it would unblock them again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited by threads and processes
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
