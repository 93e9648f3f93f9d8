"""Base libraries and marts: after the entities are resolved, and each morning whatever happened."""

from airflow.sdk import DAG, Asset, AssetAll, AssetOrTimeSchedule, CronTriggerTimetable

from dags.house import CITY_TIME, DAGS, defaults, lake
from expectations.entity_spec import load_entities

resolved = [
    Asset(name=f"entities.{entity.entity}", uri=f"x-lake://entities/{entity.entity}") for entity in load_entities()
]

with DAG(
    "warehouse",
    description="The government warehouse: base libraries and thematic marts",
    doc_md=f"""{__doc__}

Events of assets can be merged or lost, so they only make it earlier: the run by the clock builds what is published.
""",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("30 6 * * *", timezone=CITY_TIME), assets=AssetAll(*resolved)
    ),
    tags=["lake"],
    default_args=defaults("data-platform@xianning.example"),
    **DAGS,
):
    build = lake(
        "warehouse build --no-unit-tests", "build", "Staging, base libraries and marts, built and tested by dbt."
    )
    pages = lake(
        "pages", "pages", "A page for each theme, made from the marts; its failure is no failure of the build."
    )
    marts = lake(
        "marts",
        "marts",
        "The marts as one file, for analysts and their clients; its failure is no failure of the build.",
    )
    compare = lake(
        "compare",
        "compare",
        "Hits of comparisons, put into the departments' outboxes where they have changed.",
        # All have ended and the build did not fail: without it pages and file are not tried.
        trigger_rule="all_done_min_one_success",
    )
    build >> [pages, marts]
    [build, pages, marts] >> compare
