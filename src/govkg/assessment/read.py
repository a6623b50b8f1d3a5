"""Reading assessments from a build, as people see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from govkg.namespaces import shorten
from govkg.queries import inline

if TYPE_CHECKING:
    from govkg.languages import Language
    from govkg.results import Selects

_ASSESSMENTS = inline(
    "assessments",
    claim="iri?",
    lang="language",
    text="""
PREFIX gov: <https://w3id.org/govkg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?assessment ?claim ?label ?verdict ?verdictLabel ?authority ?check ?explanation
WHERE {
  VALUES ?claim { UNDEF }
  VALUES ?lang { UNDEF }
  ?assessment a gov:Assessment ; gov:assesses ?claim ; gov:verdict ?verdict ;
    gov:accordingTo ?authority ; gov:check ?check ; gov:explanation ?explanation .
  ?claim rdfs:label ?label .
  ?verdict skos:prefLabel ?verdictLabel .
  FILTER(LANG(?explanation) = ?lang && LANG(?label) = ?lang && LANG(?verdictLabel) = ?lang)
}
ORDER BY ?claim ?check ?assessment
""",
)
_FACTS = inline(
    "facts",
    assessment="iri",
    lang="language",
    text="""
PREFIX gov: <https://w3id.org/govkg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?fact ?label ?when ?value
WHERE {
  VALUES ?assessment { UNDEF }
  VALUES ?lang { UNDEF }
  ?assessment gov:usesFact ?fact .
  OPTIONAL { ?fact rdfs:label ?label . FILTER(LANG(?label) = ?lang) }
  OPTIONAL { ?fact gov:when ?when }
  OPTIONAL { ?fact gov:value ?value }
}
ORDER BY ?when ?fact
""",
)


class AssessmentLine(NamedTuple):
    """An assessment as people read it; names are prefixed names, texts in one language."""

    assessment: str
    claim: str
    label: str
    verdict: str
    verdict_label: str
    authority: str
    check: str
    explanation: str


class Fact(NamedTuple):
    """A fact that decides: its name and label, and the time and value of an observation."""

    fact: str
    label: str
    when: str
    value: str


def listing(engine: Selects, lang: Language, claim: str = "") -> list[AssessmentLine]:
    """List assessments by claim in order, of one claim where it is named (`claim:...`)."""
    values = {"claim": claim} if claim else {}
    rows = engine.select(_ASSESSMENTS.bind(values, lang))
    return [AssessmentLine(*(shorten(str(term)) for term in row)) for row in rows]


def facts(engine: Selects, name: str, lang: Language) -> list[Fact]:
    """List the facts that an assessment (`assess:...`) rests on, in order of time."""
    rows = engine.select(_FACTS.bind({"assessment": name}, lang))
    told = (("" if term is None else str(term) for term in row) for row in rows)
    return [Fact(shorten(fact), *rest) for fact, *rest in told]
