"""The kind of a unit, from the digits of its code and, where those don't decide, from its name.

A statistical code has 12 digits: province 1-2, prefecture 3-4, county 5-6, township 7-9,
village 10-12. The rules work on whole numbers, so a county code is first made 12 digits long.
"""

from __future__ import annotations

import polars as pl

from govkg.reference import kinds as registered

PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE = 1, 2, 3, 4, 5
STEP = {PROVINCE: 10**10, PREFECTURE: 10**8, COUNTY: 10**6, TOWNSHIP: 10**3, VILLAGE: 1}

KINDS = tuple(registered.of_levels(None))
VILLAGE_KINDS = tuple(registered.of_levels([VILLAGE]))

_MUNICIPALITIES = (11, 12, 31, 50)
_DA_HINGGAN_LING = 2327
_PLACEHOLDERS = (
    "^(市辖区|县|省直辖县级行政区划|省直辖县级行政单位|省直辖行政单位"
    "|自治区直辖县级行政区划|自治区直辖县级行政单位)$"
)
_CODE, _NAME = pl.col("code"), pl.col("name")


def level() -> pl.Expr:
    """Give the level of a 12-digit code: how far it goes before only zeros follow."""
    return (
        pl.when(_CODE % STEP[PROVINCE] == 0)
        .then(PROVINCE)
        .when(_CODE % STEP[PREFECTURE] == 0)
        .then(PREFECTURE)
        .when(_CODE % STEP[COUNTY] == 0)
        .then(COUNTY)
        .when(_CODE % STEP[TOWNSHIP] == 0)
        .then(TOWNSHIP)
        .otherwise(VILLAGE)
        .cast(pl.UInt8)
    )


def parent() -> pl.Expr:
    """Give the code of the unit above: the last group of digits set to zero; none for a province.

    For a township of a city without counties (东莞 and the like) that is the city's own code.
    """
    above = pl.lit(None, dtype=pl.Int64)
    for of, up in ((PREFECTURE, PROVINCE), (COUNTY, PREFECTURE), (TOWNSHIP, COUNTY)):
        above = pl.when(pl.col("level") == of).then(_CODE // STEP[up] * STEP[up]).otherwise(above)
    village = pl.col("level") == VILLAGE
    return pl.when(village).then(_CODE // STEP[TOWNSHIP] * STEP[TOWNSHIP]).otherwise(above)


def _group(of: int, up: int) -> pl.Expr:
    """Give the digits of one group of the code as a number."""
    return _CODE // STEP[of] % (STEP[up] // STEP[of])


def kind() -> pl.Expr:
    """Give the kind from code, name and level."""
    province = _CODE // STEP[PROVINCE]
    county = _group(COUNTY, PREFECTURE)
    zone = registered.digits(COUNTY)["statistical-zone"]
    township = _group(TOWNSHIP, COUNTY)
    village = _CODE % STEP[TOWNSHIP]
    placeholder = _NAME.str.contains(_PLACEHOLDERS)
    provinces = (
        pl.when(province.is_in(_MUNICIPALITIES))
        .then(pl.lit("municipality"))
        .when(_NAME.str.ends_with("自治区"))
        .then(pl.lit("autonomous-region"))
        .when(_NAME.str.ends_with("特别行政区"))
        .then(pl.lit("special-administrative-region"))
        .otherwise(pl.lit("province"))
    )
    prefectures = (
        pl.when(placeholder)
        .then(pl.lit("placeholder"))
        .when(_NAME.str.ends_with("自治州"))
        .then(pl.lit("autonomous-prefecture"))
        .when(_NAME.str.ends_with("盟"))
        .then(pl.lit("league"))
        .when(_NAME.str.ends_with("市"))
        .then(pl.lit("prefecture-level-city"))
        .otherwise(pl.lit("prefecture"))
    )
    # The four 区 of 大兴安岭 prefecture, which has no city, are no districts of a city; 特区,
    # some 工农区 and the one 林区 stood or stand where a county would. 伊春 and others have
    # districts whose name happens to end in 林区.
    special = _NAME.str.contains("(特区|.工农区|^神农架林区)$") | (
        (_CODE // STEP[PREFECTURE] == _DA_HINGGAN_LING) & _NAME.str.ends_with("区")
    )
    counties = (
        pl.when(placeholder)
        .then(pl.lit("placeholder"))
        .when(county.is_between(zone.start, zone.stop - 1))
        .then(pl.lit("statistical-zone"))
        .when(_NAME.str.ends_with("自治县"))
        .then(pl.lit("autonomous-county"))
        .when(_NAME.str.ends_with("县"))
        .then(pl.lit("county"))
        .when(_NAME.str.ends_with("自治旗"))
        .then(pl.lit("autonomous-banner"))
        .when(_NAME.str.ends_with("旗"))
        .then(pl.lit("banner"))
        .when(_NAME.str.ends_with("市"))
        .then(pl.lit("county-level-city"))
        .when(special)
        .then(pl.lit("special-district"))
        .when(_NAME.str.ends_with("区"))
        .then(pl.lit("district"))
        .otherwise(pl.lit("special-area"))
    )
    townships = _banded(township, registered.digits(TOWNSHIP))
    villages = _banded(village, registered.digits(VILLAGE))
    found = provinces
    for of, expression in (
        (PREFECTURE, prefectures),
        (COUNTY, counties),
        (TOWNSHIP, townships),
        (VILLAGE, villages),
    ):
        found = pl.when(pl.col("level") == of).then(expression).otherwise(found)
    return found


def _banded(number: pl.Expr, kinds: dict[str, range]) -> pl.Expr:
    found = pl.lit(None, dtype=pl.String)
    for name, numbers in kinds.items():
        inside = number.is_between(numbers.start, numbers.stop - 1)
        found = pl.when(inside).then(pl.lit(name)).otherwise(found)
    return found
