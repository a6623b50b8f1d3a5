"""Readings of the names of divisions: a syllable a character, and the stems that read otherwise.

pypinyin is read from its pinned wheel, unpacked for this run only. The overrides are made by hand.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
import zipfile
from typing import TYPE_CHECKING, Any

import polars as pl
from tools.reference import datasets
from tools.reference.packages import fetch

from govkg.reference import romanize

if TYPE_CHECKING:
    from pathlib import Path

    from tools.reference.datasets import Dataset, Tell

_VOWELS = ("a", "e", "o")
_FIRST_HAN = "\u3000"  # and other signs before the first Chinese character
# What a character mostly reads in the name of a place, where pypinyin puts another reading first.
_IN_PLACES = {
    "朝": "cháo", "长": "cháng", "勒": "lè", "都": "dū", "什": "shí", "漯": "luò", "覃": "qín",
    "棱": "líng", "珲": "hún", "浚": "xùn", "峙": "shì", "葛": "gě", "垫": "diàn", "阆": "làng",
    "伽": "jiā", "荥": "xíng", "隆": "lóng", "筠": "jūn", "佛": "fó", "卜": "bǔ", "泊": "bó",
    "曾": "zēng", "圩": "xū", "仇": "qiú", "厦": "xià",
}  # fmt: skip
# A market (xū) in the south, a dike (wéi) along the Yangtze and Huai.
_DIKES = (
    "徐圩", "圩丰", "黄圩", "耿圩", "裴圩", "庄圩", "平圩", "孙圩", "刘圩", "任圩", "戴圩", "西圩",
    "联圩", "团结圩", "复兴圩",
)  # fmt: skip
_PHRASES_IN_PLACES = {
    "漯河": ("luò", "hé"), "朝阳": ("cháo", "yáng"), "荥经": ("yíng", "jīng"),
    "闵行": ("mǐn", "háng"), "马尾": ("mǎ", "wěi"), "民乐": ("mín", "lè"), "南乐": ("nán", "lè"),
    "红寺堡": ("hóng", "sì", "pù"), "莘庄": ("xīn", "zhuāng"), "崆峒": ("kōng", "tóng"),
    "蚌山": ("bèng", "shān"), "罗卜": ("luó", "bo"), "乐陵": ("lào", "líng"),
    "太行": ("tài", "háng"), "柏林": ("bǎi", "lín"), "柴沟堡": ("chái", "gōu", "bǔ"),
    "瓦窑堡": ("wǎ", "yáo", "bǔ"), "罗布泊": ("luó", "bù", "pō"), "镜泊": ("jìng", "pō"),
    "水泊": ("shuǐ", "pō"),
}  # fmt: skip
_TABLES = (("nbs-divisions", "divisions"), ("nbs-series", "units"), ("gb2260-history", "codes"))


def readings(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the tables of characters and stems; pass on the overrides."""
    package = dataset.package("pypinyin")
    tell(f"{dataset.name}: {package.label}")
    wheel = fetch(package, cache)
    stems = all_stems()
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        sys.path.insert(0, folder)
        try:
            pypinyin = importlib.import_module("pypinyin")
            pypinyin.load_single_dict({ord(char): read for char, read in _IN_PLACES.items()})
            pypinyin.load_phrases_dict(
                {word: [[read] for read in reads] for word, reads in _PHRASES_IN_PLACES.items()}
            )
            pypinyin.load_phrases_dict({word: _dike(word, pypinyin) for word in _DIKES})
            characters, exceptions = read_stems(stems, pypinyin)
        finally:
            sys.path.remove(folder)
    overrides = dataset.folder / dataset.tables["overrides"].file
    return {
        "characters": characters,
        "stems": exceptions,
        "overrides": pl.read_csv(overrides, schema=dataset.tables["overrides"].columns),
    }


def all_stems() -> pl.Series:
    """Collect the stems of the names in the committed tables, sorted."""
    frames = []
    for name, table in _TABLES:
        found = datasets.load(name)
        frame = found.tables[table].read(found.folder)
        if table == "units":
            frame = frame.filter(pl.col("level") <= 4)
        frames.append(frame.select("name", "kind"))
    names = pl.concat(frames).unique()
    return romanize.split(names)["stem"].unique().sort()


def gb2312() -> list[str]:
    """List the 6,763 Chinese characters of GB/T 2312-1980: what texts are made of."""
    every = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return [char for pair in every if (char := pair.decode("gb2312", "ignore"))]


def read_stems(stems: pl.Series, pypinyin: Any) -> tuple[pl.DataFrame, pl.DataFrame]:  # noqa: ANN401
    """Read every character alone, and each stem whole; keep the stems where the two differ."""
    letters = sorted({*stems.str.split("").list.explode(), *gb2312()})
    syllables = {
        letter: syllable
        for letter in letters
        if letter > _FIRST_HAN and (syllable := _syllables(letter, pypinyin)) != letter
    }
    characters = pl.DataFrame(
        {"character": list(syllables), "syllable": list(syllables.values())},
        schema={"character": pl.String, "syllable": pl.String},
    )
    whole = pl.DataFrame({"stem": stems}).with_columns(
        pinyin=romanize.finish(
            pl.col("stem").map_elements(
                lambda stem: _syllables(stem, pypinyin), return_dtype=pl.String
            )
        ),
        alone=romanize.by_characters(pl.col("stem"), syllables),
    )
    return characters, whole.filter(pl.col("pinyin") != pl.col("alone")).select("stem", "pinyin")


def _dike(word: str, pypinyin: Any) -> list[list[str]]:  # noqa: ANN401
    return [["wéi"] if char == "圩" else pypinyin.pinyin(char)[0] for char in word]


def _syllables(text: str, pypinyin: Any) -> str:  # noqa: ANN401
    found = pypinyin.lazy_pinyin(text, v_to_u=True)
    return "".join(f"'{word}" if word.startswith(_VOWELS) else word for word in found)
