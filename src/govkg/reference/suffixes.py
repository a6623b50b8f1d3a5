"""Names without their administrative suffix: 白下区 to 白下, 恩施土家族苗族自治州 to 恩施.

One pattern for each group of levels. At least two characters stay, so that 城区 and 雄县 have no
short form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_PEOPLES = (
    "(?:(?:壮|回|满|苗|侗|瑶|白|彝|藏|羌|黎|畲|傣|水|土|怒|京|各|仫佬|仡佬|土家|布依|朝鲜|哈尼|傈僳|佤|拉祜|纳西"
    "|景颇|布朗|撒拉|毛南|阿昌|普米|德昂|保安|裕固|独龙|门巴|珞巴|基诺|东乡|高山|赫哲|俄罗斯|乌孜别克|塔塔尔)族"
    "|(?:蒙古|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克|达斡尔|鄂温克|鄂伦春)族?)"
)
_SUFFIXES = {
    "upper": rf"{_PEOPLES}*自治[区州县旗]|特别行政区|地区|林区|特区|新区|[省市区县旗盟]",
    "township": (
        "(?:街道|地区|镇)?办事处|街道办|街道|地区|社区服务中心|社区"
        rf"|民族[镇乡]|{_PEOPLES}*(?:民族)?乡|[镇乡]|(?:民族)?苏木"
    ),
    "committee": "居民委员会|居委会|村民委员会|村委会",
    "village": "(?:社区|村)?(?:居民委员会|居委会|村民委员会|村委会)|社区|村|嘎查",
}
PATTERNS = {group: re.compile(rf"^(.{{2,}}?)(?:{suffix})$") for group, suffix in _SUFFIXES.items()}


def stem(name: pl.Expr, group: str) -> pl.Expr:
    """Take the suffix of a group of levels off a column of names."""
    return name.str.replace(PATTERNS[group].pattern, "${1}")
