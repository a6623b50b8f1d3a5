"""Writing assessments into their graph, with the checks that made them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from govkg.assessment.run import Assessment, checks
from govkg.languages import LANGUAGES
from govkg.namespaces import ASSESSMENT_GRAPH, PREFIXES, local
from govkg.queries import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from govkg.queries import Query
    from govkg.store import Store

_WORDS = {"zh": "评估：", "en": "Assessment: "}
_TITLES = {"zh": "对各条主张的评估", "en": "Assessments of the claims"}


def record(store: Store, found: Iterable[Assessment], target: Store | None = None) -> None:
    """Write assessments into their graph of a store; labels of claims come from `store`."""
    rows = store.select(lookup("claim-labels").text)
    labels = {(str(row.claim), row.label.language): str(row.label) for row in rows}
    lines = [line for one in found for line in _lines(one, labels)]
    lines += [line for check in checks() for line in _described(check)]
    lines += _about_graph(len(lines))
    (target or store).load_text("\n".join(lines) + "\n", Path("assessment.nt"), ASSESSMENT_GRAPH)


def _lines(one: Assessment, labels: dict[tuple[str, str], str]) -> Iterator[str]:
    subject = f"<{PREFIXES['assess']}{one.name}>"
    gov, rdfs = PREFIXES["gov"], PREFIXES["rdfs"]
    yield f"{subject} <{PREFIXES['rdf']}type> <{gov}Assessment> ."
    for predicate, value in (
        ("assesses", one.claim),
        ("verdict", PREFIXES["verdict"] + one.verdict),
        ("accordingTo", one.authority),
        ("check", PREFIXES["check"] + one.check),
        *(("usesFact", fact) for fact in one.facts),
        *(("decidableBy", PREFIXES["wanted"] + name) for name in one.wanted),
    ):
        yield f"{subject} <{gov}{predicate}> <{value}> ."
    for language, text in one.explanation:
        yield f"{subject} <{gov}explanation> {_text(text, language)} ."
    for language, word in _WORDS.items():
        label = labels.get((one.claim, language), local(one.claim))
        yield f"{subject} <{rdfs}label> {_text(word + label, language)} ."


def _described(check: Query) -> Iterator[str]:
    subject = f"<{PREFIXES['check']}{check.name.removeprefix('assess-')}>"
    yield f"{subject} <{PREFIXES['rdf']}type> <{PREFIXES['schema']}CreativeWork> ."
    for language in LANGUAGES:
        text = _text(check.header.judges[language], language)
        yield f"{subject} <{PREFIXES['rdfs']}label> {text} ."


def _about_graph(before: int) -> list[str]:
    subject, void = f"<{ASSESSMENT_GRAPH}>", PREFIXES["void"]
    count = f'"{before + 4}"^^<{PREFIXES["xsd"]}integer>'
    titles = [f"{subject} <{PREFIXES['dct']}title> {_text(t, g)} ." for g, t in _TITLES.items()]
    return [
        f"{subject} <{PREFIXES['rdf']}type> <{void}Dataset> .",
        f"{subject} <{void}triples> {count} .",
        *titles,
    ]


def _text(text: str, language: str) -> str:
    return f"{json.dumps(text, ensure_ascii=False)}@{language}"
