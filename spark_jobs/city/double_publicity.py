"""What the templates of double publicity (双公示) have in common: the party of a decision, and whom it speaks of."""

from spark_jobs.city.batch import Mentioned
from spark_jobs.city.world.city import City
from spark_jobs.city.world.decisions import Decisions
from spark_jobs.city.world.texts import Texts, repeated, taken

_PARTIES = ["法人及非法人组织", "个体工商户", "自然人"]


def party_of_2018(decided: Decisions, city: City, prefix: str) -> dict[str, Texts]:
    """Columns on the party, which the templates of 2018 call alike but for `XK` or `CF` before the name."""
    people, firms, nothing = city.persons, city.companies, repeated("", len(decided.kind))
    columns = {
        "XDR_MC": decided.party_name(city),
        "XDR_LB": taken(_PARTIES, decided.kind),
        "XDR_SHXYM": decided.of_company(firms.uscc),
        "XDR_GSZC": decided.of_company(firms.registration_number),
        "XDR_ZZJG": decided.organisation_code(city),
        "XDR_SWDJ": nothing,
        "XDR_SYDW": nothing,
        "XDR_SHZZ": nothing,
        "FRDB": decided.of_representative(people.name),
        "FR_ZJLX": decided.only_of_company("身份证"),
        "FR_ZJHM": decided.of_representative(people.resident_id),
        "XDR_ZJLX": decided.only_of_person("身份证"),
        "XDR_ZJHM": decided.of_person(people.resident_id),
    }
    return {f"{prefix}_{name}": texts for name, texts in columns.items()}


def mentions_of(decided: Decisions) -> list[Mentioned]:
    """Party and representative of each decision."""
    return [
        Mentioned("party", "legal_entity", decided.company),
        Mentioned("party", "person", decided.person),
        Mentioned("legal_representative", "person", decided.representative),
    ]
