"""Traditional characters and their simplified forms, one to one, from OpenCC's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from tools.reference.errors import UnusableError
from tools.reference.packages import fetch, zip_member

if TYPE_CHECKING:
    from pathlib import Path

    from tools.reference.datasets import Dataset, Tell

_MEMBER = "opencc/dictionary/TSCharacters.txt"


def characters(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the table of characters."""
    package = dataset.package("opencc-python-reimplemented")
    tell(f"{dataset.name}: {package.label}")
    text = zip_member(fetch(package, cache), _MEMBER).decode("utf-8-sig")
    return {"characters": read(text, package.file)}


def read(text: str, place: str) -> pl.DataFrame:
    """Read lines of a character, a tab and its simplified forms; the first form is the usual."""
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        traditional, tab, forms = line.partition("\t")
        if not (tab and len(traditional) == 1 and forms.strip()):
            message = f"{place}: {_MEMBER}, line {number}: expected a character, a tab and forms"
            raise UnusableError(message)
        pairs.append((traditional, forms.split()[0]))
    frame = pl.DataFrame(pairs, schema=["traditional", "simplified"], orient="row")
    return frame.filter(pl.col("traditional") != pl.col("simplified")).sort("traditional")
