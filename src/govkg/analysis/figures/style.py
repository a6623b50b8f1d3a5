"""What all figures share: fonts that hold Chinese, colors, sizes, and files without a clock."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from govkg.errors import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from matplotlib.figure import Figure

    from govkg.languages import Language

# Names as they stand in the fonts; the first that is installed is taken.
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Noto Sans CJK JP", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Microsoft YaHei",
    "PingFang SC", "Hiragino Sans GB", "SimHei", "Droid Sans Fallback",
)  # fmt: skip
NO_FONT = {
    "en": (
        "no installed font holds Chinese, so labels are in English; install one "
        "(Debian, Ubuntu: apt-get install fonts-noto-cjk; Fedora: google-noto-sans-cjk-fonts)."
    ),
    "zh": (
        "没有安装含汉字的字体，图中文字改用英文；请安装字体"
        "（Debian、Ubuntu：apt-get install fonts-noto-cjk；Fedora：google-noto-sans-cjk-fonts）。"
    ),
}

# Okabe and Ito, Color Universal Design (2008); yellow is left out: it is too pale for a line.
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
RED, SKY, PINK, GRAY, BLACK = "#D55E00", "#56B4E9", "#CC79A7", "#999999", "#000000"
COLORS = (BLUE, RED, GREEN, ORANGE, PINK, SKY, BLACK)
DARK = "#555555"  # letters and lines of less weight
PALE = {ORANGE, SKY, PINK, GRAY}  # colors that take black letters
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")

FORMS = ("svg", "png", "pdf")
_NO_CLOCK: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def form_of(path: Path) -> str:
    """Tell the format by the ending; raise ParameterError for one that figures don't have."""
    form = path.suffix.lower().lstrip(".")
    if form not in FORMS:
        ends = ", ".join(f".{known}" for known in FORMS)
        raise ParameterError(f"{path.name}: a figure ends in one of {ends}.")
    return form


def speak(language: Language, installed: Collection[str] | None = None) -> tuple[Language, str]:
    """Choose the language of labels, and a warning: English where no font holds Chinese."""
    if language == "zh" and _chinese_font(installed) is None:
        return "en", NO_FONT[language]
    return language, ""


def draw(
    paint: Callable[[Figure], None], size: tuple[float, float], form: str, language: Language
) -> bytes:
    """Paint on a fresh figure of this size (inches) and give the file; leaves no global state.

    Raises InputError where matplotlib is missing.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise InputError("figures need matplotlib: `pip install govkg[analysis]`.") from error
    settings: Any = _settings(language)
    with mpl.rc_context(settings):
        figure = Figure(figsize=size, layout="constrained")
        paint(figure)
        out = io.BytesIO()
        figure.savefig(out, format=form, metadata=_NO_CLOCK[form])
    return out.getvalue()


def wrapped(text: str, columns: int) -> str:
    """Break a label into lines of so many columns; a Chinese character takes two."""
    lines = [""]
    for word in re.findall(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+|\s+", text):
        if _columns(lines[-1] + word.rstrip()) > columns and lines[-1]:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return "\n".join(line.rstrip() for line in lines)


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _settings(language: Language) -> dict[str, Any]:
    fonts = ["DejaVu Sans"]
    if found := _chinese_font():
        fonts.insert(0 if language == "zh" else 1, found)
    return {
        "font.family": fonts,
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "legend.frameon": False,
        "savefig.dpi": 200,
        "svg.hashsalt": "govkg",
        "svg.fonttype": "path",  # a reader without the font sees the same
    }


def _chinese_font(installed: Collection[str] | None = None) -> str | None:
    if installed is None:
        from matplotlib import font_manager

        installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in installed), None)
