"""Two questions asked of any graph: what is known of a node, and what in a text proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from govkg.errors import InputError
from govkg.namespaces import ONTOLOGY, PREFIXES, expand, shorten
from govkg.queries import check_language, inline, is_iri
from govkg.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from govkg.documents import SourceText
    from govkg.languages import Language
    from govkg.results import Selects

    Texts = Callable[[str], SourceText | None]

INCOMING = 200  # a province is the value of thousands of triples

_PREFIXES = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("gov", "rdf", "rdfs"))
_DESCRIBE = inline(
    "describe",
    node="iri",
    lang="language",
    text=_PREFIXES
    + f"""
SELECT ?way ?property ?propertyLabel ?value ?valueLabel WHERE {{
  VALUES ?lang {{ UNDEF }}
  {{ VALUES ?node {{ UNDEF }} ?node ?property ?value . BIND("has" AS ?way) }}
  UNION {{ {{ SELECT ?property ?value {{ VALUES ?node {{ UNDEF }} ?value ?property ?node }}
    ORDER BY ?property ?value LIMIT {INCOMING} }} BIND("of" AS ?way) }}
  OPTIONAL {{ ?property rdfs:label ?propertyLabel FILTER(LANG(?propertyLabel) = ?lang) }}
  OPTIONAL {{ ?value rdfs:label ?valueLabel FILTER(LANG(?valueLabel) = ?lang) }}
  BIND(IF(?property = rdfs:label, 0, IF(?property = rdf:type, 1, 2)) AS ?rank)
}}
ORDER BY ?way ?rank ?property STR(?value)
""",
)
_LABELS = inline(
    "labels",
    iri="iri",
    lang="language",
    text=_PREFIXES
    + """
SELECT ?iri ?label WHERE {
  VALUES ?iri { UNDEF }
  VALUES ?lang { UNDEF }
  ?iri rdfs:label ?label FILTER(LANG(?label) = ?lang)
} ORDER BY ?iri STR(?label)
""",
)
TERMS = f"""{_PREFIXES}
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?term {{
  {{ ?term rdfs:isDefinedBy <{ONTOLOGY}> }} UNION {{ ?term skos:inScheme ?scheme }}
}}
"""
_CLAIMS = (
    inline(
        "claims-of-statement",
        asked="iri",
        text=_PREFIXES
        + """
SELECT DISTINCT ?claim WHERE { VALUES ?asked { UNDEF } ?claim gov:asserts|gov:denies ?asked }
""",
    ),
    inline(
        "claims-of-node",
        asked="iri",
        text=_PREFIXES
        + """
SELECT DISTINCT ?claim WHERE {
  VALUES ?asked { UNDEF }
  ?claim gov:asserts|gov:denies ?statement . ?statement ?property ?asked
}
""",
    ),
)
_EVIDENCE = inline(
    "evidence",
    claim="iri",
    lang="language",
    text=_PREFIXES
    + """
SELECT ?claim ?claimLabel ?stance ?statement ?modality ?voice ?document ?unit ?start ?end
  ?digest ?sha
WHERE {
  VALUES ?claim { UNDEF }
  VALUES ?lang { UNDEF }
  VALUES (?way ?stance) { (gov:asserts "asserts") (gov:denies "denies") }
  ?claim ?way ?statement ; gov:document ?document ; gov:textUnit ?textUnit ; gov:start ?start ;
    gov:end ?end ; gov:quoteDigest ?digest ; gov:modality ?how ; gov:voice ?whose ;
    rdfs:label ?claimLabel .
  ?textUnit gov:unitNumber ?unit .
  ?document gov:sha256 ?sha .
  ?how rdfs:label ?modality .
  ?whose rdfs:label ?voice .
  FILTER(LANG(?claimLabel) = ?lang && LANG(?modality) = ?lang && LANG(?voice) = ?lang)
}
ORDER BY ?document ?start ?claim ?statement
""",
)


class Evidence(NamedTuple):
    """A claim about a statement: how it says it, where, and the words where the text is at hand.

    Terms of rdflib; `start` and `end` are code points of the document.
    """

    claim: Any
    claimLabel: Any  # noqa: N815 - a column
    stance: Any
    statement: Any
    modality: Any
    voice: Any
    document: Any
    unit: Any
    start: Any
    end: Any
    quote: Any


def describe(engine: Selects, iri: str, lang: Language) -> Result:
    """List what a node has (labels, types, properties) and what it is the value of.

    Of the latter at most `INCOMING`. Raises InputError where nothing is known of it.
    """
    found = engine.select(_DESCRIBE.bind({"node": str(iri)}, lang))
    if not found.rows:
        raise InputError(
            f"nothing is known of {shorten(iri)}: give a name, IRI or prefixed name of the graph."
        )
    return found


def evidence(engine: Selects, asked: object, lang: Language, texts: Texts) -> Result:
    """List the claims that prove a row or a node, with the words where `texts` finds the text.

    `asked` is an IRI or prefixed name, or a row of an answer: its claims, else its statements, else
    its nodes count. Raises InputError where no claim is behind it.
    """
    iris = list(_iris(asked))
    claims = [iri for iri in iris if iri.startswith(PREFIXES["claim"])]
    for query in _CLAIMS:
        if iris and not claims:
            claims = [str(claim) for (claim,) in engine.select(query.bind({"asked": iris}))]
    found: tuple[Any, ...] = ()
    if claims:
        found = engine.select(_EVIDENCE.bind({"claim": claims}, lang)).rows
    if not found:
        named = ", ".join(map(shorten, iris)) or "a row without IRIs"
        raise InputError(f"no claim is behind {named}: ask for a claim, a statement or a node.")
    quotes = _Quotes(texts)
    return Result(
        Evidence._fields, tuple(Evidence._make((*row[:10], quotes.of(row))) for row in found)
    )


def labels(engine: Selects, iris: Collection[str], lang: Language) -> dict[str, str]:
    """Find the labels of IRIs in a language; those without one, or ill-formed, are left out."""
    check_language(lang)
    known = [iri for iri in iris if is_iri(iri)]
    if not known:
        return {}
    rows = engine.select(_LABELS.bind({"iri": known}, lang))
    return {str(iri): str(label) for iri, label in reversed(rows.rows)}


def terms(engine: Selects) -> frozenset[str]:
    """List the IRIs of the ontology's classes and properties and of the codes' concepts."""
    return frozenset(str(term) for (term,) in engine.select(TERMS))


class _Quotes:
    """Cuts spans out of texts, each text looked up once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._known: dict[str, SourceText | None] = {}

    def of(self, row: Any) -> Any:  # noqa: ANN401 - a row of _EVIDENCE to a literal or None
        from rdflib import Literal

        digest = str(row.sha)
        if digest not in self._known:
            self._known[digest] = self._texts(digest)
        source = self._known[digest]
        if source is None:
            return None
        start, end = int(row.start), int(row.end)
        if source.digest(start, end) != str(row.digest):
            raise InputError(f"{row.claim} has a span of another digest: `govkg evidence verify`.")
        return Literal(source.text[start:end])


def _iris(asked: object) -> Iterable[str]:
    from rdflib import URIRef

    if isinstance(asked, str):
        yield expand(asked)
    elif isinstance(asked, tuple):
        yield from (str(term) for term in asked if isinstance(term, URIRef))
    else:
        raise InputError("evidence is asked for an IRI, a prefixed name or a row of an answer.")
