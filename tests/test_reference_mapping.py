"""Reference data as RDF: classes, ties, levels, names, and what each scope takes."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from govkg import layout
from govkg.build import build, current, load_sources, superclasses
from govkg.errors import ParameterError, SourceError, UnknownName
from govkg.namespaces import GOV, PREFIXES, reference_graph
from govkg.reference import Extent, codes, datasets, kinds, rdf, romanize, selection
from govkg.store import Store

if TYPE_CHECKING:
    from govkg.api import KnowledgeGraph
    from govkg.ntriples import Closure
    from govkg.reference import Scope
    from govkg.reference.selection import Selection

NAMES = Path(__file__).parent / "reference" / "names.csv"
HAINAN = "46"  # small, and with Danzhou and Sansha one of the odd ones
PREFIX = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
FOREIGN = ("http://www.w3.org/ns/org#Organization", "https://schema.org/AdministrativeArea")


@pytest.fixture(scope="module")
def closure() -> Closure:
    store = Store()
    load_sources(store)
    return superclasses(store)


@pytest.fixture(scope="module")
def hainan() -> Selection:
    return selection.select(Extent("national", HAINAN))


@pytest.fixture(scope="module")
def store(hainan: Selection, closure: Closure) -> Store:
    """Hainan and its history, down to the villages."""
    found = Store()
    for graph, texts in rdf.lines(hainan, closure):
        found.load_text(b"".join(texts).decode(), Path("x.nt"), graph)
    return found


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    return [tuple(str(term) for term in row) for row in store.select(PREFIX + query)]


# The whole hierarchy, as frames


@pytest.fixture(scope="module")
def divisions() -> pl.DataFrame:
    return codes.divisions()


def test_counts_are_those_of_the_dataset(divisions: pl.DataFrame) -> None:
    about = datasets.dataset("nbs-divisions").about.tables["divisions"]
    assert divisions.height == about.rows
    found = {str(kind): number for kind, number in Counter(divisions["kind"]).items()}
    assert found == about.counts["kind"]


def test_codes_are_unique_and_as_long_as_their_level(divisions: pl.DataFrame) -> None:
    assert divisions["id"].n_unique() == divisions.height
    lengths = divisions.group_by("level").agg(pl.col("id").str.len_chars().unique())
    assert dict(lengths.iter_rows()) == {
        1: [6], 2: [6], 3: [6], 4: [9], 5: [12]
    }  # fmt: skip


def test_no_orphan_and_every_parent_stands_above(divisions: pl.DataFrame) -> None:
    below = divisions.filter(pl.col("level") > 1)
    assert below["up"].null_count() == 0
    assert set(below["up"]) <= set(divisions["id"])
    # A parent always stands on a higher level, so there is no cycle either.
    assert below.filter(pl.col("parent_level") >= pl.col("level")).is_empty()
    skipping = below.filter(pl.col("level") - pl.col("parent_level") > 1)
    assert set(skipping["up"]) == {"441900", "442000", "460400"}  # 东莞, 中山, 儋州


def test_former_codes_have_parents_and_are_not_current(divisions: pl.DataFrame) -> None:
    former = codes.former(divisions)
    known = {*former["id"], *divisions["id"]}
    assert former["id"].n_unique() == former.height
    assert not set(former["id"]) & set(divisions["id"])
    below = former.filter(pl.col("level") > 1)
    assert set(below["up"]) <= known, "a former code hangs on nothing"
    assert below.filter(pl.col("parent_level") >= pl.col("level")).is_empty()
    followed = selection.successions(former, divisions)
    assert set(followed["id"]) <= set(former["id"])
    assert set(followed["successor"]) <= known
    assert followed.filter(pl.col("id") == pl.col("successor")).is_empty()


@pytest.mark.parametrize(
    ("code", "name", "last", "successor"),
    [
        ("520114", "小河区", "2012", "520111"),
        ("320103", "白下区", "2012", "320104"),
        ("340702", "铜官山区", "2015", "340705"),
        ("320602", "崇川区", "2020", "320613"),
    ],
)
def test_what_became_of_the_places_of_the_article(
    divisions: pl.DataFrame, code: str, name: str, last: str, successor: str
) -> None:
    former = codes.former(divisions)
    row = former.filter(pl.col("id") == code).row(0, named=True)
    assert row["name"] == name
    assert row["valid"].partition("/")[2].startswith(last)
    followed = selection.successions(former, divisions)
    assert followed.filter(pl.col("id") == code)["successor"].to_list() == [successor]


# Kinds


def test_a_kind_stands_in_one_place(closure: Closure) -> None:
    """The table agrees with the ontology, and no other module spells a class or a name of it."""
    table = datasets.dataset(kinds.NAME).table
    found = table("kinds")
    for column in ("territory", "institution"):
        assert set(found[column].drop_nulls()) <= set(closure)
    assert set(found["body"].drop_nulls()) == set(table("bodies")["body"])
    groups = set(found["endings"].drop_nulls().str.split(" ").explode())
    assert groups == set(table("endings")["group"])
    assert set(table("measures")["kind"]) | set(table("legend")["kind"]) <= set(found["kind"])
    spans = table("spans")
    assert {*spans["kind"], *spans["below"].str.split(" ").explode()} <= set(found["kind"])
    assert {kind for name in rdf.DATASETS[:2] for kind in _kinds_of(name)} <= set(found["kind"])
    # `Prefecture` and the like are words of English as well.
    classes = {*found["territory"].drop_nulls(), *found["institution"].drop_nulls()}
    spelled = [f'"{one}"' for one in classes]
    for path in Path(kinds.__file__).parent.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [one for one in spelled if one in text], path.name


def _kinds_of(name: str) -> set[str]:
    dataset = datasets.dataset(name)
    frames = [dataset.table(table) for table in dataset.tables()]
    return {kind for frame in frames for kind in frame["kind"].unique()}


# Names


def test_names_known_to_go_wrong_are_right() -> None:
    with NAMES.open(encoding="utf-8") as file:
        expected = {row["name"]: row["english"] for row in csv.DictReader(file)}
    assert len(expected) >= 100
    frame = pl.concat(
        [
            codes.divisions().filter(pl.col("level") <= kinds.COUNTY).select("name", "kind"),
            datasets.dataset("gb2260-history").table("codes").select("name", "kind"),
        ]
    )
    labels = romanize.labels(frame, romanize.Readings.load())
    found: dict[str, set[str]] = {}
    for name, english in labels.select("name", "en").iter_rows():
        found.setdefault(name, set()).add(english)
    wrong = {n: found.get(n) for n, english in expected.items() if found.get(n) != {english}}
    assert wrong == {}


def test_every_name_of_county_level_and_above_is_in_latin_letters() -> None:
    frame = codes.divisions().filter(pl.col("level") <= kinds.COUNTY)
    labels = romanize.labels(frame, romanize.Readings.load())
    assert labels.filter(pl.col("en").str.contains(r"\p{Han}")).is_empty()
    assert labels.filter(pl.col("en").str.len_chars() == 0).is_empty()


@pytest.mark.parametrize(
    ("name", "kind", "zh", "en"),
    [
        ("东华门街道", "street-area", "东华门街道", "Donghuamen Street Area"),
        ("黄村地区办事处", "street-area", "黄村地区办事处", "Huangcun Street Area"),
        ("东厂社区居委会", "resident-committee", "东厂社区", "Dongchang Community"),
        ("和平居民委员会", "resident-committee", "和平社区", "Heping Community"),
        ("冠庄铺村村委会", "villager-committee", "冠庄铺村", "Guanzhuangpu Village"),
        ("东沿村委会", "villager-committee", "东沿村", "Dongyan Village"),
        ("栗树彝族傣族乡", "township", "栗树彝族傣族乡", "Lishu Yi and Dai Township"),
        ("三益分场生活区", "like-villager-committee", "三益分场生活区",
         "Sanyifenchang Living Quarters"),
        ("兰州新区", "statistical-zone", "兰州新区", "Lanzhou New Area"),
        ("文圩镇", "town", "文圩镇", "Wenxu Town"),
        ("徐圩街道", "street-area", "徐圩街道", "Xuwei Street Area"),
        ("千佛山街道", "street-area", "千佛山街道", "Qianfoshan Street Area"),
        ("卜奎街道", "street-area", "卜奎街道", "Bukui Street Area"),
        ("瀍河回族区", "district", "瀍河回族区", "Chanhe Hui District"),
    ],
)  # fmt: skip
def test_a_name_is_split_and_translated(name: str, kind: str, zh: str, en: str) -> None:
    frame = pl.DataFrame({"name": [name], "kind": [kind]})
    found = romanize.labels(frame, romanize.Readings.load()).row(0, named=True)
    assert (found["zh"], found["en"]) == (zh, en)


# As RDF


def test_the_class_closure_is_complete(store: Store, closure: Closure) -> None:
    assert any(closure.values())
    for of, above in closure.items():
        for other in above:
            missing = f"ASK {{ ?node a <{GOV}{of}> MINUS {{ ?node a <{other}> }} }}"
            assert store.query(missing) is False, f"a {of} that is no {other}"
    for other in FOREIGN:
        assert store.query(f"ASK {{ ?node a <{other}> }}") is True


def test_a_zone_is_a_division_of_the_lists_too(closure: Closure) -> None:
    gansu = selection.select(Extent("township", "62"))
    texts = next(texts for _, texts in rdf.lines(gansu, closure))
    found = {line for line in b"".join(texts).decode().splitlines() if "/620171>" in line}
    types = {line.split()[2] for line in found if "#type>" in line}
    assert types >= {f"<{GOV}Zone>", f"<{GOV}AdministrativeDivision>", f"<{GOV}Territory>"}


def test_every_division_has_what_it_needs(store: Store, hainan: Selection) -> None:
    expected = hainan.current.height + hainan.former.height
    for pattern in (
        "?d gov:divisionCode ?code . FILTER(STRENDS(STR(?d), CONCAT('/', ?code)))",
        "?d gov:divisionLevel ?level",
        "?d rdfs:label ?label . FILTER(LANG(?label) = 'zh')",
        "?d rdfs:label ?label . FILTER(LANG(?label) = 'en')",
    ):
        ((count,),) = rows(
            store,
            f"SELECT (COUNT(DISTINCT ?d) AS ?n) {{ ?d a gov:AdministrativeDivision . {pattern} }}",
        )
        assert int(count) == expected, pattern


def test_levels_that_are_skipped_are_marked(store: Store) -> None:
    unmarked = """SELECT ?d { ?d gov:within ?up ; gov:divisionLevel ?low .
      ?up gov:divisionLevel ?high . FILTER(?low - ?high > 1)
      MINUS { ?d gov:skipsLevel true } }"""
    needless = """SELECT ?d { ?d gov:skipsLevel true ; gov:within ?up ; gov:divisionLevel ?low .
      ?up gov:divisionLevel ?high . FILTER(?low - ?high = 1) }"""
    assert rows(store, unmarked) == []
    assert rows(store, needless) == []
    assert rows(store, "SELECT ?d { ?d gov:within division:460400 ; gov:skipsLevel true }")


def test_placeholders_zones_and_like_units_have_no_institution(hainan: Selection) -> None:
    without_body = {"placeholder", "statistical-zone", "like-township", "special-area"}
    without_body |= {"like-resident-committee", "like-villager-committee"}
    without = hainan.current.filter(pl.col("body").is_null())
    assert set(without["kind"]) <= without_body | {"town"}
    towns = without.filter(pl.col("kind") == "town")
    assert towns["name"].str.ends_with("直辖村级区划").all()
    assert hainan.current.filter(
        pl.col("kind").is_in(without_body) & pl.col("body").is_not_null()
    ).is_empty()


def test_ties(store: Store) -> None:
    offices = rows(store, "SELECT ?o { ?o a gov:StreetOffice }")
    by = rows(store, "SELECT ?o ?g { ?o a gov:StreetOffice ; gov:dispatchedBy ?g }")
    back = rows(store, "SELECT ?o ?g { ?g gov:dispatches ?o }")
    assert offices
    assert len(by) == len(offices)
    assert set(by) == set(back)
    assert all(government.endswith("-government") for _, government in by)
    guided = rows(store, "SELECT ?g ?c { ?g gov:guides ?c . ?c a gov:SelfGoverningBody }")
    assert guided
    assert len({committee for _, committee in guided}) == len(guided), "guided twice"


def test_ties_of_odd_cities() -> None:
    frame = selection.described(codes.divisions().filter(pl.col("level") < kinds.VILLAGE))
    ties = dict(
        frame.filter(pl.col("kind") == "street-area").select("id", "dispatcher").iter_rows()
    )
    assert ties["620201001"] == "620200-government"  # 嘉峪关, a placeholder between
    assert ties["441900003"] == "441900-government"  # 东莞, no district between
    assert ties["110101001"] == "110101-government"
    commissions = frame.filter(pl.col("body") == "PrefecturalCommission")
    assert commissions.height == 10
    assert commissions["dispatcher"].null_count() == 0


def test_observations(store: Store) -> None:
    found = rows(
        store,
        f"""SELECT ?year ?value {{ GRAPH <{reference_graph("nbs-series")}> {{
          ?o gov:observes division:460100 ; gov:when ?year ;
            gov:measure measure:street-areas ; gov:value ?value }} }} ORDER BY ?year""",
    )
    assert [year for year, _ in found] == [str(year) for year in range(2015, 2024)]
    counts = datasets.dataset("nbs-series").table("counts")
    expected = counts.filter(pl.col("code") == 460100 * 10**6).sort("year")["street_areas"]
    assert [int(float(value)) for _, value in found] == expected.to_list()
    assert rows(store, "SELECT ?o { obs:nbs-460100-2023-towns gov:value ?o }")
    # What was not counted in 2015 is not there; it is no zero.
    assert not rows(store, "SELECT ?o { obs:nbs-460100-2015-villager-committees gov:value ?o }")


def test_each_graph_says_where_it_is_from(store: Store) -> None:
    for name in rdf.DATASETS:
        found = store.query(
            f"{PREFIX} ASK {{ GRAPH <{reference_graph(name)}> {{ <{reference_graph(name)}> "
            "dct:source ?s ; dct:license ?l ; dct:valid ?v ; dct:title ?t } }"
        )
        assert found is True, name


def test_no_triple_stands_twice(store: Store, hainan: Selection, closure: Closure) -> None:
    lines = [
        line for _, texts in rdf.lines(hainan, closure) for line in b"".join(texts).splitlines()
    ]
    assert len(lines) == len(set(lines)) == len(store)


# Places below the county whose characters have several readings.
TOWNSHIPS = {
    "太行街道办事处": "Taihang Street Area",
    "柏林庄街道": "Bailinzhuang Street Area",
    "崧厦街道": "Songxia Street Area",
    "厦港街道": "Xiagang Street Area",
    "仇集镇": "Qiuji Town",
    "柴沟堡镇": "Chaigoubu Town",
    "小泊头镇": "Xiaobotou Town",
    "水泊街道": "Shuipo Street Area",
    "锣圩镇": "Luoxu Town",
    "万佛湖镇": "Wanfohu Town",
    "卜庄镇": "Buzhuang Town",
    "莘庄镇": "Xinzhuang Town",
}


def test_townships_whose_characters_have_several_readings() -> None:
    units = datasets.dataset("nbs-series").table("units").filter(pl.col("level") == 4)
    names = units.filter(pl.col("name").is_in(list(TOWNSHIPS))).select("name", "kind").unique()
    found = romanize.labels(names, romanize.Readings.load())
    assert dict(found.select("name", "en").iter_rows()) == TOWNSHIPS


# Scopes


def test_the_document_scope_has_what_the_places_touch(kg: KnowledgeGraph) -> None:
    linked = kg.store.select(
        PREFIX + "SELECT ?p ?d { ?p gov:listedAs ?d . ?d gov:divisionCode ?c }"
    )
    with (Path(__file__).parents[1] / "data/documents/usm2013/places.csv").open() as file:
        table = list(csv.DictReader(file))
    assert len(linked) == sum(bool(row["division"]) for row in table)
    assert {row["territory"] for row in table if not row["division"]} >= {
        "nanjing-huaihai-road-street"
    }
    for code, successor in (("340702", "340705"), ("520114", "520111"), ("320602", "320613")):
        assert kg.query(
            f"{PREFIX} ASK {{ division:{code} gov:succeededBy division:{successor} . "
            f"division:{successor} gov:within ?city . ?city gov:within ?province }}"
        )
    assert kg.query(f"{PREFIX} ASK {{ ?o gov:observes division:340705 ; gov:value ?v }}")


def test_a_place_bears_the_name_of_its_division(kg: KnowledgeGraph) -> None:
    differing = kg.store.select(
        PREFIX
        + """SELECT ?place ?one ?other { ?place gov:listedAs ?d ; rdfs:label ?one .
          ?d rdfs:label ?other .
          FILTER(LANG(?one) = "zh" && LANG(?other) = "zh" && ?one != ?other) }"""
    )
    assert {(str(one), str(other)) for _, one, other in differing} == {
        ("鲁谷社区", "鲁谷街道"),
        ("潍坊街道", "潍坊新村街道"),
    }


@pytest.fixture(scope="module")
def of_province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("province") / "build"
    indexed: list[Path] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("govkg.build._index_names", indexed.append)  # slow; test_names makes some
        build(home, extent=Extent("national", HAINAN, dump=True))
    assert indexed == [home]
    return home


def test_a_larger_scope_goes_to_disk_and_is_dumped_when_asked(of_province: Path) -> None:
    made = current(of_province)
    assert made.manifest.scope == "national"
    assert made.manifest.province == HAINAN
    store = made.open_store()
    assert store.counts() == made.manifest.graphs
    assert len(store) == made.triples
    assert set(made.manifest.dumps) == {"govkg.nq"}
    with (made.directory / "govkg.nq").open(encoding="utf-8") as dump:
        assert sum(1 for _ in dump) == made.triples
    # What documents touch comes along, wherever it is.
    assert store.query(f"{PREFIX} ASK {{ division:520114 gov:succeededBy division:520111 }}")
    assert store.query(f"{PREFIX} ASK {{ division:469001100 ?p ?o }}")


@pytest.mark.parametrize("code", ["99", "4601", "海南"])
def test_an_unknown_province_is_refused(code: str) -> None:
    with pytest.raises(ParameterError, match="no province has the code"):
        selection.select(Extent("township", code))


# Tables that are not as described


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dataset of one small table, which a test may break."""
    folder = tmp_path / "reference" / "small"
    folder.mkdir(parents=True)
    (folder / "dataset.yaml").write_text(
        "title: {}\npublisher: {}\nlicense: {notice: none}\ncutoff: 2023-06\nsources: []\n"
        "tables:\n  units:\n    file: units.parquet\n    rows: 2\n    key: [code]\n"
        "    columns:\n      code: {type: int64}\n      kind: {type: string}\n"
        "    counts:\n      kind: {town: 2}\n"
    )
    pl.DataFrame({"code": [1, 2], "kind": ["town", "town"]}).write_parquet(folder / "units.parquet")
    monkeypatch.setattr("govkg.layout.DATA", tmp_path)
    return folder


def test_a_table_as_described_is_read(own_data: Path) -> None:
    assert datasets.dataset("small").table("units").height == 2
    assert datasets.dataset("small").files() == [
        own_data / "dataset.yaml",
        own_data / "units.parquet",
    ]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"code": [1], "kind": ["town"]}, "has 1 rows and not 2"),
        ({"code": [1, 1], "kind": ["town", "town"]}, "has a key"),
        ({"code": [1, 2], "kind": ["town", "city"]}, "counts by kind"),
        ({"code": ["1", "2"], "kind": ["town", "town"]}, "columns .*code"),
        ({"code": [1, 2], "sort": ["town", "town"]}, "columns .*kind"),
    ],
)
def test_a_changed_table_stops(own_data: Path, frame: dict[str, list[str]], message: str) -> None:
    pl.DataFrame(frame).write_parquet(own_data / "units.parquet")
    with pytest.raises(SourceError, match=message):
        datasets.dataset("small").table("units")


def test_a_truncated_or_missing_table_stops(own_data: Path) -> None:
    path = own_data / "units.parquet"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(SourceError, match="can't be read"):
        datasets.dataset("small").table("units")
    path.unlink()
    with pytest.raises(SourceError, match="is missing"):
        datasets.dataset("small").table("units")


def test_unknown_names_are_refused(own_data: Path) -> None:
    assert own_data.is_dir()
    with pytest.raises(UnknownName, match="did you mean small"):
        datasets.dataset("smal")
    with pytest.raises(UnknownName, match="did you mean units"):
        datasets.dataset("small").table("unit")


def test_broken_yaml_is_named_by_line(own_data: Path) -> None:
    (own_data / "dataset.yaml").write_text("tables: {}\ntables: {}\n")
    with pytest.raises(SourceError, match=r"dataset\.yaml:2"):
        datasets.dataset("small")


# The figures of the documentation


FIGURES = (layout.ROOT / "docs/how-to/places.md").read_text(encoding="utf-8").split("## Figures")[1]


def triples(scope: Scope, closure: Closure) -> dict[str, int]:
    """The triples of each dataset in a build of that scope, without what documents touch below."""
    chosen = selection.select(Extent(scope))
    return {
        graph.rpartition("/")[2]: sum(text.count(b"\n") for text in texts)
        for graph, texts in rdf.lines(chosen, closure)
    }


@pytest.mark.long
def test_the_documentation_has_the_triples_of_each_dataset(closure: Closure) -> None:
    township, national = triples("township", closure), triples("national", closure)
    words = " ".join(FIGURES.split())
    deeper = [f"{found.pop('nbs-divisions'):,}" for found in (township, national)]
    assert f"`nbs-divisions` {' and '.join(deeper)};" in words
    assert township == national
    told = [f"`{name}` {township[name]:,}" for name in sorted(township, key=township.__getitem__)]
    assert f"in both {', '.join(reversed(told))};" in words


def test_the_documentation_has_the_other_triples(kg: KnowledgeGraph) -> None:
    others = sum(
        number
        for graph, number in kg.store.counts().items()
        if not graph.startswith(reference_graph(""))
    )
    said = f"documents, ontology and what is derived from them {others:,}."
    assert said in " ".join(FIGURES.split())


QUESTIONS = sorted((layout.ROOT / "benchmarks/national").glob("*.rq"))
ROWS_OF_TWINS = """
import pathlib, sys
from benchmarks.national import tables
db = tables()
for path in map(pathlib.Path, sys.argv[1:]):
    print(len(db.execute(path.read_text(encoding="utf-8")).fetchall()))
"""


def test_the_documentation_has_the_rows_of_each_question(kg: KnowledgeGraph) -> None:
    twins = [twin for path in QUESTIONS if (twin := path.with_suffix(".sql")).is_file()]
    # In a process of its own: DuckDB complains of leaks when pytest ends.
    command = [sys.executable, "-c", ROWS_OF_TWINS, *map(str, twins)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=layout.ROOT)
    rows = dict(zip(twins, map(int, done.stdout.split()), strict=True))
    for path in QUESTIONS:  # claims are in no table, and a document's scope has all of them
        if (twin := path.with_suffix(".sql")) not in rows:
            rows[twin] = len(kg.store.select(path.read_text(encoding="utf-8")))
    table = [line.split("|")[2].strip() for line in FIGURES.splitlines() if line.startswith("| ")]
    assert table[1:] == [f"{rows[twin]:,}" for twin in sorted(rows)]
