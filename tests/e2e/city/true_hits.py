"""What comparisons must find in a generated city, counted from its rows in plain Python."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from tests.e2e.city.city_rows import CityRows, Place, Row, newest

RESIDENTS = "public_security/resident_registry"
APPLICATIONS = "housing/affordable_housing_application"
ESTATES = "natural_resources/real_estate_registration"
CONTRACTS = "housing/presale_contract"
ENTERPRISES = "market_regulation/enterprise_registration"
VEHICLES = "transport/vehicle"
MARRIAGES = "civil_affairs/marriage_registration"
POOR = "poverty_relief/poverty_household"
SETTLEMENTS = "medical_insurance/settlement"
INSURED = "medical_insurance/insured_person"
CERTIFICATES = "government_service/electronic_certificate"
INSPECTIONS = "market_regulation/random_inspection"
BEHAVIOURS = "supervision/supervision_behaviour"
_ACTIVE = {"存续（在营、开业、在册）", "开业"}
_MOST_INSPECTIONS, _APART = 2, timedelta(minutes=30)


class Hit(NamedTuple):
    """Something that a comparison finds: why, the row that was looked at, and the row that shows it."""

    reason: str
    subject: Place | None
    evidence: Place | None


class Holding(NamedTuple):
    """What a person has, or has become, by a register."""

    person: int
    kind: str
    evidence: Place


def moment(text: str) -> datetime:
    """Of the forms that the city's feeds have."""
    plain = text.replace("-", "").replace(":", "").replace(" ", "").replace("T", "")
    return datetime.strptime(plain, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def day_of(text: str) -> tuple[int, ...]:
    """Year, month and day of `2026-11-02` or `2026/11/2`."""
    return tuple(int(part) for part in text.replace("/", "-").split("-"))


class TrueHits:
    """Hits of each comparison, by the stem of its mart."""

    def __init__(self, rows: CityRows) -> None:
        self._rows = rows

    @cached_property
    def registry(self) -> dict[int, Row]:
        """The newest row of each person in the resident registry."""
        rows = (row for row in self._rows.of(RESIDENTS) if row.person("resident") is not None)
        return {
            row.person("resident") or 0: row for row in newest(rows, lambda row: row.person("resident"), "变更时间")
        }

    def registered_as(self, *changes: str) -> dict[int, Row]:
        """People whose newest change is of those kinds."""
        return {person: row for person, row in self.registry.items() if row.text["变更类型"] in changes}

    @cached_property
    def representatives(self) -> dict[int, Row]:
        """Companies that are active, by uid, with the row that names their representative."""
        rows = (row for row in self._rows.of(ENTERPRISES) if row.firm("enterprise") is not None)
        found: dict[int, Row] = {}
        for row in sorted(rows, key=lambda row: (day_of(row.text["核准日期"]), row.place.file, row.place.row_number)):
            found[row.firm("enterprise") or 0] = row
        return {firm: row for firm, row in found.items() if row.text["登记状态"] in _ACTIVE}

    @cached_property
    def holdings(self) -> dict[int, set[Holding]]:
        """What each person has by all registers."""
        found: dict[int, set[Holding]] = defaultdict(set)
        for holding in (*self._estates(), *self._contracts(), *self._companies(), *self._gone()):
            found[holding.person].add(holding)
        return found

    def holdings_of(self, person: int | None) -> set[Holding]:
        """What a person has; nothing where nobody is known."""
        return set() if person is None else self.holdings.get(person, set())

    def _estates(self) -> Iterator[Holding]:
        for row in newest(self._rows.of(ESTATES), lambda row: (row.text["YWH"], row.text["QLR/SXH"]), "DJSJ"):
            owner = row.person("owner")
            if owner is not None and row.text["QSZT"] == "1" and row.text["DJLX"] != "400":
                yield Holding(owner, "owns_property", row.place)

    def _contracts(self) -> Iterator[Holding]:
        for row in newest(self._rows.of(CONTRACTS), lambda row: row.text["htbh"], "gxsj"):
            for buyer in (row.person("buyer"), row.person("co_buyer")):
                if buyer is not None and row.text["htzt"] in {"1", "2"}:
                    yield Holding(buyer, "has_presale_contract", row.place)

    def _companies(self) -> Iterator[Holding]:
        for row in self.representatives.values():
            person = row.person("legal_representative")
            if person is not None:
                yield Holding(person, "represents_company", row.place)
        key = ("plate_number", "plate_color")
        for row in newest(self._rows.of(VEHICLES), lambda row: tuple(row.text[name] for name in key), "updated_at"):
            operator = row.firm("operator")
            company = None if operator is None else self.representatives.get(operator)
            person = company.person("legal_representative") if company else None
            if person is not None and row.text["state_code"] == "10":
                yield Holding(person, "runs_vehicles", row.place)

    def _gone(self) -> Iterator[Holding]:
        for change, kind in (("4", "deceased"), ("3", "moved_away")):
            for person, row in self.registered_as(change).items():
                yield Holding(person, kind, row.place)

    @cached_property
    def spouses(self) -> dict[int, int]:
        """Who is married to whom by the newest registration of each couple."""
        rows = (row for row in self._rows.of(MARRIAGES) if len(row.uids) == 2)
        couples = newest(rows, lambda row: frozenset(row.uids.values()), "登记日期", "登记字号")
        married = [row for row in couples if row.text["登记类型"] == "1"]
        pairs = [tuple(row.uids.values()) for row in married]
        return {one: other for pair in pairs for one, other in (pair, pair[::-1])}

    def housing_eligibility(self) -> set[Hit]:
        """Live applications whose applicant or spouse has something that speaks against it."""
        hits = set()
        for row in newest(self._rows.of(APPLICATIONS), lambda row: row.text["申请编号"]):
            applicant = row.person("applicant")
            if applicant is None or row.text["审核状态"] in {"不合格", "退出"}:
                continue
            hits |= {Hit(each.kind, row.place, each.evidence) for each in self.holdings_of(applicant)}
            of_spouse = self.holdings_of(self.spouses.get(applicant))
            common = {each for each in of_spouse if each.kind not in {"deceased", "moved_away"}}
            hits |= {Hit(each.kind, row.place, each.evidence) for each in common}
        return hits

    def poverty_households(self) -> set[Hit]:
        """Members of poor households that have something that speaks against it."""
        rows = (row for row in self._rows.of(POOR) if row.person("member") is not None)
        return {
            Hit(each.kind, row.place, each.evidence)
            for row in newest(rows, lambda row: (row.text["户编号"], row.person("member")))
            for each in self.holdings_of(row.person("member"))
            if each.kind != "moved_away"
        }

    def impossible_settlements(self) -> set[Hit]:
        """After a death, in two counties at once, twice."""
        rows = newest(self._rows.of(SETTLEMENTS), lambda row: row.text["setl_id"], "setl_time")
        known = [row for row in rows if row.person("insured_person") is not None]
        of_person: dict[int, list[Row]] = defaultdict(list)
        refunds = set()
        for row in known:
            if row.text["refd_setl_flag"] == "0":
                of_person[row.person("insured_person") or 0].append(row)
            else:
                refunds.add((row.person("insured_person"), row.text["fixmedins_code"], -row.amount("medfee_sumamt")))
        hits = set()
        dead = self.registered_as("4")
        for person, paid in of_person.items():
            paid.sort(key=lambda row: (row.text["setl_time"], row.text["setl_id"]))
            if person in dead:
                died = moment(dead[person].text["变更时间"])
                late = [row for row in paid if moment(row.text["setl_time"]) > died]
                hits |= {Hit("after_death", row.place, dead[person].place) for row in late}
            for earlier, later in combinations(paid, 2):
                if _is_apart(earlier, later):
                    hits.add(Hit("two_places", later.place, earlier.place))
            firsts: dict[tuple[object, ...], Row] = {}
            for row in paid:
                amount = row.amount("medfee_sumamt")
                if (person, row.text["fixmedins_code"], amount) in refunds:
                    continue
                what = (row.text["fixmedins_code"], row.text["med_type"], row.text["dise_codg"])
                first = firsts.setdefault((*what, row.text["setl_time"][:10], amount), row)
                if first is not row:
                    hits.add(Hit("twice", row.place, first.place))
        return hits

    def insurance_coverage(self) -> set[Hit]:
        """Residents without insurance, insured who are dead, and who are insured twice."""
        rows = newest(self._rows.of(INSURED), lambda row: (row.text["psn_no"], row.text["insutype"]))
        in_force: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            person = row.person("insured_person")
            if person is not None and row.text["psn_insu_stas"] == "1":
                in_force[person].append(row)
        registered = self.registered_as("1", "2")
        hits = {Hit("not_insured", row.place, None) for person, row in registered.items() if person not in in_force}
        for person, row in self.registered_as("4").items():
            hits |= {Hit("deceased", insured.place, row.place) for insured in in_force.get(person, ())}
        for of_person in in_force.values():
            ordered = sorted(of_person, key=lambda row: (row.text["psn_no"], row.text["insutype"]))
            hits |= {Hit("insured_twice", later.place, earlier.place) for earlier, later in combinations(ordered, 2)}
        return hits

    def certificates_of_deceased(self) -> set[Hit]:
        """Certificates in force whose holder is dead."""
        rows = newest(self._rows.of(CERTIFICATES), lambda row: row.text["certificateID"], "updateTime")
        replaced = {row.text["associatedCertificateID"] for row in rows}
        today = max(row.place.file.split("_")[2][:8] for row in rows)
        dead = self.registered_as("4")
        hits = set()
        for row in rows:
            until = row.text["expiringDate"].replace("-", "")
            is_over = until.isdigit() and until < today
            is_current = row.text["certificateStatus"] == "01" and not is_over
            holder = row.person("holder")
            if is_current and holder in dead and row.text["certificateID"] not in replaced:
                hits.add(Hit("holder_deceased", row.place, dead[holder].place))
        return hits

    def over_inspected_firms(self) -> set[Hit]:
        """Each inspection of a firm that had more than two in its year."""
        found: dict[tuple[int, str], list[Place]] = defaultdict(list)
        for row in newest(self._rows.of(INSPECTIONS), lambda row: row.text["ccrwbh"], "gxsj"):
            firm = row.firm("inspected_firm")
            if firm is not None and row.text["rwzt"] in {"2", "3"} and row.text["jcrq"]:
                found[firm, row.text["jcrq"][:4]].append(row.place)
        for row in newest(self._rows.of(BEHAVIOURS), lambda row: row.text["check_action_code"], "cd_time"):
            firm = row.firm("party")
            is_gone = row.text["cd_operation"] == "d"
            is_own = row.text["check_type"] not in {"3", "4"} and row.text["check_result"] != "4"
            if firm is not None and is_own and not is_gone:
                found[firm, row.text["check_date"][:4]].append(row.place)
        many = (places for places in found.values() if len(places) > _MOST_INSPECTIONS)
        return {Hit("over_inspected", None, place) for places in many for place in places}

    def all(self) -> dict[str, Callable[[], set[Hit]]]:
        """Every comparison by the stem of its mart."""
        names = (
            "housing_eligibility",
            "poverty_households",
            "impossible_settlements",
            "insurance_coverage",
            "certificates_of_deceased",
            "over_inspected_firms",
        )
        return {name: getattr(self, name) for name in names}


def _is_apart(earlier: Row, later: Row) -> bool:
    """In person, in two counties, within half an hour."""
    in_person = "41" not in {earlier.text["med_type"], later.text["med_type"]}
    is_elsewhere = earlier.text["mdtrtarea_admvs"][:6] != later.text["mdtrtarea_admvs"][:6]
    return in_person and is_elsewhere and moment(later.text["setl_time"]) - moment(earlier.text["setl_time"]) < _APART
