"""Load on `govkg serve` on loopback, and the plain `oxigraph` server beside it.

- `python benchmarks/serve.py load BUILD [SECONDS]`: one cheap query a second from each of 200
  clients, and two bombs at a time.
- `python benchmarks/serve.py compare BUILD`: the engine in this process and both servers asked the
  same queries, in turns, by one client; then both servers by eight.
- `python benchmarks/serve.py bombs BUILD`: 100 memory bombs, and what the front takes.

Without words: all three, on a document build of its own.

All runs on one machine: ratios count, not times.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from govkg import queries
from govkg.build import build, current
from govkg.store import Dataset, Store
from server_harness import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CHEAP = "SELECT ?l { <https://w3id.org/govkg/ontology#StreetOffice> ?p ?l } ORDER BY ?l"
ATTACKS = Path(__file__).parents[1] / "tests/attacks"
BOMB = (ATTACKS / "t05-nested-scans.rq").read_text("utf-8")
CLIENTS = 8
TURNS, ROUNDS = 15, 5
SLOW = 0.05  # seconds; what takes less is a look-up
CSV = {"Accept": "text/csv"}


async def cheap(
    url: str, number: int, until: float, right: bytes, seen: list[tuple[int, float]]
) -> None:
    """Ask once a second from an address of one's own; note status (0: wrong answer) and time."""
    transport = httpx.AsyncHTTPTransport(local_address=f"127.0.1.{number + 1}")
    async with httpx.AsyncClient(transport=transport, timeout=60, headers=CSV) as client:
        await asyncio.sleep(number / 200)
        while (began := time.perf_counter()) < until:
            answer = await client.get(url, params={"query": CHEAP})
            took = time.perf_counter() - began
            fine = answer.status_code != 200 or answer.content == right
            seen.append((answer.status_code if fine else 0, took))
            await asyncio.sleep(max(0, 1 - took))


async def bombs(url: str, number: int, until: float, seen: list[int]) -> None:
    """Send one bomb after the other, each from a new address, as an attacker with many would."""
    turn = 0
    while time.perf_counter() < until:
        turn += 1
        transport = httpx.AsyncHTTPTransport(local_address=f"127.0.{number + 2}.{turn % 250 + 1}")
        async with httpx.AsyncClient(transport=transport, timeout=60) as client:
            seen.append((await client.get(url, params={"query": BOMB})).status_code)


async def lag(until: float, late: list[float]) -> None:
    """Note how late this process itself is, which it then takes for the server's time."""
    while (began := time.perf_counter()) < until:
        await asyncio.sleep(0.01)
        late.append(time.perf_counter() - began - 0.01)


async def attack(url: str, seconds: float, front: psutil.Process) -> None:
    """Run clients and bombs together and print what came of it."""
    right = httpx.get(url, params={"query": CHEAP}, headers=CSV).content
    until, before = time.perf_counter() + seconds, front.memory_info().rss
    answers: list[tuple[int, float]] = []
    blasts: list[int] = []
    tasks = [cheap(url, number, until, right, answers) for number in range(200)]
    late: list[float] = []
    await asyncio.gather(
        *tasks, lag(until, late), *(bombs(url, n, until, blasts) for n in range(2))
    )
    times = sorted(took for _, took in answers)
    p50, p99 = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.99))
    statuses = {s: [one for one, _ in answers].count(s) for s in {one for one, _ in answers}}
    print(f"cheap: {len(answers)} answers {statuses}, p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    print(
        f"of that this client, late itself: p99 {sorted(late)[len(late) * 99 // 100] * 1000:.0f} ms"
    )
    print(f"bombs: { ({s: blasts.count(s) for s in set(blasts)}) }")
    print(f"front: {before / 2**20:.0f} -> {front.memory_info().rss / 2**20:.0f} MiB")


def in_turns(ways: Sequence[Callable[[], object]], times: int) -> list[float]:
    """Give the median seconds of each way, all of them gone in turns, after a first untimed one."""
    took: list[list[float]] = [[] for _ in ways]
    for _ in range(times + 1):
        for way, mine in zip(ways, took, strict=True):
            began = time.perf_counter()
            way()
            mine.append(time.perf_counter() - began)
    return [statistics.median(mine[1:]) for mine in took]


def own(store: Store, query: str) -> None:
    """Ask the engine in this process."""
    store.answer(query, "text/csv", io.BytesIO(), Dataset())


def asking(client: httpx.Client, path: str, query: str) -> Callable[[], object]:
    """Ask a server."""
    return lambda: client.get(path, params={"query": query}, headers=CSV).raise_for_status()


def together(client: httpx.Client, path: str, asked: list[str]) -> None:
    """Ask all queries from each of several clients at once."""

    def work(number: int) -> None:
        with httpx.Client(base_url=client.base_url, timeout=120, headers=CSV) as mine:
            for query in asked[number:] + asked[:number]:
                mine.get(path, params={"query": query}).raise_for_status()

    with ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(work, range(CLIENTS)))


def blow_up(client: httpx.Client) -> None:
    """Send 100 memory bombs, one after the other; print statuses and the front's memory."""
    front = psutil.Process(int(client.headers["x-pid"]))
    paths = sorted(ATTACKS.glob("t06-*.rq"))
    statuses: list[int] = []
    for turn in range(100):
        query = paths[turn % len(paths)].read_text("utf-8")
        statuses.append(client.post("/sparql", data={"query": query}, headers=CSV).status_code)
        if turn % 20 == 19 or turn == 0:
            print(f"{turn + 1} bombs: front {front.memory_info().rss / 2**20:.1f} MiB")
    print({status: statuses.count(status) for status in set(statuses)})


@contextlib.contextmanager
def plain(build: Path) -> contextlib.AbstractContextManager[httpx.Client]:  # type: ignore[misc]
    """Run the `oxigraph` server on a build's store."""
    command = [Path(sys.executable).with_name("oxigraph"), "serve-read-only", "--location"]
    words = [str(build / "store"), "--bind", "127.0.0.1:7990", "--union-default-graph"]
    with subprocess.Popen([*map(str, command), *words], stderr=subprocess.DEVNULL) as process:
        time.sleep(2)
        with httpx.Client(base_url="http://127.0.0.1:7990", timeout=60) as client:
            yield client
        process.terminate()


class Times(NamedTuple):
    """Median seconds of a query: in this process, over HTTP from us, and from `oxigraph`."""

    name: str
    engine: float
    ours: float
    theirs: float


def compare(home: Path) -> None:
    """Print each query's times and their ratio, of one client and of several at once."""
    asked = {q.name: q.bind({}) for q in queries.catalog("competency").values()}
    asked |= {"lookup": CHEAP, "count": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    store = current(home).open_store()
    with (
        serving(home, "--timeout", "60", "--burst", "1e9") as ours,
        plain(current(home).directory) as theirs,
    ):
        rows = [
            Times(name, *in_turns([
                partial(own, store, query),
                asking(ours, "/sparql", query),
                asking(theirs, "/query", query),
            ], TURNS))
            for name, query in asked.items()
        ]  # fmt: skip
        quick = [asked[row.name] for row in rows if row.theirs <= SLOW]
        for title, chosen in (("quick", quick), ("all", list(asked.values()))):
            mine, other = in_turns(
                [
                    partial(together, ours, "/sparql", chosen),
                    partial(together, theirs, "/query", chosen),
                ],
                ROUNDS,
            )
            count = CLIENTS * len(chosen)
            print(
                f"{CLIENTS} clients, {title}: {count / mine:.0f} and {count / other:.0f} queries "
                f"a second, ratio of times {mine / other:.2f}"
            )
    report(rows)


def report(rows: list[Times]) -> None:
    """Print single times, sums, and what HTTP adds to the engine's own time."""
    print(f"{'':40} {'engine':>8} {'ours':>8} {'oxigraph':>8} ms")
    for row in sorted(rows, key=lambda row: -row.theirs):
        times = " ".join(f"{one * 1000:8.1f}" for one in row[1:])
        print(f"{row.name:40} {times}    {row.ours / row.theirs:5.2f}")
    slow = [row for row in rows if row.theirs > SLOW]
    quick = [row for row in rows if row.theirs <= SLOW]
    for title, chosen in (("over 50 ms", slow), ("quick", quick)):
        if chosen:
            ratios = [row.ours / row.theirs for row in chosen]
            added = [(row.ours - row.engine) * 1000 for row in chosen]
            print(
                f"{title}: {len(chosen)} queries, {sum(row.ours for row in chosen):.2f} s and "
                f"{sum(row.theirs for row in chosen):.2f} s, median ratio "
                f"{statistics.median(ratios):.2f}; over the engine's own time: median "
                f"{statistics.median(added):.1f} ms, at most {max(added):.1f} ms"
            )
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")


def bombard(where: Path) -> None:
    """Send memory bombs to small workers."""
    limits = ("--memory", "64MiB", "--timeout", "60", "--burst", "1e9")
    with serving(where, *limits) as client:
        blow_up(client)


def load(where: Path, seconds: float = 60.0) -> None:
    """Let clients and bombs come for so many seconds."""
    with serving(where, "--workers", "4") as client:
        process = psutil.Process(int(client.headers["x-pid"]))
        asyncio.run(attack(str(client.base_url).rstrip("/") + "/sparql", seconds, process))


def main() -> None:
    """Do what is named, or all of it on a build of its own."""
    steps = {"load": load, "compare": compare, "bombs": bombard}
    if sys.argv[1:]:
        steps[sys.argv[1]](Path(sys.argv[2]), *map(float, sys.argv[3:]))
        return
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        for step in steps.values():
            step(Path(folder))


if __name__ == "__main__":
    main()
