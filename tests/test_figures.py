"""Figures: the same bytes each time, readable in both languages, nothing half written."""

from __future__ import annotations

import io
import re
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from lxml import etree

from govkg.analysis import figures
from govkg.analysis.figures import hierarchy, style
from govkg.analysis.forest import Forest
from govkg.errors import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import Run

    Language = Literal["zh", "en"]
    Draw = Callable[[str, Language], bytes]

SVG = "{http://www.w3.org/2000/svg}"
TREE = Forest.of_rows(
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
    """Keep Chinese out of English figures, so that they need no Chinese font."""
    return text if language == "zh" else text.encode("unicode_escape").decode()


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
def chinese() -> None:
    if figures.speak("zh")[0] != "zh":
        pytest.skip("no installed font holds Chinese: apt-get install fonts-noto-cjk")


@pytest.mark.parametrize("form", figures.FORMS)
@pytest.mark.parametrize("name", DRAWN)
def test_the_same_bytes_each_time_and_no_clock(name: str, form: str) -> None:
    one, other = (DRAWN[name](form, "en") for _ in range(2))
    assert one == other
    assert not re.search(rb"20[2-9][0-9]-[01][0-9]-[0-3][0-9]|CreationDate|Matplotlib v", one)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("name", DRAWN)
def test_chinese_is_drawn_without_a_missing_glyph(name: str) -> None:
    # A missing glyph is a warning, and warnings are errors here.
    root = etree.parse(io.BytesIO(DRAWN[name]("svg", "zh"))).getroot()
    assert root.tag == f"{SVG}svg"
    assert len(root.findall(f".//{SVG}path")) > 5


def test_a_missing_glyph_would_be_noticed() -> None:
    with pytest.warns(UserWarning, match="Glyph"):
        figures.series([figures.Panel("\ue123", {"x": {2015: 1}}, None, None)], "t", "svg", "en")


def test_without_a_font_labels_are_english_and_the_package_is_named() -> None:
    language, warning = figures.speak("zh", installed={"DejaVu Sans"})
    assert language == "en"
    assert "fonts-noto-cjk" in warning
    assert figures.speak("zh", installed={"Noto Sans CJK SC"}) == ("zh", "")
    assert figures.speak("en", installed=set()) == ("en", "")


def test_drawing_leaves_the_settings_of_matplotlib_alone() -> None:
    import matplotlib as mpl

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
    low, high = hierarchy._extents(TREE)
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
    two = Forest.of_rows([("a", None, "k"), ("b", None, "k")])
    for forest in (two, Forest.of_rows([])):
        with pytest.raises(InputError, match="one root: choose one place"):
            figures.icicle(forest, ["a", "b"], {}, "t", "svg", "en")


def test_nothing_is_not_drawn() -> None:
    empty: list[Callable[[], bytes]] = [
        lambda: figures.violin({"a": np.array([], dtype=np.int64)}, {}, "t", "a", "svg", "en"),
        lambda: figures.grid({}, [2015], "t", "svg", "en"),
        lambda: figures.timeline([], "t", "svg", "en"),
    ]
    for draw in empty:
        with pytest.raises(InputError, match=r"nothing to draw|no event to draw"):
            draw()


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


def test_a_figure_of_one_year_of_levels_needs_a_place(govkg: Run, tmp_path: Path) -> None:
    words = ("analyze", "levels", "--year", "2023", "--figure", str(tmp_path / "a.svg"))
    done = govkg(*words)
    assert done.returncode == 2
    assert "needs --place" in done.stderr


def test_endings_are_told() -> None:
    from pathlib import Path

    assert figures.form_of(Path("A.SVG")) == "svg"
    with pytest.raises(ParameterError, match="x: a figure ends in one of"):
        figures.form_of(Path("x"))
