"""Rows of a network query, in SPARQL's TSV, to a network, with pinyin: whole columns at a time.

TSV (https://www.w3.org/TR/sparql11-results-csv-tsv/) keeps IRIs, texts and numbers apart and
needs no object for each term, so that a million rows take a second.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from govkg.errors import InputError
from govkg.namespaces import PREFIXES
from govkg.networks.model import LISTS, TEXTS, Network, checked, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.languages import Language
    from govkg.queries import Query

_NEEDED = ("node", "source", "target", "kind")
_ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n", "\\r": "\r", "\\t": "\t"}
_SLICE = 8 << 20  # bytes
# Chinese marks and what stands for them in Latin letters, with the blanks that these have.
_MARKS = {
    "，": ", ", "、": ", ", "。": ". ", "；": "; ", "：": ": ", "？": "? ", "！": "! ", "（": " (",
    "）": ") ", "《": " “", "》": "” ", "「": " “", "」": "” ", "—": "-", "…": "...", "·": " ",
    "％": "%",
}  # fmt: skip
_GAPS = (r"\s+([,.;:?!)”’])", r"([(“‘])\s+")
_PREFIX_OF = {namespace: f"{prefix}:" for prefix, namespace in PREFIXES.items()}


def read(query: Query, tsv: bytes, lang: Language) -> Network:
    """Make a network of the answer to its query.

    Raises InputError where the query lacks a variable, describes a node twice, draws an edge to a
    node that no row describes, or has a value that its column can't hold (`model.checked`).
    """
    columns = tsv[: tsv.index(b"\n")].decode().replace("?", "").split("\t")
    missing = sorted(set(_NEEDED) - set(columns))
    if missing:
        raise InputError(f"{query.path}: a network query needs the variable ?{missing[0]}.")
    parts = [_parts(query, one, columns, lang) for one in _slices(tsv)]
    nodes, edges = (pl.concat(of, how="diagonal_relaxed") for of in zip(*parts, strict=True))
    lists = tuple(query.header.get("lists", LISTS))
    if edges["target"].null_count() or edges["kind"].null_count():
        raise InputError(f"{query.path}: a row binds ?source, but not ?target and ?kind.")
    nodes, edges = checked(str(query.path), nodes, edges, lists)
    _check(query, nodes, edges)
    parameters = set(query.parameters)
    nodes, edges = (frame.drop(parameters & set(frame.columns)) for frame in (nodes, edges))
    directed = bool(query.header.get("directed", True))
    frames = tidy(nodes, _sorted(edges, lists), directed=directed)
    return Network(query.name, *frames, lists, directed=directed)


def _slices(tsv: bytes) -> Iterator[bytes]:
    """Cut behind the header at line ends, so that no step needs memory for all rows at once."""
    start = tsv.index(b"\n") + 1
    while True:
        end = tsv.find(b"\n", start + _SLICE) + 1 or len(tsv)
        yield tsv[start:end]
        if end == len(tsv):
            return
        start = end


def _parts(
    query: Query, lines: bytes, columns: list[str], lang: Language
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make nodes and edges of some lines."""
    schema = dict.fromkeys(columns, pl.String)
    rows = pl.DataFrame(schema=schema)
    if lines:
        rows = pl.read_csv(lines, separator="\t", quote_char=None, has_header=False, schema=schema)
    if rows.filter(pl.col("node").is_not_null(), pl.col("source").is_not_null()).height:
        raise InputError(
            f"{query.path}: a row binds ?node and ?source; describe nodes and edges by rows apart."
        )
    nodes = _part(rows, "node", lang)
    if "id" in nodes.columns:
        raise InputError(f"{query.path}: ?node is the id of a node: give ?id another name.")
    return with_pinyin(nodes.rename({"node": "id"})), _part(rows, "source", lang)


def _part(rows: pl.DataFrame, key: str, lang: Language) -> pl.DataFrame:
    """Take the rows of one sort, with the columns that they bind, as plain values."""
    found = rows.filter(pl.col(key).is_not_null())
    kept = {key} if key == "node" else {"source", "target", "kind"}
    bound = [name for name in rows.columns if not found[name].is_null().all()]
    names = [name for name in rows.columns if name in kept or name in bound]
    return _in_language(found.select(_values(found[name]).alias(name) for name in names), lang)


def _sorted(edges: pl.DataFrame, lists: tuple[str, ...]) -> pl.DataFrame:
    """Sort what each list holds, whose order SPARQL leaves open."""
    held = [name for name in lists if name in edges.columns and edges.schema[name] == pl.String]
    return edges.with_columns(pl.col(held).str.split(" ").list.sort().list.join(" "))


def _in_language(frame: pl.DataFrame, lang: Language) -> pl.DataFrame:
    """Give `x` of `x_zh` and `x_en`: in the language, else in the other."""
    for stem in {name[:-3] for name in frame.columns if name.endswith(("_zh", "_en"))}:
        order = [f"{stem}_{lang}", f"{stem}_zh", f"{stem}_en"]
        known = [name for name in dict.fromkeys(order) if name in frame.columns]
        frame = frame.with_columns(pl.coalesce(known).alias(stem))
    return frame


def _values(column: pl.Series) -> pl.Series:
    """Turn TSV terms into prefixed names, texts or numbers; what names a thing is a text."""
    text = column.drop_nulls()
    iris, texts, blank = (text.str.starts_with(mark) for mark in ("<", '"', "_"))
    if (iris | texts | blank).any():
        if iris.all():
            return _shorten(column)
        return _unquote(column) if texts.all() else _mixed(column)
    # An id or label that looks like a number (520100) stays a text.
    for kind in () if column.name in TEXTS else (pl.Int64, pl.Float64):
        cast = column.cast(kind, strict=False)
        if cast.null_count() == column.null_count():
            return cast
    return column


def _mixed(column: pl.Series) -> pl.Series:
    name = column.name
    is_iri = pl.col(name).str.starts_with("<")
    parts = pl.DataFrame({name: column, "iri": _shorten(column), "text": _unquote(column)})
    return parts.select(pl.when(is_iri).then("iri").otherwise("text").alias(name))[name]


def _shorten(column: pl.Series) -> pl.Series:
    """Write IRIs as prefixed names where a prefix fits."""
    known = column.drop_nulls()
    first = re.match(r"<(.*[#/])", str(known[0])) if known.len() else None
    if first and known.str.starts_with(first[0]).all():  # one kind of thing, as in large networks
        local = column.str.strip_prefix(first[0]).str.strip_suffix(">")
        if first[1] in _PREFIX_OF and not re.search("[#/]", str(local.str.join("").item())):
            return _PREFIX_OF[first[1]] + local
    bare = column.str.strip_prefix("<").str.strip_suffix(">")
    space = bare.str.extract(r"^(.*[#/])")
    prefix = space.replace_strict(_PREFIX_OF, default=None, return_dtype=pl.String)
    parts = pl.DataFrame({"bare": bare, "space": space, "prefix": prefix})
    rest = pl.col("bare").str.strip_prefix(pl.col("space"))
    return parts.select((pl.col("prefix") + rest).fill_null(pl.col("bare")).alias(column.name))[
        column.name
    ]


def _unquote(column: pl.Series) -> pl.Series:
    """Take the text out of a literal: no quotes, language, datatype or escapes."""
    known = column.drop_nulls()
    ending = re.search(r'"(?:@[\w-]+)?$', str(known[0])) if known.len() else None
    if ending and known.str.ends_with(ending[0]).all():  # one language, as in large networks
        found = column.str.slice(1).str.strip_suffix(ending[0])
    else:
        found = column.str.extract(r'(?s)^"(.*)"(?:@[\w-]+|\^\^<[^>]*>)?$').fill_null(column)
    if found.str.contains("\\", literal=True).any():
        found = found.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    # An empty text says nothing.
    return pl.select(pl.when(found.str.len_bytes() > 0).then(found))[found.name].alias(column.name)


def _check(query: Query, nodes: pl.DataFrame, edges: pl.DataFrame) -> None:
    if nodes["id"].n_unique() < nodes.height:
        twice = nodes.filter(pl.col("id").is_duplicated())
        name = str(twice["id"].sort().first())
        one = twice.filter(pl.col("id") == name)
        differs = next((c for c in one.columns if one[c].n_unique() > 1), "id")
        raise InputError(
            f"{query.path}: {name} is described twice, by {differs}; group its rows into one."
        )
    for end in ("source", "target"):
        nowhere = edges.filter(~pl.col(end).is_in(nodes["id"].implode()))
        if nowhere.height:
            name = str(nowhere[end].sort().first())
            raise InputError(f"{query.path}: an edge joins {name}, which no row describes.")


def with_pinyin(nodes: pl.DataFrame) -> pl.DataFrame:
    """Add `pinyin` (small letters, no tones, a blank between syllables) to what has `label_zh`.

    Names of places are read as the romanization table has them (重庆 chong qing), all else by
    character; Chinese marks become those of Latin letters.
    """
    if "label_zh" not in nodes.columns or "pinyin" in nodes.columns:
        return nodes
    stems, characters = _readings()
    read = pl.col("label_zh").str.replace_many(stems, leftmost=True).str.replace_many(characters)
    marked = read.str.replace_many(_MARKS)
    for gap in _GAPS:
        marked = marked.str.replace_all(gap, "$1")
    tidy = marked.str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase()
    return nodes.with_columns(pinyin=tidy)


@cache
def _readings() -> tuple[dict[str, str], dict[str, str]]:
    """Give the readings of place names that characters misread, longest first; of characters."""
    from govkg.reference.romanize import Readings

    found = Readings.load()
    characters = {one: said.lstrip("'") for one, said in found.characters.items()}
    syllables = frozenset(characters.values())
    stems = sorted(found.stems.iter_rows(), key=lambda row: (-len(row[0]), row[0]))
    return (
        {stem: f" {_apart(said.lower(), len(stem), syllables) or said} " for stem, said in stems},
        {one: f" {said} " for one, said in characters.items()},
    )


def _apart(said: str, count: int, syllables: frozenset[str]) -> str:
    """Cut a word into so many syllables; give nothing where it can't be cut so."""
    if count == 1:
        return said if said in syllables else ""
    for end in range(1, min(7, len(said))):
        head, rest = said[:end], said[end:].lstrip("'")
        if head in syllables and (tail := _apart(rest, count - 1, syllables)):
            return f"{head} {tail}"
    return ""
