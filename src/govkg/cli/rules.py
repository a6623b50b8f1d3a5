"""Commands that list and explain the rules of validation."""

from __future__ import annotations

import typer

from govkg.cli import output
from govkg.cli.options import Form, Lang
from govkg.cli.output import Format, say
from govkg.errors import ParameterError

app = typer.Typer(help="The rules that validation goes by.", invoke_without_command=True)


@app.callback(invoke_without_command=True)
def rules(context: typer.Context, form: Form = Format.TABLE, lang: Lang = None) -> None:
    """List the rules: shapes and checks."""
    if context.invoked_subcommand is None:
        from govkg.validation.rules import all_rules

        language = lang or output.default_language()
        rows = [(r.id, r.severity, r.about, r.title[language]) for r in all_rules()]
        output.write_rows(("id", "severity", "about", "rule"), rows, form)


@app.command()
def show(rule: str) -> None:
    """Explain one rule: what it is about, and how to mend what it finds."""
    from govkg.validation.rules import all_rules, described

    found = next((r for r in all_rules() if r.id == rule), None)
    if found is None:
        raise ParameterError(f"there is no rule {rule!r}: `govkg rules` lists them.")
    say(described(found))
