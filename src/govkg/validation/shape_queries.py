"""The queries in shapes: read once, and refused where SHACL allows no such query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govkg import sparqltext
from govkg.errors import InputError, ShapesError
from govkg.store import columns_of
from govkg.validation.result import path_text, shape_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

_REACHING = ("FROM", "SERVICE", "LOAD")
_WITHOUT_PRE_BINDING = ("MINUS", "VALUES")
_PLACE = re.compile(r"error at (\d+):(\d+)")
_STEP = "(<urn:x-a>|<urn:x-b>)"  # what can stand where a path can, and nowhere else


@dataclass(frozen=True)
class Select:
    """A query of a shape: its text, code point escapes and $PATH replaced, and its prefixes."""

    text: str
    prefixes: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """List what it projects; raise InputError where it is no valid SELECT."""
        return columns_of(self.text, self.prefixes) or ()

    @property
    def parts(self) -> tuple[str, str]:
        """Give its prologue, with the prefixes of the shapes, and the rest."""
        start = sparqltext.body(self.text)
        declared = "".join(f"PREFIX {p}: <{n}>\n" for p, n in self.prefixes.items())
        return declared + self.text[:start], self.text[start:]

    @property
    def named_prefixes(self) -> dict[str, str]:
        """Map the prefixes of the shapes and of its own prologue to their namespaces."""
        own = {prefix: named for prefix, named, _ in sparqltext.declarations(self.text) if named}
        return {**self.prefixes, **own}


def select_of(shapes: Graph, shape: Node, constraint: Node) -> Select:
    """Read the query of a constraint as a shape runs it: $PATH is the path (SHACL, 5.3.1)."""
    from rdflib.namespace import SH

    text = sparqltext.unescape(str(shapes.value(constraint, SH.select)))
    path = path_text(shapes, shapes.value(shape, SH.path))
    return Select(_with_path(text, path), prefixes_of(shapes, constraint))


def prefixes_of(shapes: Graph, constraint: Node) -> dict[str, str]:
    """Map the declared prefixes of a query to their namespaces (SHACL, section 5.2.1)."""
    from rdflib.namespace import OWL, SH

    return {
        str(shapes.value(declared, SH.prefix)): str(shapes.value(declared, SH.namespace))
        for named in sorted(shapes.objects(constraint, SH.prefixes), key=str)
        for source in shapes.transitive_objects(named, OWL.imports)
        for declared in sorted(shapes.objects(source, SH.declare), key=str)
    }


def lint_queries(shapes: Graph) -> None:
    """Refuse queries that are not valid, reach outside, or can't have variables bound beforehand.

    Raises ShapesError, with the shape, and the line and column in its query (SHACL, section 5.2.1
    and appendix A).
    """
    from rdflib.namespace import SH

    for constraint in sorted(set(shapes.objects(None, SH.sparql)), key=str):
        if len(set(shapes.objects(constraint, SH.select))) != 1:
            raise ShapesError(f"{shape_name(shapes, constraint)}: sh:sparql wants one sh:select.")
    for node, query, is_select in _queries(shapes):
        try:
            text = sparqltext.unescape(query)
        except ValueError as error:
            raise ShapesError(
                f"{shape_name(shapes, node)}: its query can't be read: {error}."
            ) from None
        _Lint(shape_name(shapes, node), text, prefixes_of(shapes, node)).all(
            select=is_select, with_path=_has_path(shapes, node)
        )


def _queries(shapes: Graph) -> Iterator[tuple[Node, str, bool]]:
    from rdflib.namespace import SH

    for predicate in (SH.select, SH.ask):
        for node, query in sorted(shapes.subject_objects(predicate)):
            yield node, str(query), predicate == SH.select


def _has_path(shapes: Graph, node: Node) -> bool:
    """Say whether a query is run for shapes with a path only."""
    from rdflib.namespace import SH

    users = set(shapes.subjects(SH.sparql, node))
    return all((user, SH.path, None) in shapes for user in users)


def _with_path(text: str, path: str) -> str:
    for _, (start, end) in reversed(list(sparqltext.variables(text, ["PATH"]))):
        text = text[:start] + path + text[end:]
    return text


@dataclass(frozen=True)
class _Lint:
    shape: str
    text: str
    prefixes: Mapping[str, str]

    def all(self, *, select: bool, with_path: bool) -> None:
        """Refuse what is wrong, what reaches outside before all else."""
        for word, offset in sparqltext.keywords(self.text, _REACHING):
            self._refuse(offset, f"says {word}, which reaches outside the graph: take it out.")
        self._syntax(with_path=with_path)
        form = sparqltext.form(self.text)
        if form != ("SELECT" if select else "ASK"):
            raise ShapesError(
                f"{self.shape}: its query is {form}: sh:select takes SELECT, sh:ask ASK."
            )
        self._pre_binding()
        if select and "this" not in (columns_of(self._run, self.prefixes) or ()):
            raise ShapesError(
                f"the query of {self.shape} does not select $this, so it can find nothing "
                "(SHACL, section 5.2.1): add it after SELECT."
            )

    @property
    def _run(self) -> str:
        return _with_path(self.text, _STEP)

    def _syntax(self, *, with_path: bool) -> None:
        for _, (start, end) in sparqltext.variables(self.text, ["PATH"]):
            alone = self.text[:start] + _STEP + self.text[end:]
            if not with_path:
                self._refuse(start, "says $PATH, but its shape has no sh:path.")
            if self._valid(self.text) and not self._valid(alone):
                self._refuse(start, "has $PATH elsewhere than as a predicate (SHACL, 5.3.1).")
        try:
            columns_of(self._run, self.prefixes)
        except InputError as error:
            self._invalid(str(error))

    def _valid(self, text: str) -> bool:
        try:
            columns_of(text, self.prefixes)
        except InputError:
            return False
        return True

    def _invalid(self, said: str) -> None:
        found = _PLACE.search(said)
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        rest = (self._run.splitlines() or [""])[line - 1 :][:1]
        near = rest[0][column - 1 :].strip()[:30] if rest else ""
        if "Prefix not found" in said:
            message = f"a prefix that neither sh:prefixes nor PREFIX declares, near {near!r}."
        else:
            message = f"not valid SPARQL 1.1 near {near!r}." if near else "not valid SPARQL 1.1."
        raise ShapesError(f"{self.shape}: its query, line {line}, column {column}: {message}")

    def _pre_binding(self) -> None:
        for word, offset in sparqltext.keywords(self.text, _WITHOUT_PRE_BINDING):
            self._refuse(offset, f"says {word}, which SHACL rules out (appendix A): use FILTER.")
        for _, offset in sparqltext.keywords(self.text, ["GRAPH"]):
            if not re.match(r"GRAPH\s*[?$]shapesGraph\b", self.text[offset:], re.IGNORECASE):
                self._refuse(offset, "says GRAPH, but all data are one graph here: take it out.")
        for _, (offset, _) in sparqltext.variables(
            self.text, ["this", "currentShape", "shapesGraph"]
        ):
            if re.search(r"\bAS\s+$", sparqltext.blank(self.text)[:offset], re.IGNORECASE):
                self._refuse(offset, "sets a variable that SHACL sets: take another name.")
        prologue = self.text[: sparqltext.body(self.text)]
        for start, end in sparqltext.subselects(self.text):
            alone = prologue + _with_path(self.text[start:end], _STEP)
            if "this" not in (columns_of(alone, self.prefixes) or ()):
                self._refuse(start, "has a sub-select without $this (SHACL, appendix A): add it.")

    def _refuse(self, offset: int, message: str) -> None:
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        raise ShapesError(f"{self.shape}: its query, line {line}, column {column}, {message}")
