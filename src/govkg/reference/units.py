"""What each kind of division is in the ontology, and its names: the frame that is mapped to RDF."""

from __future__ import annotations

import polars as pl

from govkg.reference import pinyin
from govkg.reference.datasets import dataset
from govkg.reference.ntriples import escaped

COUNTY, TOWNSHIP, VILLAGE = 3, 4, 5
FIRST_YEAR = 2015
_PER_COUNTY, _PER_TOWNSHIP = 10**6, 10**3
_CODE, _LEVEL, _KIND, _NAME = pl.col("code"), pl.col("level"), pl.col("kind"), pl.col("name")

# Class of the territory. What isn't here is a division of no particular kind.
CLASSES = {
    "province": "Province",
    "autonomous-region": "Province",
    "municipality": "Municipality",
    "prefecture-level-city": "PrefectureLevelCity",
    "prefecture": "Prefecture",
    "league": "Prefecture",
    "autonomous-prefecture": "Prefecture",
    "district": "District",
    "county": "County",
    "autonomous-county": "County",
    "banner": "County",
    "autonomous-banner": "County",
    "county-level-city": "CountyLevelCity",
    "street-area": "StreetArea",
    "town": "Town",
    "township": "Township",
    "resident-committee": "CommunityUnit",
    "villager-committee": "VillageUnit",
    "statistical-zone": "Zone",
}
OTHER = "AdministrativeDivision"
# Class of the institution. What isn't here has none: placeholders, zones, like-units.
_GOVERNMENTS = {
    "province": "PeoplesGovernment",
    "autonomous-region": "PeoplesGovernment",
    "municipality": "CityGovernment",
    "prefecture-level-city": "CityGovernment",
    "autonomous-prefecture": "PeoplesGovernment",
    "district": "DistrictGovernment",
    "county": "PeoplesGovernment",
    "autonomous-county": "PeoplesGovernment",
    "banner": "PeoplesGovernment",
    "autonomous-banner": "PeoplesGovernment",
    "county-level-city": "CountyLevelCityGovernment",
    "town": "TownGovernment",
    "township": "PeoplesGovernment",
}
INSTITUTIONS = {
    **_GOVERNMENTS,
    "prefecture": "PrefecturalCommission",
    "league": "PrefecturalCommission",
    "street-area": "StreetOffice",
    "resident-committee": "ResidentCommittee",
    "villager-committee": "VillagerCommittee",
}
_SUFFIXES = {
    **dict.fromkeys(_GOVERNMENTS.values(), "-government"),
    "PrefecturalCommission": "-prefectural-commission",
    "StreetOffice": "-street-office",
    "ResidentCommittee": "-resident-committee",
    "VillagerCommittee": "-villager-committee",
}
_WORDS = {
    **dict.fromkeys(_GOVERNMENTS.values(), "人民政府"),
    "PrefecturalCommission": "行政公署",
    "StreetOffice": "办事处",
    "ResidentCommittee": "居民委员会",
    "VillagerCommittee": "村民委员会",
}
_ENGLISH = {
    **dict.fromkeys(_GOVERNMENTS.values(), "People's Government of "),
    "PrefecturalCommission": "Prefectural Commission of ",
    "StreetOffice": "Street Office of ",
    "ResidentCommittee": "Residents' Committee of ",
    "VillagerCommittee": "Villagers' Committee of ",
}
# 六枝特区 and 神农架林区 have governments as counties have; other special districts are left out.
_COUNTY_LIKE = (520203 * _PER_COUNTY, 429021 * _PER_COUNTY)
# Rows that stand for villages directly under a county carry the digits of a town.
_NO_TOWN = "直辖村级区划$"
_COMMITTEE = "(?:委员会|村委会|居委会|家委会)$"
_HAS_WORD = "(?:办事处|街道办)$"


def local(code: pl.Expr, level: pl.Expr) -> pl.Expr:
    """Write a code without its last zeros: 6 digits to county level, 9 for a township, else 12."""
    return (
        pl.when(level <= COUNTY)
        .then(code // _PER_COUNTY)
        .when(level == TOWNSHIP)
        .then(code // _PER_TOWNSHIP)
        .otherwise(code)
        .cast(pl.String)
    )


def divisions() -> pl.DataFrame:
    """Read the hierarchy, with the local name of each and of its parent, and its valid years."""
    frame = dataset("nbs-divisions").table("divisions")
    up = frame.select(parent="code", parent_level="level", parent_kind="kind", above="parent")
    return (
        frame.join(up, on="parent", how="left", maintain_order="left")
        .join(_valid(), on="code", how="left", maintain_order="left")
        .with_columns(id=local(_CODE, _LEVEL), up=local(pl.col("parent"), pl.col("parent_level")))
    )


def described(frame: pl.DataFrame) -> pl.DataFrame:
    """Add class, labels, institution (with class and labels) and the institutions above."""
    readings = pinyin.Readings.load()
    names = pinyin.labels(frame, readings).with_columns(escaped(pl.col("zh", "en")))
    town = _NAME.str.contains(_NO_TOWN)
    body = _KIND.replace_strict(INSTITUTIONS, default=None, return_dtype=pl.String)
    body = pl.when(_CODE.is_in(_COUNTY_LIKE)).then(pl.lit("PeoplesGovernment")).otherwise(body)
    of_class = _KIND.replace_strict(CLASSES, default=OTHER, return_dtype=pl.String)
    joined = frame.join(names, on=["name", "kind"], how="left", maintain_order="left")
    told = joined.with_columns(
        territory=pl.when(town).then(pl.lit(OTHER)).otherwise(of_class),
        body=pl.when(~town).then(body),
    )
    return _with_ties(told.with_columns(**_institution()))


def _institution() -> dict[str, pl.Expr]:
    body = pl.col("body")
    kind = {
        key: body.replace_strict(of, default=None, return_dtype=pl.String)
        for key, of in (("suffix", _SUFFIXES), ("word", _WORDS), ("english", _ENGLISH))
    }
    listed = _NAME.str.contains(_COMMITTEE) & (_LEVEL == VILLAGE)
    listed |= _NAME.str.contains(_HAS_WORD) & (_LEVEL == TOWNSHIP)
    return {
        "body_id": pl.col("id") + kind["suffix"],
        "body_zh": pl.when(listed).then(escaped(_NAME)).otherwise(pl.col("zh") + kind["word"]),
        "body_en": kind["english"] + pl.col("en"),
    }


def _with_ties(frame: pl.DataFrame) -> pl.DataFrame:
    """Add who dispatches a street office or commission, and who guides a committee.

    Where a placeholder stands between (嘉峪关), the city above it dispatches.
    """
    bodies = frame.filter(pl.col("body").is_not_null() & (_LEVEL < VILLAGE))
    seat = pl.when(pl.col("parent_kind") == "placeholder").then("above").otherwise("parent")
    tied = frame.with_columns(seat=seat).join(
        bodies.select(seat="code", seat_body="body_id", seat_class="body"),
        on="seat",
        how="left",
        maintain_order="left",
    )
    dispatched = pl.col("body").is_in(["StreetOffice", "PrefecturalCommission"])
    guided = pl.col("body").is_in(["ResidentCommittee", "VillagerCommittee"])
    by_government = pl.col("seat_body").str.ends_with("-government")
    return tied.with_columns(
        dispatcher=pl.when(dispatched & by_government).then("seat_body"),
        guide=pl.when(guided).then("seat_body"),
    )


def _valid() -> pl.DataFrame:
    """Give the years in which each code to township level is listed, as EDTF: 2016/2023."""
    years = (
        dataset("nbs-series")
        .table("units")
        .filter(_LEVEL <= TOWNSHIP)
        .group_by("code")
        .agg(pl.col("years").bitwise_or())
        .with_columns(
            first=FIRST_YEAR + pl.col("years").bitwise_trailing_zeros(),
            last=FIRST_YEAR + 15 - pl.col("years").bitwise_leading_zeros(),
        )
    )
    revisions = dataset("gb2260-history").table("codes").group_by("code").agg(pl.col("first").min())
    begun = revisions.select(_CODE.cast(pl.Int64) * _PER_COUNTY, began="first")
    first = pl.coalesce("began", pl.col("first").cast(pl.String))
    last = pl.col("last").cast(pl.String)
    valid = pl.when(first == last).then(last).otherwise(pl.concat_str(first, pl.lit("/"), last))
    return years.join(begun, on="code", how="left").select("code", valid=valid)
