"""The kinds of defects that each feed has."""

from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import (
    CITIZEN,
    Kind,
    missing,
    of_citizen_number,
    of_credit_code,
    of_division,
    of_line,
    of_mobile,
    of_quotes,
)


def _residents() -> list[Kind]:
    feed, number, birth = "public_security/resident_registry", "公民身份号码", "出生日期"
    shifted = d.rewritten(lambda value: f"{value[:4]}{13 - int(value[4:6]):02d}{value[6:]}")
    return [
        *of_citizen_number(feed, number, "ctzesnbfyxwpo"),
        *of_division(feed, "户籍地区划"),
        *of_line(feed, "户籍地址", "|"),
        *of_quotes(feed, "户籍地址"),
        *of_mobile(feed, "联系电话"),
        missing(feed, "姓名"),
        Kind(feed, "unreadable_character", "姓名", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind(feed, "blank_in_name", "姓名", "normalise", "person_name_spaces", d.rewritten(d.with_blank), r".{2}"),
        Kind(feed, "unknown_ethnic_code", "民族", "reject", "unknown_code", d.constant("88")),
        Kind(feed, "sex_in_words", "性别", "reject", "unknown_code", d.constant("男")),
        Kind(feed, "date_of_zeros", birth, "reject", "date_format", d.constant("00000000")),
        Kind(feed, "impossible_date", birth, "reject", "date_format", d.rewritten(lambda value: value[:4] + "0231")),
        Kind(
            feed, "date_with_hyphens", birth, "reject", "date_format",
            d.rewritten(lambda value: f"{value[:4]}-{value[4:6]}-{value[6:]}"),
        ),
        Kind(
            feed, "birth_disagrees_with_number", birth, "reject", "birth_date_agrees_with_id",
            shifted, r"\d{6}(0[1-9]|1\d|2[0-8])",
        ),
        Kind(feed, "changed_in_future", "变更时间", "reject", "changed_before_receipt", d.rewritten(d.later_year)),
        Kind(feed, "time_without_seconds", "变更时间", "reject", "timestamp_format", d.rewritten(lambda v: v[:12])),
        Kind(feed, "formula_in_remark", "备注", "none", "", d.hyperlink(quoted=True), r"(?s).*"),
    ]  # fmt: skip


def _marriages() -> list[Kind]:
    feed = "civil_affairs/marriage_registration"
    return [
        *of_citizen_number(feed, "男方身份证件号", "ctwpo"),
        *of_citizen_number(feed, "女方身份证件号", "nbx"),
        *of_division(feed, "登记机关区划"),
        *of_line(feed, "女方姓名", ","),
        *of_mobile(feed, "男方联系电话"),
        missing(feed, "登记字号"),
        Kind(feed, "name_lost_in_gbk", "女方姓名", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind(feed, "same_person_twice", "女方身份证件号", "reject", "two_different_persons",
             d.as_beside, beside="男方身份证件号"),
        Kind(feed, "unknown_kind", "登记类型", "reject", "unknown_code", d.constant("7")),
        Kind(feed, "date_with_dots", "登记日期", "reject", "date_format", d.rewritten(lambda v: v.replace("-", "."))),
        Kind(feed, "registered_in_future", "登记日期", "reject", "registered_on_or_before_business_date",
             d.rewritten(d.later_year)),
    ]  # fmt: skip


def _settlements() -> list[Kind]:
    feed, amount = "medical_insurance/settlement", "medfee_sumamt"
    return [
        *of_citizen_number(feed, "certno", "ctzesnbxwpo"),
        *of_division(feed, "insuplc_admdvs"),
        *of_line(feed, "fixmedins_name", "|"),
        missing(feed, "psn_no"),
        missing(feed, "setl_time"),
        Kind(feed, "unknown_insurance", "insutype", "reject", "unknown_code", d.constant("999")),
        Kind(feed, "impossible_date", "brdy", "reject", "date_format", d.constant("1990-02-31")),
        Kind(feed, "time_with_slashes", "setl_time", "reject", "timestamp_format",
             d.rewritten(lambda v: v.replace("-", "/"))),
        Kind(feed, "amount_as_text", amount, "normalise", "amount_text", d.rewritten(d.with_thousands),
             r"\d{4,}\.\d\d"),
        Kind(feed, "amount_not_available", amount, "reject", "amount_format", d.constant("N/A")),
        Kind(feed, "amounts_do_not_add_up", amount, "reject", "amounts_add_up", d.rewritten(d.one_more), r"\d+\.\d\d"),
        Kind(feed, "refund_not_marked", "refd_setl_flag", "reject", "refunds_are_negative", d.constant("1"), r"0"),
        Kind(feed, "refund_flag_in_words", "refd_setl_flag", "reject", "boolean_format", d.constant("未知")),
        Kind(feed, "old_institution_code", "fixmedins_code", "warn", "institution_code_shape", d.constant("421202A1")),
    ]  # fmt: skip


def _enterprises() -> list[Kind]:
    feed, code, old, name = "market_regulation/enterprise_registration", "统一社会信用代码", "注册号", "企业名称"
    return [
        *of_credit_code(feed, code),
        *of_citizen_number(feed, "法定代表人证件号", "cwo"),
        *of_division(feed, "住所区划"),
        *of_line(feed, "住所", ","),
        *of_quotes(feed, "住所"),
        missing(feed, name),
        Kind(feed, "unknown_department_in_uscc", code, "reject", "uscc_department", d.rewritten(lambda v: "X" + v[1:])),
        Kind(feed, "old_number_of_14_digits", old, "reject", "registration_number_shape",
             d.rewritten(lambda v: v[:-1])),
        Kind(feed, "wrong_check_of_old_number", old, "warn", "registration_number_checksum", d.wrong_last_digit),
        Kind(feed, "formula_as_name", name, "normalise", "company_name_width", d.hyperlink(quoted=True)),
        Kind(feed, "brackets_of_two_widths", name, "normalise", "company_name_width", d.rewritten(d.mixed_brackets)),
        Kind(feed, "capital_as_text", "注册资本(万元)", "normalise", "amount_text", d.constant('"1,234.5万元"')),
        Kind(feed, "capital_in_other_unit", "注册资本(万元)", "reject", "amount_format", d.constant('"1,234.5元"')),
        Kind(feed, "capital_not_available", "注册资本(万元)", "reject", "amount_format", d.constant("N/A")),
        Kind(feed, "impossible_date", "成立日期", "reject", "date_format", d.constant("2019-02-30")),
        Kind(feed, "date_of_zeros", "核准日期", "reject", "date_format", d.constant("0000-00-00")),
        Kind(feed, "approved_before_established", "核准日期", "warn", "established_before_approved",
             d.constant("1990-01-01")),
        Kind(feed, "unknown_industry", "行业代码", "reject", "unknown_code", d.constant("Z9999")),
        Kind(feed, "unknown_status", "登记状态", "reject", "unknown_code", d.constant("待定")),
    ]  # fmt: skip


def _cases() -> list[Kind]:
    feed, number = "government_service/approval_case", "applicant_resident_id"
    return [
        *of_citizen_number(feed, number, "ctnwpo"),
        *of_credit_code(feed, "applicant_uscc"),
        *of_division(feed, "division_code"),
        *of_mobile(feed, "applicant_mobile"),
        missing(feed, "item_code"),
        Kind(feed, "applicant_without_number", number, "reject", "applicant_is_identified", d.constant("")),
        Kind(feed, "unknown_state", "state_code", "reject", "unknown_code", d.constant("99")),
        Kind(
            feed, "decided_before_applied", "decided_at", "reject", "decided_after_applied", d.rewritten(d.earlier_year)
        ),
        Kind(feed, "time_without_clock", "applied_at", "reject", "timestamp_format", d.rewritten(lambda v: v[:10])),
        Kind(feed, "visits_in_words", "visits", "reject", "integer_format", d.constant("两次")),
        Kind(feed, "online_not_said", "is_online", "reject", "boolean_format", d.constant("待核")),
    ]


def _applications() -> list[Kind]:
    feed, number, size = "housing/affordable_housing_application", "申请人身份证号", "家庭人数"
    return [
        *of_citizen_number(feed, number, "ctxwpo"),
        Kind(feed, "number_saved_as_number", number, "reject", "resident_id_excel_damage",
             d.rewritten(d.zeroed_tail), CITIZEN, cell="number"),
        *of_division(feed, "申请区划"),
        *of_mobile(feed, "联系电话"),
        missing(feed, "申请类型"),
        Kind(feed, "application_number_saved_as_number", "申请编号", "none", "", d.unchanged, cell="number"),
        Kind(feed, "error_in_cell", "家庭年收入", "reject", "cell_error", d.constant("#N/A"), cell="error"),
        Kind(feed, "income_as_text", "家庭年收入", "normalise", "amount_text", d.rewritten(d.income_in_words)),
        Kind(feed, "income_not_available", "家庭年收入", "reject", "amount_format", d.constant("N/A")),
        Kind(feed, "household_of_99", size, "reject", "household_size_is_plausible", d.constant("99"), cell="number"),
        Kind(feed, "household_in_words", size, "reject", "integer_format", d.constant("三人")),
        Kind(feed, "area_with_unit", "现住房面积", "reject", "decimal_format", d.constant("56平米")),
        Kind(feed, "impossible_date", "申请日期", "reject", "date_format", d.constant("2026/2/30")),
        Kind(feed, "applied_in_future", "申请日期", "reject", "applied_on_or_before_business_date",
             d.constant("2036-01-15")),
        Kind(feed, "unknown_programme", "申请类型", "reject", "unknown_code", d.constant("廉租房")),
        Kind(feed, "formula_as_name", "申请人姓名", "none", "", d.hyperlink(quoted=False)),
    ]  # fmt: skip


KINDS: tuple[Kind, ...] = (
    *_residents(), *_marriages(), *_settlements(), *_enterprises(), *_cases(), *_applications(),
)  # fmt: skip
"""All kinds that `defects.plant` plants, feed by feed."""
