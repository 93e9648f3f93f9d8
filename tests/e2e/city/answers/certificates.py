"""The truth about electronic certificates."""

from collections import Counter, defaultdict

from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import CERTIFICATES, TrueHits

_STATES = {"02": "suspended", "03": "revoked", "04": "cancelled", "05": "lapsed", "07": "revoked"}


def certificates_by_state(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    known = newest(rows.of(CERTIFICATES), lambda row: row.text["certificateID"], "updateTime")
    replaced = {row.text["associatedCertificateID"] for row in known} - {""}
    today = _today(known)

    def state(row: Row) -> str:
        until = row.text["expiringDate"].replace("-", "")
        if row.text["certificateID"] in replaced:
            return "replaced"
        if row.text["certificateStatus"] == "01":
            return "lapsed" if until.isdigit() and until < today else "current"
        return _STATES[row.text["certificateStatus"]]

    return Counter((state(row),) for row in known)


def certificates_by_state_on_a_day(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    of_certificate: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows.of(CERTIFICATES), key=lambda row: row.text["updateTime"].replace("T", " ")):
        of_certificate[row.text["certificateID"]].append(row)
    newer = {
        changes[-1].text["associatedCertificateID"]: changes[-1].text["issueDate"]
        for changes in of_certificate.values()
    }
    today = _today(rows.of(CERTIFICATES))
    counts: Counter[tuple[str, ...]] = Counter()
    for day in ("2026-06-30", "2026-11-03"):
        for certificate, changes in of_certificate.items():
            told = [row for row in changes if row.text["updateTime"][:10] <= day]
            status = told[-1].text["certificateStatus"] if told else "01"
            until = (told or changes)[-1 if told else 0].text["expiringDate"].replace("-", "")
            is_over = until.isdigit() and until < min(day.replace("-", ""), today)
            if newer.get(certificate, "9999") <= day:
                counts[day, "replaced"] += 1
            elif told or changes[0].text["issueDate"] <= day:
                counts[day, _STATES.get(status, "lapsed" if is_over else "current")] += 1
    return counts


def _today(rows: list[Row]) -> str:
    """The newest business date."""
    return max(row.place.file.split("_")[2][:8] for row in rows)
