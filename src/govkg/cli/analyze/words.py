"""Words of the yearly lists for figures: measures, levels and kinds, in English and Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govkg.languages import Language

MEASURES = {
    "street_areas": ("street offices", "街道"),
    "towns": ("towns", "镇"),
    "townships": ("townships", "乡"),
    "like_townships": ("like townships (service centers...)", "类似乡级单位（社区服务中心等）"),
    "resident_committees": ("residents' committees", "居委会"),
    "villager_committees": ("villagers' committees", "村委会"),
    "like_resident_committees": ("like residents' committees", "类似居委会"),
    "like_villager_committees": ("like villagers' committees", "类似村委会"),
}
LEVELS = {
    1: ("province level", "省级"),
    2: ("prefecture level", "地级"),
    3: ("county level", "县级"),
    4: ("township level", "乡级"),
    5: ("village level", "村级"),
}
# A kind without an entry is called in English as its name is spelled, without hyphens.
_KINDS = {
    "province": "省", "autonomous-region": "自治区", "municipality": "直辖市",
    "special-administrative-region": "特别行政区", "prefecture-level-city": "地级市",
    "prefecture": "地区", "league": "盟", "autonomous-prefecture": "自治州", "district": "区",
    "county": "县", "county-level-city": "县级市", "autonomous-county": "自治县", "banner": "旗",
    "autonomous-banner": "自治旗", "special-district": "林区、特区", "special-area": "特别区域",
    "statistical-zone": "统计用区", "placeholder": "占位条目", "street-area": "街道", "town": "镇",
    "township": "乡", "like-township": "类似乡级单位", "direct": "直管居委会的条目",
    "resident-committee": "居委会", "villager-committee": "村委会",
    "like-resident-committee": "类似居委会", "like-villager-committee": "类似村委会",
}  # fmt: skip
_ENGLISH = {
    "resident-committee": "residents' committee", "villager-committee": "villagers' committee",
    "like-resident-committee": "like a residents' committee",
    "like-villager-committee": "like a villagers' committee", "like-township": "like a township",
    "direct": "row for committees without a town", "prefecture-level-city": "prefecture-level city",
    "county-level-city": "county-level city",
}  # fmt: skip


def measure(name: str, language: Language) -> str:
    """Name a measure of the yearly counts."""
    return MEASURES[name][language == "zh"]


def level(number: int, language: Language) -> str:
    """Name a level, 1 (province) to 5 (village)."""
    return LEVELS[number][language == "zh"]


def kind(name: str, language: Language) -> str:
    """Name a kind of division."""
    if language == "zh":
        return _KINDS.get(name, name)
    return _ENGLISH.get(name, name.replace("-", " "))


def order(name: str) -> int:
    """Order kinds of divisions from the province down; an unknown one is last."""
    return list(_KINDS).index(name) if name in _KINDS else len(_KINDS)
