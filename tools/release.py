"""Write the files of a release, for people who install nothing, into a folder.

    python tools/release.py [BUILD] [FOLDER]

The graph as N-Quads (gzip), every network as GEXF, GraphML, CSV and Parquet with its manifest (one
too large to be laid out as CSV and Parquet only), of a national build the hierarchies down to the
villages too, `SHA256SUMS`, a page (`index.html`) and a description for machines (`release.ttl`:
DCAT 3, https://www.w3.org/TR/vocab-dcat-3/, and VoID, https://www.w3.org/TR/void/). The same build
gives the same bytes. A folder that is there is replaced once all files are written.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import sys
import tempfile
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

from rdflib import DCAT, RDF, VOID, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib import DCTERMS as DCT

from govkg import build as building
from govkg import exports, layout, queries
from govkg._version import __version__
from govkg.api import KnowledgeGraph
from govkg.namespaces import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.build import Build

TABLES = ("csv", "parquet")
FORMS = ("gexf", "graphml", *TABLES)
# Nodes that a desktop lays out; of more GraphML, which networkx writes, would take minutes and GB.
MOST = 100_000
VILLAGES = 5
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".gexf": "application/gexf+xml",
    ".graphml": "application/graphml+xml",
    ".gz": "application/n-quads",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
SPDX = Namespace("http://spdx.org/rdf/terms#")
PAGE = Template("""<!doctype html>
<html lang="zh"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>govkg $version: 治理机构知识图谱 / a knowledge graph of governance institutions</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
td.n { text-align: right; }
</style></head><body>
<h1>govkg $version</h1>
<p>治理机构知识图谱：范围 $scope，三元组 $triples 条。许可：<a href="$license">CC BY 4.0</a>。
用 Gephi 打开 GEXF 文件；用 <code>sha256sum -c SHA256SUMS</code> 核对文件。</p>
<p lang="en">A knowledge graph of governance institutions: scope $scope, $triples triples.
License: <a href="$license">CC BY 4.0</a>. Open the GEXF files in Gephi; check the files by
<code>sha256sum -c SHA256SUMS</code>. For machines: <a href="release.ttl">release.ttl</a>.</p>
$sections
</body></html>
""")
TABLES_ONLY = """<p>节点过多，桌面软件难以布局，故只有CSV和Parquet；
需要时可用<code>govkg export</code>写出其他格式或其中一部分。</p>
<p lang="en">Too large for desktop tools to lay out, so as CSV and Parquet only;
<code>govkg export</code> writes other formats, or a part of it.</p>
"""


class Asked(NamedTuple):
    """A network of the release: what its files are called, which query with which parameters."""

    name: str
    title: str
    query: str
    params: dict[str, Any]


class Item(NamedTuple):
    """A file of the release."""

    name: str
    size: int
    sha256: str


def write(made: Build, folder: Path, most: int = MOST) -> list[Path]:
    """Write the release of a build; replace the folder only when all is there.

    A network of more nodes than `most` is written as tables only.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".release-", dir=folder.parent) as name:
        draft = Path(name) / folder.name
        draft.mkdir()
        _quads(made, draft / "govkg.nq.gz")
        titles = dict(_networks(KnowledgeGraph(made), draft, most))
        items = _items(draft)
        (draft / "release.ttl").write_bytes(_described(made, items))
        page = _page(made, items, titles)
        (draft / "index.html").write_text(page, encoding="utf-8", newline="\n")
        sums = "".join(f"{item.sha256}  {item.name}\n" for item in _items(draft))
        (draft / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    return sorted(folder.iterdir())


def _quads(made: Build, path: Path) -> None:
    """Compress the dump, or one made now; neither clock nor file name goes into it."""
    dump = made.directory / building.DUMP
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        if not dump.is_file():
            dump = Path(folder) / building.DUMP
            made.open_store().dump_quads(dump)
        with (
            dump.open("rb") as content,
            path.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out,
        ):
            shutil.copyfileobj(content, out, 1 << 20)


def asked(scope: str) -> Iterator[Asked]:
    """List the networks of a release: every one, those with villages of a build that has them."""
    for name, query in queries.catalog("networks").items():
        title = f"{query.title('zh')} / {query.title('en')}"
        yield Asked(name, title, name, {})
        if scope == "national" and "depth" in query.parameters:
            whole = f"{title} (depth={VILLAGES})"
            yield Asked(f"{name}-{VILLAGES}", whole, name, {"depth": VILLAGES})


def _networks(kg: KnowledgeGraph, folder: Path, most: int) -> Iterator[tuple[str, str]]:
    """Write every network; yield its name and its title in both languages."""
    for one in asked(kg.build.manifest.scope):
        drawn = kg.frames(one.query, **one.params)
        for form in FORMS if drawn.nodes.height <= most else TABLES:
            exports.save(drawn, folder / f"{one.name}.{form}", form)
        yield one.name, one.title


def _items(folder: Path) -> list[Item]:
    found = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        found.append(Item(path.name, path.stat().st_size, digest))
    return found


def _described(made: Build, items: list[Item]) -> bytes:
    """Describe the release in Turtle; files by addresses relative to it."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (
        ("dcat", DCAT), ("dct", DCT), ("spdx", SPDX), ("void", VOID), ("xsd", XSD)
    ):  # fmt: skip
        graph.bind(prefix, namespace)
    release = URIRef(f"{BASE}release/{__version__}/{made.directory.name}")
    for kind in (DCAT.Dataset, VOID.Dataset):
        graph.add((release, RDF.type, kind))
    graph.add((release, DCT.title, Literal("治理机构知识图谱", "zh")))
    graph.add((release, DCT.title, Literal("A knowledge graph of governance institutions", "en")))
    graph.add((release, DCT.license, URIRef(LICENSE)))
    graph.add((release, URIRef(f"{DCAT}version"), Literal(__version__)))
    graph.add((release, VOID.triples, Literal(made.triples)))
    graph.add((release, VOID.dataDump, URIRef("govkg.nq.gz")))
    for name, triples in made.manifest.graphs.items():
        graph.add((release, VOID.subset, URIRef(name)))
        graph.add((URIRef(name), RDF.type, VOID.Dataset))
        graph.add((URIRef(name), VOID.triples, Literal(triples)))
    for item in items:
        _distribution(graph, release, item)
    return graph.serialize(format="turtle", encoding="utf-8")


def _distribution(graph: Graph, release: URIRef, item: Item) -> None:
    file, checksum = URIRef(item.name), BNode(f"sum{item.sha256}")
    graph.add((release, DCAT.distribution, file))
    graph.add((file, RDF.type, DCAT.Distribution))
    graph.add((file, DCAT.downloadURL, file))
    graph.add((file, DCAT.mediaType, _media_type(item.name)))
    graph.add((file, DCAT.byteSize, Literal(item.size, datatype=XSD.nonNegativeInteger)))
    graph.add((file, SPDX.checksum, checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    value = Literal(item.sha256, datatype=XSD.hexBinary)
    graph.add((checksum, SPDX.checksumValue, value))


def _media_type(name: str) -> URIRef:
    known = MEDIA_TYPES[Path(name).suffix]
    return URIRef(f"https://www.iana.org/assignments/media-types/{known}")


def _page(made: Build, items: list[Item], titles: dict[str, str]) -> str:
    by_name = {item.name: item for item in items}
    sections = [_section("全图 / The graph", [by_name.pop("govkg.nq.gz")])]
    for name, title in titles.items():
        of = [item for file, item in by_name.items() if _network_of(file, titles) == name]
        laid_out = any(item.name == f"{name}.gexf" for item in of)
        sections.append(_section(f"{name}: {title}", of, "" if laid_out else TABLES_ONLY))
    return PAGE.substitute(
        version=__version__,
        scope=escape(json.dumps(made.manifest.scope, ensure_ascii=False).strip('"')),
        triples=f"{made.triples:,}",
        license=LICENSE,
        sections="\n".join(sections),
    )


def _network_of(file: str, names: dict[str, str]) -> str:
    stem = file.partition(".")[0]
    return stem if stem in names else stem.removesuffix("-nodes").removesuffix("-edges")


def _section(title: str, items: list[Item], note: str = "") -> str:
    rows = "".join(
        f'<tr><td><a href="{escape(one.name)}">{escape(one.name)}</a></td>'
        f'<td class="n">{one.size:,}</td></tr>\n'
        for one in items
    )
    head = "<tr><th>文件 file</th><th>字节 bytes</th></tr>"
    return f"<h2>{escape(title)}</h2>\n{note}<table>{head}\n{rows}</table>"


def main() -> int:
    """Write the release of the build that answers; say how many files and bytes."""
    home = Path(sys.argv[1]) if sys.argv[1:] else layout.default_build()
    folder = Path(sys.argv[2]) if sys.argv[2:] else home / "release"
    files = write(building.current(home), folder)
    size = sum(path.stat().st_size for path in files)
    print(f"{layout.display(folder)}: {len(files)} files, {size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
