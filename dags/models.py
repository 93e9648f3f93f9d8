"""Weights of entity resolution: learned anew each quarter, used only after a person has approved them."""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG, CronTriggerTimetable

from dags.house import CITY_TIME, DAGS, defaults, lake
from expectations.entity_spec import load_entities

with DAG(
    "models",
    description="Models of entity resolution: train, approve, put into force",
    doc_md=f"""{__doc__}

`train` writes a candidate beside the approved model and prints what changed. Whoever approves should look at the m/u
table in its log. A new model resolves everything anew at the next run of `entities`; ids stay, as they follow from the
data alone.
""",
    schedule=CronTriggerTimetable("0 20 1 1,4,7,10 *", timezone=CITY_TIME),
    tags=["lake"],
    default_args=defaults("data-platform@xianning.example"),
    # Without a start date the first run is the next quarter's: a lake that is started today has nothing to learn from.
    **{**DAGS, "start_date": None},
):
    for entity in load_entities():
        train = lake(
            f"train --entity {entity.entity}",
            f"train_{entity.entity}",
            f"A candidate model of {entity.title} ({entity.title_en}), from the profiles of the last resolution.",
        )
        approve = ApprovalOperator(
            task_id=f"approve_{entity.entity}",
            subject=f"Use the new model of {entity.entity}?",
            body=f"The log of train_{entity.entity} shows what changed.",
            response_timeout=timedelta(days=14),
            doc_md="A person reads the candidate and decides; without an answer in two weeks the old model stays.",
        )
        put_into_force = lake(
            f"train --entity {entity.entity} --approve",
            f"put_into_force_{entity.entity}",
            "The approved candidate becomes the model that resolutions use.",
        )
        train >> approve >> put_into_force
