"""Kinds of defects of plates and vehicle identification numbers."""

from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind

_PLATE = r"鄂L.{5,6}"
_VIN = r".{17}"


def of_plate(column: str) -> list[Kind]:
    """Plates as people write them."""
    return [
        Kind(
            "letter_o_in_plate", column, "reject", "plate_number_shape", d.rewritten(d.first_zero_as_letter), r".*0.*"
        ),
        Kind("plate_of_six_signs", column, "reject", "plate_number_shape", d.rewritten(lambda v: v[:6]), _PLATE),
        Kind("no_plate_yet", column, "reject", "plate_number_shape", d.constant("临时"), _PLATE),
        Kind(
            "dot_in_plate", column, "normalise", "plate_number_mark", d.rewritten(lambda v: f"{v[:2]}·{v[2:]}"), _PLATE
        ),
        Kind("lower_case_plate", column, "normalise", "plate_number_upper", d.rewritten(d.lower_case), _PLATE),
    ]


def of_vin(column: str) -> list[Kind]:
    """Vehicle identification numbers with a slip."""
    return [
        Kind("vin_with_letter_o", column, "reject", "vin_shape", d.rewritten(d.first_zero_as_letter), r".*0.*"),
        Kind("vin_of_16_characters", column, "reject", "vin_shape", d.rewritten(lambda v: v[:-1]), _VIN),
        Kind("wrong_vin_check", column, "reject", "vin_checksum", d.rewritten(_with_other_check), _VIN),
        Kind("lower_case_vin", column, "normalise", "vin_upper", d.rewritten(d.lower_case), _VIN),
        Kind("inner_spaces_in_vin", column, "normalise", "vin_spaces", d.rewritten(d.spaced), _VIN),
    ]


def _with_other_check(value: str) -> str:
    """Another digit in the ninth place."""
    return f"{value[:8]}{'1' if value[8] != '1' else '2'}{value[9:]}"
