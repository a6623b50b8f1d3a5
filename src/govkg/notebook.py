"""`%%sparql` for IPython and Jupyter: `%load_ext govkg`, then cells of SPARQL."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from govkg.api import KnowledgeGraph, open_graph
from govkg.errors import ParameterError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_USAGE = "%%sparql [--kg NAME] [--to NAME] [--lang zh|en] [name=value ...]"


def register(shell: InteractiveShell) -> None:
    """Make `%%sparql` known to a shell.

    The line takes `--kg` (the variable of an open graph, default `kg`, else the default build),
    `--to` (a variable to keep the answer in), `--lang` and parameters of a ready question.
    """

    def sparql(line: str, cell: str | None = None) -> Any:  # noqa: ANN401 - what the query gives
        options, params = _read("" if cell is None else line)
        if "lang" in params:
            options["--lang"] = params.pop("lang")
        kg = _graph(shell.user_ns, options.get("--kg"))
        text = (line if cell is None else cell).strip()
        for advice in kg.query_help(text) if "{" in text else []:
            print(advice.text("zh" if options.get("--lang") == "zh" else "en"))  # noqa: T201 - the notebook's own voice
        answer = kg.query(text, lang=options.get("--lang"), **params)  # type: ignore[arg-type]
        if "--to" not in options:
            return answer
        shell.user_ns[options["--to"]] = answer
        return None

    # IPython's own annotation takes its first argument for the shell.
    shell.register_magic_function(sparql, "line_cell", "sparql")  # type: ignore[arg-type]


def _read(line: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read options and parameters of the first line of a cell."""
    words, options, params = shlex.split(line), {}, {}
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if word in {"--kg", "--to", "--lang"} and words:
            options[word] = words.pop(0)
        elif equals and name.isidentifier():
            params[name] = value
        else:
            raise ParameterError(f"{word!r} is not understood: {_USAGE}.")
    return options, params


def _graph(scope: dict[str, Any], name: str | None) -> KnowledgeGraph:
    found = scope.get(name or "kg")
    if isinstance(found, KnowledgeGraph):
        return found
    if name:
        raise ParameterError(f"{name} is no open graph: kg = govkg.open() makes one.")
    return open_graph()
