"""The page of commands: each with its arguments and options, as `--help` has them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from tools.documentation.markdown import code, table
from typer.main import get_command

from govkg.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.documentation.markdown import Language

_WORDS = {
    "en": ("Commands", "Every command says the same with `--help`.", "argument or option", "what"),
    "zh": ("命令", "每条命令加 `--help` 可看到同样的说明。", "参数或选项", "说明"),
}


def pages(language: Language) -> Iterator[tuple[str, str]]:
    """Yield the page of all commands."""
    title, head, parameter, what = _WORDS[language]
    text = f"# {title}\n\n{head}\n"
    for name, command in _walk(get_command(app), "govkg"):
        rows = [(_spelling(one), one.help or "") for one in _shown(command)]
        text += f"\n## {name}\n\n{' '.join((command.help or '').split())}\n"
        text += f"\n{table((parameter, what), rows)}" if rows else ""
    yield "commands", text


# typer ships a click of its own without types, hence Any.
def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield the commands that do something, by name."""
    below = getattr(command, "commands", None)
    if not below:
        yield name, command
        return
    for word in sorted(below):
        yield from _walk(below[word], f"{name} {word}")


def _shown(command: Any) -> Iterator[Any]:  # noqa: ANN401
    return (one for one in command.params if not getattr(one, "hidden", False))


def _spelling(parameter: Any) -> str:  # noqa: ANN401
    if parameter.param_type_name == "argument":
        return code(parameter.name.upper())
    names = code(", ".join(parameter.opts))
    values = _choices(parameter.type_descriptor.annotation)
    return f"{names} ({', '.join(values)})" if values else names


def _choices(annotation: Any) -> list[str]:  # noqa: ANN401
    if get_origin(annotation) is Literal:
        return list(map(str, get_args(annotation)))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(one.value) for one in annotation]
    return []
