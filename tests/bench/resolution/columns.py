"""Which columns of each kind of records say who is meant."""

_PERSON = ["name", "resident_id", "birth_date", "sex_code", "mobile", "division_code", "address"]
_FIRM = [
    *("name", "uscc", "registration_number", "organisation_code", "representative_name", "phone"),
    *("division_code", "address", "established_date"),
]
_FEBRL = ("febrl1", "febrl2", "febrl3", "febrl4")
_RECORD_IDS = {**dict.fromkeys(_FEBRL, "rec_id"), "fake_1000": "unique_id", "restaurants": "id"}
_NOT_IDENTIFYING = {"rec_id", "unique_id", "id", "cluster", "file"}
FILE = "file"
"""The column of linked sets that says which of two files a record is of."""

KINDS = ("person", "legal_entity", *_RECORD_IDS)


def record_id(kind: str) -> str:
    """The column of the record's id."""
    return _RECORD_IDS.get(kind, "record_id")


def identifying_columns(kind: str, columns: list[str]) -> list[str]:
    """Columns to match by."""
    if kind in _RECORD_IDS:
        return [name for name in columns if name not in _NOT_IDENTIFYING]
    return _PERSON if kind == "person" else _FIRM
