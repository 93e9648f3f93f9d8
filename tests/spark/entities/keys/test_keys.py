"""Match keys against tables of cases: one frame and one action for each subject."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from spark_jobs.entities.keys import address, chinese_name, company_name, dates, number_relation, numbers, text
from spark_jobs.entities.keys.functions import FUNCTIONS, OF_KEYS
from spark_jobs.entities.keys.number_relation import Relation

Key = Callable[[Column], Column]
VALID = "11010519491231002X"
"""The example that GB 11643-1999 prints."""


def keyed(spark: SparkSession, cases: dict[str | None, Any], *keys: Key) -> dict[str | None, Any]:
    """What the keys give for each text."""
    frame = spark.createDataFrame([(given,) for given in cases], "given string")
    rows = frame.select("given", *(key(F.col("given")).alias(f"key{at}") for at, key in enumerate(keys))).collect()
    return {row["given"]: tuple(row[1:]) if len(keys) > 1 else row[1] for row in rows}


NAMES: dict[str | None, tuple[str | None, str | None, str | None]] = {
    "王小明": ("王小明", "王", "小明"),
    " 單　曉 明\u200b": ("单晓明", "单", "晓明"),
    "歐陽修": ("欧阳修", "欧阳", "修"),
    "欧阳": ("欧阳", "欧", "阳"),
    "买买提•吐尔逊": ("买买提·吐尔逊", "买买提", "吐尔逊"),
    "买买提‧吐尔逊": ("买买提·吐尔逊", "买买提", "吐尔逊"),
    "张□伟": ("张?伟", "张", "?伟"),
    "张*＊": ("张??", "张", "??"),
    "张\ue863伟": ("张?伟", "张", "?伟"),
    "张[王+玉]伟": ("张?伟", "张", "?伟"),
    "𠮷田": ("吉田", "吉", "田"),
    "𬱖伟": ("𬱖伟", "𬱖", "伟"),
    "王喆": ("王哲", "王", "哲"),
    "ｊｏｈｎ Li": ("JOHNLI", None, "JOHNLI"),
    "王": ("王", "王", None),
    " 　": (None, None, None),
    "": (None, None, None),
    None: (None, None, None),
}


def test_names_are_folded_and_parted(spark: SparkSession) -> None:
    def surname(name: Column) -> Column:
        return chinese_name.surname(chinese_name.folded(name))

    def given_name(name: Column) -> Column:
        return chinese_name.given_name(chinese_name.folded(name))

    assert keyed(spark, NAMES, chinese_name.folded, surname, given_name) == NAMES


SOUND_ALIKE = [
    ("单晓明", "山小名"),
    ("單曉明", "单晓明"),
    ("曾国藩", "增国藩"),
    ("解缙", "谢进"),
    ("区大相", "欧大相"),
    ("查良镛", "渣良庸"),
    ("仇英", "求英"),
    ("盖叫天", "葛叫天"),
    ("朴志成", "飘志成"),
    ("尉遲恭", "玉迟恭"),
    ("万俟卨", "墨其谢"),
    (" 翟天临", "翟天林"),
    ("呂伟", "吕威"),
    ("张[王+玉]", "张□"),
    ("买买提·吐尔逊", "买买提吐尔逊"),
    ("买买提・吐尔逊", "买买提.吐尔逊"),
]
SOUND_APART = [("单晓明", "丹晓明"), ("曾国藩", "层国藩"), ("小单", "小山"), ("张三", "章思")]
DIALECT_ALIKE = [("刘宁", "牛林"), ("张生", "臧森"), ("陈丽", "岑妮")]
LOOK_ALIKE = [("杨己", "扬已"), ("李末", "季未"), ("陳晴", "陣睛"), ("王玲", "玉铃"), ("安娜·琼斯", "安娜琼斯")]


def test_names_that_sound_or_look_alike_have_one_key(spark: SparkSession) -> None:
    pairs = [*SOUND_ALIKE, *SOUND_APART, *DIALECT_ALIKE, *LOOK_ALIKE]
    keys = (chinese_name.homophone, chinese_name.dialect_homophone, chinese_name.lookalike)
    given: dict[str | None, Any] = {name: None for pair in pairs for name in pair}
    found = keyed(spark, given | {" ": None, None: None}, *keys)
    assert [pair for pair in SOUND_ALIKE if found[pair[0]][0] != found[pair[1]][0]] == []
    assert [pair for pair in SOUND_APART if found[pair[0]][0] == found[pair[1]][0]] == []
    assert [pair for pair in SOUND_ALIKE + DIALECT_ALIKE if found[pair[0]][1] != found[pair[1]][1]] == []
    assert [pair for pair in DIALECT_ALIKE if found[pair[0]][0] == found[pair[1]][0]] == []
    assert [pair for pair in LOOK_ALIKE if found[pair[0]][2] != found[pair[1]][2]] == []
    assert found[" "] == found[None] == (None, None, None)


CITIZEN_NUMBERS: dict[str | None, tuple[str | None, str | None, int | None]] = {
    VALID: (VALID, VALID, 11010519491231002 * 11 + 10),
    " １１０１０５１９４９１２３１００２ｘ": (VALID, VALID, 11010519491231002 * 11 + 10),
    "110105 19491231-002x": (VALID, VALID, 11010519491231002 * 11 + 10),
    "110105491231002": (VALID, VALID, 11010519491231002 * 11 + 10),
    "110105194912310021": ("110105194912310021", None, None),
    "110105194902300028": ("110105194902300028", None, None),
    "110105490231002": ("110105194902310026", None, None),
    "111111111111111111": (None, None, None),
    "123456789012345678": (None, None, None),
    "012345678901234567": (None, None, None),
    "111111190001011111": ("111111190001011111", None, None),
    "990105194912310025": ("990105194912310025", None, None),
    "421202190001010019": ("421202190001010019", None, None),
    "9" * 40: (None, None, None),
    "无": ("无", None, None),
    " ": (None, None, None),
    None: (None, None, None),
}


def test_citizen_numbers_are_normalised_and_verified(spark: SparkSession) -> None:
    def as_long(given: Column) -> Column:
        return numbers.as_long(numbers.valid_citizen_number(given))

    keys = (numbers.citizen_number, numbers.valid_citizen_number, as_long)
    assert keyed(spark, CITIZEN_NUMBERS, *keys) == CITIZEN_NUMBERS


@pytest.mark.parametrize(("function", "made_by"), sorted(OF_KEYS))
def test_what_takes_the_place_of_a_function_says_the_same_of_a_key(
    spark: SparkSession, function: str, made_by: str
) -> None:
    given = spark.createDataFrame([(each,) for each in CITIZEN_NUMBERS], "given string")
    keys = given.select(FUNCTIONS[made_by](F.col("given")).alias("key"))
    said = keys.select(OF_KEYS[function, made_by](F.col("key")), FUNCTIONS[function](F.col("key"))).collect()
    assert [each[0] for each in said] == [each[1] for each in said]
    assert any(each[0] for each in said)


TELEPHONES: dict[str | None, str | None] = {
    "0715-8256789": "8256789",
    "０７１５８２５６７８９": "8256789",
    "(0715) 825 6789": "8256789",
    "027-82567890": "82567890",
    "010-62567890": "62567890",
    "8256789": "8256789",
    "13871234567": "13871234567",
    "+86 138-7123-4567": "13871234567",
    "008613871234567": "13871234567",
    "13888888888": None,
    "0715-8888888": None,
    "13900000000": None,
    "13800138000": "13800138000",
    "无": None,
    " ": None,
    None: None,
}


def test_telephones_are_without_country_and_area(spark: SparkSession) -> None:
    assert keyed(spark, TELEPHONES, numbers.telephone) == TELEPHONES


def test_a_leap_day_is_in_leap_years_only(spark: SparkSession) -> None:
    bodies = [f"421202{year}0229001" for year in range(1895, 2030)]
    given = [body + _check(body) for body in bodies]
    found = keyed(spark, dict.fromkeys(given), numbers.valid_citizen_number)
    assert {number[6:10] for number in given if found[number]} == {
        str(year) for year in range(1895, 2030) if year % 4 == 0 and year != 1900
    }


def test_a_tail_of_zeros_is_never_evidence(spark: SparkSession) -> None:
    bodies = [f"42120219{year}0{month}1{day}{first}00" for year in (70, 85) for month in (1, 2) for day in (1, 2, 3)
              for first in range(10)]  # fmt: skip
    zeroed = [body + "0" for body in bodies if _check(body) == "0"]
    assert zeroed
    assert set(keyed(spark, dict.fromkeys(zeroed), numbers.valid_citizen_number).values()) == {None}


def _check(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


CODE = "91421200MAXN002270"
CREDIT_CODES: dict[str | None, tuple[str | None, str | None, str | None]] = {
    CODE: (CODE, CODE, "MAXN00227"),
    "９１421200maxn002270 ": (CODE, CODE, "MAXN00227"),
    "9I4Z1200MAXN0O2270": (None, CODE, "MAXN00227"),
    "91421200MAXN002271": (None, None, None),
    "91110108592317351H": (None, None, None),
    "000000000000000000": (None, None, None),
    "": (None, None, None),
    None: (None, None, None),
}
ORGANISATION_CODES: dict[str | None, str | None] = {
    "80002069-1": "800020691",
    "８０００２０６９１": "800020691",
    "D2143569-X": "D2143569X",
    "MAXN0022-7": "MAXN00227",
    "D21435691": None,
    "000000000": None,
    None: None,
}


def test_codes_of_organisations(spark: SparkSession) -> None:
    def bridge(given: Column) -> Column:
        return numbers.organisation_code_of(given, F.lit(None).cast("string"))

    keys = (numbers.valid_credit_code, numbers.repaired_credit_code, bridge)
    assert keyed(spark, CREDIT_CODES, *keys) == CREDIT_CODES
    assert keyed(spark, ORGANISATION_CODES, numbers.organisation_code) == ORGANISATION_CODES
    old = {"110108000673293": "110108000673293", "11010800067329": None, "111111111111111": None, None: None}
    assert keyed(spark, old, numbers.registration_number) == old


RELATIONS = [
    (VALID, VALID, Relation.EQUAL),
    (VALID, "110105491231002", Relation.OLD_FORM),
    ("110105491231002", VALID, Relation.OLD_FORM),
    (VALID, "11010519491213002X", Relation.TRANSPOSED),
    (VALID, "11010519491231020X", Relation.TRANSPOSED),
    (VALID, "11010519491231003X", Relation.ONE_OTHER),
    (VALID, "1101051949123100X", Relation.ONE_MORE),
    ("110105194912310025X", "11010519491231002X", Relation.ONE_MORE),
    ("110105194912310247", "110105194912310000", Relation.ZEROED_TAIL),
    (VALID, "11010519491132002X", Relation.UNRELATED),
    ("11010519491231002X", "11010519491221003X", Relation.UNRELATED),
    (VALID, "", Relation.UNRELATED),
    (VALID, None, None),
    (None, None, None),
]


def test_how_two_numbers_relate(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(a, b) for a, b, _ in RELATIONS], "a string, b string")
    rows = frame.select("a", "b", number_relation.damage(F.col("a"), F.col("b")).alias("level")).collect()
    assert [(row.a, row.b, row.level) for row in rows] == RELATIONS


def test_transposition_agrees_with_its_definition(spark: SparkSession) -> None:
    pick = random.Random(5)  # noqa: S311  not for secrets
    pairs = []
    for _ in range(500):
        a = "".join(pick.choices("0123", k=8))
        at, other = pick.randrange(7), list(a)
        other[at], other[pick.choice([at + 1, pick.randrange(8)])] = other[pick.choice([at + 1, at])], other[at]
        pairs.append((a, "".join(other)))
    swaps = [any(b == a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(7)) and a != b for a, b in pairs]
    frame = spark.createDataFrame(pairs, "a string, b string")
    rows = frame.select((number_relation.damage(F.col("a"), F.col("b")) == Relation.TRANSPOSED).alias("swap")).collect()
    assert [row.swap for row in rows] == swaps
    assert any(swaps)


TWIN = "110105194912310046"
VERIFIED_RELATIONS = [
    (VALID, VALID, VALID, VALID, Relation.EQUAL),
    (VALID, VALID, "110105491231002", VALID, Relation.OLD_FORM),
    (VALID, VALID, TWIN, TWIN, Relation.CONFLICT),
    (VALID, VALID, "11010519491213002X", None, Relation.TRANSPOSED),
    ("11010519491231003X", None, VALID, VALID, Relation.ONE_OTHER),
    ("11010519491231003X", None, "11010519491231003X", None, Relation.EQUAL),
    (VALID, VALID, "无", None, Relation.UNRELATED),
    (VALID, VALID, None, None, None),
]


def test_two_valid_numbers_that_differ_are_a_conflict(spark: SparkSession) -> None:
    frame = spark.createDataFrame([case[:4] for case in VERIFIED_RELATIONS], "a string, va string, b string, vb string")
    level = number_relation.number_relation(F.col("a"), F.col("va"), F.col("b"), F.col("vb"))
    assert [row.level for row in frame.select(level.alias("level")).collect()] == [c[4] for c in VERIFIED_RELATIONS]


FIRMS: dict[str | None, tuple[str | None, str | None, str | None]] = {
    "湖北省咸宁市老王商贸有限公司": ("老王商贸", "有限公司", None),
    "咸宁老王商貿有限責任公司": ("老王商贸", "有限责任公司", None),
    "老王商贸（咸宁）有限公司": ("老王商贸", "有限公司", None),
    "老王商贸(集团)股份有限公司": ("老王商贸", "股份有限公司", None),
    "咸宁市有限公司": ("咸宁市", "有限公司", None),
    "中国人寿保险股份有限公司咸宁分公司": ("中国人寿保险", "股份有限公司", "咸宁分公司"),
    "中国工商银行股份有限公司咸宁温泉支行": ("中国工商银行", "股份有限公司", "咸宁温泉支行"),
    "中国工商银行咸宁温泉支行": ("中国工商银行", None, "咸宁温泉支行"),
    "老百姓大药房连锁（湖北）有限公司咸宁温泉店": ("老百姓大药房连锁", "有限公司", "咸宁温泉店"),
    "赤壁市老百姓大药房第二分店": ("老百姓大药房", None, "第二分店"),
    "北京某某律师事务所（特殊普通合伙）咸宁分所": ("某某律师事务所", None, "咸宁分所"),
    "通山县老李经营部": ("老李", "经营部", None),
    "老李商行": ("老李", "商行", None),
    "老李超市": ("老李超市", None, None),
    "通城县张三种植农民专业合作社": ("张三种植", "农民专业合作社", None),
    "嘉鱼县李四家庭农场（个体工商户）": ("李四", "家庭农场", None),
    "Acme Widgets, Inc.": ("acme widgets", "inc", None),
    "The Apple Company Ltd": ("apple", "company ltd", None),
    "Müller GmbH & Co. KG": ("muller", "gmbh co kg", None),
    " ": (None, None, None),
    None: (None, None, None),
}


def test_names_of_firms(spark: SparkSession) -> None:
    assert keyed(spark, FIRMS, company_name.core, company_name.legal_form, company_name.branch) == FIRMS


SOUND_LIKE = {"恒同": "恒通", "咸柠市恒通": "恒通", "湖北咸柠市咸安区恒通": "恒通", "咸柠市": "咸宁市"}
LOOK_LIKE = {"恒逋": "恒通", "通诚县恒通": "恒通", "通诚县": "通城县"}
"""Cores with others that they are as good as; a division that was misspelt is left out where anything else is left."""


def test_a_misspelt_division_is_no_part_of_a_core_by_sound_or_shape(spark: SparkSession) -> None:
    for like, key in ((SOUND_LIKE, company_name.core_sound), (LOOK_LIKE, company_name.core_shape)):
        found = keyed(spark, dict.fromkeys([*like, *like.values(), "咸字市恒通", None]), key)
        assert {core: found[core] for core in like} == {core: found[right] for core, right in like.items()}
        assert found["咸字市恒通"] != found["恒通"]
        assert found[None] is None


ADDRESSES: dict[str | None, tuple[str | None, str | None, str | None]] = {
    "湖北省咸宁市咸安区温泉街道银泉大道12号3栋2单元501室": (
        "湖北省咸宁市咸安区温泉街道银泉大道12-3-2-501", "银泉大道12-3-2-501", "12-3-2-501"),
    "咸安区温泉街道銀泉大道１２號3幢2单元501": ("咸安区温泉街道银泉大道12-3-2-501", "银泉大道12-3-2-501", "12-3-2-501"),
    "银泉大道12号3-2-501": ("银泉大道12-3-2-501", "银泉大道12-3-2-501", "12-3-2-501"),
    "银泉大道十二号三栋二单元五〇一室": ("银泉大道12-3-2-501", "银泉大道12-3-2-501", "12-3-2-501"),
    "三元村二十三组一百零五号": ("三元村23组105", "三元村23组105", "23-105"),
    "三元村十组一百一十五号": ("三元村10组115", "三元村10组115", "10-115"),
    "三元村十组一百二十号": ("三元村10组120", "三元村10组120", "10-120"),
    "咸宁市温泉小区3号楼": ("咸宁市温泉小区3", "温泉小区3", "3"),
    "赤壁市官塘驿镇": ("赤壁市官塘驿镇", None, None),
    " ": (None, None, None),
    None: (None, None, None),
}  # fmt: skip


def test_addresses(spark: SparkSession) -> None:
    def remainder(given: Column) -> Column:
        return address.remainder(address.folded(given))

    def house_numbers(given: Column) -> Column:
        return address.house_numbers(address.folded(given))

    assert keyed(spark, ADDRESSES, address.folded, remainder, house_numbers) == ADDRESSES


def _of_plain(key: Key) -> Key:
    return lambda given: key(text.plain(given))


TEXTS: dict[str | None, tuple[Any, ...]] = {
    "Jean-François  O'Brien ": ("jean francois obrien", ["francois", "jean", "obrien"], "jfo", None, "J500", None),
    "ＡＢＣ, the 2nd (1987) the": (
        "abc the 2nd 1987 the",
        ["1987", "2nd", "abc", "the"],
        "at21t",
        "21987",
        "A120",
        1987,
    ),
    "Straße 19491001": ("strase 19491001", ["19491001", "strase"], "s1", "19491001", "S362", 1949),
    "王 小明": ("王 小明", ["小明", "王"], "王小", None, None, None),
    "9999 12345": ("9999 12345", ["12345", "9999"], "91", "999912345", None, None),
    "--": (None,) * 6,
    None: (None,) * 6,
}


def test_plain_texts_and_their_pieces(spark: SparkSession) -> None:
    keys = (text.tokens, text.initials, text.digits, text.sound, text.year)
    assert keyed(spark, TEXTS, text.plain, *map(_of_plain, keys)) == TEXTS
    pairs = {"banana": ["ba", "an", "na"], "王小明": ["王小", "小明"], "a": [], None: None}
    assert keyed(spark, pairs, text.bigrams) == pairs


DATES = [
    (date(1987, 5, 4), date(1987, 4, 5), True, False),
    (date(1987, 5, 4), date(1987, 5, 5), False, True),
    (date(1987, 5, 4), date(1987, 5, 14), False, True),
    (date(1987, 5, 4), date(1987, 5, 4), False, False),
    (date(1987, 5, 5), date(1987, 5, 5), False, False),
    (date(1987, 5, 4), date(1988, 4, 5), False, False),
    (date(1987, 5, 4), None, None, None),
]


@pytest.mark.parametrize("kind", ["date", "string"])
def test_dates_one_slip_apart(spark: SparkSession, kind: str) -> None:
    frame = spark.createDataFrame([(a, b) for a, b, _, _ in DATES], "a date, b date")
    a, b = (
        F.col(name) if kind == "date" else F.replace(F.col(name).cast("string"), F.lit("-"), F.lit("")) for name in "ab"
    )
    rows = frame.select(dates.swapped(a, b).alias("swapped"), dates.close(a, b).alias("close")).collect()
    assert [tuple(row) for row in rows] == [(swapped, close) for _, _, swapped, close in DATES]
