"""Figures: the same bytes each time, readable in both languages, nothing half written."""

from __future__ import annotations

import importlib.util
import io
import re
import sys
from itertools import combinations
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import matplotlib as mpl
import numpy as np
import polars as pl
import pytest
from lxml import etree

from govkg import layout
from govkg.analysis import divisions, figures
from govkg.analysis.figures import Broker, style, trees
from govkg.analysis.hierarchy import Hierarchy
from govkg.analysis.result import FIGURE_FORMATS, figure_format
from govkg.errors import InputError, MissingLibrary, ParameterError
from govkg.reference import kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

    from conftest import Run
    from govkg.api import KnowledgeGraph

    Language = Literal["zh", "en"]
    Draw = Callable[[str, Language], bytes]

SVG = "{http://www.w3.org/2000/svg}"
TREE = Hierarchy.of_rows(
    [
        ("市", None, "city"),
        ("甲区", "市", "district"),
        ("乙区", "市", "district"),
        ("一街", "甲区", "street-area"),
        ("二街", "甲区", "street-area"),
        ("三街", "乙区", "street-area"),
    ]
)
NAMES = {"zh": ["贵阳市", "南明区", "云岩区", "一", "二", "三"], "en": list("abcdef")}
COUNTS = {"甲": np.array([1, 2, 3, 4, 50]), "乙": np.array([2, 2, 3])}
PANELS = [
    figures.Panel("before", {"x": {2015: 0, 2016: 5}, "y": {2016: 3}}, None, 2013),
    figures.Panel("within", {"x": {2015: 0, 2016: 5}}, 2016, 2016),
    figures.Panel("after", {"x": {2015: 0}}, 2020, None),
]
EVENTS = [
    figures.Event("合署", "合署事件", 2011, 2012),
    figures.Event("撤销", "撤销", None, 2014),
]


def latin(language: Language, text: str) -> str:
    """Give an English figure labels in Latin letters, as the commands do."""
    return text if language == "zh" else text.encode("unicode_escape").decode()


def drawn_leaders(form: str, language: Language) -> bytes:
    ties = [
        figures.Tie(latin(language, "市长"), latin(language, "领导职务"), ""),
        figures.Tie(latin(language, "省公安厅"), latin(language, "领导关系"), "tiao"),
        figures.Tie(latin(language, "市人民政府"), latin(language, "领导关系"), "kuai"),
    ]
    bodies = [
        figures.Led(latin(language, "公安局"), certain=True, ties=ties),
        figures.Led("Office of a Leading Group with a Rather Long Name", certain=False, ties=[
            figures.Tie("Secretary of the Political and Legal Commission", "headship", ""),
            ties[0],
        ]),
    ]  # fmt: skip
    return figures.leaders(bodies, "title", form, language)


def dot(
    label: str, part: int, size: int, betweenness: float, constraint: float, *, cuts: bool
) -> Broker:
    return Broker(label, label, part, size, 1, 1, betweenness, constraint, cuts)


def drawn_brokers(form: str, language: Language) -> bytes:
    dots = [
        dot(latin(language, name), part, 9 - part, between, 0.5, cuts=between > 0.5)
        for name, part, between in (("办公室", 2, 1), ("市长", 1, 0.6), ("b", 1, 0.2), ("c", 1, 0))
    ]
    return figures.brokers(dots, "title", form, language)


def drawn_diverging(form: str, language: Language) -> bytes:
    rows = [
        figures.Change(latin(language, "街道"), 0, 74, "0 > 74"),
        figures.Change("a measure with a name of more than a line", -98, 0, "98 > 0"),
        figures.Change("same", 0, 0, "3 > 3"),
        figures.Change("uncounted", 0, 0, "- > 3", "not counted"),
    ]
    turned = [figures.Change("both", -1554, 591)]
    panels = [
        figures.Changes(latin(language, "较少"), "more", rows, "2019 > 2023"),
        figures.Changes("gone", "new", turned, signed=False),
        figures.Changes("not", "drawn", [rows[2]]),
    ]
    return figures.diverging(panels, "title", form, language)


FAULTS = {
    "甲": {2015: {"上": 0, "中": 2, "下": 3}, 2016: {"上": 0, "下": 1}},
    "乙": {2015: {"下": 400}, 2016: {}},
    "丙": {2015: {"上": 0}, 2016: {}},
}


def drawn_columns(form: str, language: Language) -> bytes:
    panels = {
        latin(language, name): {
            year: {latin(language, part): count for part, count in parts.items()}
            for year, parts in years.items()
        }
        for name, years in FAULTS.items()
    }
    return figures.columns(panels, "title", form, language)


def drawn_bars(form: str, language: Language) -> bytes:
    groups = {
        latin(language, "孤立"): {latin(language, "镇"): 2, "town": 1590, "a": 2},
        "ring": {"of 3": 1},
        "none": {"x": 0},
    }
    return figures.bars(groups, "title", form, language)


DRAWN: dict[str, Draw] = {
    "icicle": lambda form, lang: figures.icicle(
        TREE, NAMES[lang], {"city": "a", "district": "b"}, "title", form, lang
    ),
    "violin": lambda form, lang: figures.violin(
        {latin(lang, name): counts for name, counts in COUNTS.items()},
        {latin(lang, name): 7.0 for name in COUNTS},
        "title",
        "axis",
        form,
        lang,
    ),
    "shares": lambda form, lang: figures.shares(
        [2015, 2016], {"x": [0.1, 0.2], "y": [1, 0.9]}, "title", "axis", form, lang
    ),
    "grid": lambda form, lang: figures.grid(
        {latin(lang, "甲"): {2015: 3, 2016: 90}, "b": {2016: 1}}, [2015, 2016], "title", form, lang
    ),
    "leaders": drawn_leaders,
    "brokers": drawn_brokers,
    "diverging": drawn_diverging,
    "columns": drawn_columns,
    "bars": drawn_bars,
    "series": lambda form, lang: figures.series(PANELS, "title", form, lang),
    "timeline": lambda form, lang: figures.timeline(
        [
            figures.Event(latin(lang, e.label), latin(lang, e.kind), e.earliest, e.latest)
            for e in EVENTS
        ],
        "title",
        form,
        lang,
    ),
}


@pytest.fixture
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No font is installed but what matplotlib brings, as on a fresh machine."""
    from matplotlib.font_manager import fontManager

    own = [font for font in fontManager.ttflist if font.fname.startswith(mpl.get_data_path())]
    assert {"DejaVu Sans"} < {font.name for font in own}
    monkeypatch.setattr(fontManager, "ttflist", own)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that are saved, as matplotlib has them."""
    from matplotlib.figure import Figure

    kept: list[Figure] = []
    save: Any = Figure.savefig

    def keep(figure: Figure, file: BinaryIO, **settings: object) -> None:
        kept.append(figure)
        save(figure, file, **settings)

    monkeypatch.setattr(Figure, "savefig", keep)
    return kept


def written(figure: Figure) -> list[tuple[str, Bbox]]:
    """Give what stands in a figure and where: texts, and the labels of ticks within its axes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()  # legends are placed anew
    renderer = canvas.get_renderer()
    unseen = {
        tick.label1
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for low, high in [sorted(axis.get_view_interval())]
        for tick in axis.get_major_ticks()
        if not (axes.axison and low <= tick.get_loc() <= high)
    }
    texts = [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
        if text not in unseen
    ]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts]


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", DRAWN)
def test_no_label_is_cut_or_covers_another(
    name: str, language: Language, seen: list[Figure]
) -> None:
    DRAWN[name]("png", language)
    [figure] = seen
    texts = written(figure)
    assert len(texts) > 3
    for text, box in texts:
        inside = figure.bbox.padded(1)
        assert inside.contains(box.x0, box.y0), text
        assert inside.contains(box.x1, box.y1), text
    for (one, box), (other, where) in combinations(texts, 2):
        assert not box.padded(-1).overlaps(where.padded(-1)), (one, other)


@pytest.mark.parametrize("form", FIGURE_FORMATS)
@pytest.mark.parametrize("name", DRAWN)
def test_the_same_bytes_each_time_and_no_clock(name: str, form: str) -> None:
    one, other = (DRAWN[name](form, "zh") for _ in range(2))
    assert one == other
    assert not re.search(rb"20[2-9][0-9]-[01][0-9]-[0-3][0-9]|CreationDate|Matplotlib v", one)


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize("name", DRAWN)
def test_chinese_is_drawn_without_a_missing_glyph(name: str) -> None:
    # A missing glyph is a warning, and warnings are errors here.
    root = etree.parse(io.BytesIO(DRAWN[name]("svg", "zh"))).getroot()
    assert root.tag == f"{SVG}svg"
    assert len(root.findall(f".//{SVG}path")) > 5


def test_a_missing_glyph_would_be_noticed() -> None:
    with pytest.warns(UserWarning, match="Glyph"):
        figures.series([figures.Panel("\ue123", {"x": {2015: 1}}, None, None)], "t", "svg", "en")


def test_the_font_is_that_of_the_package_whatever_is_installed() -> None:
    from matplotlib.font_manager import FontEntry, findfont, fontManager

    other = FontEntry(fname="/nowhere/other.ttf", name="Noto Sans SC", weight=400)
    fontManager.ttflist.insert(0, other)
    try:
        DRAWN["series"]("svg", "zh")
        assert findfont(style.CHINESE) == str(style.font_file())
        assert sum(font.name == style.CHINESE for font in fontManager.ttflist) == 1
    finally:
        fontManager.ttflist.remove(other)


def test_the_font_holds_what_is_drawn() -> None:
    """Every character of the documents and of the queries, and all but a few of the nation."""
    from fontTools.ttLib import TTFont

    held = set(TTFont(style.font_file()).getBestCmap())
    folders = [layout.DATA / "documents", layout.QUERIES, layout.ONTOLOGY]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    # The tabs of a table part its columns.
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix != ".tsv"]
    tables = [path.read_text(encoding="utf-8") for path in files if path.suffix == ".tsv"]
    texts += [text.replace("\t", "\n") for text in tables]
    assert len(texts) > 100
    assert {letter for text in texts for letter in text if ord(letter) not in held} == {"\n"}
    series = pl.read_parquet(layout.DATA / "reference" / "nbs-series" / "units.parquet")
    names = series["name"].unique().to_list()
    assert sum(any(ord(letter) not in held for letter in name) for name in names) == 12
    assert len(names) == 577171


@pytest.mark.parametrize("absent", ["matplotlib", "zhplot"])
def test_what_a_figure_lacks_is_named(absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setitem(sys.modules, "matplotlib", None if absent == "matplotlib" else mpl)
    monkeypatch.setattr(
        "govkg.analysis.figures.style.find_spec",
        lambda name: None if name == absent else find(name),
    )
    with pytest.raises(MissingLibrary, match=rf"^this takes {absent}.*\[analysis\]"):
        DRAWN["series"]("svg", "zh")


def test_drawing_leaves_the_settings_of_matplotlib_alone() -> None:
    before = dict(mpl.rcParams)
    DRAWN["series"]("svg", "en")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_is_in_a_series_is_drawn(number: int) -> None:
    lines = {f"line {i}": {2015: i, 2016: 2} for i in range(number)}
    panel = figures.Panel("t", lines, 2016, 2016)
    text = figures.series([panel], "t", "svg", "en").decode()
    assert sum(color.lower() in text for color in style.COLORS[:-1]) == number
    assert style.GRAY.lower() in text  # the reform


def test_siblings_share_the_height_of_their_parent_by_leaves() -> None:
    low, high = trees._intervals(TREE)
    found = {
        node: (round(a, 6), round(b, 6))
        for node, a, b in zip(TREE.ids.tolist(), low.tolist(), high.tolist(), strict=True)
    }
    third = round(1 / 3, 6)
    assert found["市"] == (0, 1)
    assert found["甲区"] == (0, round(2 / 3, 6))
    assert found["一街"] == (0, third)
    assert found["二街"] == (third, round(2 / 3, 6))
    assert found["乙区"] == found["三街"] == (round(2 / 3, 6), 1)


def test_an_icicle_has_one_root() -> None:
    two = Hierarchy.of_rows([("a", None, "k"), ("b", None, "k")])
    for hierarchy in (two, Hierarchy.of_rows([])):
        with pytest.raises(InputError, match="one root: choose one place"):
            figures.icicle(hierarchy, ["a", "b"], {}, "t", "svg", "en")


def test_nothing_is_not_drawn() -> None:
    empty: list[Callable[[], bytes]] = [
        lambda: figures.violin({"a": np.array([], dtype=np.int64)}, {}, "t", "a", "svg", "en"),
        lambda: figures.grid({}, [2015], "t", "svg", "en"),
        lambda: figures.timeline([], "t", "svg", "en"),
        lambda: figures.leaders([], "t", "svg", "en"),
        lambda: figures.brokers([dot("a", 1, 3, 0, 1, cuts=False)], "t", "svg", "en"),
        lambda: figures.diverging(
            [figures.Changes("a", "b", [figures.Change("c", 0, 0)])], "t", "svg", "en"
        ),
        lambda: figures.diverging([], "t", "svg", "en"),
        lambda: figures.columns({"a": {2015: {"b": 0}}, "c": {}}, "t", "svg", "en"),
        lambda: figures.bars({"a": {"b": 0}, "c": {}}, "t", "svg", "en"),
    ]
    for draw in empty:
        with pytest.raises(InputError, match=r"nothing to draw|no event to draw"):
            draw()


def texts(figure: Figure) -> list[str]:
    return [text for text, _ in written(figure)]


def test_the_lines_that_have_a_style_are_those_of_the_code_list() -> None:
    text = (layout.ONTOLOGY / "profiles/cn/codes/line.ttl").read_text(encoding="utf-8")
    assert figures.LINES.keys() == set(
        re.findall(r"^line:(\w+) a skos:Concept", text, re.MULTILINE)
    )


def test_ties_of_a_body_come_by_line_and_only_lines_that_are_there_are_told(
    seen: list[Figure],
) -> None:
    drawn_leaders("svg", "en")
    [figure] = seen
    ties = [line for line in figure.axes[0].lines if np.size(line.get_xdata()) == 2]
    looks = [(line.get_color(), line.get_linestyle()) for line in ties]
    tiao, kuai, unsaid = (style.BLUE, "-"), (style.RED, "--"), (style.DARK, ":")
    assert looks == [tiao, kuai, unsaid, unsaid, unsaid]
    said = texts(figure)
    assert said.count("headship") == 1
    assert [said.count(word) for word in ("certain: tiao and kuai", "line not said")] == [1, 1]
    seen.clear()
    one = figures.Led(
        "b", certain=False, ties=[figures.Tie("x", "k", ""), figures.Tie("y", "k", "")]
    )
    figures.leaders([one], "t", "svg", "en")
    assert not any("tiao" in text or "kuai" in text for text in texts(seen[0]))


def test_brokers_are_drawn_by_part_and_the_rest_is_counted(seen: list[Figure]) -> None:
    dots = [
        dot(f"{part}-{place}", part, 90, 1 - place / 100, 0.5, cuts=place == 0)
        for part in (2, 1, 3)
        for place in range(20)
    ]
    idle = [dot("idle", 1, 90, 0, 1, cuts=False)]
    figures.brokers([*dots, *idle], "t", "svg", "en")
    left, right = seen[0].axes
    labels = [label.get_text() for label in left.get_yticklabels()]
    shown = [(1, 15), (2, 15), (3, 10)]
    assert labels == [f"{part}-{place}" for part, most in shown for place in range(most)]
    for axes, values in ((left, [1 - place / 100 for _, m in shown for place in range(m)]),
                         (right, [0.5] * 40)):  # fmt: skip
        marks = [line for line in axes.lines if line.get_marker() in {"o", "s"}]
        assert [float(np.ravel(line.get_xdata())[0]) for line in marks] == values
        filled = [line.get_markerfacecolor() == line.get_color() for line in marks]
        assert filled == [place == 0 for _, most in shown for place in range(most)]
    assert [text for text in texts(seen[0]) if "not shown" in text] == [
        "not shown: 21 more nodes, of smaller parts or with less betweenness"
    ]


def test_differences_are_as_long_as_they_are_and_have_their_numbers(seen: list[Figure]) -> None:
    drawn_diverging("svg", "en")
    first, second = seen[0].axes
    for axes, lengths in ((first, [74, -98]), (second, [-1554, 591])):
        assert [bar.get_width() for bar in axes.patches] == lengths  # type: ignore[attr-defined]
    said = texts(seen[0])
    assert {"+74", "−98", "0", "not counted", "1,554", "591", "◀ gone", "new ▶"} <= set(said)
    assert not any("drawn" in text for text in said)


def test_columns_stack_to_their_sums(seen: list[Figure]) -> None:
    drawn_columns("svg", "en")
    first, second = seen[0].axes
    bars = [(bar.get_y(), bar.get_height()) for bar in first.patches]  # type: ignore[attr-defined]
    assert bars == [(0, 2), (0, 0), (2, 3), (0, 1)]
    assert [text.get_text() for text in first.texts] == ["5", "1"]
    assert [text.get_text() for text in second.texts] == ["400", "0"]
    legend = [text.get_text() for text in seen[0].legends[0].get_texts()]
    assert legend == [latin("en", "中"), latin("en", "下")]


def test_bars_come_longest_first_within_their_group(seen: list[Figure]) -> None:
    drawn_bars("svg", "en")
    [axes] = seen[0].axes
    widths = [bar.get_width() for bar in axes.patches]  # type: ignore[attr-defined]
    assert widths == [1590, 2, 2, 1]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["", "town", latin("en", "镇"), "a", "", "of 3"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Office of the Leading Group", "Office of\nthe Leading\nGroup"),
        ("北京市社会建设工作领导小组", "北京市社会建\n设工作领导小\n组"),
        ("CPC北京市委员会", "CPC北京市委\n员会"),
        ("unbreakablyLong word", "unbreakablyLong\nword"),
        ("", ""),
    ],
)
def test_labels_break_by_their_width(text: str, told: str) -> None:
    assert style.wrapped(text, 12) == told


def test_every_kind_and_measure_of_the_lists_has_words() -> None:
    for year in (divisions.YEARS[0], divisions.YEARS[-1]):
        for kind in divisions.listed(year)["kind"].unique():
            assert kinds.column("zh")[kind] != kind
            assert "-" not in kinds.column("en")[kind].replace("-level", "")
    measures = set(divisions.counts().columns) - {"code", "year", "level", "kind"}
    assert measures == set(kinds.measures("kind"))


def closest(colors: Sequence[str]) -> float:
    """Measure how far apart the two nearest colors are, for protanopes and deuteranopes."""
    # Viénot, Brettel and Mollon 1999, in linear RGB.
    blind = (
        np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
        np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
    )
    rgb = [np.array([int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)]) for c in colors]
    seen = [[np.clip(m @ value**2.2, 0, 1) ** (1 / 2.2) for value in rgb] for m in blind]
    return min(float(np.linalg.norm(a - b)) for view in seen for a, b in combinations(view, 2))


def test_color_blind_readers_can_tell_the_colors_apart() -> None:
    matplotlibs_own = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd")
    assert closest(style.COLORS) > 0.12 > closest(matplotlibs_own)


# The command line


def test_a_figure_is_written_beside_the_rows(govkg: Run, tmp_path: Path) -> None:
    path = tmp_path / "span.svg"
    words = ("analyze", "span", "--year", "2023", "--within", "5201", "--figure", str(path))
    done = govkg(*words, "--format", "csv", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("year,span,")
    assert f"figure {path.as_posix()}" in done.stderr
    assert etree.parse(path).getroot().tag == f"{SVG}svg"
    first = path.read_bytes()
    again = govkg(*words, "--format", "csv", "--lang", "en")
    assert again.returncode == 2
    assert "say --force to overwrite it" in again.stderr
    assert again.stdout == ""
    assert path.read_bytes() == first
    assert govkg(*words, "--force", "--lang", "en").returncode == 0
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.gif", "a figure ends in one of .svg, .png, .pdf"), ("no/a.svg", "can't be written")],
)
def test_a_figure_that_cannot_be_written_leaves_nothing(
    govkg: Run, tmp_path: Path, name: str, message: str
) -> None:
    words = ("analyze", "span", "--year", "2023", "--within", "5201", "--lang", "en")
    done = govkg(*words, "--figure", str(tmp_path / name))
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_figure_of_one_year_of_levels_needs_a_place(
    govkg: Run, home: Path, tmp_path: Path
) -> None:
    words = ("analyze", "levels", "--year", "2023", "--figure", str(tmp_path / "a.svg"))
    done = govkg(*words, "--build", str(home))
    assert done.returncode == 2
    assert "needs --place" in done.stderr


def test_endings_are_told() -> None:
    from pathlib import Path

    assert figure_format(Path("A.SVG")) == "svg"
    with pytest.raises(ParameterError, match="x: a figure ends in one of"):
        figure_format(Path("x"))


@pytest.mark.parametrize(
    ("earliest", "latest", "bar", "mark"),
    [
        (2009.0, 2009.997, (2008.5, 2009.5), 2009),
        (2007.0, 2013.997, (2006.5, 2013.5), 2013),
        (2011 + 7 / 12, 2011.66, (2011.083, 2011.16), 2011.12),
        (None, 2013.997, (1999, 2013.5), 2013),
    ],
)
def test_a_mark_stands_at_its_year(
    earliest: float | None, latest: float, bar: tuple[float, float], mark: float
) -> None:
    from matplotlib.figure import Figure

    from govkg.analysis.figures.lines import _event

    axes = Figure().add_subplot()
    _event(axes, 0, figures.Event("x", "k", earliest, latest), 1999, ("black", "o"))
    [line] = axes.get_lines()
    [drawn] = [one.get_datalim(axes.transData) for one in axes.collections]
    assert np.asarray(line.get_xdata()) == pytest.approx([mark], abs=0.01)
    assert (drawn.x0, drawn.x1) == pytest.approx(bar, abs=0.01)


def test_a_reform_of_a_year_is_drawn_in_that_year(kg: KnowledgeGraph) -> None:
    from govkg.api.analysis_data import reforms

    spans = {one.event: one.span for one in reforms(kg.engine, "en")}
    assert spans["event:daqing-social-work-committee-established-2009"] == pytest.approx(
        (2009, 2010), abs=0.01
    )
    assert all(int(latest) < 2014 for _, latest in spans.values())


OF_ANALYSES = {
    "dual-leadership": "institutions --kind Headship",
    "brokerage": "institutions",
    "compare": "520100 --year 2019 --with-year 2023",
    "compare of places": "520100 340700",
    "orphans of a year": "--year 2023",
    "orphans of a network": "shared-reforms",
}


@pytest.mark.usefixtures("_bare")
@pytest.mark.parametrize("analysis", OF_ANALYSES)
def test_these_analyses_draw_in_both_languages(
    govkg: Run, home: Path, tmp_path: Path, analysis: str
) -> None:
    build = () if "compare" in analysis else ("--build", str(home))
    drawn = []
    for language in ("zh", "en"):
        path = tmp_path / f"{language}.svg"
        asked = (analysis.partition(" ")[0], *OF_ANALYSES[analysis].split(), *build)
        done = govkg(
            "analyze", *asked, "--figure", str(path), "--lang", language, "--format", "csv"
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == f"govkg: figure {path.as_posix()}\n"
        assert len(done.stdout.splitlines()) > 1
        drawn.append(path.read_bytes())
    assert drawn[0] != drawn[1]
    # Labels stand in comments beside their outlines.
    has_chinese = [re.search("<!--[^>]*[\u4e00-\u9fff]", one.decode()) for one in drawn]
    assert [bool(found) for found in has_chinese] == [True, False]


def test_faults_of_all_years_are_drawn_whatever_year_is_listed(govkg: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    done = govkg("analyze", "orphans", "--figure", str(path), "--lang", "en", "--format", "csv")
    assert done.returncode == 0, done.stderr
    said = re.findall("<!-- (.*?) -->", path.read_text(encoding="utf-8"))
    # 2015 has placeholders with nothing below; the rows are those of 2023.
    assert {"2015", "2023", "287", "county level", "nothing below it"} <= set(said)
    assert done.stdout.count("childless") == 1


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("dual-leadership institutions", "no node of this network has two leaders"),
        ("compare 520100 --with-year 2023", "the two don't differ"),
        ("orphans institutions", "nothing is out of order here"),
    ],
)
def test_where_there_is_nothing_to_draw_nothing_is_left(
    govkg: Run, home: Path, tmp_path: Path, asked: str, message: str
) -> None:
    build = () if "compare" in asked else ("--build", str(home))
    done = govkg("analyze", *asked.split(), *build, "--figure", str(tmp_path / "a.svg"))
    assert done.returncode == 2
    assert f"there is nothing to draw: {message}" in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
