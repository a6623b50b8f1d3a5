"""What all figures share: a font that holds Chinese, colors, sizes, and files without a clock."""

from __future__ import annotations

import io
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from govkg.errors import MissingLibrary

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from govkg.languages import Language

# Known to matplotlib by a name of our own, lest a font of the same name be found elsewhere.
CHINESE = "govkg Chinese"
_FONT = ("zhplot", "fonts/NotoSansSC-Regular.ttf")  # a package that is not imported, and its file

# Okabe and Ito, Color Universal Design (2008); yellow is left out: it is too pale for a line.
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
RED, SKY, PINK, GRAY, BLACK = "#D55E00", "#56B4E9", "#CC79A7", "#999999", "#000000"
COLORS = (BLUE, RED, GREEN, ORANGE, PINK, SKY, BLACK)
DARK = "#555555"  # letters and lines of less weight
PALE = {ORANGE, SKY, PINK, GRAY}  # colors that take black letters
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")

_NO_CLOCK: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def draw(
    paint: Callable[[Figure], None], size: tuple[float, float], form: str, language: Language
) -> bytes:
    """Paint on a fresh figure of this size (inches) and give the file; leaves no global state.

    Raises MissingLibrary where matplotlib or the font is missing.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingLibrary("matplotlib", "analysis") from error
    _register_font()
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


def _register_font() -> None:
    """Tell matplotlib of the font that holds Chinese by its path: no list of fonts is asked."""
    from matplotlib.font_manager import FontEntry, fontManager

    entry = FontEntry(fname=str(font_file()), name=CHINESE, weight=400, size="scalable")
    if entry not in fontManager.ttflist:
        fontManager.ttflist.append(entry)


def font_file() -> Path:
    """Say where the font is that holds Chinese; raise MissingLibrary where it is not installed."""
    package, file = _FONT
    found = find_spec(package)
    if found is None or found.origin is None:
        raise MissingLibrary(f"{package}, whose font holds Chinese", "analysis")
    return Path(found.origin).parent / file


def _settings(language: Language) -> dict[str, Any]:
    fonts = [CHINESE, "DejaVu Sans"] if language == "zh" else ["DejaVu Sans", CHINESE]
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
