"""The commands of curators: documents, the texts that are kept of them, evidence, assessments."""

# Annotations are no strings in modules of commands: typer would compile each at every start.
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from govkg import layout
from govkg.cli import common
from govkg.cli.common import Endpoint, Force, Form, Format, Home, Key, Lang, Section, Source, say
from govkg.errors import InputError, UnknownName
from govkg.namespaces import local_name
from govkg.textfile import write_file

if TYPE_CHECKING:
    from govkg.api import ClaimLine
    from govkg.documents import SourceText

evidence_app = typer.Typer(help="Spans and digests of the claims.", no_args_is_help=True)
document_app = typer.Typer(help="The documents that the graph encodes.", no_args_is_help=True)
source_app = typer.Typer(
    help="Texts of documents that are kept on this machine, to quote from.", no_args_is_help=True
)
assess_app = typer.Typer(help="What the record says about the claims.", invoke_without_command=True)
_ASSESSED = ("claim", "verdict", "according to", "check", "explanation")


@evidence_app.command("digest")
def evidence_digest(files: list[Path], key: Key = None, source: Source = None) -> None:
    """Fill the digests (and drafts' quotes) of Turtle files from the text."""
    from govkg import documents

    document = documents.document(key)
    text = documents.find_source(document, source)
    if text is None:
        raise InputError("the text is not at hand: give --source FILE or set GOVKG_SOURCE.")
    for path in files:
        changed = documents.fill_evidence(path, document, text)
        say(f"{layout.display(path)}: {changed} spans filled")


@evidence_app.command("verify")
def evidence_verify(key: Key = None, source: Source = None) -> None:
    """Check every span: inside its unit, and (with the text at hand) of the digest it states."""
    from govkg import documents

    document = documents.document(key)
    found = documents.verify_evidence(document, documents.find_source(document, source))
    for problem in found.problems:
        say(str(problem))
    digests = "checked" if found.digests_checked else "skipped (the text is not at hand)"
    say(f"{found.spans} spans, {len(found.problems)} problems; digests {digests}")
    if found.problems:
        raise typer.Exit(1)


@document_app.command("coverage")
def document_coverage(
    key: Key = None,
    section: Section = "",
    form: Form = Format.TABLE,
    home: Home = None,
) -> None:
    """List the text units with how many claims each carries; exit 1 where a body unit has none."""
    from govkg import documents

    document = documents.document(key)
    kg, _ = common.opened(home, None)
    rows = kg.coverage(document, section)
    common.write_rows(("unit", "role", "claims"), rows, form)
    bare = [row for row in rows if row[1] == "body" and not row[2]]
    body = sum(row[1] == "body" for row in rows)
    if form is Format.TABLE:
        say(f"{body - len(bare)} of {body} body units carry a claim")
    if bare:
        raise typer.Exit(1)


@document_app.command("show")
def document_show(
    key: Key = None,
    section: Section = "",
    source: Source = None,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Print the claims as an outline, with the quoted words where the text is at hand."""
    from govkg import documents

    document = documents.document(key)
    kg, language = common.opened(home, lang)
    claims = kg.claims(document, section, language)
    for line in _outline(claims, documents.find_source(document, source)):
        say(line)


@source_app.command("add")
def source_add(
    file: Annotated[Path, typer.Argument(help="The text, byte for byte as it was encoded.")],
) -> None:
    """Keep a text to quote from; its digest says which document it is of."""
    from govkg.documents import texts

    kept = texts.add(file)
    say(f"{kept.document.key}: {layout.display(kept.path) if kept.path else ''}")


@source_app.command("list")
def source_list(form: Form = Format.TABLE) -> None:
    """List the documents, and where their texts are kept."""
    from govkg.documents import texts

    rows = [
        (
            one.document.key,
            one.document.facts.sha256,
            layout.display(one.path) if one.path else "",
        )
        for one in texts.listing()
    ]
    common.write_rows(("document", "sha256", "file"), rows, form)


@source_app.command("remove")
def source_remove(
    key: Annotated[str, typer.Argument(help="The document's key: usm2013.")],
) -> None:
    """Remove a stored text."""
    from govkg import documents
    from govkg.documents import texts

    say(f"{layout.display(texts.remove(documents.document(key)))} removed")


@evidence_app.command("show")
def evidence_show(
    of: Annotated[
        str, typer.Argument(help="A claim, a statement or a node: claim:..., or a name.")
    ],
    form: Form = Format.TABLE,
    source: Source = None,
    home: Home = None,
    endpoint: Endpoint = None,
    lang: Lang = None,
) -> None:
    """List the claims behind a node: how they say it, where, in which words if they are at hand."""
    kg, language = common.opened(home, lang, endpoint)
    found = kg.evidence(common.node(kg, of, language), lang=language, source=source)
    common.write_terms(found, form)


@assess_app.callback()
def assess(
    context: typer.Context,
    verdict: Annotated[str | None, typer.Option(help="Only this one, as superseded.")] = None,
    check: Annotated[str | None, typer.Option(help="Only of this check, as abolition.")] = None,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """List the claims that checks have judged, with their verdicts."""
    if context.invoked_subcommand:
        return
    kg, language = common.opened(home, lang)
    rows = [
        (one.claim, one.verdict, one.authority, one.check, one.explanation)
        for one in kg.assessments(language)
        if verdict in (None, local_name(one.verdict)) and check in (None, local_name(one.check))
    ]
    common.write_rows(_ASSESSED, rows, form)


@assess_app.command("show")
def assess_show(
    claim: Annotated[str, typer.Argument(help="A claim: claim:usm2013-s074-1, or usm2013-s074-1.")],
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Explain what was found about one claim, with the facts that decide."""
    kg, language = common.opened(home, lang)
    name = claim if ":" in claim else f"claim:{claim}"
    found = kg.assessments(language, name)
    if not found:
        known = [one.claim for one in kg.assessments(language)]
        raise UnknownName("assessed claim", name, known, "govkg assess")
    say(f"{name}  {found[0].label}")
    for one in found:
        say(f"\n{one.verdict_label} ({one.check}, {one.authority})\n  {one.explanation}")
        for fact in kg.facts(one.assessment, language):
            say("  - " + "  ".join(part for part in fact if part))


@assess_app.command("report")
def assess_report(
    out: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    form: Annotated[Literal["html", "md"] | None, typer.Option("--format")] = None,
    force: Force = False,
    home: Home = None,
) -> None:
    """Write a report in both languages: every checkable claim, its verdict, its series."""
    from govkg.exports import assessment_report

    form = form or ("md" if out.suffix == ".md" else "html")
    kg, _ = common.opened(home, None)
    text = assessment_report.write(kg.store, form)
    write_file(out, text.encode(), force=force)
    say(layout.display(out))


def _outline(claims: "Iterable[ClaimLine]", source: "SourceText | None") -> Iterator[str]:
    """Write a heading for each text unit and two or three lines for each claim under it."""
    for unit, found in groupby(claims, key=lambda claim: claim.unit):
        yield f"[{unit}]"
        for claim in found:
            yield f"  {claim.claim}  {claim.modality} · {claim.voice}"
            yield f"    {claim.label}"
            yield f"    {claim.start}-{claim.end}  {claim.statements}"
            if source:
                yield f"    「{source.text[claim.start : claim.end]}」"
