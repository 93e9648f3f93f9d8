"""Each morning: what was due until yesterday and has not come is answered, once for each period."""

from airflow.sdk import DAG, CronTriggerTimetable

from dags.house import CITY_TIME, DAGS, defaults, lake

with DAG(
    "absences",
    description="Tells departments of what was due and has not come",
    doc_md=f"""{__doc__}

What a run that did not take place would have told, the next one tells.
""",
    schedule=CronTriggerTimetable("45 7 * * *", timezone=CITY_TIME),
    tags=["lake"],
    default_args=defaults("data-platform@xianning.example"),
    **DAGS,
):
    lake("absent --answer", "answer", "Receipts of absence in the outboxes; those of what has come since taken back.")
