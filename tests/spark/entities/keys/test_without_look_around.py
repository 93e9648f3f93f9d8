"""Keys on both engines against the same keys by regular expressions that look around, on texts made of what matters."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from spark_jobs.entities.keys import address, chinese_name, company_name, number_relation, numbers, text
from tests.spark.entities.keys import look_around

TEXTS = 3000
DIVISIONS = (
    "咸宁市 咸宁 湖北省 湖北 通山县 天门市 天门 荆门 广西壮族自治区 恩施 恩施州 澳门 中国 赤壁 十堰 重庆 神农架林区"
)
FORMS = (
    "有限公司 股份有限公司 集团 集团公司 总公司 公司 商行 门市部 合作社 农民专业合作社 个体工商户 经营部 有限合伙企业"
)
IN_FIRMS = (
    f"{DIVISIONS} {FORMS} {FORMS} (有限合伙) （集团） (咸宁) (个体工商户) ( ) "
    "老王 恒通 商贸 门 市 部 城 堰 十 咸柠市 农"
)
BRANCHES = "分公司 支行 分店 第二分店 营业部 店 营业厅 温泉支行 咸宁分公司 银行 大药房 事务所 三 十二 第 办事处 社"
IN_ADDRESSES = (
    f"{DIVISIONS} 温泉街道 温泉街道办事处 开发区 官塘驿镇 横沟桥镇 贺胜乡 镇中路 乡政府 "
    "超市 大市 小区 社区 某区 淦区 黔南自治州 "
    "一 二 三 十 十 百 百 〇 零 五 "
    "十二 二十三 号 号楼 栋 单元 室 组 楼 - — 之 # 1 2 0 12 A B 第 第 路 街 大道 村 自治区 自治州 省 县 区 市"
)
LINE_ENDS = "\n \r\n \r \x85 \u2028 \u2029"


def made_of(fragments: str, most: int, seed: int) -> list[str]:
    """Texts of some of the fragments, each once."""
    pick, parts = random.Random(seed), fragments.split(" ")  # noqa: S311  not for secrets
    found = dict.fromkeys("".join(pick.choices(parts, k=pick.randint(1, most))) for _ in range(TEXTS))
    return list(found)


def of_digits(lengths: range, seed: int, of: str = "0123456789") -> list[str]:
    """Numbers with runs in them, and without."""
    pick = random.Random(seed)  # noqa: S311  not for secrets
    found = []
    for _ in range(TEXTS):
        number = ""
        while len(number) < max(lengths):
            number += pick.choice(of) * pick.choice((1, 1, 1, 1, 2, 6, 7, 15))
        found.append(number[: pick.choice(lengths)])
    return list(dict.fromkeys(found))


def differing(
    spark: SparkSession, given: list[str], key: Callable[[Column], Column], said: Callable[[str], Any]
) -> Any:
    """Texts for which the engine and Python do not say the same, with what each says."""
    frame = spark.createDataFrame([(each,) for each in given], "given string")
    rows = frame.select("given", key(F.col("given")).alias("key")).collect()
    assert len(rows) == len(given)
    assert len({str(row["key"]) for row in rows}) > 1
    return [(row["given"], row["key"], said(row["given"])) for row in rows if row["key"] != said(row["given"])]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (company_name.core, look_around.core),
        (company_name.legal_form, look_around.legal_form),
        (company_name.branch, look_around.branch),
    ],
)
def test_names_of_firms(spark: SparkSession, key: Callable[[Column], Column], said: look_around.Said) -> None:
    given = [*made_of(IN_FIRMS, 7, 1), *made_of(f"{IN_FIRMS} {BRANCHES} {BRANCHES}", 8, 2)]
    given = [name for name in dict.fromkeys(given) if name.strip("()（）")]
    assert differing(spark, given, key, said) == []


def test_cores_by_sound(spark: SparkSession) -> None:
    given = made_of(f"{DIVISIONS} 恒通 咸柠 湖比 市 堰 石 堰 通诚县", 5, 3)
    assert differing(spark, given, company_name.core_sound, look_around.core_sound) == []


def test_addresses(spark: SparkSession) -> None:
    plain = made_of(IN_ADDRESSES, 10, 4)
    assert differing(spark, plain, address.remainder, look_around.remainder) == []
    assert differing(spark, plain, address.folded, lambda given: _folded(given)) == []


def _folded(given: str) -> str | None:
    digits = look_around.with_digits(given)
    return look_around.parted(look_around._translated(digits, address._folding()))


def test_addresses_of_several_lines(spark: SparkSession) -> None:
    given = made_of(f"三栋 十二号 5号 银泉大道 {LINE_ENDS}", 6, 5)
    assert differing(spark, given, address.folded, _folded) == []


def test_sounds_of_compound_surnames_alone_in_a_line(spark: SparkSession) -> None:
    given = ["尉迟\n", "尉迟\r", "尉迟\x85恭", "尉迟\u2028", "尉迟恭", "尉迟"]
    frame = spark.createDataFrame([(each,) for each in given], "given string")
    found = [row[0] for row in frame.select(chinese_name.homophone(F.col("given"))).collect()]
    assert [sound == found[4][: len(sound)] for sound in found] == [False] * 4 + [True, False]


def test_numbers(spark: SparkSession) -> None:
    phones = of_digits(range(5, 16), 6) + made_of("0086 86 138 0715 027 010 010 82567890 8256789 1234567 0 1 2", 4, 7)
    assert differing(spark, list(dict.fromkeys(phones)), numbers.telephone, look_around.telephone) == []
    long = [*of_digits(range(16, 20), 8), *("0123456789123456", "12345678912345678", "1" * 17 + "2")]
    assert differing(spark, list(dict.fromkeys(long)), numbers.citizen_number, look_around.citizen_number) == []
    old = [*of_digits(range(14, 17), 9), *("123456000000000", "2" * 15, "2" * 16)]
    registered = differing(
        spark, list(dict.fromkeys(old)), numbers.registration_number, look_around.registration_number
    )
    assert registered == []


def test_placeholders_are_no_valid_numbers(spark: SparkSession) -> None:
    pick, weights = random.Random(10), (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # noqa: S311
    given = []
    for _ in range(TEXTS):
        area = pick.choice(("421202", "111111", "333333", "222222", "123456", "654321", "421202"))
        body = area + pick.choice(("19000101", "19491231", "19850203")) + pick.choice(("000", "001", "730", "100"))
        given.append(body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11])
    known = {"421202", "333333"}

    def said(number: str) -> str | None:
        return None if look_around.is_placeholder(number) or number[:6] not in known else number

    assert differing(spark, list(dict.fromkeys(given)), numbers.valid_citizen_number, said) == []


def test_codes_of_one_character_throughout_are_none(spark: SparkSession) -> None:
    codes = [each * times for each in "0123456789ABCDEFGHJKLMNPQRTUWXY" for times in (9, 18)]
    frame = spark.createDataFrame([(each,) for each in codes], "given string")
    given = F.col("given")
    rows = frame.select(numbers.valid_credit_code(given), numbers.organisation_code(given)).collect()
    assert {tuple(row) for row in rows} == {(None, None)}


def test_transpositions(spark: SparkSession) -> None:
    pick = random.Random(11)  # noqa: S311  not for secrets
    pairs = [tuple("".join(pick.choices("01", k=size)) for _ in "ab") for size in range(2, 9) for _ in range(200)]
    frame = spark.createDataFrame(pairs, "a string, b string")
    rows = frame.select("a", "b", number_relation._is_transposed(F.col("a"), F.col("b")).alias("is")).collect()
    assert [tuple(row[:2]) for row in rows if row["is"] != look_around.is_transposed(row["a"], row["b"])] == []
    assert any(row["is"] for row in rows)


def test_pieces_of_texts(spark: SparkSession) -> None:
    given = made_of("a b 王 𠮷 1 19 20 1999 2011 0101 12 345 1500 2099", 7, 12)
    assert differing(spark, given, text.bigrams, look_around.bigrams) == []
    assert differing(spark, given, text.year, look_around.year) == []
