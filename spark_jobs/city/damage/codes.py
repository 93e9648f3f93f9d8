"""Damaged codes of devices, service items, certificates and organisations."""

from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind
from spark_jobs.city.world.certificates import check_of

_DEVICE, _ITEM, _ROOT = r"\d{20}", r".{31}", "1.2.156.3005.2."


def of_device_code(column: str) -> list[Kind]:
    """Codes of video devices: what Excel makes of twenty digits, and others."""
    name = "device_code"
    return [
        Kind("scientific_notation", column, "reject", f"{name}_excel_damage", d.rewritten(_in_two_digits), _DEVICE),
        Kind("excel_zeroed_tail", column, "reject", f"{name}_excel_damage", d.rewritten(_zeroed), _DEVICE),
        Kind("nineteen_digits", column, "reject", f"{name}_shape", d.rewritten(lambda v: v[:-1]), _DEVICE),
        Kind("unknown_centre", column, "reject", f"{name}_division", d.rewritten(lambda v: "421299" + v[6:]), _DEVICE),
        Kind("unknown_type", column, "warn", f"{name}_type", d.rewritten(lambda v: v[:10] + "099" + v[13:]), _DEVICE),
        Kind("full_width_digits", column, "normalise", f"{name}_width", d.rewritten(d.full_width), _DEVICE),
        Kind("inner_spaces", column, "normalise", f"{name}_spaces", d.rewritten(d.spaced), _DEVICE),
    ]


def of_service_item_code(column: str) -> list[Kind]:
    """Implementation codes of service items."""
    name = "service_item_code"
    return [
        Kind("code_of_30", column, "reject", f"{name}_shape", d.rewritten(lambda v: v[:-1]), _ITEM),
        Kind("body_mistyped", column, "reject", f"{name}_checksum", d.rewritten(_other_eighteenth), _ITEM),
        Kind("unknown_level", column, "reject", f"{name}_level", d.rewritten(lambda v: v[:18] + "9" + v[19:]), _ITEM),
        Kind("code_in_lower_case", column, "normalise", f"{name}_upper", d.rewritten(d.lower_case), _ITEM),
        Kind("code_in_groups", column, "normalise", f"{name}_spaces", d.rewritten(d.spaced), _ITEM),
    ]


def of_certificate_id(column: str) -> list[Kind]:
    """Identifiers of electronic certificates."""
    name, whole = "certificate_id", rf"{_ROOT}.+"
    return [
        Kind("wrong_check", column, "reject", f"{name}_checksum", d.rewritten(_other_last), whole),
        Kind("without_root", column, "reject", f"{name}_shape", d.rewritten(lambda v: v.removeprefix(_ROOT)), whole),
        Kind("without_check", column, "reject", f"{name}_shape", d.rewritten(lambda v: v[:-2]), whole),
        Kind("type_mistyped", column, "reject", f"{name}_type", d.rewritten(_of_other_ministry), whole),
        Kind("identifier_in_lower_case", column, "normalise", f"{name}_upper", d.rewritten(d.lower_case), whole),
    ]


def of_organisation_code(column: str) -> list[Kind]:
    """Organisation codes as old tables have them."""
    name = "organisation_code"
    return [
        Kind("hyphen_before_check", column, "normalise", f"{name}_hyphen", d.rewritten(lambda v: f"{v[:8]}-{v[8]}")),
        Kind("organisation_code_of_8", column, "reject", f"{name}_shape", d.rewritten(lambda v: v[:8]), r"MA.{7}"),
        Kind("wrong_organisation_check", column, "reject", f"{name}_checksum", d.rewritten(_other_digit), r".{9}"),
    ]


def _in_two_digits(value: str) -> str:
    return f"{value[0]}.{value[1]}E+19"


def _zeroed(value: str) -> str:
    return value[:15] + "00000"


def _other_eighteenth(value: str) -> str:
    return value[:17] + ("A" if value[17] != "A" else "B") + value[18:]


def _other_last(value: str) -> str:
    return value[:-1] + ("A" if value[-1] != "A" else "B")


def _other_digit(value: str) -> str:
    return value[:8] + ("0" if value[8] != "0" else "1")


def _of_other_ministry(value: str) -> str:
    """The type begins with a credit code whose check is wrong; the identifier's own check is right."""
    kind, *parts = value.removeprefix(_ROOT)[:-2].split(".")
    kind = _other_eighteenth(kind)
    return f"{_ROOT}{'.'.join([kind, *parts])}.{check_of(kind + ''.join(parts))}"
