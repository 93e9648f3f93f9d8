"""Who is who: after the daily feeds that speak of an entity are published, and each night whatever happened."""

from airflow.sdk import DAG, Asset, AssetAll, AssetOrTimeSchedule, CronTriggerTimetable

from dags.house import CITY_TIME, DAGS, defaults, lake
from expectations.contract.catalogue import load_feeds
from expectations.entity_spec import load_entities

entities = load_entities()
daily = [
    Asset(name=f"silver.{feed.table}", uri=f"x-lake://silver/{feed.table}")
    for feed in load_feeds()
    if feed.catalogue.update_cycle == "day" and any(entity.mentions_of(feed) for entity in entities)
]

with DAG(
    "entities",
    description="Persons and legal entities, with their permanent ids",
    doc_md=f"""{__doc__}

Events of assets can be merged or lost, so they only make it earlier: the nightly run resolves all that is published.
""",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 6 * * *", timezone=CITY_TIME), assets=AssetAll(*daily)
    ),
    tags=["lake"],
    default_args=defaults("data-platform@xianning.example"),
    **DAGS,
):
    for entity in entities:
        lake(
            f"resolve --entity {entity.entity}",
            f"resolve_{entity.entity}",
            f"{entity.title} ({entity.title_en}): every mention linked to a permanent id.",
            outlets=[Asset(name=f"entities.{entity.entity}", uri=f"x-lake://entities/{entity.entity}")],
        )
