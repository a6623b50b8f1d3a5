"""`govkg run`: the whole way through, each step with its time, and what to try next."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from govkg import exports, queries, validation
from govkg.api import KnowledgeGraph
from govkg.build import build
from govkg.cli import output
from govkg.cli.output import say
from govkg.layout import display

if TYPE_CHECKING:
    from pathlib import Path

    from govkg.languages import Language

QUESTION = "cq01"
NETWORK = "institutions"

_NEXT = {
    "en": """Try next:
  govkg queries                       the ready questions
  govkg query cq03                    one of them
  govkg validate                      shapes and checks, with file and line
  govkg export institutions -o a.gexf for Gephi
  govkg evidence verify --source FILE every span against the text""",
    "zh": """接下来可以试试：
  govkg queries                       现成的问题
  govkg query cq03                    回答其中一个
  govkg validate                      形状与检查，指出文件与行
  govkg export institutions -o a.gexf 供 Gephi 打开
  govkg evidence verify --source FILE 逐条核对引文位置""",
}


def tour(home: Path, language: Language) -> bool:
    """Build, validate, ask and export into `home`; say whether the graph is without violations."""
    steps = _Steps()
    made = build(home, output.progress)
    kg = KnowledgeGraph(made)
    graphs = ", ".join(f"{_short(g)} {n:,}" for g, n in made.manifest["graphs"].items())
    steps.done("build", f"{made.triples:,} triples in {display(made.directory)} ({graphs})")

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
    output.write_file(path, exports.write(graph, "gexf"), force=True)
    size = f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges"
    steps.done("export", f"{display(path)}: {size}")
    say(f"total     {steps.total():5.1f} s\n\n{_NEXT[language]}")
    return not violations.findings


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
