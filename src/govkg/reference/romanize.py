"""Names of divisions in Chinese and English: what kind of word ends them, and how the rest reads.

A name is split into stem and ending (石景山区: 石景山, 区). The ending is translated, the stem is
written in pinyin: by the table of whole stems where there is a line, else character by character.
Names at county level and above that neither gets right stand in the table of overrides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from govkg.languages import fold_reading
from govkg.reference import kinds
from govkg.reference.datasets import dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATASET = "romanization"
_LONGEST = 6  # letters of a syllable: zhuang

_COMMITTEE = "(?:村民委员会|居民委员会|家属委员会|村委会|居委会|家委会|委员会)$"
_NAME, _KIND, _STEM = pl.col("name"), pl.col("kind"), pl.col("stem")


@dataclass(frozen=True)
class Readings:
    """How to read: a syllable a character, whole stems, and whole names written by hand."""

    characters: dict[str, str]
    stems: pl.DataFrame
    overrides: pl.DataFrame

    @classmethod
    def load(cls) -> Readings:
        """Read the tables."""
        found = dataset(DATASET)
        characters = found.table("characters")
        return cls(
            dict(zip(characters["character"], characters["syllable"], strict=True)),
            found.table("stems"),
            found.table("overrides"),
        )


def split(names: pl.DataFrame) -> pl.DataFrame:
    """Add to names and kinds: the `place` without committee, its `stem`, `peoples` and `ending`."""
    placed = names.with_columns(place=_place())
    parts = [
        _split_kind(part, str(kind))
        for (kind,), part in placed.group_by("kind", maintain_order=True)
    ]
    return pl.concat(parts or [_split_kind(placed, "")])


def labels(names: pl.DataFrame, readings: Readings) -> pl.DataFrame:
    """Give for distinct (name, kind) the label of the territory, Chinese `zh` and English `en`."""
    parts = split(names.select("name", "kind").unique(maintain_order=True))
    read = romanize(parts["stem"].unique(maintain_order=True), readings)
    told = parts.join(read, on="stem", how="left", maintain_order="left").with_columns(
        en=pl.concat_str(pl.col("pinyin"), _peoples_in_english(), pl.col("ending"), separator=" ")
        .str.replace_all(" +", " ")
        .str.strip_chars(),
    )
    upper = ~_KIND.is_in(kinds.of_levels((kinds.TOWNSHIP, kinds.VILLAGE)))
    return (
        told.join(readings.overrides, on="name", how="left", maintain_order="left")
        .with_columns(en=pl.when(upper).then(pl.coalesce("english", "en")).otherwise("en"))
        .select("name", "kind", "en", zh="place")
    )


def english(units: pl.DataFrame) -> pl.Series:
    """Give the English label of each row, of a name and a kind."""
    told = labels(units, Readings.load()).select("name", "kind", "en")
    return units.join(told, on=["name", "kind"], how="left", maintain_order="left")["en"]


def romanize(stems: pl.Series, readings: Readings) -> pl.DataFrame:
    """Write stems in pinyin: `stem`, `pinyin`."""
    by_character = by_characters(pl.col("stem"), readings.characters)
    found = pl.DataFrame({"stem": stems}).join(
        readings.stems, on="stem", how="left", maintain_order="left"
    )
    return found.select("stem", pinyin=pl.coalesce("pinyin", by_character))


def by_characters(stem: pl.Expr, characters: dict[str, str]) -> pl.Expr:
    """Read character by character; a syllable that begins with a vowel carries its apostrophe."""
    joined = stem.str.replace_many(list(characters), list(characters.values()))
    return finish(joined)


def finish(joined: pl.Expr) -> pl.Expr:
    """Drop the apostrophes that divide nothing, and begin with a capital."""
    tidy = joined.str.replace_all(r"(^|[^a-zü])'", "$1").str.replace_all("（", " (")
    tidy = tidy.str.replace_all("）", ")").str.replace_all("、", ", ").str.strip_chars()
    return tidy.str.slice(0, 1).str.to_uppercase() + tidy.str.slice(1)


def _place() -> pl.Expr:
    """Give the name of the territory: without the committee; a village without its word gets it."""
    words = kinds.body_column("place")
    bodies = {kind: body for kind, body in kinds.column("body").items() if body in words}
    bare = pl.when(_KIND.is_in(list(bodies))).then(_NAME.str.replace(_COMMITTEE, ""))
    place = pl.when(bare.str.len_chars() > 0).then(bare).otherwise(_NAME)
    named = place.str.contains("(?:村|社区|嘎查|生活区|管理区|区划)$") | (
        ~_NAME.str.contains(_COMMITTEE)
    )
    word = _KIND.replace_strict(
        {kind: words[body] for kind, body in bodies.items()}, default="", return_dtype=pl.String
    )
    return pl.when(named).then(place).otherwise(place + word)


def _split_kind(part: pl.DataFrame, kind: str) -> pl.DataFrame:
    endings = kinds.endings(kind)
    pattern = f"^(.+?)({_alternatives(endings)})$" if endings else "^(.+)()$"
    place = pl.col("place")
    cut = part.with_columns(
        stem=place.str.extract(pattern, 1).fill_null(place),
        ending=place.str.extract(pattern, 2)
        .fill_null("")
        .replace_strict(endings, default="", return_dtype=pl.String),
        peoples=pl.lit(""),
    )
    if kind not in kinds.where("peoples"):
        return cut
    named = f"^(.+?)({_peoples()})$"
    return cut.with_columns(
        stem=_STEM.str.extract(named, 1).fill_null(_STEM),
        peoples=_STEM.str.extract(named, 2).fill_null(""),
    )


def _peoples() -> str:
    long = [f"{name}族" for name in kinds.peoples()]
    return f"(?:{_alternatives([*long, *kinds.short_peoples()])})+"


def _peoples_in_english() -> pl.Expr:
    english = kinds.peoples()
    words = {f"{name}族": f"|{said}" for name, said in english.items()}
    words |= {name: f"|{english[name]}" for name in kinds.short_peoples()}
    told = pl.col("peoples").str.replace_many(words, leftmost=True)
    listed = told.str.strip_chars("|").str.replace_all("|", ", ", literal=True)
    return listed.str.replace(", ([^,]*)$", " and $1")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


class Syllables(NamedTuple):
    """How names read: by character, but for stems of their own; and English names of some."""

    syllables: dict[str, str]
    stems: dict[str, list[str]]
    english: dict[str, str]
    known: set[str]

    @classmethod
    def load(cls) -> Syllables:
        """Read the tables."""
        found = Readings.load()
        syllables = {
            char: fold_reading(read).lstrip("'") for char, read in found.characters.items()
        }
        known = set(syllables.values())
        stems = {}
        for stem, pinyin in found.stems.iter_rows():
            words = re.findall("[a-z]+", fold_reading(pinyin))
            if len(read := _syllables_of(words, known, len(stem))) == len(stem):
                stems[stem] = read
        return cls(syllables, stems, dict(found.overrides.iter_rows()), known)

    def of(self, name: str, level: int) -> str:
        """Write readings as syllables between marks: of the name, its short form, in English.

        A committee reads as its village does: nobody types cunminweiyuanhui.
        """
        group = {kinds.TOWNSHIP: "township", kinds.VILLAGE: "committee"}.get(level, "upper")
        forms = {kinds.suffix(group).sub(r"\1", name): None}
        if level <= kinds.TOWNSHIP:
            forms = {name: None, **forms}
        read = [self._of_name(form) for form in forms]
        if english := self.english.get(name):
            read.append(re.findall("[a-z]+", fold_reading(english)))
        return " ".join(f"^ {' '.join(one)} $" for one in read)

    def _of_name(self, name: str) -> list[str]:
        for size in range(len(name), 1, -1):
            if read := self.stems.get(name[:size]):
                return read + [self.syllables.get(char, char) for char in name[size:]]
        return [self.syllables.get(char, char) for char in name]


def _syllables_of(words: list[str], known: set[str], size: int) -> list[str]:
    """Divide a stem's reading into as many syllables as it has characters; else give none."""
    ways: list[list[str]] = [[]]
    for word in words:
        ways = [[*way, *more] for way in ways for more in divide(word, known)]
    return next((way for way in ways if len(way) == size), [])


def divide(word: str, known: set[str], *, open_end: bool = False) -> Iterator[list[str]]:
    """Divide letters into known syllables, the longest first.

    With an open end the last may be the beginning of a syllable, as one types.
    """
    # From each place on: the pieces that lead to the end. Found backwards, so that a word that
    # can't be divided is told at once and not after every way has been tried.
    pieces: list[list[str]] = [[] for _ in word]
    for place in reversed(range(len(word))):
        for size in range(min(_LONGEST, len(word) - place), 0, -1):
            piece, end = word[place : place + size], place + size
            leads = end == len(word) or pieces[end]
            if leads and (
                piece in known or (open_end and end == len(word) and _begins(piece, known))
            ):
                pieces[place].append(piece)
    return _from(0, len(word), pieces)


def _begins(letters: str, known: set[str]) -> bool:
    return any(one.startswith(letters) for one in known)


def _from(place: int, size: int, pieces: list[list[str]]) -> Iterator[list[str]]:
    if place == size:
        yield []
        return
    for piece in pieces[place]:
        for rest in _from(place + len(piece), size, pieces):
            yield [piece, *rest]
