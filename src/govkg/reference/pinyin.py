"""Names of divisions in Chinese and English: what kind of word ends them, and how the rest reads.

A name is split into stem and ending (石景山区: 石景山, 区). The ending is translated, the stem is
written in pinyin: by the table of whole stems where there is a line, else character by character.
Names at county level and above that neither gets right stand in the table of overrides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from govkg.reference.datasets import dataset

if TYPE_CHECKING:
    from collections.abc import Iterable

DATASET = "romanization"

_PEOPLES = {
    "保安": "Bonan", "布朗": "Blang", "布依": "Bouyei", "傣": "Dai", "达斡尔": "Daur",
    "德昂": "De'ang", "侗": "Dong", "东乡": "Dongxiang", "独龙": "Derung", "鄂伦春": "Oroqen",
    "鄂温克": "Evenki", "高山": "Gaoshan", "仡佬": "Gelao", "哈尼": "Hani", "哈萨克": "Kazakh",
    "赫哲": "Hezhe", "回": "Hui", "基诺": "Jino", "京": "Jing", "景颇": "Jingpo", "朝鲜": "Korean",
    "柯尔克孜": "Kyrgyz", "拉祜": "Lahu", "黎": "Li", "傈僳": "Lisu", "珞巴": "Lhoba",
    "满": "Manchu",
    "毛南": "Maonan", "门巴": "Monba", "蒙古": "Mongol", "苗": "Miao", "仫佬": "Mulao",
    "纳西": "Naxi",
    "怒": "Nu", "普米": "Pumi", "羌": "Qiang", "俄罗斯": "Russian", "撒拉": "Salar", "畲": "She",
    "水": "Sui", "塔吉克": "Tajik", "塔塔尔": "Tatar", "藏": "Tibetan", "土": "Tu", "土家": "Tujia",
    "佤": "Wa", "维吾尔": "Uyghur", "乌孜别克": "Uzbek", "锡伯": "Xibe", "瑶": "Yao", "彝": "Yi",
    "裕固": "Yugur", "壮": "Zhuang", "阿昌": "Achang", "白": "Bai",
}  # fmt: skip
_ALWAYS_SHORT = ("蒙古", "哈萨克", "柯尔克孜", "锡伯", "塔吉克", "维吾尔", "达斡尔", "鄂温克")

_AREAS = {
    "经济技术开发区": "Economic and Technological Development Zone",
    "高新技术产业开发区": "High-tech Industrial Development Zone",
    "高技术产业开发区": "High-tech Industrial Development Zone",
    "高新技术产业园区": "High-tech Industrial Park",
    "高新技术开发区": "High-tech Development Zone",
    "城乡一体化示范区": "Urban-Rural Integration Demonstration Zone",
    "风景名胜区": "Scenic Area",
    "经济综合实验区": "Economic Comprehensive Experimental Zone",
    "物流产业聚集区": "Logistics Cluster",
    "旅游度假区": "Tourist Resort",
    "自然保护区": "Nature Reserve",
    "产业集聚区": "Industrial Cluster",
    "工业集中区": "Industrial Cluster",
    "循环化工园区": "Circular Chemical Industry Park",
    "现代产业园区": "Modern Industrial Park",
    "工业园区": "Industrial Park",
    "产业园区": "Industrial Park",
    "科技园区": "Science Park",
    "物流园区": "Logistics Park",
    "经济开发区": "Economic Development Zone",
    "经济区": "Economic Zone",
    "示范区": "Demonstration Zone",
    "开发区": "Development Zone",
    "保税区": "Bonded Zone",
    "度假区": "Resort",
    "风景区": "Scenic Area",
    "旅游区": "Tourist Area",
    "保护区": "Reserve",
    "工业园": "Industrial Park",
    "产业园": "Industrial Park",
    "科技园": "Science Park",
    "工业区": "Industrial Zone",
    "高新区": "High-tech Zone",
    "管理区": "Management Area",
    "生活区": "Living Quarters",
    "园区": "Park",
    "新区": "New Area",
    "新城": "New Town",
    "管理委员会": "Administrative Committee",
    "管委会": "Administrative Committee",
    "行政委员会": "Administrative Committee",
    "办事处": "Office",
    "管理处": "Management Office",
    "管理局": "Administration",
    "林业局": "Forestry Bureau",
    "服务中心": "Service Center",
    "有限公司": "Company",
    "原种场": "Seed Farm",
    "良种场": "Seed Farm",
    "种畜场": "Stud Farm",
    "种猪场": "Pig Farm",
    "种羊场": "Sheep Farm",
    "园艺场": "Horticultural Farm",
    "养殖场": "Breeding Farm",
    "畜牧场": "Livestock Farm",
    "农牧场": "Farm",
    "华侨农场": "Overseas Chinese Farm",
    "垦殖场": "Reclamation Farm",
    "农场": "Farm",
    "林场": "Forest Farm",
    "茶场": "Tea Farm",
    "牧场": "Ranch",
    "渔场": "Fishery",
    "水库": "Reservoir",
    "监狱": "Prison",
    "街道": "Street Area",
    "镇": "Town",
    "乡": "Township",
    "区": "District",
}
_VILLAGES = {
    "虚拟社区": "Virtual Community",
    "社区": "Community",
    "新村": "Xincun",
    "村": "Village",
    "嘎查": "Gacha",
    "生活区": "Living Quarters",
    "管理区": "Management Area",
    "农场": "Farm",
    "林场": "Forest Farm",
    "监狱": "Prison",
}
_BANNERS = {
    "左翼前旗": "Left Front Banner", "左翼中旗": "Left Middle Banner",
    "左翼后旗": "Left Rear Banner", "右翼前旗": "Right Front Banner",
    "右翼中旗": "Right Middle Banner", "右翼后旗": "Right Rear Banner",
    "前旗": "Front Banner", "中旗": "Middle Banner", "后旗": "Rear Banner",
    "左旗": "Left Banner", "右旗": "Right Banner", "联合旗": "United Banner", "旗": "Banner",
}  # fmt: skip
_STREETS = {
    "街道办事处": "Street Area", "地区办事处": "Street Area", "办事处": "Street Area",
    "街道地区": "Street Area", "街道": "Street Area", "地区": "Street Area", "街": "Street Area",
}  # fmt: skip
# The endings of each kind. An empty translation leaves the ending out: Daqing, not Daqing City.
ENDINGS: dict[str, dict[str, str]] = {
    "province": {"省": "Province", "行政区": "Administrative Region"},
    "municipality": {"市": ""},
    "special-administrative-region": {"特别行政区": "Special Administrative Region"},
    "autonomous-region": {"自治区": "Autonomous Region"},
    "prefecture-level-city": {"市": ""},
    "prefecture": {"地区": "Prefecture", "专区": "Prefecture", "行政区": "Administrative Region"},
    "league": {"盟": "League"},
    "autonomous-prefecture": {"自治州": "Autonomous Prefecture"},
    "district": {"新区": "New Area", "矿区": "Mining District", "区": "District"},
    "county": {"县": "County"},
    "autonomous-county": {"自治县": "Autonomous County"},
    "county-level-city": {"市": ""},
    "banner": _BANNERS,
    "autonomous-banner": {"自治旗": "Autonomous Banner"},
    "special-district": {"特区": "Special District", "区": "District"},
    "placeholder": {"市": ""},
    "special-area": {"群岛": "Islands", "工农区": "Gongnong District", **_AREAS},
    "street-area": _STREETS,
    "town": {"镇": "Town"},
    "township": {"民族乡": "Ethnic Township", "苏木": "Sumu", "乡": "Township"},
    "resident-committee": _VILLAGES,
    "villager-committee": _VILLAGES,
    "like-resident-committee": _VILLAGES,
    "like-villager-committee": _VILLAGES,
    "like-township": _AREAS,
    "statistical-zone": _AREAS,
}
_WITH_PEOPLES = (
    "autonomous-prefecture", "autonomous-county", "autonomous-banner", "district", "township",
)  # fmt: skip
_BELOW_COUNTY = (
    "street-area", "town", "township", "like-township", "resident-committee",
    "villager-committee", "like-resident-committee", "like-villager-committee",
)  # fmt: skip
_COMMITTEE = "(?:村民委员会|居民委员会|家属委员会|村委会|居委会|家委会|委员会)$"
_COMMITTEES = {"resident-committee": "社区", "villager-committee": "村"}
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
    upper = ~_KIND.is_in(_BELOW_COUNTY)
    return (
        told.join(readings.overrides, on="name", how="left", maintain_order="left")
        .with_columns(en=pl.when(upper).then(pl.coalesce("english", "en")).otherwise("en"))
        .select("name", "kind", "en", zh="place")
    )


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
    bare = pl.when(_KIND.is_in(list(_COMMITTEES))).then(_NAME.str.replace(_COMMITTEE, ""))
    place = pl.when(bare.str.len_chars() > 0).then(bare).otherwise(_NAME)
    named = place.str.contains("(?:村|社区|嘎查|生活区|管理区|区划)$") | (
        ~_NAME.str.contains(_COMMITTEE)
    )
    word = _KIND.replace_strict(_COMMITTEES, default="", return_dtype=pl.String)
    return pl.when(named).then(place).otherwise(place + word)


def _split_kind(part: pl.DataFrame, kind: str) -> pl.DataFrame:
    endings = ENDINGS.get(kind, {})
    pattern = f"^(.+?)({_alternatives(endings)})$" if endings else "^(.+)()$"
    place = pl.col("place")
    cut = part.with_columns(
        stem=place.str.extract(pattern, 1).fill_null(place),
        ending=place.str.extract(pattern, 2)
        .fill_null("")
        .replace_strict(endings, default="", return_dtype=pl.String),
        peoples=pl.lit(""),
    )
    if kind not in _WITH_PEOPLES:
        return cut
    named = f"^(.+?)({_peoples()})$"
    return cut.with_columns(
        stem=_STEM.str.extract(named, 1).fill_null(_STEM),
        peoples=_STEM.str.extract(named, 2).fill_null(""),
    )


def _peoples() -> str:
    long = [f"{name}族" for name in _PEOPLES]
    return f"(?:{_alternatives([*long, *_ALWAYS_SHORT])})+"


def _peoples_in_english() -> pl.Expr:
    words = {f"{name}族": f"|{english}" for name, english in _PEOPLES.items()}
    words |= {name: f"|{_PEOPLES[name]}" for name in _ALWAYS_SHORT}
    told = pl.col("peoples").str.replace_many(words, leftmost=True)
    listed = told.str.strip_chars("|").str.replace_all("|", ", ", literal=True)
    return listed.str.replace(", ([^,]*)$", " and $1")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))
