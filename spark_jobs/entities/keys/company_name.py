"""Names of firms: the core that is the firm's own, its legal form, and what makes a branch a branch.

Every function takes a name as delivered.
"""

from collections.abc import Mapping
from functools import cache

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.entities.keys import hanzi
from spark_jobs.entities.keys.divisions import DIVISION
from spark_jobs.entities.keys.text import as_arguments, plain

_FORM = (
    "股份有限公司|有限责任公司|有限公司|股份公司|集团公司|总公司|公司|有限合伙企业|合伙企业|个人独资企业|个体工商户|"
    "(?:农民)?专业合作社(?:联合社|联社)?|股份经济合作社|经济合作社|股份合作社|合作社|家庭农场|经营部|经销部|经营店|门市部|"
    "批发部|零售部|服务部|商行|商店|商铺|工作室|集团"
)
"""Legal forms, and the words that stand in their place in the names of individual businesses; the longer ones first.

Words that tell the trade stay in the core: 老王超市 and 老王餐馆 are two firms, 老王商行 and 老王经营部 may be one.
"""
_BRACKETED_FORM = r"\((?:有限合伙|普通合伙|特殊普通合伙|集团|个体工商户|个人独资|个体|国有独资)\)"
"""Forms that a name states in brackets, wherever they stand."""
_BRANCH = "分公司|分店|分行|支行|支公司|分社|分部|分厂|分院|分校|分所|分站|营业部|办事处"
"""Words that make a branch of any name."""
_OUTLET = "营业所|营业厅|代表处|储蓄所|分理处|项目部|联络处|店"
"""Words that make a branch behind a legal form only."""
_LATIN_FORM = (
    "inc|incorporated|ltd|limited|llc|llp|lp|plc|corp|corporation|co|company|gmbh|mbh|ag|kg|kgaa|ohg|se|sa|sas|sarl|"
    "srl|spa|bv|nv|oy|oyj|ab|as|asa|aps|pty|pte|pvt|kk|sro|ooo|oao|zao|sdn|bhd"
)
_FORM_AT_END = f"^((?s:.+?))((?:集团)?(?:{_FORM}))((?:{_BRACKETED_FORM})*)$"
"""Groups 1, 2, 3 are what comes before the legal form, the form, and forms in brackets behind it."""
_PLACE_FIRST = f"^((?:中国)?{DIVISION}+(?:{_FORM})?)$|^(?:中国)?{DIVISION}+"
"""Divisions that a name begins with; group 1 is a name that has nothing else before its form."""
_BRACKETS = rf"\({DIVISION}+\)|{_BRACKETED_FORM}|[()\n]"
_AFTER_FORM = rf"(.*(?:公司|合作社|银行|信用社|大药房|事务所|\)))(.{{0,12}}(?:{_BRANCH}|{_OUTLET}))"
_BY_KIND = f"(.{{2,}}?)((?:第?[一二三四五六七八九十0-9]+|..[省市县区镇]?)?(?:{_BRANCH}))"
_BRANCHED = f"^(?:{_AFTER_FORM}|{_BY_KIND})$"
"""Groups 1 and 2 or 3 and 4 are parent and branch.

Behind the parent's legal form a branch may be called anything; without a legal form it is told by its kind, with the
number or the place before it.
"""
_BRANCH_ENDS = "店行社部厂廠院校所站处處厅廳"


def core(name: Column) -> Column:
    """What is the firm's own in the name: without divisions, legal form, branch, brackets and white space.

    A branch has its parent's core. A division stays where nothing else is left: 咸宁市有限公司 is 咸宁市.
    """
    # No name has a line feed: it keeps the place of what was left out, which a legal form may not take.
    placed = F.regexp_replace(_parent(name), _PLACE_FIRST, "\n$1")
    formless = F.regexp_replace(placed, _FORM_AT_END, "$1$3")
    chinese = F.regexp_replace(formless, _BRACKETS, "")
    return F.nullif(F.when(_has_hanzi(name), chinese).otherwise(_latin_core(name)), F.lit(""))


def legal_form(name: Column) -> Column:
    """The legal form at the end of the name (for a branch, of its parent); null where the name has none."""
    chinese = F.regexp_extract(_parent(name), _FORM_AT_END, 2)
    latin = F.regexp_extract(plain(name), rf" ((?:{_LATIN_FORM})(?: (?:{_LATIN_FORM}))*)$", 1)
    return F.nullif(F.when(_has_hanzi(name), chinese).otherwise(latin), F.lit(""))


def branch(name: Column) -> Column:
    """What makes the name that of a branch (咸宁分公司, 温泉支行); null where it is no branch's."""
    text = F.translate(name, *_folding())
    is_branch = _may_be_branch(name) & text.rlike(_BRANCHED)
    return F.when(is_branch, F.regexp_replace(text, _BRANCHED, "$2$4"))


def core_sound(own: Column) -> Column:
    """A core with one character for all of a sound, without tones; a division that was misspelt leaves it too.

    Of 咸宁市恒通 typed as 咸柠市恒通 the core keeps 咸柠市, which sounds like 咸宁市.

    Args:
        own: as `core` gives it.
    """
    return _without_division(own, hanzi.sounds(dialect=False))


def core_shape(own: Column) -> Column:
    """Like `core_sound`, with one character for all that look like it."""
    return _without_division(own, hanzi.shapes())


def _without_division(own: Column, table: Mapping[str, str]) -> Column:
    """A core through a table of characters, without what it begins with that becomes a division's name by it."""
    text = F.translate(own, *as_arguments(table))
    divisions = "".join(table.get(char, char) for char in DIVISION)
    rest = F.regexp_replace(text, f"^{divisions}+", "")
    return F.coalesce(F.nullif(rest, F.lit("")), F.nullif(text, F.lit("")))


def folded(name: Column) -> Column:
    """The name in simplified characters, half-width capitals and brackets, without any white space."""
    return F.nullif(F.translate(name, *_folding()), F.lit(""))


def _parent(name: Column) -> Column:
    """The folded name without what makes it a branch's."""
    text = F.translate(name, *_folding())
    return F.when(_may_be_branch(name), F.regexp_replace(text, _BRANCHED, "$1$3")).otherwise(text)


def _may_be_branch(name: Column) -> Column:
    """The name as delivered ends as a branch's does; most do not."""
    text = F.rtrim(name)
    return F.contains(F.lit(_BRANCH_ENDS), F.substring(text, -1, 1)) | text.endswith("分公司") | text.endswith("支公司")


def _latin_core(name: Column) -> Column:
    return F.regexp_replace(plain(name), f"^the |(?: (?:{_LATIN_FORM}))+$", "")


def _has_hanzi(name: Column) -> Column:
    return name.rlike("[\u3400-\u9fff]")


@cache
def _folding() -> tuple[str, str]:
    table = (
        dict(hanzi.written()) | dict.fromkeys("（〔【［[{「『<《〈", "(") | dict.fromkeys("）〕】］]}」』>》〉", ")")
    )
    return as_arguments(table)
