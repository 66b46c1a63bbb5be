"""A class at one server: all open Sketch, go to Train, press Start and watch; some draw, some leave.

Prints what was measured, and ends with status 1 where a figure is not good enough. Every loop is bounded in time and
count, and nothing but a server that it starts itself, on this machine, is asked.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from pairdigits.config import RunConfig
from pairdigits.runs.store import Store
from tests.browser.server import ROOT, serve
from tests.load import browsers
from tests.load.figures import Figure, Meter, seconds
from tests.load.visitor import Visitor

ASKED = {"click": 1.0, "first point": 1.5, "drawing": 0.15, "pen": 0.06, "workers' share": 0.7, "growth": 100e6}


async def visit(options: argparse.Namespace, address: str, server: int, store: Store) -> list[Figure]:
    """The whole class, from coming to going; what was measured."""
    meter = Meter(server)
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(Visitor(address)) for _ in range(options.visitors)]
        opened = await asyncio.gather(*(visitor.go("") for visitor in visitors))
        settings = dict(epochs=options.epochs, train_pairs=options.pairs, validation_pairs=options.pairs // 5)
        third = options.visitors // 3
        turned = await asyncio.gather(
            *(
                visitor.go("train", **settings, init_seed=0 if place < third else place)  # a third asks for the same
                for place, visitor in enumerate(visitors)
            )
        )
        before = (*meter.spent(), time.process_time())
        memory = meter.memory[-1][1]
        began = time.monotonic()
        await asyncio.gather(*(visitor.click("Start") for visitor in visitors))
        arrived = sum(bool(visitor.runs) for visitor in visitors)

        watching = [asyncio.create_task(visitor.watch()) for visitor in visitors]
        painters = visitors[: options.painters]
        drawn = asyncio.gather(*(visitor.draw(options.seconds) for visitor in painters))
        for task in watching[len(watching) - options.visitors // 6 :]:  # these have seen enough
            task.cancel()
        shown = await browsers.press_start(address, options.browsers) if options.browsers else []
        among = await browsers.draw(address) if options.browsers else []
        await _rest(store, began + options.seconds)
        after = (*meter.spent(), time.process_time())  # while there was something to train
        verdicts = [taken for one in await drawn for taken in one]
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    await asyncio.sleep(options.settle)
    alone = await browsers.draw(address) if options.browsers else []  # whoever comes makes Streamlit forget who left
    await asyncio.sleep(3)
    meter.close()

    server_cpu, worker_cpu, own_cpu = (late - early for early, late in zip(before, after, strict=True))
    share = worker_cpu / (server_cpu + worker_cpu)
    grown = max(size for _, size in meter.memory) - memory
    left = statistics.median(size for _, size in meter.memory[-5:]) - memory
    runs = store.runs()
    lost = sum(max(0, run.epochs - len(store.records(run.id))) for run in runs)  # of what trains more have come since
    finished = [run for run in runs if run.status == "finished"]
    short = [
        run.id for run in finished if [r.epoch for r in store.records(run.id)] != [*range(1, run.config.epochs + 1)]
    ]
    first = [
        min(visitor.arrivals[run.id][1] for visitor in visitors if 1 in visitor.arrivals.get(run.id, {}))
        - run.started.timestamp()
        for run in runs
        if run.started and any(1 in visitor.arrivals.get(run.id, {}) for visitor in visitors)
    ]
    queued = [
        (run.started - run.created).total_seconds()
        for run in runs
        if run.started and run.config.init_seed >= browsers.SEED
    ]
    promised = {id: told for visitor in visitors for id, told in visitor.promises.items()}
    told = [(run.started.timestamp() - promised[run.id][0], promised[run.id][1])
            for run in runs if run.started and run.id in promised]  # fmt: skip
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    return [
        seconds("Sketch opened by all at once", opened),
        seconds("Train opened by all at once", turned),
        seconds("a click on Start, all at once", [s for v in visitors for s in v.seconds], ASKED["click"]),
        Figure("Starts that arrived", f"{arrived} of {len(visitors)}", arrived == len(visitors)),
        Figure("runs trained for them", f"{len(runs)}, {len(finished)} finished by the end"),
        seconds("first point of a run that has a worker", first, ASKED["first point"]),
        Figure("waited, of the seconds that were said", _ratios(told)),
        seconds("Start to the first point, in a real browser", shown),
        seconds("of these, until a worker was free", queued),
        seconds(f"a verdict while {len(painters)} draw", verdicts, ASKED["drawing"], 0.5),
        *(
            [
                seconds("from the pen's movement to other bars, alone", alone, ASKED["pen"], 0.5),
                seconds(f"the same while {len(painters)} draw", among, ASKED["drawing"], 0.5),
            ]
            if options.browsers
            else []
        ),
        Figure("the workers' share of the processor time",
               f"{share:.0%}: {worker_cpu:.0f} s, the server {server_cpu:.0f} s; beside them on these cores the "
               f"visitors {own_cpu:.0f} s and the browsers", share >= ASKED["workers' share"]),
        Figure("the server's memory", f"+{grown / 1e6:.0f} MB at most, +{left / 1e6:.0f} MB after all have left",
               grown < ASKED["growth"]),
        Figure("epochs lost", f"{lost}; runs with gaps: {short or 'none'}", not lost and not short),
        Figure("error boxes", "; ".join(dict.fromkeys(troubles)) or "none", not troubles),
    ]  # fmt: skip


def _ratios(waits: list[tuple[float, float]]) -> str:
    """How many times longer than they were told visitors waited."""
    found = sorted(waited / said for waited, said in waits)
    if not found:
        return "nobody was told"
    return f"{found[0]:.2f} to {found[-1]:.2f} times, median {statistics.median(found):.2f} (n = {len(found)})"


async def _rest(store: Store, until: float) -> None:
    """Wait until every run rests, or the time is over."""
    while time.monotonic() < until and any(run.status in ("queued", "running") for run in store.runs()):
        await asyncio.sleep(1)


def main() -> int:
    """Start a server, let the class in, print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description="A class of visitors at one server.")
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--painters", type=int, default=10, help="visitors who draw (default: 10)")
    parser.add_argument("--browsers", type=int, default=3, help="real browsers among them (default: 3)")
    parser.add_argument("--seconds", type=float, default=120, help="how long the class stays (default: 120)")
    suggested = RunConfig()  # what whoever only presses Start trains
    parser.add_argument("--epochs", type=int, default=suggested.epochs, help="of each run (default: the page's)")
    pairs = "training pairs of each run (default: the page's)"
    parser.add_argument("--pairs", type=int, default=suggested.train_pairs, help=pairs)
    parser.add_argument("--settle", type=float, default=130,
                        help="seconds after they left, until memory is read again (default: 130, as Streamlit "
                        "remembers for two minutes who might come back)")  # fmt: skip
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default: 2)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server ends with us
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "runs.db"
        environment = {"PAIRDIGITS_DATABASE": str(database), "PAIRDIGITS_WORKERS": str(options.workers)}
        with serve(ROOT / "dashboard" / "app.py", environment) as address:
            server = next(
                process.pid for process in psutil.Process().children() if "streamlit" in " ".join(process.cmdline())
            )
            figures = asyncio.run(visit(options, address, server, Store(database)))
    print(f"{options.visitors} visitors, {psutil.cpu_count()} cores, {options.workers} workers")
    print(*figures, sep="\n")
    return int(any(figure.good is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
