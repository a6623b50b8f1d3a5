"""The commands about real places: what an old name meant, which names there are, what became."""

# Annotations are no strings in modules of commands: typer would compile each at every start.
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from govkg import layout
from govkg.cli import common
from govkg.cli.common import Force, Form, Format, Home
from govkg.errors import ParameterError

if TYPE_CHECKING:
    from govkg.api.gazetteer import Division, Resolution

_COLUMNS = (
    "code", "path", "level", "kind", "began", "began_by", "ended", "ended_by", "became", "today",
    "doubt", "datasets",
)  # fmt: skip
_FOUND = ("code", "name", "level", "kind", "last", "path")

At = Literal["begin", "end"]
Level = Literal["county", "township", "village"]


def resolve(
    name: Annotated[
        str | None, typer.Argument(help="A name, with or without its suffix: 白下区, 白下.")
    ] = None,
    year: Annotated[
        str | None, typer.Option(help="The year it is of (default: any); of a file, a column.")
    ] = None,
    within: Annotated[str | None, typer.Option(help="A unit above it: 南京, or a code.")] = None,
    level: Annotated[
        str | None,
        typer.Option(
            help="1 province, 2 prefecture, 3 county, 4 township, 5 village; of a file, a column."
        ),
    ] = None,
    at: Annotated[At, typer.Option(help="Which end of a year of change is meant.")] = "end",
    form: Form = Format.TABLE,
    file: Annotated[
        Path | None, typer.Option(help="A .csv or .xlsx file with a column of names.")
    ] = None,
    column: Annotated[
        str | None, typer.Option("--name", help="The file's column of names.")
    ] = None,
    parent: Annotated[str | None, typer.Option(help="The file's column of units above.")] = None,
    encoding: Annotated[str, typer.Option(help="The encoding of a .csv file.")] = "utf-8",
    out: Annotated[
        Path | None, typer.Option("-o", "--output", help="The .csv or .xlsx file to write.")
    ] = None,
    force: Force = False,
) -> None:
    """Say which division a name was in a year, and what it became; exit 1 where there is none.

    With --file it is a column of names: each row is written with its status and what was found.
    """
    if file is None:
        if name is None or column or parent or out:
            raise ParameterError("say a NAME, or --file FILE --name COLUMN -o FILE for a column.")
        _resolve_name(name, _year(year), within, _level(level), at, form)
        return
    if name or not (column and out) or (within and parent):
        raise ParameterError(
            "--file takes --name COLUMN and -o FILE, no NAME, and one of --within and --parent."
        )
    from govkg.cli import spreadsheets

    spreadsheets.check_output(out, force=force)
    common.progress(f"reads {layout.display(file)}")
    rows = spreadsheets.read(file, encoding)
    common.progress(f"resolves {rows.height:,} names")
    found = spreadsheets.resolve(rows, column, year, parent, within=within, level=level, at=at)
    common.progress(f"writes {layout.display(out)}")
    spreadsheets.write(found, out, force=force)
    typer.echo(f"govkg: {spreadsheets.summary(found, out)}", err=True)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"-?\d+", text):
        raise ParameterError(f"--year is a year, as 2010, not {text!r}.")
    return int(text)


def _level(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal():
        raise ParameterError(f"--level is a number from 1 to 5, not {text!r}.")
    return int(text)


def _resolve_name(
    name: str, year: int | None, within: str | None, level: int | None, at: At, form: Format
) -> None:
    from govkg.api import gazetteer

    found = gazetteer.resolve(name, year=year, within=within, level=level, at=at)
    known = found.status in {"found", "ambiguous"}
    rows = found.divisions if known else ()
    if form is Format.JSON:
        common.write_rows(_COLUMNS, [_nested(division) for division in rows], form)
    elif rows or form is Format.CSV:
        common.write_rows(_COLUMNS, [_flat(division) for division in rows], form)
    if remark := _remark(found):
        typer.echo(f"govkg: {remark}", err=True)
    if not known:
        raise typer.Exit(1)


def find(
    name: Annotated[str, typer.Argument(help="A name or a part of it, or its pinyin.")],
    limit: Annotated[int, typer.Option(help="At most so many.")] = 20,
    form: Form = Format.TABLE,
    home: Home = None,
) -> None:
    """Find divisions by their names of today or, to county level, of old; exit 1 where none."""
    from govkg.api import gazetteer

    place = home or layout.default_build()
    make_index(place)
    found = gazetteer.search(place, name, limit)
    rows = [
        (one.code, one.name, one.level, one.kind, one.last or "", " ".join(one.path))
        for one in found
    ]
    if rows or form is not Format.TABLE:
        common.write_rows(_FOUND, rows, form)
    if not rows:
        typer.echo(f"govkg: no division has {name!r} in its name.", err=True)
        raise typer.Exit(1)


def crosswalk(
    first: Annotated[int, typer.Option("--from", help="Year of the earlier list, from 2015.")],
    last: Annotated[int, typer.Option("--to", help="Year of the later list, to 2023.")],
    level: Annotated[Level, typer.Option(help="Which units.")] = "township",
    within: Annotated[
        str | None, typer.Option(help="A county or a unit above it: a name or a code.")
    ] = None,
    units: Annotated[
        bool, typer.Option("--units", help="The units instead: id, codes, names, years.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .csv or .parquet file, not stdout.")
    ] = None,
    force: Force = False,
    form: Form = Format.TABLE,
) -> None:
    """Say what each county, township or village of one yearly list is in a later one.

    A row for each pair of units, with the share of the old one, the kind of change, stable ids
    and balanced groups: sets of units that keep their borders through all years between.
    """
    from govkg.cli import spreadsheets
    from govkg.reference import crosswalk as walk

    if out is not None:
        spreadsheets.check_suffix(out, spreadsheets.FRAMES)
    rows = walk.crosswalk(first, last, level=level, within=within)
    if units:
        asked = {*rows["unit"], *rows["new_unit"]}
        rows = walk.units(level)
        rows = rows.filter(rows["unit"].is_in(asked))
    if out is not None:
        spreadsheets.write(rows, out, force=force)
        common.say(f"{layout.display(out)}: {rows.height:,} rows")
        return
    empty = None if form is Format.JSON else ""
    cells = [[empty if value is None else value for value in row] for row in rows.iter_rows()]
    common.write_rows(rows.columns, cells, form)


def make_index(home: Path) -> None:
    """Make the index of names where a build directory has none, and say so on stderr."""
    from govkg.api import gazetteer

    if gazetteer.has_index(home):
        return
    path = layout.display(gazetteer.index_path(home))
    typer.echo(f"govkg: makes the index of names {path}, once ...", err=True)
    gazetteer.make_index(home)


def _nested(division: "Division") -> list[Any]:
    plain = asdict(division)
    return [plain[column] for column in _COLUMNS]


def _flat(division: "Division") -> list[str]:
    became = "; ".join(
        f"{step.code} {step.name} ({step.year} {step.event})" for step in division.became
    )
    plain = {
        **asdict(division),
        "path": " ".join(division.path),
        "became": became,
        "today": " ".join(division.today),
        "datasets": " ".join(division.datasets),
    }
    return ["" if plain[column] is None else str(plain[column]) for column in _COLUMNS]


def _remark(found: "Resolution") -> str:
    """Say on stderr what the rows don't: ambiguous, of other years, or unknown."""
    if found.status == "ambiguous":
        return f"{len(found.divisions)} divisions have that name; narrow it by --within or --level."
    if found.status == "other-years":
        lists = "; ".join(
            f"{one.code} {' '.join(one.path)}, {one.began} to {one.ended or 'the newest list'}"
            for one in found.divisions[:5]
        )
        return f"no list of {found.year} has {found.name}; other years do: {lists}."
    if found.status == "unknown":
        near = f"; similar names: {', '.join(found.near)}" if found.near else ""
        return f"no list has {found.name}{f' within {found.within}' if found.within else ''}{near}."
    return ""
