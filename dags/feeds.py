"""One DAG per contract, on the contract's schedule, of one task: a process that collects, refines and verifies."""

from collections.abc import Iterable

from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, Param, get_parsing_context

from dags.house import CITY_TIME, DAGS, defaults, lake
from expectations.contract.catalogue import load_feeds, load_table
from expectations.contract.feed import FeedContract
from expectations.contract.stagger import staggered
from expectations.render.feed_doc import feed_doc

MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$"
PARAMS = {
    "from": Param(None, type=["null", "string"], pattern=MOMENT, description="Start of an interval to do now"),
    "to": Param(None, type=["null", "string"], pattern=MOMENT, description="End of that interval"),
}
# A run by the clock or a backfill does its own data interval; any other run does all that is pending.
INTERVAL = (
    "{% if params['from'] and params['to'] %} --from {{ params['from'] }} --to {{ params['to'] }}"
    "{% elif dag_run.run_type in ('scheduled', 'backfill') %}"
    f" --from {{{{ data_interval_start.in_timezone('{CITY_TIME}').isoformat() }}}}"
    f" --to {{{{ data_interval_end.in_timezone('{CITY_TIME}').isoformat() }}}}"
    "{% endif %}"
)


def feed_dag(feed: FeedContract) -> DAG:
    """The DAG that brings the deliveries of one feed to silver and publishes them."""
    with DAG(
        feed.table,
        dag_display_name=f"{feed.title} {feed.id}",
        description=feed.title_en,
        doc_md=feed_doc(feed),
        schedule=CronDataIntervalTimetable(staggered(feed), timezone=CITY_TIME),
        tags=["feed", feed.agency],
        params=PARAMS,
        default_args=defaults(feed.owner),
        **DAGS,
    ) as dag:
        silver = Asset(name=f"silver.{feed.table}", uri=f"x-lake://silver/{feed.table}")
        lake(f"deliver {feed.id}{INTERVAL}", "deliver", "Collected, refined, verified; published.", outlets=[silver])
    return dag


def wanted() -> Iterable[FeedContract]:
    """All feeds, or the one whose DAG a task is about to run: of 1,325 contracts a task reads one."""
    dag_id = get_parsing_context().dag_id
    if dag_id is None:
        return load_feeds()
    feed = load_table(dag_id)
    return () if feed is None else (feed,)


for feed in wanted():
    feed_dag(feed)
