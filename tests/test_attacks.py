"""What the internet throws at an endpoint, by the threats of design/threats.md (T1-T18)."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

from govkg.build import current
from govkg.server import worker
from govkg.server.ipc import Job, Outcome
from govkg.server.limits import MEBIBYTE, Refused, Settings
from govkg.server.precheck import check
from govkg.server.service import Service
from govkg.store import Dataset, Store
from server_harness import listening, point, serving, write_build

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="workers have limits on Linux only; see docs/how-to/endpoint.md"
)
ATTACKS = Path(__file__).parent / "attacks"
CSV = {"Accept": "text/csv"}
LIMITS = ("--memory", "64MiB", "--answer", "64KiB", "--burst", "1e9")
CANARY = "canary-3f1c"


def cases(threat: str) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in sorted(ATTACKS.glob(f"{threat}-*.rq"))]


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with serving(home, "--timeout", "2", "--workers", "2", *LIMITS) as found:
        yield found


@pytest.fixture(scope="module")
def patient(home: Path) -> Iterator[httpx.Client]:
    """A server on which memory ends before time does."""
    with serving(home, "--timeout", "60", "--workers", "2", *LIMITS) as found:
        yield found


@pytest.fixture(scope="module")
def roomy(home: Path) -> Iterator[httpx.Client]:
    """A server whose answers may be as large as they are by default."""
    with serving(home, "--workers", "2", "--burst", "1e9") as found:
        yield found


def ask(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv,text/turtle"})


def check_alive(client: httpx.Client) -> None:
    response = ask(client, "ASK {}")
    assert response.text == "true", (response.status_code, response.text)


def attack(client: httpx.Client, path: Path, **places: object) -> httpx.Response:
    first, _, query = path.read_text(encoding="utf-8").partition("\n")
    for name, value in places.items():
        query = query.replace(f"{{{name}}}", str(value))
    response = ask(client, query)
    assert response.status_code == int(first.removeprefix("# expect: ")), response.text
    check_alive(client)
    return response


def test_every_attack_is_run() -> None:
    threats = ("t01", "t02", "t03", "t05", "t06", "t07")
    collected = sum(len(cases(threat)) for threat in threats)
    assert collected == len(list(ATTACKS.iterdir())) > 0


@pytest.mark.parametrize("path", cases("t01"))
def test_t01_service_reaches_no_host(client: httpx.Client, path: Path) -> None:
    with listening() as (host, hits):
        attack(client, path, host=host)
    assert hits == []


def test_t01_a_worker_reaches_no_host_even_unchecked(home: Path) -> None:
    query = "SELECT * {{ SERVICE <http://{}/> {{ ?s ?p ?o }} }}"
    with listening() as (host, hits):
        with pytest.raises(Exception):  # noqa: B017, PT011 - proves that the listener counts
            current(home).open_store().answer(
                query.format(host), "text/csv", io.BytesIO(), Dataset()
            )
        assert len(hits) > 0
        hits.clear()
        words = [str(current(home).directory / "store"), str(2**30), str(2**29), "65536", "5"]
        done = subprocess.run(
            [sys.executable, "-m", "govkg.server.worker", *words],
            input=Job(query.format(host), "text/csv").encode(),
            capture_output=True,
            check=True,
        )
        assert hits == []
    assert done.stdout.startswith(b"r")
    assert done.stdout[9:10] == b"f"


@pytest.mark.parametrize("path", cases("t02"))
def test_t02_no_file_is_read(client: httpx.Client, path: Path, tmp_path: Path) -> None:
    canary = tmp_path / "canary.ttl"
    canary.write_text(f'<http://e/s> <http://e/p> "{CANARY}" .', encoding="utf-8")
    assert CANARY not in attack(client, path, canary=canary).text


@pytest.mark.parametrize("path", cases("t03"))
def test_t03_no_update(client: httpx.Client, path: Path, tmp_path: Path) -> None:
    before = ask(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text
    attack(client, path, canary=tmp_path / "x", host="127.0.0.1:9")
    assert ask(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text == before


SHAPES = {
    "parentheses": lambda n: f"ASK {{ FILTER({'(' * n}1{')' * n}) }}",
    "groups": lambda n: f"ASK {'{' * n}{'}' * n}",
    "blank nodes": lambda n: f"ASK {{ ?s ?p {'[ ?p ' * n} 1 {']' * n} }}",
    "lists": lambda n: f"ASK {{ ?s ?p {'(' * n} 1 {')' * n} }}",
    "not": lambda n: f"ASK {{ FILTER({'!' * n}true) }}",
    "minus signs": lambda n: f"ASK {{ FILTER({'- ' * n}1 < 2) }}",
    "optionals": lambda n: f"ASK {{ {'OPTIONAL { ' * n}{'} ' * n} }}",
    "paths": lambda n: f"ASK {{ ?s {'(' * n}<http://e/p>{')*' * n} ?o }}",
    "sums": lambda n: f"ASK {{ FILTER(1{'+1' * n} > 0) }}",
}


@pytest.mark.parametrize("size", [100, 1_000, 10_000, 100_000])
@pytest.mark.parametrize("shape", SHAPES)
def test_t04_depth_kills_nothing(client: httpx.Client, shape: str, size: int) -> None:
    response = ask(client, SHAPES[shape](size))
    assert response.status_code in {200, 400, 413, 503, 504}
    if size == 100_000:
        assert response.status_code in {400, 413}
    check_alive(client)


def test_t04_unclosed_depth_hidden_in_an_iri(client: httpx.Client) -> None:
    assert ask(client, f"ASK {{ FILTER(1<{'(' * 30_000}>").status_code == 400
    check_alive(client)


@pytest.mark.parametrize("path", cases("t05"))
def test_t05_endless_query_ends(client: httpx.Client, path: Path) -> None:
    response = attack(client, path)
    assert response.status_code == 400 or "LIMIT" in response.text


def test_t05_others_are_answered_while_two_bombs_run(patient: httpx.Client) -> None:
    """One bomb is ended for the others' sake; while the other runs, they are answered."""
    bomb = (ATTACKS / "t05-nested-scans.rq").read_text(encoding="utf-8")
    found: list[int] = []

    def run() -> None:
        with httpx.Client(base_url=patient.base_url, timeout=30, trust_env=False) as other:
            found.append(ask(other, bomb).status_code)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    while all(thread.is_alive() for thread in threads):
        time.sleep(0.01)
    for _ in range(5):
        check_alive(patient)
    assert any(thread.is_alive() for thread in threads)
    for child in psutil.Process(int(patient.headers["x-pid"])).children():
        child.kill()  # lest it runs for a minute
    for thread in threads:
        thread.join()
    assert found == [503, 503]
    # The idle worker was killed, too: one query finds it dead.
    assert 200 in [ask(patient, "ASK {}").status_code for _ in range(4)]
    check_alive(patient)


def test_t05_one_worker_is_left_to_short_queries(home: Path) -> None:
    bomb = Job((ATTACKS / "t05-nested-scans.rq").read_text(encoding="utf-8"), "text/csv")

    async def both() -> list[int]:
        service = Service(home, Settings(workers=2, timeout=4, long=0.5))
        await service.start()
        asked = [asyncio.create_task(service.answer(who, bomb)) for who in "ab"]
        _, running = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert len(running) == 1
        # All threads of one worker: the query does not run on the first.
        slow = []
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):  # it has just ended
                nice = [os.getpriority(os.PRIO_PROCESS, one.id) for one in child.threads()]
                slow.append(set(nice) == {19})
        assert slow.count(True) == 1
        refused = await asyncio.gather(*asked, return_exceptions=True)
        await service.end()
        return [one.status for one in refused if isinstance(one, Refused)]

    assert sorted(asyncio.run(both())) == [503, 504]


@pytest.mark.parametrize("path", cases("t06"))
def test_t06_memory_of_the_front_stays_flat(patient: httpx.Client, path: Path) -> None:
    front = psutil.Process(int(patient.headers["x-pid"]))
    attack(patient, path)
    before = front.memory_info().rss
    for _ in range(2):
        attack(patient, path)
    assert front.memory_info().rss - before < 20 * MEBIBYTE


@pytest.mark.parametrize("path", cases("t07"))
def test_t07_huge_answers_are_refused_whole(client: httpx.Client, path: Path) -> None:
    assert "LIMIT" in attack(client, path).text


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_t07_one_byte_more_than_the_cap(client: httpx.Client, more: int, status: int) -> None:
    # "xy\r\n", then two rows of 32,764 letters and "\r\n": 64 KiB to the byte.
    query = f"""SELECT (CONCAT(?half, ?half, ?more) AS ?xy) {{
      BIND("{"a" * 16382}" AS ?half) VALUES (?row ?more) {{ (1 "") (2 "{"a" * more}") }} }}"""
    response = ask(client, query)
    assert response.status_code == status
    assert more or len(response.content) == 64 * 1024


def test_t13_no_label_begins_as_a_formula(client: httpx.Client) -> None:
    query = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    ASK { ?s rdfs:label ?l . FILTER(REGEX(STR(?l), "^[=+@-]")) }"""
    assert ask(client, query).text == "false"


@pytest.mark.parametrize(
    "name", ["../MANIFEST.json", "%2e%2e%2fMANIFEST.json", "MANIFEST.json", "a%00b", "x" * 300]
)
def test_t14_names_lead_nowhere(client: httpx.Client, name: str) -> None:
    assert client.get(f"/dumps/{name}").status_code == 404
    assert client.get(f"/api/networks/{name}").status_code in {400, 404}
    assert client.get(f"/api/queries/{name}.rq").status_code in {400, 404}


def refuses(home: Path) -> str:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "govkg",
            "serve",
            "--build",
            str(home),
            "--port",
            "0",
            "--no-search",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 2, done.stderr
    return done.stderr


def test_t15_no_complete_build_no_start(tmp_path: Path) -> None:
    assert "govkg build" in refuses(tmp_path)
    made = write_build(tmp_path, "graph-a", "<http://e/s> <http://e/p> <http://e/o> .\n")
    (made / "MANIFEST.json").unlink()
    assert "govkg build" in refuses(tmp_path)


def test_t15_corrupt_store_no_start(tmp_path: Path) -> None:
    made = write_build(tmp_path, "graph-a", "<http://e/s> <http://e/p> <http://e/o> .\n")
    (made / "store" / "CURRENT").write_text("nonsense", encoding="utf-8")
    assert "govkg build" in refuses(tmp_path)


def test_t15_killed_workers_are_replaced(client: httpx.Client) -> None:
    for _ in range(3):
        for child in psutil.Process(int(client.headers["x-pid"])).children():
            child.kill()
        statuses = [ask(client, "ASK {}").status_code for _ in range(4)]
        assert set(statuses) <= {200, 503}
        assert statuses[-1] == 200


def test_t15_a_full_disk_stops_nothing(tmp_path: Path) -> None:
    """No process may write a byte to a file: neither those that run nor those that start."""
    write_build(tmp_path, "graph-a", "<http://e/s> <http://e/p> <http://e/o> .\n")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with serving(tmp_path, "--workers", "1") as client:
        front = psutil.Process(int(client.headers["x-pid"]))
        front.rlimit(psutil.RLIMIT_FSIZE, (0, 0))
        for child in front.children():
            child.kill()
        for query in ("ASK {", "ASK {}", "SELECT * { ?s ?p ?o }"):
            assert ask(client, query).status_code in {200, 400, 503}
        check_alive(client)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_t16_every_answer_over_http_is_of_one_build(tmp_path: Path) -> None:
    both = '<http://e/{{}}> <http://e/in> "{0}" .\n'
    for name in "ab":
        pair = both.format(name)
        write_build(tmp_path, f"graph-{name}", pair.format("x") + pair.format("y"))
    query = "SELECT ?x ?y { <http://e/x> <http://e/in> ?x . <http://e/y> <http://e/in> ?y }"
    seen: dict[str, set[str]] = {}
    with serving(tmp_path, "--workers", "1", "--burst", "1e9") as client:
        last = ask(client, query).headers["etag"]
        for turn in range(20):
            point(tmp_path, f"graph-{'ab'[turn % 2]}")
            tag = last
            while tag == last:
                answer = ask(client, query)
                assert answer.status_code == 200, answer.text
                tag = answer.headers["etag"]
                seen.setdefault(tag, set()).add(answer.text)
            last = tag
    assert sorted(seen.values(), key=min) == [{"x,y\r\na,a\r\n"}, {"x,y\r\nb,b\r\n"}]


def test_t16_every_answer_is_of_one_build(tmp_path: Path) -> None:
    for name in "ab":
        both = f'<http://e/{{}}> <http://e/in> "{name}" .\n'
        write_build(tmp_path, f"graph-{name}", both.format("x") + both.format("y"))
    asyncio.run(swaps(tmp_path))


async def swaps(home: Path) -> None:
    service = Service(home, Settings(workers=1, burst=1e9))
    await service.start()
    query = "SELECT ?x ?y { <http://e/x> <http://e/in> ?x . <http://e/y> <http://e/in> ?y }"
    request, seen, done = Job(query, "text/csv"), set(), False

    async def read() -> None:
        while not done:
            seen.add((await service.answer("reader", request)).body)

    readers = [asyncio.create_task(read()) for _ in range(2)]
    for turn in range(20):
        point(home, f"graph-{'ab'[turn % 2]}")
        await service.renew()
    done = True
    await asyncio.gather(*readers)
    await service.end()
    assert seen == {b"x,y\r\na,a\r\n", b"x,y\r\nb,b\r\n"}


def test_t17_no_number_in_full_width_digits(client: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(isLiteral(?o) && {}) }}"
    wide = 'REGEX(STR(?o), "[０-９]") && DATATYPE(?o) != xsd:string && LANG(?o) = ""'
    prefix = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    assert ask(client, prefix + count.format(wide)).text.split() == ["n", "0"]
    assert ask(client, 'SELECT ("２０２４" AS ?x) {}').content.decode().split() == ["x", "２０２４"]


@pytest.mark.parametrize("value", ["> ?p ?o . #", '" } #', "event:x> } DROP ALL #", "\\u003e"])
def test_t18_parameters_are_data(roomy: httpx.Client, value: str) -> None:
    """What is no name is looked up as data: refused or not found, never part of a query."""
    for path, name in [("/api/evidence", "statement"), ("/api/entity", "iri")]:
        response = roomy.get(path, params={name: value})
        assert response.status_code in {400, 404}, response.text
    response = roomy.get("/api/queries/cq23", params={"territory": value})
    assert response.status_code in {200, 400}


def test_budget_is_by_client(home: Path) -> None:
    with serving(home, "--timeout", "1", "--workers", "1", "--burst", "0.5") as client:
        bomb = (ATTACKS / "t05-nested-scans.rq").read_text(encoding="utf-8")
        assert ask(client, bomb).status_code == 504
        refused = ask(client, "ASK {}")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 1


def test_the_word_alone_is_no_attack(client: httpx.Client) -> None:
    query = "# SERVICE\nASK { FILTER(STR(<http://e/SERVICE>) != 'SERVICE { }') }"
    assert check(query).form == "ASK"
    assert ask(client, query).text == "true"


@pytest.mark.parametrize("word", ["PREFIX", "BASE", "FROM", "SERVICE", "NOW", "+", "<", "'''"])
def test_t05_the_check_takes_no_time_itself(word: str) -> None:
    """The front checks each text in time linear in its length: this took 16 s once."""
    began = time.process_time()
    for query in (word + " " * 60_000 + "x", f"{word} " * (60_000 // (len(word) + 1))):
        with contextlib.suppress(Refused):
            check(query)
    assert time.process_time() - began < 5


def test_a_worker_says_what_is_wrong_with_a_query() -> None:
    outcome, text = worker.answer(Store(), Job("ASK {", "text/csv"), 100)
    assert outcome is Outcome.SYNTAX
    assert b"line 1, column 6" in text
