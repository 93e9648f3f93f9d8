"""Resolving files on Sail and on the lake server: the same pairs, weights, clusters and blocks, whoever computes."""

from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import pytest

from expectations.entity_spec import load_spec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import PROJECT, settings
from spark_jobs.city.mentions.generation import generate_mentions
from spark_jobs.entities.measure.evaluate import Resolution, resolve_files
from spark_jobs.entities.measure.report import model_of
from spark_jobs.lake.engine.choice import ENGINES
from spark_jobs.lake.server.meter import Meter
from tests.spark.entities.files import SPECS, evaluated

pytestmark = pytest.mark.usefixtures("lake_home")

RECORDS = 1500


def resolved(engine: str, spec_path: Path, records: Path) -> Resolution:
    spec = load_spec(spec_path)
    with ENGINES[engine].joining("agree") as bench, closing(Meter(engine=bench.pid)) as meter:
        return resolve_files(bench, spec, [records], model_of(spec, spec_path, None), "auto", meter)


def told(found: Resolution) -> dict[str, Any]:
    """All that a resolution says, whatever the order of its rows."""
    pairs = zip(found.pairs.a.tolist(), found.pairs.b.tolist(), found.pairs.weight.tolist(), strict=True)
    return {
        "pairs": sorted(pairs),
        "clusters": dict(zip(found.record_id.to_pylist(), found.cluster.tolist(), strict=True)),
        "model": found.model.version,
        "prior": found.prior,
        "profiles": found.profiles,
        "blocks": found.blocks,
    }


@pytest.mark.parametrize("entity", ["person", "legal_entity"])
def test_a_city(entity: Literal["person", "legal_entity"], tmp_path: Path) -> None:
    generate_mentions(entity, "register", RECORDS, 7, tmp_path)
    spec, records = PROJECT / "expectations" / "entities" / f"{entity}.yml", tmp_path / "records.parquet"
    on_sail, on_server = (told(resolved(engine, spec, records)) for engine in ("sail", "server"))
    assert len(on_sail["pairs"]) > 100
    assert len(set(on_sail["clusters"].values())) < RECORDS
    assert on_sail == on_server


def test_weights_that_are_learned(firms: tuple[Path, Path]) -> None:
    on_sail, on_server = (told(resolved(engine, SPECS / "companies.yml", firms[0])) for engine in ("sail", "server"))
    assert len(on_sail["pairs"]) > 5
    assert on_sail == on_server


KNOWN = "upper(replace(postcode, ' ', ''))"


@pytest.mark.parametrize("lacking", [f"collate({KNOWN}, 'UTF8_BINARY')", f"regexp_replace({KNOWN}, '(?<=A)B', '')"])
def test_what_sail_lacks_is_the_servers(firms: tuple[Path, Path], tmp_path: Path, lacking: str) -> None:
    assert settings().resolve_engine is None
    spec = tmp_path / "spec.yml"
    text = (SPECS / "companies.yml").read_text("utf-8")
    spec.write_text(text.replace(KNOWN, lacking), "utf-8")
    assert evaluated(spec, [firms[0]], firms[1])["engine"] == "server"
    assert evaluated(SPECS / "companies.yml", [firms[0]], firms[1])["engine"] == "sail"


@pytest.mark.parametrize("engine", ["sail", "server"])
def test_a_cast_that_fails_is_told_without_the_value(
    engine: str,
    firms: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LAKE_RESOLVE_ENGINE", engine)
    settings.cache_clear()
    spec = tmp_path / "wrong.yml"
    text = (SPECS / "companies.yml").read_text("utf-8")
    spec.write_text(text.replace(KNOWN, "cast(postcode as int)"), "utf-8")
    with pytest.raises(LakeError) as caught:
        evaluated(spec, [firms[0]], firms[1])
    monkeypatch.undo()
    settings.cache_clear()
    assert "wrong.yml: key area: a value " in caught.value.what
    assert "cannot be cast" in caught.value.what
    assert "try_cast" in caught.value.next_step
    assert "LS1" not in str(caught.value) + capfd.readouterr().err
