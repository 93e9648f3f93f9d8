"""Nightly housekeeping: compact tables, remove files that no version needs, tidy the ledger."""

from airflow.sdk import DAG, CronTriggerTimetable

from dags.house import CITY_TIME, DAGS, defaults, lake

with DAG(
    "upkeep",
    description="Compacts tables, removes files that no version needs, tidies the ledger",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 23 * * *", timezone=CITY_TIME),
    tags=["lake"],
    default_args=defaults("data-platform@xianning.example"),
    **DAGS,
):
    optimize = lake("upkeep optimize", "optimize", "Small files of every table compacted.")
    vacuum = lake("upkeep vacuum", "vacuum", "Files gone that no kept version of a table needs.")
    ledger = lake("upkeep ledger", "ledger", "Ledger rows of finished deliveries tidied.")
    optimize >> vacuum >> ledger
