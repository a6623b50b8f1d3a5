"""`govkg run` and `govkg build`: the whole way through, each step with its time, or its first."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from govkg import layout
from govkg.cli import output
from govkg.cli.options import Home, Lang
from govkg.cli.output import say
from govkg.languages import Language
from govkg.textfile import write_file

QUESTION = "cq01"
NETWORK = "institutions"

_NEXT = {"en": "Try next:", "zh": "接下来可以试试："}
_COMMANDS = {
    "queries": {"en": "the ready questions", "zh": "现成的问题"},
    "query cq03": {"en": "one of them", "zh": "回答其中一个"},
    "validate": {"en": "shapes and checks, with file and line", "zh": "形状与检查，指出文件与行"},
    "export institutions -o a.gexf": {"en": "for Gephi", "zh": "供 Gephi 打开"},
    "evidence show claim:usm2013-s074-1": {"en": "what proves a claim", "zh": "主张的依据"},
}


def run(home: Home = None, lang: Lang = None) -> None:
    """Build, validate, answer a question, export a network: the whole way through.

    All of it is written into the build directory, over what an earlier run has written there.
    """
    if not run_all(home or layout.default_build(), lang or output.default_language()):
        raise typer.Exit(1)


def build(
    home: Home = None,
    scope: Annotated[
        Literal["document", "township", "national"],
        typer.Option(help="How far down the reference data goes; document: what it touches."),
    ] = "document",
    province: Annotated[str | None, typer.Option(help="Code of a province, as 52.")] = None,
    dump: Annotated[bool, typer.Option("--dump", help="Write N-Quads of larger scopes.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all is well.")] = False,
) -> None:
    """Build the graph from its sources."""
    from govkg.build import build as make
    from govkg.reference import Extent

    extent = Extent(scope, province, dump)
    made = make(home or layout.default_build(), output.progress, extent)
    if not quiet:
        say(f"{layout.display(made.directory)}: {made.triples:,} triples")


def run_all(home: Path, language: Language) -> bool:
    """Build, validate, ask and export into `home`; say whether the graph is without violations."""
    from govkg import exports, queries, validation
    from govkg.api import KnowledgeGraph
    from govkg.build import build as make

    steps = _Steps()
    made = make(home, output.progress)
    kg = KnowledgeGraph(made)
    graphs = ", ".join(f"{_short(g)} {n:,}" for g, n in made.manifest.graphs.items())
    steps.done("build", f"{made.triples:,} triples in {layout.display(made.directory)} ({graphs})")

    output.progress("validate")
    report = kg.validate()
    steps.done("validate", report.summary)
    violations = replace(report, findings=tuple(report.worst("violation")))
    if violations.findings:
        say(validation.write(violations, "human", language, validation.Places.of_sources()))

    question = queries.find("competency", QUESTION)
    answer = kg.store.select(question.bind({"lang": language}))
    steps.done("query", f"{question.name}: {question.title(language)}")
    output.write_result(answer)

    graph = kg.network(NETWORK, lang=language)
    path = home / f"{NETWORK}.gexf"
    write_file(path, exports.write(graph, "gexf"), force=True)
    size = f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges"
    steps.done("export", f"{layout.display(path)}: {size}")
    say(f"total     {steps.total():5.1f} s\n\n{next_steps(language)}")
    return not violations.findings


def next_steps(language: Language) -> str:
    """List what to try next, as it is typed where the user stands: a comment tells what it is."""
    program = layout.command("govkg")
    wide = max(map(len, _COMMANDS))
    lines = [
        f"  {program} {words:<{wide}}  # {told[language]}" for words, told in _COMMANDS.items()
    ]
    return "\n".join([_NEXT[language], *lines])


class _Steps:
    """Times the steps and says them as they end."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()

    def done(self, name: str, what: str) -> None:
        now = time.perf_counter()
        say(f"{name:<9} {now - self._last:5.1f} s  {what}")
        self._last = now

    def total(self) -> float:
        return time.perf_counter() - self._start


def _short(graph: str) -> str:
    return graph.partition("/graph/")[2]
