"""The open contracts as a DCAT 3 catalogue in JSON-LD, by the profile DCAT-AP 3.0.0, for data portals to harvest.

Only columns whose sensitivity is `open` are part of what is opened, and only they are named here.
"""

import json
from typing import Any

from expectations.contract.feed import Column, FeedContract
from expectations.render.catalogue import is_open_item

BASE = "urn:xianning:"
"""What names of catalogue, datasets and distributions begin with until there is a portal."""
PUBLISHER = ("咸宁市政务服务和大数据管理局", "11421200MFXN01017D")
"""Who keeps the catalogue: name and credit code."""
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_FREQUENCIES = {
    "real_time": "UPDATE_CONT",
    "hour": "HOURLY",
    "day": "DAILY",
    "week": "WEEKLY",
    "month": "MONTHLY",
    "quarter": "QUARTERLY",
    "term": "ANNUAL_2",
    "year": "ANNUAL",
}
"""Codes of the EU's authority table of frequencies, which the profile asks for."""
_DATATYPES = {"date": "date", "timestamp": "dateTime", "boolean": "boolean", "bigint": "integer"}
_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_Node = dict[str, Any]


def dcat_json(feeds: tuple[FeedContract, ...], base: str = BASE) -> str:
    """The catalogue as JSON-LD text; the same contracts give the same text."""
    return json.dumps(dcat_document(feeds, base), ensure_ascii=False, indent=2) + "\n"


def dcat_document(feeds: tuple[FeedContract, ...], base: str = BASE) -> _Node:
    """The catalogue of the contracts that are open.

    Args:
        feeds: all contracts.
        base: IRI of the portal, ending with `/` or `:`.
    """
    name, code = PUBLISHER
    catalogue = {
        "@id": f"{base}catalogue",
        "@type": "dcat:Catalog",
        "dct:title": [_zh("咸宁市政务数据开放目录"), _en("Open data catalogue of the city of Xianning")],
        "dct:description": [_zh("咸宁市政府数据湖中可向社会开放的数据资源")],
        "dct:publisher": _agent(name, code, base),
        "dct:language": _language(),
        "dct:spatial": _place(),
        "dcat:themeTaxonomy": {
            "@id": f"{base}themes",
            "@type": "skos:ConceptScheme",
            "dct:title": [_zh("政务信息资源分类")],
        },
        "dcat:dataset": [_dataset(feed, base) for feed in feeds if feed.catalogue.is_open],
    }
    return {"@context": _CONTEXT, **catalogue}


def open_columns(feed: FeedContract) -> list[Column]:
    """What is opened of an open contract."""
    return [column for column in feed.columns if is_open_item(column, feed)]


def _dataset(feed: FeedContract, base: str) -> _Node:
    entry, iri = feed.catalogue, f"{base}dataset/{feed.id}"
    found: _Node = {
        "@id": iri,
        "@type": "dcat:Dataset",
        "dct:identifier": entry.code,
        "dct:title": [_zh(feed.title), _en(feed.title_en)],
        "dct:description": [_zh(entry.summary)],
        "dct:publisher": _agent(entry.provider, entry.provider_code, base),
        "dcat:contactPoint": {
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": entry.provider,
            "vcard:hasEmail": {"@id": f"mailto:{feed.owner}"},
        },
        "dcat:theme": _theme(entry.category, base),
        "dcat:keyword": [_zh(word) for word in entry.category.split("/")[1:]],
        "dct:accrualPeriodicity": _of_table("frequency", _FREQUENCIES[entry.update_cycle], "dct:Frequency"),
        "dct:accessRights": _of_table("access-right", "PUBLIC", "dct:RightsStatement"),
        "dct:language": _language(),
        "dct:spatial": _place(),
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "rdfs:label": [_zh(feed.legal_basis)]},
        "dct:conformsTo": [_standard(text) for text in _standards(feed)],
        "dcat:distribution": [_distribution(feed, iri)],
    }
    if entry.published_on:
        found["dct:issued"] = {"@type": "xsd:date", "@value": entry.published_on.isoformat()}
    return {name: value for name, value in found.items() if value != []}


def _distribution(feed: FeedContract, iri: str) -> _Node:
    found: _Node = {
        "@id": f"{iri}/csv",
        "@type": "dcat:Distribution",
        "dct:title": [_zh(f"{feed.title}（CSV）")],
        "dcat:accessURL": {"@id": f"{iri}.csv", "@type": "rdfs:Resource"},
        "dcat:mediaType": {
            "@id": "https://www.iana.org/assignments/media-types/text/csv",
            "@type": ["dct:MediaType", "dct:MediaTypeOrExtent"],
        },
        "csvw:tableSchema": {"csvw:column": {"@list": [_column(column) for column in open_columns(feed)]}},
    }
    if feed.catalogue.open_condition:
        found["dct:rights"] = {"@type": "dct:RightsStatement", "rdfs:label": [_zh(feed.catalogue.open_condition)]}
    return found


def _column(column: Column) -> _Node:
    spark = column.domain.spark
    datatype = "decimal" if spark.startswith("decimal") else _DATATYPES.get(spark, "string")
    titles = {"csvw:title": [_zh(column.source), _en(column.title_en)]}
    return {"csvw:name": column.name, **titles, "csvw:datatype": f"xsd:{datatype}", "csvw:required": column.required}


def _standards(feed: FeedContract) -> list[str]:
    return sorted({column.domain.standard for column in open_columns(feed) if column.domain.standard})


def _standard(text: str) -> _Node:
    return {"@type": "dct:Standard", "dct:title": [_zh(text)]}


def _agent(name: str, code: str, base: str) -> _Node:
    return {"@id": f"{base}agent/{code}", "@type": "foaf:Agent", "foaf:name": [_zh(name)], "dct:identifier": code}


def _theme(category: str, base: str) -> _Node:
    scheme = {"@id": f"{base}themes"}
    name = category.replace("/", "-")
    concept = {"@id": f"{base}theme/{name}", "@type": "skos:Concept", "skos:prefLabel": [_zh(category)]}
    return {**concept, "skos:inScheme": scheme}


def _place() -> _Node:
    """The city, by its code in GB/T 2260."""
    return {
        "@id": "urn:cn:gbt2260:421200",
        "@type": "dct:Location",
        "dct:identifier": "421200",
        "skos:prefLabel": [_zh("湖北省咸宁市")],
    }


def _language() -> _Node:
    return _of_table("language", "ZHO", "dct:LinguisticSystem")


def _of_table(table: str, code: str, kind: str) -> _Node:
    return {"@id": f"{_AUTHORITY}{table}/{code}", "@type": kind}


def _zh(text: str) -> _Node:
    return {"@language": "zh", "@value": text}


def _en(text: str) -> _Node:
    return {"@language": "en", "@value": text}
