"""`kg.analyze`: what the command line prints, as rows, frames and figures."""

from __future__ import annotations

import inspect
import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from govkg import layout
from govkg.api import Analyses, AnalysisResult
from govkg.cli import analyze
from govkg.errors import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run
    from govkg.api import KnowledgeGraph

    Asked = Callable[[Analyses], AnalysisResult]

CASES: dict[str, Asked] = {
    "levels --place 520100": lambda of: of.levels("520100"),
    "levels --year 2018 --place 520100 --failing": lambda of: of.levels(
        "520100", year=2018, failing=True
    ),
    "span --year 2023 --within 5201": lambda of: of.span(year=2023, within="5201"),
    "span --year 2023 --within 37 --of street --only villagers --outliers --fence 3": lambda of: (
        of.span(year=2023, within="37", of="street", only="villagers", outliers=True, fence=3)
    ),
    "direct --year 2019": lambda of: of.direct(year=2019),
    "reform": lambda of: of.reform(),
    "reform --place 贵阳市 --year 2020 --measure towns": lambda of: of.reform(
        ["贵阳市"], year=2020, measures=["towns"]
    ),
    "reform --kinds": lambda of: of.reform(kinds=True),
    "timeline --dated": lambda of: of.timeline(dated=True),
    "compare 520100 --year 2019 --with-year 2023": lambda of: of.compare(
        "520100", year=2019, with_year=2023
    ),
    "compare 520100 340700": lambda of: of.compare("520100", "340700"),
    "dual-leadership institutions --kind Headship": lambda of: of.dual_leadership(
        kinds=["Headship"]
    ),
    "brokerage argument": lambda of: of.brokerage("argument"),
    "orphans --year 2023": lambda of: of.orphans(year=2023),
    "orphans shared-reforms": lambda of: of.orphans("shared-reforms"),
}
METHODS = {name for name in vars(Analyses) if not name.startswith("_")}
COMMANDS = {name: command for name, command in vars(analyze).items() if name in METHODS}


def printed(cell: object) -> object:
    return round(cell, 4) if isinstance(cell, float) else cell


@pytest.mark.parametrize("words", CASES)
def test_a_command_prints_the_rows_and_the_figure_of_the_analysis(
    govkg: Run, kg: KnowledgeGraph, home: Path, tmp_path: Path, words: str
) -> None:
    figure = tmp_path / "a.svg"
    name, *_ = asked = words.split()
    build = ("--build", str(home)) if takes(name, "--build") else ()
    done = govkg(
        "analyze", *asked, *build, "--format", "json", "--lang", "en", "--figure", str(figure)
    )
    assert done.returncode == 0, done.stderr
    result = CASES[words](kg.analyze)
    rows = [dict(zip(result.columns, map(printed, row), strict=True)) for row in result.rows]
    assert json.loads(done.stdout) == rows
    assert rows
    assert figure.read_bytes() == result.figure("svg")


def takes(command: str, option: str) -> bool:
    [found] = [one for one in analyze.app.registered_commands if one.name == command]
    assert found.callback
    names = inspect.signature(found.callback).parameters
    return {"--build": "home"}[option] in names


def test_every_analysis_has_a_command_and_every_command_is_tried() -> None:
    assert len(METHODS) == 9
    assert COMMANDS.keys() == METHODS
    spelled = {name.replace("_", "-") for name in METHODS}
    assert {one.name for one in analyze.app.registered_commands} == spelled
    assert {words.split()[0] for words in CASES} == spelled


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_the_options_of_the_analysis(name: str) -> None:
    plural = {"measure": "measures", "kind": "kinds"} if name != "orphans" else {}
    if name == "reform":
        plural["place"] = "places"
    method = inspect.signature(getattr(Analyses, name)).parameters
    ours = [plural.get(one, one) for one in [*inspect.signature(COMMANDS[name]).parameters][1:]]
    assert sorted(ours) == sorted([*method][1:])


@pytest.mark.parametrize("name", ["timeline", "direct", "levels"])
def test_a_figure_is_drawn_in_another_language(kg: KnowledgeGraph, name: str) -> None:
    asked: dict[str, Any] = {"direct": {"within": "4202"}, "levels": {"place": "420200"}}
    analysis, options = getattr(kg.analyze, name), asked.get(name, {})
    english, chinese = analysis(**options), analysis(**options, lang="zh")
    in_english, in_chinese = english.figure(), chinese.figure()
    assert english.figure("svg", "zh") == in_chinese
    assert english.figure("svg", "en") == in_english == chinese.figure(lang="en")
    assert in_english != in_chinese


def test_rows_are_named_and_frames_are_typed(kg: KnowledgeGraph) -> None:
    found = kg.analyze.reform()
    assert {row.place for row in found} >= {"Guiyang", "Daqing"}
    frame = found.to_polars()
    assert frame.height == len(found) == 8
    assert frame.columns == list(found.columns)
    # All of it is unknown, and still a column of numbers.
    assert frame["before"].is_null().all()
    assert [frame.schema[name] for name in ("place", "before", "jump_year")] == [
        pl.String,
        pl.Float64,
        pl.Int64,
    ]
    assert kg.analyze.levels("520100", year=2018).to_polars().schema["holds"] == pl.Boolean
    types = {name: str(of) for name, of in found.to_pandas().dtypes.items()}
    assert (types["before"], types["rank"], types["code"]) == ("Float64", "Int64", "string")
    assert kg.analyze.levels("520100", year=2018).to_pandas()["holds"].dtype == "boolean"


def test_a_column_may_be_called_by_a_word_of_python(kg: KnowledgeGraph) -> None:
    found = kg.analyze.reform(kinds=True)
    assert found.columns == ("year", "province", "code", "from", "to", "went_on", "dissolved")
    assert found.to_polars()["from"].to_list() == [row.from_ for row in found]


def test_nothing_is_an_empty_frame_of_the_same_columns(kg: KnowledgeGraph) -> None:
    found = kg.analyze.dual_leadership(kinds=["Nothing"])
    assert (len(found), found.to_polars().shape) == (0, (0, 7))
    assert found.to_pandas().shape == (0, 7)
    with pytest.raises(InputError, match="no node of this network has two leaders"):
        found.figure()


def test_sets_rank_among_bodies_only_when_asked_for(kg: KnowledgeGraph) -> None:
    """The sections of Daqing's committee are one node for several: no leaf that it stands above."""
    committee = "inst:daqing-social-work-committee"
    measured = {
        sets: {row.node: row for row in kg.analyze.brokerage(sets=sets)} for sets in (False, True)
    }
    one, other = measured[False][committee], measured[True][committee]
    assert (one.size, one.outs) == (other.size - 1, other.outs - 1) == (5, 1)
    assert one.betweenness < other.betweenness
    assert measured[True].keys() - measured[False].keys() == {f"{committee}-sections"}


def test_figures_are_saved_once_and_in_formats_that_there_are(
    kg: KnowledgeGraph, tmp_path: Path
) -> None:
    found, path = kg.analyze.timeline(dated=True), tmp_path / "a.png"
    found.save(path)
    assert path.read_bytes() == found.figure("png")
    with pytest.raises(InputError, match="exists"):
        found.save(path)
    found.save(str(path), "zh", force=True)
    assert path.read_bytes() == found.figure("png", "zh")
    with pytest.raises(ParameterError, match="no figure format 'gif': use svg, png, pdf"):
        found.figure("gif")
    with pytest.raises(ParameterError, match="ends in one of"):
        found.save(tmp_path / "a.gif")


def test_a_notebook_shows_the_rows(kg: KnowledgeGraph) -> None:
    shown = kg.analyze.timeline(dated=True)._repr_html_()
    assert shown.count("<tr>") == len(kg.analyze.timeline(dated=True)) + 1


def test_an_unknown_span_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="'x': use street, town, township, district"):
        kg.analyze.span(of="x")


@pytest.mark.parametrize("name", sorted(METHODS - {"compare"}))
def test_what_is_no_language_is_refused(kg: KnowledgeGraph, name: str) -> None:
    with pytest.raises(ParameterError, match="'fr'"):
        getattr(kg.analyze, name)(lang="fr")


def test_lists_are_analyzed_without_a_graph() -> None:
    def closed() -> KnowledgeGraph:
        raise AssertionError("the graph was opened")

    told: list[str] = []
    found = Analyses(closed, told.append).span(year=2023, within="5201", of="street")
    assert (found.rows[0].units, told) == (74, ["list of 2023"])


def test_the_page_is_what_python_says(kg: KnowledgeGraph, tmp_path: Path) -> None:
    page = (layout.ROOT / "docs" / "how-to" / "analysis.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {"kg": kg}
    seen = 0
    for line in block.replace('"span.svg"', repr(str(tmp_path / "span.svg"))).splitlines():
        code, _, comment = line.partition("  # ")
        if comment:
            assert str(eval(code, names)) == comment.strip(), line  # noqa: S307 - our own page
            seen += 1
        elif "govkg.open()" not in code:
            exec(code, names)  # noqa: S102 - our own page
    assert seen == 3
    assert (tmp_path / "span.svg").is_file()
