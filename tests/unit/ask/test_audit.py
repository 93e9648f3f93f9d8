"""What the audit says about a lake whose landing was touched by others."""

from pathlib import Path

from spark_jobs.ask.audit import Finding, audit


def test_an_object_in_landing_that_no_delivery_brought_is_a_finding(lake_home: Path) -> None:
    keys = ["a/b/c/d/e/f", "health/epidemic_daily/ab/" + "ab" * 32, "x.csv"]
    for key in keys:
        path = lake_home / "landing" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"rows")
    found = sorted(audit(), key=lambda finding: finding.subject)
    assert found == [Finding("I1", key, "no ledger row has these bytes") for key in keys]
