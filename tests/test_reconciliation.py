"""The Reconciliation API 0.2 of `govkg serve`, by the rules of the specification and by a client.

The published schemas are not ours to copy: what they ask for is written here as assertions.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from govkg.server.reconciliation import QUERIES
from server_harness import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

RENGANG = {"query": "任港街道", "properties": [{"pid": "year", "v": 2018}]}


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with serving(home) as started:
        yield started


def ask(client: httpx.Client, query: dict[str, Any], path: str = "/reconcile") -> list[Any]:
    sent = {"queries": json.dumps({"q": query})}
    answer = client.post(path, data=sent)
    assert answer.status_code == 200, answer.text
    result: list[Any] = answer.json()["q"]["result"]
    for one in result:
        assert {"id", "name", "score"} <= set(one)
        assert isinstance(one["id"], str)
        assert isinstance(one["score"], (int, float))
        assert isinstance(one["match"], bool)
        assert all({"id", "name"} == set(kind) for kind in one["type"])
    return result


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/en", "/reconcile/zh"])
def test_the_manifest(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://example.org"})
    manifest = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "0.2" in manifest["versions"]
    assert all(manifest[key].startswith("https://") for key in ("identifierSpace", "schemaSpace"))
    assert isinstance(manifest["name"], str)
    here = f"{client.base_url}{path}"
    for part in (manifest["view"], manifest["preview"]):
        assert part["url"] == f"{here}/preview?id={{{{id}}}}"
    assert all(isinstance(manifest["preview"][size], int) for size in ("width", "height"))
    assert set(manifest["suggest"]) == {"entity", "property", "type"}
    for part in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        url = part["service_url"] + part["service_path"]
        assert url.startswith(here)
        assert client.get(url, params={"prefix": "x", "type": "town"}).status_code == 200
    ids = [kind["id"] for kind in manifest["defaultTypes"]]
    assert len(ids) == len(set(ids)) == 5


def test_a_query_by_get_and_by_post(client: httpx.Client) -> None:
    [found] = ask(client, RENGANG)
    assert (found["id"], found["name"]) == ("320602003000@2015", "任港街道")
    assert found["match"] is True
    assert found["type"] == [{"id": "street-area", "name": "street area"}]
    batch = {"a": RENGANG, "b": {"query": "没有这里"}}
    got = client.get("/reconcile", params={"queries": json.dumps(batch)}).json()
    assert got["a"]["result"] == [found]
    assert got["b"]["result"] == []
    [chinese] = ask(client, RENGANG, "/reconcile/zh")
    assert chinese["type"] == [{"id": "street-area", "name": "街道"}]
    assert "崇川区" in chinese["description"]


def test_nothing_is_matched_that_is_not_the_only_one(client: httpx.Client) -> None:
    several = ask(client, {"query": "鼓楼区", "properties": [{"pid": "year", "v": "2010"}]})
    assert len(several) == 4
    assert not any(one["match"] for one in several)
    city = {"pid": "parent", "v": {"id": "320100@1980", "name": "南京市"}}
    narrowed = {"query": "鼓楼区", "properties": [{"pid": "year", "v": "2010"}, city]}
    assert [one["id"][:6] for one in ask(client, narrowed) if one["match"]] == ["320106"]
    assert len(ask(client, {"query": "鼓楼区", "limit": 2})) == 2
    other = ask(client, {"query": "白下区", "properties": [{"pid": "year", "v": 2020}]})
    assert [(one["id"][:6], one["match"]) for one in other] == [("320103", False)]
    for properties in (
        [{"pid": "year", "v": ["2018", "2016"]}],  # which one is meant is not guessed
        [{"pid": "year", "v": "soon"}],
        [{"pid": "parent", "v": "金陵宫"}],
    ):
        assert ask(client, {"query": "白下区", "properties": properties}) == []


@pytest.mark.parametrize(
    ("types", "count"),
    [("town", 0), ("street-area", 1), ("level-4", 1), ("level-3", 0), (["town", "level-4"], 1)],
)
def test_types_narrow(client: httpx.Client, types: object, count: int) -> None:
    assert len(ask(client, {**RENGANG, "type": types})) == count


def test_an_extension(client: httpx.Client) -> None:
    names = ["path", "first", "last", "today", "doubt"]
    asked = {
        "ids": ["320602003000@2015", "1@2015", "x"],
        "properties": [{"id": n} for n in names],
    }
    for answer in (
        client.post("/reconcile", data={"extend": json.dumps(asked)}).json(),
        client.get("/reconcile", params={"extend": json.dumps(asked)}).json(),
    ):
        assert [one["id"] for one in answer["meta"]] == names
        assert all(one["name"] for one in answer["meta"])
        assert answer["rows"]["320602003000@2015"] == {
            "path": [{"str": "江苏省 南通市 崇川区 任港街道"}],
            "first": [{"int": 2015}],
            "last": [{"int": 2020}],
            "today": [{"str": "320613003000"}],
            "doubt": [],
        }
        assert answer["rows"]["x"] == answer["rows"]["1@2015"] == {name: [] for name in names}
    proposed = client.get("/reconcile/properties", params={"type": "town", "limit": 2}).json()
    assert proposed["type"] == "town"
    assert [one["id"] for one in proposed["properties"]] == ["code", "name"]


def test_suggestions(client: httpx.Client) -> None:
    def suggested(what: str, prefix: str) -> list[dict[str, str]]:
        answer = client.get(f"/reconcile/zh/suggest/{what}", params={"prefix": prefix})
        result: list[dict[str, str]] = answer.json()["result"]
        assert all({"id", "name"} <= set(one) for one in result)
        return result

    assert [one["id"] for one in suggested("type", "street")] == ["street-area"]
    assert [one["id"] for one in suggested("type", "街道")] == ["street-area"]
    assert [one["id"] for one in suggested("property", "上")] == ["parent"]
    assert "320103@" in suggested("entity", "白下")[0]["id"]
    assert suggested("entity", "320602003000@2015")[0]["name"] == "任港街道"
    assert client.get("/reconcile/suggest/nothing").status_code == 404


def test_the_preview_is_a_page_without_scripts(client: httpx.Client) -> None:
    answer = client.get("/reconcile/preview", params={"id": "320602003000@2015"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "江苏省 南通市 崇川区 任港街道" in answer.text
    for hostile in ("<script>alert(1)</script>", "320602003000@<b>", "９@2015", "9" * 99 + "@2015"):
        refused = client.get("/reconcile/preview", params={"id": hostile})
        assert refused.status_code == 404
        assert "<" not in refused.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": '{"q": {}}'}, 400),
        ({"queries": '{"q": {"query": "x", "properties": 1}}'}, 400),
        ({"queries": '{"q": {"query": "x", "type": 1}}'}, 400),
        ({"queries": '{"q": {"query": "x", "limit": NaN}}'}, 400),
        ({"queries": json.dumps({"q": {"query": "x" * 201}})}, 400),
        ({"queries": "[" * 20_000}, 400),
        ({"queries": json.dumps(dict.fromkeys(map(str, range(QUERIES + 1)), RENGANG))}, 413),
        ({"queries": "x" * 2_000_000}, 413),
        ({"extend": "{}"}, 400),
        ({"extend": '{"ids": [], "properties": [{"id": "nothing"}]}'}, 400),
        ({"extend": json.dumps({"ids": ["1"] * (QUERIES + 1), "properties": []})}, 413),
    ],
)
def test_bad_requests(client: httpx.Client, sent: dict[str, str], status: int) -> None:
    answer = client.post("/reconcile", data=sent)
    assert answer.status_code == status
    assert answer.text.count("\n") == 1


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # in the client, of pandas
def test_the_client_reconciler(client: httpx.Client) -> None:
    from reconciler import reconcile

    frame = pd.DataFrame(
        {"place": ["任港街道", "多福巷社区"], "of": ["崇川区", "东华门街道"], "year": [2018, 2020]}
    )
    found = reconcile(
        frame["place"],
        type_id=None,
        property_mapping={"parent": frame["of"], "year": frame["year"]},
        reconciliation_endpoint=f"{client.base_url}/reconcile/zh",
    )
    assert list(found["id"]) == ["320602003000@2015", "110101001001@2016"]
    assert list(found["match"]) == [True, True]
    assert list(found["type"]) == ["街道", "居委会"]
    assert list(found["input_value"]) == ["任港街道", "多福巷社区"]


def test_the_json_api_takes_level_and_end_of_the_year(client: httpx.Client) -> None:
    def codes(**asked: object) -> list[str]:
        found = client.get("/api/resolve", params={key: str(value) for key, value in asked.items()})
        return [one["code"] for one in found.json()["divisions"]]

    assert codes(name="铜仁市", year=2005) == ["522200", "522201"]
    assert codes(name="铜仁市", year=2005, level=3) == ["522201"]
    assert codes(name="崇川区", year=2020, at="begin") == ["320602"]
    for wrong in ({"level": "6"}, {"at": "noon"}):
        assert client.get("/api/resolve", params={"name": "崇川区", **wrong}).status_code == 400
