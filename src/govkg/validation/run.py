"""Validation from data to report: shapes linted, rules and checks run, findings in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from govkg import layout, queries, sources, textfile
from govkg.errors import ParameterError, ShapesError
from govkg.layout import display
from govkg.store import Store
from govkg.textfile import load_mapping
from govkg.validation import lint, targets
from govkg.validation.data import LARGE, Data, in_context, unchecked
from govkg.validation.engines import EngineName, choose, process, run_rules
from govkg.validation.engines.process import Limits
from govkg.validation.finding import Finding
from govkg.validation.inputs import refuse_tricks, subjects
from govkg.validation.report import Report
from govkg.validation.result import as_finding, as_node, in_syntax
from govkg.validation.rules import check_findings
from govkg.validation.shape_files import load_shapes
from govkg.validation.shapes import count_constraints
from govkg.validation.targets import focus_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rdflib import Graph

    from govkg.validation.data import Focus
    from govkg.validation.inputs import Source


@dataclass(frozen=True)
class Options:
    """How to validate: shapes of one's own, engine (by size where None), limits of workers.

    `unmet` names shapes that need meet no node; `progress` hears which step begins.
    """

    shapes: tuple[Path, ...] = ()
    engine: EngineName | None = None
    limits: Limits = field(default_factory=Limits)
    unmet: tuple[str, ...] = ()
    progress: Callable[[str], None] = lambda _: None


def validate(data: Data, options: Options | None = None) -> Report:
    """Validate a whole build against all shapes and checks.

    Raises ShapesError where shapes are broken or check nothing, InputError where there is nothing
    to check or the engine is missing, SourceError for tricks in the sources,
    InternalError past limits.
    """
    options = options or Options()
    if not data.size:
        raise ShapesError("the graph is empty: nothing was checked. Run `govkg build` again.")
    for path in _source_files():
        refuse_tricks(path, textfile.read(path))
    if data.size <= LARGE:
        data = Data(data.store.in_memory())
    return _report(data, None, options, with_ontology=True)


def validate_files(
    sources: Sequence[Source], built: Data, options: Options | None = None
) -> Report:
    """Validate files in the context of the sources and of the reference data of a build.

    Only findings about the subjects of the files are reported. Raises as `validate` does.
    """
    options = options or Options()
    folder = layout.ONTOLOGY.resolve()
    with_ontology = any(source.path.resolve().is_relative_to(folder) for source in sources)
    options.progress("read the files and their context")
    focus = subjects(sources)
    data = Data(in_context(sources, built))
    if not (with_ontology or options.shapes or _meets(data, focus)):
        raise ShapesError(
            f"no shape is about a node of {', '.join(display(s.path) for s in sources)}, so "
            "nothing was checked: look at the prefixes; shapes of your own are named with --shapes."
        )
    return _report(data, focus, options, with_ontology=with_ontology)


def _meets(data: Data, focus: frozenset[str]) -> bool:
    nodes = [node for name in focus if (node := as_node(in_syntax(name)))]
    return any(focus_nodes(data.store, load_shapes(), nodes).values())


def _report(data: Data, focus: Focus, options: Options, *, with_ontology: bool) -> Report:
    shapes = load_shapes()
    lint.lint(shapes)
    targets.refuse_unknown(shapes, data.store)
    own = _own_shapes(data, options)
    engine = options.engine or choose(data)
    options.progress(f"run the shapes ({engine}) over {data.size:,} triples")
    rows = run_rules(data, shapes, engine, focus, limits=options.limits, ours=True)
    checks = _checks(with_ontology=with_ontology)
    scopes = {"data": data.excerpt}
    if with_ontology:
        scopes["ontology"] = load_ontology_and_shapes()
    found = [as_finding(row, shapes) for row in rows]
    options.progress("run the checks")
    found += _about(focus, check_findings(checks, scopes))
    count = count_constraints(shapes)
    if own is not None:
        found += _by_own_shapes(data, own, focus, replace(options, engine=engine))
        count += count_constraints(own)
    in_order, left_out = tuple(sorted(found, key=Finding.order)), unchecked(data, focus)
    report = Report(in_order, count, len(checks), engine, left_out)
    # What a deleted file leaves dangling is told before the shapes that it leaves without a node.
    targets.refuse_unmet(shapes, data.store, {*expected_unmet(), *options.unmet}, report)
    return report


def _about(focus: Focus, found: Iterable[Finding]) -> list[Finding]:
    from govkg.namespaces import expand

    return [f for f in found if focus is None or expand(f.focus) in focus]


def _own_shapes(data: Data, options: Options) -> Graph | None:
    """Read and lint a user's shapes before any engine runs."""
    if not options.shapes:
        return None
    if options.engine == "topbraid":  # Java would want more than the worker may take
        raise ParameterError("--shapes runs in pyshacl or shacl-rust: choose one with --engine.")
    shapes = load_shapes(options.shapes)
    lint.lint(shapes)
    targets.refuse_unknown(shapes, data.store)
    targets.refuse_unmet(shapes, data.store, options.unmet)
    return shapes


def _by_own_shapes(data: Data, shapes: Graph, focus: Focus, options: Options) -> list[Finding]:
    """Run a user's shapes in a worker, whatever they do there."""
    with TemporaryDirectory() as folder:
        quads = data.quads or Path(folder) / "data.nq"
        if not data.quads:
            data.store.write_quads(quads, without=data.left_out)
        store = data.quads.parent / "store" if data.quads else None
        rows = process.all_rules(quads, store, shapes, options.engine or "pyshacl", options.limits)
    kept = [row for row in rows if focus is None or row.focus.strip("<>") in focus]
    return [as_finding(row, shapes) for row in kept]


def expected_unmet() -> dict[str, str]:
    """Read which of our shapes need meet no node, each with the reason."""
    found: dict[str, str] = {}
    for path in sources.unmet_files():
        found.update(load_mapping(textfile.read(path)))
    return found


def load_ontology_and_shapes() -> Store:
    """Read terms and shapes, each into its graph: where checks of scope `ontology` look."""
    store = Store()
    for source in sources.files("terms", "shapes"):
        store.add_skolemized(source.path, source.graph)
    return store


def _checks(*, with_ontology: bool) -> list[queries.Query]:
    return [
        check
        for name, check in queries.catalog("checks").items()
        if name.startswith("no-") and (with_ontology or check.header["scope"] == "data")
    ]


def _source_files() -> list[Path]:
    return sources.paths("terms", "shapes", "document")
