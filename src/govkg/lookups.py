"""What is asked of any graph: what is known of a node, what proves it, what a document claims."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from govkg.errors import InputError
from govkg.namespaces import PREFIXES, expand, shorten
from govkg.queries import check_language, is_iri, lookup
from govkg.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from govkg.documents import Document, SourceText
    from govkg.languages import Language
    from govkg.results import Selects

    Texts = Callable[[str], SourceText | None]


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


class ClaimLine(NamedTuple):
    """A claim as people read it: where, in our own words, how, and the statements it is about.

    `start` and `end` are code points of the document; `statements` are asserted (+) or denied (-).
    """

    claim: str
    unit: int
    start: int
    end: int
    label: str
    modality: str
    voice: str
    statements: str


def describe(engine: Selects, iri: str, lang: Language) -> Result:
    """List what a node has (labels, types, properties) and what it is the value of.

    Of the latter the first 200. Raises InputError where nothing is known of it.
    """
    found = engine.select(lookup("describe").bind({"node": str(iri)}, lang))
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
    for name in ("claims-of-statement", "claims-of-node"):
        if iris and not claims:
            rows = engine.select(lookup(name).bind({"asked": iris}))
            claims = [str(claim) for (claim,) in rows]
    found: tuple[Any, ...] = ()
    if claims:
        found = engine.select(lookup("evidence").bind({"claim": claims}, lang)).rows
    if not found:
        named = ", ".join(map(shorten, iris)) or "a row without IRIs"
        raise InputError(f"no claim is behind {named}: ask for a claim, a statement or a node.")
    quotes = _Quotes(texts)
    return Result(
        Evidence._fields, tuple(Evidence._make((*row[:10], quotes.of(row))) for row in found)
    )


def claims(engine: Selects, document: Document, section: str, lang: Language) -> list[ClaimLine]:
    """List the claims of a section in the order of the text, with what each asserts."""
    wanted = {unit.number for unit in document.section(section)}
    query = lookup("document-claims").bind({"document": f"doc:{document.key}"}, lang)
    found = (
        ClaimLine(shorten(str(claim)), *(term.toPython() for term in told))
        for claim, *told in engine.select(query)
    )
    return [claim for claim in found if claim.unit in wanted]


def coverage(engine: Selects, document: Document, section: str) -> list[tuple[int, str, int]]:
    """Count the claims of each text unit of a section: number, role, claims."""
    counted = Counter(claim.unit for claim in claims(engine, document, section, "en"))
    return [(unit.number, unit.role, counted[unit.number]) for unit in document.section(section)]


def labels(engine: Selects, iris: Collection[str], lang: Language) -> dict[str, str]:
    """Find the labels of IRIs in a language; those without one, or ill-formed, are left out."""
    check_language(lang)
    known = [iri for iri in iris if is_iri(iri)]
    if not known:
        return {}
    rows = engine.select(lookup("labels").bind({"iri": known}, lang))
    return {str(iri): str(label) for iri, label in reversed(rows.rows)}


def terms(engine: Selects) -> frozenset[str]:
    """List the IRIs of the ontology's classes and properties and of the codes' concepts."""
    return frozenset(str(term) for (term,) in engine.select(lookup("terms").text))


class _Quotes:
    """Cuts spans out of texts, each text looked up once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._known: dict[str, SourceText | None] = {}

    def of(self, row: Any) -> Any:  # noqa: ANN401 - a row of the lookup to a literal or None
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
