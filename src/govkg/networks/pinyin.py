"""Chinese labels in pinyin, for programs and readers that have no Chinese."""

from __future__ import annotations

from functools import cache

import polars as pl

# Chinese marks and what stands for them in Latin letters, with the blanks that these have.
_MARKS = {
    "，": ", ", "、": ", ", "。": ". ", "；": "; ", "：": ": ", "？": "? ", "！": "! ", "（": " (",
    "）": ") ", "《": " “", "》": "” ", "「": " “", "」": "” ", "—": "-", "…": "...", "·": " ",
    "％": "%",
}  # fmt: skip
_GAPS = (r"\s+([,.;:?!)”’])", r"([(“‘])\s+")


def add(nodes: pl.DataFrame) -> pl.DataFrame:
    """Add `pinyin` (small letters, no tones, a blank between syllables) to what has `label_zh`.

    Names of places are read as the romanization table has them (重庆 chong qing), all else by
    character; Chinese marks become those of Latin letters.
    """
    if "label_zh" not in nodes.columns or "pinyin" in nodes.columns:
        return nodes
    stems, characters = _readings()
    read = pl.col("label_zh").str.replace_many(stems, leftmost=True).str.replace_many(characters)
    marked = read.str.replace_many(_MARKS)
    for gap in _GAPS:
        marked = marked.str.replace_all(gap, "$1")
    tidy = marked.str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase()
    return nodes.with_columns(pinyin=tidy)


@cache
def _readings() -> tuple[dict[str, str], dict[str, str]]:
    """Give the readings of place names that characters misread, longest first; of characters."""
    from govkg.reference.romanize import Readings

    found = Readings.load()
    characters = {one: said.lstrip("'") for one, said in found.characters.items()}
    syllables = frozenset(characters.values())
    stems = sorted(found.stems.iter_rows(), key=lambda row: (-len(row[0]), row[0]))
    return (
        {stem: f" {_apart(said.lower(), len(stem), syllables) or said} " for stem, said in stems},
        {one: f" {said} " for one, said in characters.items()},
    )


def _apart(said: str, count: int, syllables: frozenset[str]) -> str:
    """Cut a word into so many syllables; give nothing where it can't be cut so."""
    if count == 1:
        return said if said in syllables else ""
    for end in range(1, min(7, len(said))):
        head, rest = said[:end], said[end:].lstrip("'")
        if head in syllables and (tail := _apart(rest, count - 1, syllables)):
            return f"{head} {tail}"
    return ""
