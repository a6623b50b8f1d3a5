"""Literals of a query that no value of their property can meet: by language, datatype or order.

What kinds of values a property has is read from the graph that is asked, never assumed.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from govkg.namespaces import PREFIXES, shorten
from govkg.queries import lookup
from govkg.queryhelp.advice import Advice, at
from govkg.results.frames import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import Literal

    from govkg.results import Selects

_MOST = 10  # comparisons that are looked into
_XSD = PREFIXES["xsd"]
_ORDER = {"<", ">", "<=", ">="}


class Compared(NamedTuple):
    """A literal that a query compares with the values of a property."""

    property: str
    sign: str
    literal: Literal


class Kind(NamedTuple):
    """A kind of values: a language, or a datatype; neither is a node."""

    language: str
    datatype: str

    @property
    def name(self) -> str:
        """Name the kind as people do."""
        return f"@{self.language}" if self.language else shorten(self.datatype)

    @property
    def is_ordered(self) -> bool:
        """Say whether SPARQL can tell which of two values is less."""
        return self.datatype.startswith(_XSD)

    def write(self, text: str) -> str:
        """Write a text as a literal of this kind."""
        return f'"{text}"{self.name if self.language else "^^" + self.name}'

    def meets(self, other: Kind, sign: str) -> bool:
        """Say whether values of two kinds can be equal: as terms, or as numbers in a filter."""
        return self == other or (sign != "is" and {self.datatype, other.datatype} <= NUMBERS)


def mismatched(query: str, nodes: Iterable[Any], engine: Selects) -> Iterator[Advice]:
    """Warn of literals that can't match what the graph has; raise what the engine raises.

    `nodes` are those of rdflib's algebra of the query, which have no types.
    """
    for one in islice(dict.fromkeys(_compared(list(nodes))), _MOST):
        rows = engine.select(lookup("value-kinds").bind({"property": one.property}))
        kinds = [Kind(str(language), str(datatype)) for language, datatype in rows]
        literals = [kind for kind in kinds if any(kind)]
        if literals and one.sign in _ORDER and not any(kind.is_ordered for kind in literals):
            en, zh = _no_order(one, literals, engine)
        elif kinds and not any(_kind(one.literal).meets(kind, one.sign) for kind in kinds):
            en, zh = _other_kind(one, literals)
        else:
            continue
        offset = query.find(str(one.literal))
        place = at(query, offset) if offset >= 0 else ()
        yield Advice("literal", "warning", en, zh, *place)


def _other_kind(one: Compared, literals: list[Kind]) -> tuple[str, str]:
    name = shorten(one.property)
    if not literals:
        return (
            f'the values of {name} are nodes, not texts: "{one.literal}" may be the rdfs:label '
            "of one.",
            f'{name} 的值是节点，不是文本："{one.literal}" 或许是某个节点的 rdfs:label。',
        )
    first = "zh" if any("一" <= character <= "鿿" for character in one.literal) else "en"
    literals.sort(key=lambda kind: (kind.language != first, kind))
    forms = [kind.write(one.literal) for kind in literals[:2]]
    if all(kind.language for kind in literals) and not one.literal.language:
        en, zh = f"the values of {name} have language tags", f"{name} 的值带语言标签"
    else:
        kinds = ", ".join(kind.name for kind in literals)
        en, zh = f"the values of {name} are {kinds}", f"{name} 的值是 {kinds}"
    return f"{en}: write {' or '.join(forms)}.", f"{zh}：请写 {' 或 '.join(forms)}。"


def _no_order(one: Compared, kinds: list[Kind], engine: Selects) -> tuple[str, str]:
    name, kind = shorten(one.property), ", ".join(kind.name for kind in kinds)
    tagged = any(kind.language for kind in kinds)
    query = lookup("dates-beside").bind({"property": one.property})
    rows = () if tagged else engine.select(query)
    dates = [shorten(str(other)) for (other,) in rows]
    en = f"values of {name} ({kind}) have no order, {one.sign} never holds"
    zh = f"{name}（{kind}）的值没有大小之分，{one.sign} 永不成立"
    if not dates:
        return f"{en}: compare STR() of them.", f"{zh}：请用 STR() 比较。"
    return (
        f"{en}: compare an xsd:date beside it, {' or '.join(dates)}.",
        f"{zh}：请比较与它并列的 xsd:date，即 {' 或 '.join(dates)}。",
    )


def _kind(literal: Literal) -> Kind:
    if literal.language:
        return Kind(literal.language.lower(), "")
    return Kind("", str(literal.datatype or _XSD + "string"))


def _compared(nodes: list[Any]) -> Iterator[Compared]:
    """Find what is compared: in a triple, or a variable of one in FILTER or VALUES."""
    from rdflib import Literal, Variable

    properties: dict[Any, str] = {}
    for _, predicate, value in (t for node in nodes if node.name == "BGP" for t in node.triples):
        last = _last(predicate)
        if last and isinstance(value, Literal):
            yield Compared(last, "is", value)
        elif last and isinstance(value, Variable):
            properties.setdefault(value, last)
    for variable, sign, term in (found for node in nodes for found in _filtered(node)):
        if isinstance(variable, Variable) and isinstance(term, Literal) and variable in properties:
            yield Compared(properties[variable], sign, term)


def _filtered(node: Any) -> Iterator[tuple[Any, str, Any]]:  # noqa: ANN401
    if node.name == "values":
        for row in node.res:
            yield from ((variable, "is", term) for variable, term in row.items())
    if node.name == "RelationalExpression" and node.op in {"=", "<", ">", "<=", ">=", "IN"}:
        others = node.other if isinstance(node.other, list) else [node.other]
        for other in others:
            yield node.expr, node.op, other
            yield other, node.op, node.expr


def _last(predicate: Any) -> str | None:  # noqa: ANN401
    """Give the property that leads to the value; None where several may."""
    from rdflib import URIRef
    from rdflib.paths import SequencePath

    while isinstance(predicate, SequencePath):
        predicate = predicate.args[-1]
    return str(predicate) if isinstance(predicate, URIRef) else None


def walk(node: Any) -> Iterator[Any]:  # noqa: ANN401
    """Give a node of the algebra and all nodes inside it."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, CompValue):
        yield node
        for inner in node.values():
            yield from walk(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from walk(inner)
