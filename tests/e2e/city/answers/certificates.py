"""The truth about electronic certificates."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import CERTIFICATES, TrueHits

_STATES = {"02": "suspended", "03": "revoked", "04": "cancelled", "05": "lapsed", "07": "revoked"}


def certificates_by_state(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    known = newest(rows.of(CERTIFICATES), lambda row: row.text["certificateID"], "updateTime")
    replaced = {row.text["associatedCertificateID"] for row in known} - {""}
    today = max(row.place.file.split("_")[2][:8] for row in known)

    def state(row: Row) -> str:
        until = row.text["expiringDate"].replace("-", "")
        if row.text["certificateID"] in replaced:
            return "replaced"
        if row.text["certificateStatus"] == "01":
            return "lapsed" if until.isdigit() and until < today else "current"
        return _STATES[row.text["certificateStatus"]]

    return Counter((state(row),) for row in known)
