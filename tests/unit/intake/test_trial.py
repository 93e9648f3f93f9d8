"""A trial of a source says in plain words what is wrong with it, and changes nothing."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from expectations.samples import file_name, sample_rows
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.city.serve import served
from spark_jobs.city.serve.rest.certificate import certificate
from spark_jobs.city.write.places import place_of
from spark_jobs.control import ledger
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake import sources
from spark_jobs.intake.trial import tried
from tests.ports import free_port
from tests.unit.intake.channels.rest_bureau import DAY, contract

CASES = load_feed("government_service/approval_case")
INSURED = load_feed("medical_insurance/insured_person")
REST = contract("trial")


@pytest.fixture
def urls(lake_home: Path) -> Iterator[dict[str, str]]:
    """URLs of a served REST and of a served SFTP source, by their names."""
    place_of(REST, lake_home).sample("", DAY.date(), sample_rows(REST, 3, business_date=DAY.date()))
    place_of(INSURED, lake_home).sample(file_name(INSURED, DAY.date()), DAY.date(), sample_rows(INSURED, 3))
    with served(lake_home, [REST, INSURED]):
        yield {
            name: sources.source_url(name, "").get_secret_value()
            for name in (str(REST.arrival.source()), str(INSURED.arrival.source()))
        }


def said(feed: FeedContract) -> str:
    """What a trial of the feed's source says."""
    ((_, result),) = tried(str(feed.arrival.source()), [feed])
    assert ledger.in_states(feed.id, list(DeliveryState)) == []
    return result if isinstance(result, str) else str(result)


def said_of(feed: FeedContract, monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    """What a trial says where the source's URL is another."""
    monkeypatch.setenv(f"LAKE_SOURCES__{str(feed.arrival.source()).upper()}", url)
    monkeypatch.setenv("LAKE_SOURCE_CONNECT_SECONDS", "1")
    settings.cache_clear()
    try:
        return said(feed)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_what_can_be_read_is_counted(urls: dict[str, str]) -> None:
    assert said(REST) == "it answers, 2 records on the first page"
    assert "the folder can be listed, 1 file, 1 of them named as the contract says" in said(INSURED)


@pytest.mark.parametrize("feed", [REST, INSURED], ids=lambda feed: str(feed.arrival.kind))
def test_where_nothing_listens(feed: FeedContract, urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    url = urls[str(feed.arrival.source())]
    elsewhere = url.replace(f":{urlsplit(url).port}", f":{free_port()}")
    assert "it refuses the connection" in said_of(feed, monkeypatch, elsewhere)


def test_a_wrong_secret(urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    url = urls["gateway"]
    assert "it does not let us in" in said_of(REST, monkeypatch, url.replace(str(urlsplit(url).password), "wrong"))


def test_another_certificate_than_the_pinned_one(
    urls: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = certificate(tmp_path)
    message = said_of(REST, monkeypatch, urls["gateway"].partition("&certificate=")[0] + f"&certificate={other}")
    assert f"it does not show a certificate that is pinned in {other}" in message


def test_no_certificate_is_pinned(urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    message = said_of(REST, monkeypatch, urls["gateway"].partition("&certificate=")[0])
    assert "has no readable file of pinned certificates" in message


def test_another_host_key_than_the_pinned_one(
    urls: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = urls[str(INSURED.arrival.source())]
    known = Path(url.partition("known_hosts=")[2]).read_text()
    other = tmp_path / "known_hosts"
    changed = "A" if known.strip()[-1] != "A" else "B"
    other.write_text(known.strip()[:-1] + changed + "\n")
    message = said_of(INSURED, monkeypatch, url.partition("known_hosts=")[0] + f"known_hosts={other}")
    assert "does not show a host key that is pinned" in message


def test_a_path_that_is_not_there_and_fields_that_are_others(urls: dict[str, str]) -> None:
    arrival = REST.arrival.model_copy(update={"path": "v1/nothing"})
    assert "there is nothing at the contract's path" in said(REST.model_copy(update={"arrival": arrival}))
    fewer = REST.model_copy(update={"columns": REST.columns[:-1]})
    assert f"what the contract does not name: {REST.columns[-1].source}" in said(fewer)


def test_tables_and_columns_that_are_not_there(lake_home: Path) -> None:
    (lake_home / "sources").mkdir(exist_ok=True)
    with sqlite3.connect(lake_home / "sources" / "government_service.db") as database:
        assert "it has no table approval_case" in said(CASES)
        database.execute("create table approval_case (case_number text, updated_at text)")
    assert "its table approval_case has no column item_code, item_name, " in said(CASES)


def test_an_unknown_source_names_the_known_ones() -> None:
    with pytest.raises(LakeError, match="sources are .*government_service"):
        tried("nobody")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql+psycopg://u:secret@127.0.0.1:{port}/x", "it refuses the connection"),
        ("mysql+pymysql://u:secret@127.0.0.1:{port}/x", "it refuses the connection"),
        ("postgresql+psycopg://u:secret@nobody.invalid/x", "its host has no address"),
        ("oracle+nothing://u:secret@127.0.0.1/x", "there is no driver for such a database"),
        ("secret", "its URL cannot be used"),
    ],
)
def test_databases_that_cannot_be_reached(
    lake_home: Path, url: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = said_of(CASES, monkeypatch, url.format(port=free_port()))
    assert message in told
    assert "secret" not in told
