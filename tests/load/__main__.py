"""A class at one server: all open Sketch, go to Train, press Start and watch; some draw, some leave.

Prints what was measured, and ends with status 1 where a figure is not good enough. Every loop is bounded in time and
count, and nothing but a server that it starts itself, on this machine, is asked.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import psutil

from dashboard import preload
from pairdigits.config import RunConfig
from pairdigits.models import VARIANTS
from pairdigits.runs.store import Store
from tests.browser.server import ROOT, serve
from tests.load import browsers
from tests.load.figures import Figure, Meter, ratios, seconds
from tests.load.visitor import Visitor

SIAMESE = [name for name, variant in VARIANTS.items() if variant.siamese]
ROUGH = 10  # s: shorter waits are told to two seconds only
CLASS = 30  # visitors of whom it is asked that a click is answered at once
FORGETS = 30  # s that the server remembers who might come back
HONEST = 0.5, 2.0  # times the seconds that were said, for eight in ten
ASKED = {"click": 1.0, "first point": 1.5, "drawing": 0.15, "pen": 0.06, "workers' share": 0.7, "growth": 100e6}


async def visit(options: argparse.Namespace, address: str, server: int, store: Store) -> list[Figure]:
    """The whole class, from coming to going; what was measured."""
    meter = Meter(server)
    async with AsyncExitStack() as stack:
        await asyncio.sleep(preload.AFTER + 1)
        await meter.rest()  # what every page needs has been loaded
        teacher = await _first(address)
        await meter.rest()
        memory = meter.now()
        visitors = [await stack.enter_async_context(Visitor(address)) for _ in range(options.visitors)]
        opened = await asyncio.gather(*(visitor.go("") for visitor in visitors))
        turned = await asyncio.gather(
            *(visitor.go("train", **asked(options, place)) for place, visitor in enumerate(visitors))
        )
        before = (*meter.spent(), time.process_time())
        began = time.monotonic()
        await asyncio.gather(*(visitor.click("Start") for visitor in visitors))
        arrived = sum(bool(visitor.runs) for visitor in visitors)
        clicks = [taken for visitor in visitors for taken in visitor.seconds]

        watching = [
            asyncio.create_task(_train_on(visitor, options, place) if options.again else visitor.watch())
            for place, visitor in enumerate(visitors)
        ]
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
        ends = await asyncio.gather(*watching, return_exceptions=True)
    await asyncio.sleep(options.settle)
    left = meter.now() - memory
    alone = await browsers.draw(address) if options.browsers else []
    meter.close()

    server_cpu, worker_cpu, own_cpu = (late - early for early, late in zip(before, after, strict=True))
    share = worker_cpu / (server_cpu + worker_cpu)
    grown = max(size for _, size in meter.memory) - memory
    runs = [run for run in store.runs() if run.id not in teacher.runs]
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
    waits = [
        [(run.started.timestamp() - when) / said for when, said in promised[run.id] if said >= ROUGH]
        for run in runs
        if run.started and run.id in promised
    ]
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    troubles += [repr(end) for end in ends if isinstance(end, Exception)]
    return [
        seconds("Sketch opened by all at once", opened),
        seconds("Train opened by all at once", turned),
        seconds("a click on Start, all at once", clicks, ASKED["click"] if options.visitors <= CLASS else None),
        seconds("a click on Start later", [s for v in visitors for s in v.seconds[1:]]),
        Figure("Starts that arrived", f"{arrived} of {len(visitors)}", arrived == len(visitors)),
        Figure("runs trained for them", f"{len(runs)}, {len(finished)} finished by the end"),
        seconds("first point of a run that has a worker", first, ASKED["first point"]),
        ratios("waited, of the seconds said first", [told[0] for told in waits if told], *HONEST),
        ratios("waited, of the seconds said all the while", [ratio for told in waits for ratio in told], *HONEST),
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
        Figure("the server's memory",
               f"{memory / 1e6:.0f} MB after one visitor, {grown / 1e6:+.0f} MB at most, {left / 1e6:+.0f} MB when all "
               "have left", grown < ASKED["growth"]),
        Figure("epochs lost", f"{lost}; runs with gaps: {short or 'none'}", not lost and not short),
        Figure("error boxes", "; ".join(dict.fromkeys(troubles)) or "none", not troubles),
    ]  # fmt: skip


def asked(options: argparse.Namespace, place: int) -> dict[str, Any]:
    """Settings of a visitor: a third has the same, the others have models of their own, half of them half the pairs."""
    same = place < options.visitors // 3
    pairs = options.pairs // (1 if same else 1 + place % 2)
    variant = SIAMESE[0 if same else place % len(SIAMESE)]
    seed = 0 if same else place
    return dict(epochs=options.epochs, train_pairs=pairs, validation_pairs=pairs // 5, variant=variant, init_seed=seed)


async def _first(address: str) -> Visitor:
    """One visitor before all others, who does once what they will do."""
    async with Visitor(address) as visitor:
        await visitor.go("")
        await visitor.draw(2)
        await visitor.go("train", epochs=2, train_pairs=200, validation_pairs=40, init_seed=browsers.SEED - 1)
        await visitor.click("Start")
    return visitor


async def _train_on(visitor: Visitor, options: argparse.Namespace, place: int) -> None:
    """Watch a run until it rests, then train another from new first weights, until cancelled."""
    for again in itertools.count(1):
        await visitor.watch()
        settings = asked(options, place)
        await visitor.go("train", **settings | {"init_seed": 1000 * again + settings["init_seed"]})
        await visitor.click("Start")


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
    parser.add_argument("--seconds", type=float, default=90, help="how long the class stays (default: 90)")
    suggested = RunConfig()  # what whoever only presses Start trains
    parser.add_argument("--again", action="store_true", help="whoever has seen a run finish trains another")
    parser.add_argument("--epochs", type=int, default=suggested.epochs, help="of each run (default: the page's)")
    pairs = "training pairs of each run (default: the page's)"
    parser.add_argument("--pairs", type=int, default=suggested.train_pairs, help=pairs)
    parser.add_argument("--settle", type=float, default=60,
                        help="seconds after they left, until memory is read again (default: 60; the server forgets "
                        f"them after {FORGETS}, not after two minutes)")  # fmt: skip
    parser.add_argument("--workers", type=int, default=2, help="worker processes (default: 2)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server ends with us
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "runs.db"
        environment = {
            "PAIRDIGITS_DATABASE": str(database),
            "PAIRDIGITS_WORKERS": str(options.workers),
            "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(FORGETS),
        }
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
