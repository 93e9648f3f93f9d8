"""Keys said over again in Python, by regular expressions that look around and back: what both engines must give.

Java's `.` and `$` are spelt out where a text may have ends of lines.
"""

import re
from collections.abc import Callable
from functools import cache

from spark_jobs.entities.keys import company_name, hanzi
from spark_jobs.entities.keys.divisions import DIVISION

Said = Callable[[str], str | None]

_ANY = "[^\n\r\x85\u2028\u2029]"
_END = "(?=(?:\r\n|[\n\r\x85\u2028\u2029])?\\Z)"
_FORM, _BRACKETED_FORM = company_name._FORM, company_name._BRACKETED_FORM
_BRANCH, _OUTLET = company_name._BRANCH, company_name._OUTLET
_FORM_AT_END = rf"(?<=.)(?=[股有集总公个合农专经家门批零服商工])(?:集团)?(?:{_FORM})(?=(?:{_BRACKETED_FORM})*$)"
_NOT_OWN = rf"^(?:中国)?(?>{DIVISION}+)(?!(?:{_FORM})?$)|\({DIVISION}+\)|{_BRACKETED_FORM}|[()]|{_FORM_AT_END}"
_AFTER_FORM = (
    rf"(.*(?:公司|合作社|银行|信用社|大药房|事务所|\)))((?:(?!{_BRACKETED_FORM}).){{0,12}}(?:{_BRANCH}|{_OUTLET}))"
)
_BY_KIND = rf"(?=.*(?:{_BRANCH})$)(.{{2,}}?)((?:第?[一二三四五六七八九十0-9]+|..[省市县区镇]?)?(?:{_BRANCH}))"
_BRANCHED = re.compile(f"^(?:{_AFTER_FORM}|{_BY_KIND})$")
_NUMBERED = "(?:[号號栋棟幢座室楼樓层層组組队隊弄门門户戶巷]|[单單]元)"
_NUMERALS = "一二三四五六七八九〇零"
_BETWEEN = "(?:号楼|号院|栋|幢|座|单元|号|室|户|房|层|楼|门|#|之|[-~—–－_/]+)+"
_ANY_DIVISION = f"(?:{DIVISION}|[^0-9省市县区-]{{2,6}}(?:省|自治区|自治州|(?<!超)市|县|(?<![小社园校院库矿景厂])区))"
_TOWN = "(?:[^0-9镇乡-]{1,5}(?:街道办事处|街道|办事处|开发区|镇|乡)(?![路街大中小政卫人]))"
_DIALLED_FIRST = "^(?:0086|86(?=1[3-9][0-9]{9}$)|0(?:10|2[0-9]|[3-9][0-9]{2})(?=[2-8][0-9]{6,7}$))"


def _translated(text: str, arguments: tuple[str, str]) -> str:
    return text.translate(_table(*arguments))


@cache
def _table(of: str, to: str) -> dict[int, str]:
    return {ord(char): to[at : at + 1] for at, char in enumerate(of)}


def _parent(name: str) -> str:
    text = _translated(name, company_name._folding())
    return _BRANCHED.sub(r"\1\3", text) if _may_be_branch(name) else text


def _may_be_branch(name: str) -> bool:
    text = name.rstrip(" ")
    return text[-1:] in company_name._BRANCH_ENDS or text.endswith(("分公司", "支公司"))


def core(name: str) -> str | None:
    """`company_name.core` of a name in Chinese characters."""
    return re.sub(_NOT_OWN, "", _parent(name)) or None


def legal_form(name: str) -> str | None:
    """`company_name.legal_form` of a name in Chinese characters."""
    found = re.search(_FORM_AT_END, _parent(name))
    return found[0] if found else None


def branch(name: str) -> str | None:
    """`company_name.branch`."""
    text = _translated(name, company_name._folding())
    found = _BRANCHED.search(text) if _may_be_branch(name) else None
    return (found[2] or "") + (found[4] or "") if found else None


def core_sound(own: str) -> str | None:
    """`company_name.core_sound`."""
    table = hanzi.sounds(dialect=False)
    text = "".join(table.get(char, char) for char in own)
    return re.sub(_divisions_by_sound(), "", text) or None


@cache
def _divisions_by_sound() -> str:
    table = hanzi.sounds(dialect=False)
    return f"^(?>{''.join(table.get(char, char) for char in DIVISION)}+)(?!$)"


def with_digits(address: str) -> str:
    """Chinese numerals of an address as digits."""
    if not re.search(f"[{_NUMERALS}十百]{_NUMBERED}", address):
        return address
    split = re.search(rf"^({_ANY}*?)([{_NUMERALS}十百]+{_NUMBERED}{_ANY}*){_END}", address)
    head, tail = (split[1], split[2]) if split else ("", "")
    tail = _translated(tail, (_NUMERALS, "12345678900"))
    for pattern, digit in (
        ("百0(?=[0-9])", "0"),
        ("百(?=[0-9]十)", ""),
        ("百(?=十)", "1"),
        ("百", "00"),
        ("(?<=[0-9])十(?=[0-9])", ""),
        ("(?<=[0-9])十", "0"),
        ("十(?=[0-9])", "1"),
        ("十", "10"),
    ):
        tail = re.sub(pattern, digit, tail)
    return head + tail


def parted(folded: str) -> str | None:
    """What `address.folded` makes of an address in digits and simplified characters."""
    dashed = re.sub(f"(?<=[0-9A-Z]){_BETWEEN}", "-", folded)
    return re.sub(r"第(?=[0-9])|-+$", "", dashed) or None


def remainder(folded: str) -> str | None:
    """`address.remainder`."""
    return re.sub(f"^{_ANY_DIVISION}{{0,4}}{_TOWN}?", "", folded) or None


def telephone(digits: str) -> str | None:
    """`numbers.telephone` of a text of digits."""
    return re.sub(r"^.*([0-9])\1{6}.*$", "", re.sub(_DIALLED_FIRST, "", digits)) or None


def citizen_number(number: str) -> str | None:
    """`numbers.citizen_number` of 16 characters or more."""
    return re.sub(r"^(?:([0-9])\1{13,}|0?123456789[0-9]*)$", "", number) or None


def is_placeholder(number: str) -> bool:
    """A citizen number that `numbers.valid_citizen_number` leaves out."""
    return bool(re.match(r"([0-9])\1{5}|123456|654321|[0-9]{6}19000101|[0-9]{15}000", number))


def registration_number(number: str) -> str | None:
    """`numbers.registration_number` of a text without blanks."""
    return number if re.match(r"(?!([0-9])\1{14}|123456)[0-9]{15}\Z", number) else None


def is_transposed(one: str, other: str) -> bool:
    """Two neighbours changed places."""
    return bool(re.match(r"(.*)(.)(.)(.*)\|\1\3\2\4\Z", f"{one}|{other}"))


def bigrams(text: str) -> list[str]:
    """`text.bigrams`."""
    return list(dict.fromkeys(re.findall("(?=(..))", text)))


def year(text: str) -> int | None:
    """`text.year`."""
    found = re.search("((?:1[5-9]|20)(?<![0-9]..)[0-9]{2})(?=(?:[0-9]{4})?(?![0-9]))", text)
    return int(found[1]) if found else None
