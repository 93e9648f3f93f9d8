"""Blocking and comparison on a few rows: each pair once, hot keys dropped and reported, every kind of level."""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyarrow import fs
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec, load_spec
from spark_jobs.base.settings import settings
from spark_jobs.entities.explain.evidence import explain
from spark_jobs.entities.learn import training_sample
from spark_jobs.entities.match import matching
from spark_jobs.entities.match.comparison import level_column
from spark_jobs.entities.match.model import Frequencies, LevelShares, Model
from spark_jobs.entities.match.scoring import candidates, compared
from spark_jobs.entities.measure import blocking_report
from spark_jobs.lake.engine.watch import Apart
from spark_jobs.lake.storage.scratch import Scratch, local_scratch

COLUMNS = ("name", "other", "birth", "year", "price", "words")


def spec_of(folder: Path, levels: list[dict[str, Any]], blocking: list[dict[str, Any]], **more: object) -> EntitySpec:
    content = {
        "title": "甲",
        "title_en": "A",
        "id_prefix": "A",
        "attributes": [{"name": c, "type": "array<string>" if c == "words" else "string"} for c in COLUMNS],
        "matching": {"comparisons": [{"name": "it", "levels": levels}], "blocking": blocking, **more},
    }
    path = folder / "thing.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return load_spec(path)


def profiles(spark: SparkSession, spec: EntitySpec, rows: list[dict[str, Any]]) -> DataFrame:
    kinds = {c: "array<string>" if c == "words" else "string" for c in COLUMNS}
    given = [[number, *(row.get(c) for c in COLUMNS)] for number, row in enumerate(rows)]
    schema = ", ".join(["profile_id bigint", *(f"{c} {kind}" for c, kind in kinds.items())])
    return matching.keyed(spark.createDataFrame(given, schema), spec)


def model_of(spec: EntitySpec, frequencies: dict[str, Frequencies] | None = None) -> Model:
    size = len(spec.matching.comparisons[0].levels) + 1
    shares = LevelShares(m=(1 / size,) * size, u=(1 / size,) * size)
    return Model(entity="thing", prior=0, comparisons={"it": shares}, frequencies=frequencies or {})


EQUAL = [{"kind": "equal", "of": ["name"]}]


def test_a_pair_comes_once_with_all_rules_that_make_it(spark: SparkSession, tmp_path: Path) -> None:
    spec = spec_of(tmp_path, EQUAL, [{"equal": ["name"]}, {"each": "words"}, {"equal": ["year"], "each": "words"}])
    rows: list[dict[str, Any]] = [
        {"name": "a", "year": "1", "words": ["x", "y"]},
        {"name": "a", "year": "1", "words": ["y", "x", "x"]},
        {"name": "b", "year": "2", "words": ["y"]},
        {"name": None, "year": "1", "words": None},
    ]
    found = candidates(profiles(spark, spec, rows), spec).collect()
    assert sorted((row["a"], row["b"], row["rules"]) for row in found) == [(0, 1, 0b111), (0, 2, 0b010), (1, 2, 0b010)]


def test_profiles_of_one_node_are_no_pair(spark: SparkSession, tmp_path: Path) -> None:
    spec = spec_of(tmp_path, EQUAL, [{"equal": ["year"]}], same=["name"])
    rows = [{"name": "a", "year": "1"}, {"name": "a", "year": "1", "other": "x"}, {"name": "b", "year": "1"}]
    assert candidates(profiles(spark, spec, rows), spec).count() == 1


def staging(folder: Path) -> Scratch:
    """Where a watch keeps what it counts."""
    return Scratch(str(folder), fs.LocalFileSystem(), str(folder))


@pytest.mark.parametrize("size", [6, 400])
def test_a_block_that_is_too_large_is_dropped_and_reported(spark: SparkSession, tmp_path: Path, size: int) -> None:
    spec = spec_of(tmp_path, EQUAL, [{"equal": ["name"], "at_most": 5}, {"equal": ["year"]}], largest_block=1000)
    rows = [{"name": "hot", "year": str(number // 2), "other": str(number)} for number in range(size)]
    keyed, watch = profiles(spark, spec, rows), Apart(staging(tmp_path))
    found = candidates(keyed, spec, watch).collect()
    assert len(found) == size // 2
    report = blocking_report.by_rule(keyed, spec, watch.counted())
    assert report["name"] == {"blocks": 1, "dropped_blocks": 1, "dropped_profiles": size, "largest": size}
    assert report["year"] == {"blocks": size // 2, "dropped_blocks": 0, "dropped_profiles": 0, "largest": 2}


def test_what_two_bear_brings_nobody_together(spark: SparkSession, tmp_path: Path) -> None:
    rules: list[dict[str, Any]] = [{"equal": ["name"], "sole": True}, {"equal": ["year"]}]
    spec = spec_of(tmp_path, EQUAL, rules, one_value="other", same=["other"])
    rows = [
        {"name": "one bears it", "other": "x"},
        {"name": "one bears it", "other": "x", "price": "the same node"},
        {"name": "one bears it"},
        {"name": "two bear it", "other": "y", "year": "1"},
        {"name": "two bear it", "other": "z", "year": "1"},
        {"name": "two bear it"},
        {"name": "nobody's"},
        {"name": "nobody's", "price": "1"},
    ]
    keyed, watch = profiles(spark, spec, rows), Apart(staging(tmp_path))
    found = {(row["a"], row["b"], row["rules"]) for row in candidates(keyed, spec, watch).collect()}
    assert found == {(0, 2, 0b01), (3, 4, 0b10), (6, 7, 0b01)}
    report = blocking_report.by_rule(keyed, spec, watch.counted())
    assert report["name"] == {"blocks": 3, "dropped_blocks": 1, "dropped_profiles": 3, "largest": 3}


def test_rules_that_make_no_pairs_are_no_fault(spark: SparkSession, tmp_path: Path) -> None:
    spec = spec_of(tmp_path, EQUAL, [{"equal": ["name"]}])
    keyed, watch = profiles(spark, spec, [{"name": "a"}, {"name": "b"}, {"name": None}]), Apart(staging(tmp_path))
    assert candidates(keyed, spec, watch).collect() == []
    none = {"blocks": 0, "dropped_blocks": 0, "dropped_profiles": 0, "largest": 0}
    assert blocking_report.by_rule(keyed, spec, watch.counted()) == {"name": none}


def test_a_sample_of_blocks_stands_for_all_pairs(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four hundred families of four; every second row lacks the year, so two profiles may lack the same column."""
    spec = spec_of(tmp_path, EQUAL, [{"equal": ["name"]}, {"equal": ["year"]}])
    rows: list[dict[str, Any]] = [
        {"name": f"n{n // 4}", "year": None if n % 2 else f"y{n // 8}", "price": str(n)} for n in range(1600)
    ]
    monkeypatch.setattr(training_sample, "TRAINING_PROFILES", 800)
    keyed = profiles(spark, spec, rows).withColumn("node_id", F.col("profile_id"))
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    with local_scratch("sample") as into:
        found = training_sample.sample(keyed, spec, into)
    names, years = 400 * 6, 200 * 6
    both = 400
    assert set(found.by_rule) == {0, 1}
    assert found.by_rule[0].counts.sum() == pytest.approx(names, rel=0.15)
    assert found.by_rule[1].counts.sum() == pytest.approx(years, rel=0.15)
    assert found.blocked.counts.sum() == pytest.approx(names + years - both, rel=0.15)


def test_between_pairs_files_only(spark: SparkSession, tmp_path: Path) -> None:
    spec = spec_of(tmp_path, EQUAL, [{"equal": ["name"]}], between="other")
    rows = [{"name": "a", "other": "x"}, {"name": "a", "other": "x", "year": "1"}, {"name": "a", "other": "y"}]
    keyed = profiles(spark, spec, rows)
    found = compared(candidates(keyed, spec), keyed, spec).select("a", "b").collect()
    assert sorted(map(tuple, found)) == [(0, 2), (1, 2)]


LEVELS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], bool | None]] = [
    ({"kind": "equal", "of": ["name"]}, {"name": "a"}, {"name": "a"}, True),
    ({"kind": "equal", "of": ["name"]}, {"name": "a"}, {"name": None}, None),
    ({"kind": "equal", "of": ["name", "other"]}, {"name": "a", "other": "b"}, {"name": "a", "other": "c"}, False),
    ({"kind": "distance", "of": ["name"], "at_most": 1}, {"name": "smith"}, {"name": "smyth"}, True),
    ({"kind": "distance", "of": ["name"], "at_most": 1}, {"name": "smith"}, {"name": "smiht"}, False),
    ({"kind": "rearranged", "of": ["name"], "at_most": 2}, {"name": "smith"}, {"name": "smiht"}, True),
    ({"kind": "rearranged", "of": ["name"], "at_most": 2}, {"name": "smith"}, {"name": "smyth"}, False),
    ({"kind": "similarity", "of": ["name"], "at_least": 0.8}, {"name": "abcde"}, {"name": "abcdx"}, True),
    ({"kind": "similarity", "of": ["name"], "at_least": 0.8}, {"name": "abcde"}, {"name": "abcxx"}, False),
    ({"kind": "similarity", "of": ["name"], "at_least": 0.8}, {"name": "abcde"}, {"name": "a"}, False),
    ({"kind": "jaccard", "of": ["words"], "at_least": 0.5}, {"words": ["a", "b", "c"]}, {"words": ["b", "c"]}, True),
    ({"kind": "jaccard", "of": ["words"], "at_least": 0.7}, {"words": ["a", "b", "c"]}, {"words": ["b", "c"]}, False),
    ({"kind": "overlap", "of": ["words"], "at_least": 1.0}, {"words": ["a", "b", "c"]}, {"words": ["b", "c"]}, True),
    ({"kind": "overlap", "of": ["words"], "at_least": 0.5}, {"words": ["a"]}, {"words": []}, False),
    ({"kind": "prefix", "of": ["name"], "at_least": 1}, {"name": "j"}, {"name": "john"}, True),
    ({"kind": "prefix", "of": ["name"], "at_least": 2}, {"name": "j"}, {"name": "john"}, False),
    ({"kind": "crossed", "of": ["name", "other"]}, {"name": "a", "other": "b"}, {"name": "b", "other": "a"}, True),
    ({"kind": "within", "of": ["year"], "at_most": 1}, {"year": "1999"}, {"year": "2000"}, True),
    ({"kind": "within", "of": ["year"], "at_most": 1}, {"year": "1999"}, {"year": "about 2000"}, False),
    ({"kind": "within", "of": ["birth"], "at_most": 31}, {"birth": "1999-12-20"}, {"birth": "2000-01-10"}, True),
    ({"kind": "relative", "of": ["price"], "at_most": 0.1}, {"price": "100"}, {"price": "91"}, True),
    ({"kind": "relative", "of": ["price"], "at_most": 0.1}, {"price": "100"}, {"price": "89.5"}, False),
    ({"kind": "sql", "sql": "name_l < name_r or name_r < name_l"}, {"name": "a"}, {"name": "b"}, True),
]


def test_every_kind_of_level_holds_where_it_should(spark: SparkSession, tmp_path: Path) -> None:
    found, wanted = [], []
    for level, left, right, holds in LEVELS:
        spec = spec_of(tmp_path, [level], [{"equal": ["name"]}])
        keyed = profiles(spark, spec, [left, right])
        pairs = spark.range(1).select(F.lit(0).cast("bigint").alias("a"), F.lit(1).cast("bigint").alias("b"))
        found.append(compared(pairs, keyed, spec).select(level_column(spec.matching.comparisons[0])))
        wanted.append(-1 if holds is None else int(holds))
    union = found[0].withColumn("at", F.lit(0))
    for at, frame in enumerate(found[1:], start=1):
        union = union.union(frame.withColumn("at", F.lit(at)))
    levels = [row[0] for row in union.orderBy("at").collect()]
    wrong = [LEVELS[at][:3] for at, level in enumerate(levels) if level != wanted[at]]
    assert wrong == []


def test_rare_words_count_more_than_common_ones(spark: SparkSession, tmp_path: Path) -> None:
    level = {"kind": "jaccard", "of": ["words"], "at_least": 0.5, "term_frequency": True}
    spec = spec_of(tmp_path, [level], [{"each": "words"}])
    rows = [{"words": ["the", "ferrite"]}, {"words": ["the", "copper"]}, {"words": ["of", "ferrite"]}]
    frequencies = {"words": Frequencies(values={"the": -0.5, "of": -0.5}, floor=-10)}
    prepared = matching.prepared(profiles(spark, spec, rows), spec, model_of(spec, frequencies))
    pairs = compared(candidates(prepared, spec), prepared, spec).select("a", "b", "level_it").collect()
    assert {(row["a"], row["b"]): row["level_it"] for row in pairs} == {(0, 1): 0, (0, 2): 1}


def test_a_rare_value_that_agrees_weighs_more(spark: SparkSession, tmp_path: Path) -> None:
    spec = spec_of(tmp_path, [{**EQUAL[0], "term_frequency": True}], [{"equal": ["name"]}])
    rows = [{"name": name, "other": other} for name in ("smith", "zyl") for other in "ab"]
    frequencies = {"name": Frequencies(values={"smith": -3.0}, floor=-9.0)}
    model = model_of(spec, frequencies)
    prepared = matching.prepared(profiles(spark, spec, rows), spec, model)
    found = matching.scored_pairs(prepared, spec, model).select("a", "weight").collect()
    assert {row["a"]: row["weight"] for row in found} == {0: 2.0, 2: 8.0}


def test_a_pair_weighs_against_strangers_and_against_its_group(spark: SparkSession, tmp_path: Path) -> None:
    spec = spec_of(tmp_path, EQUAL, [{"equal": ["year"]}])
    shares = LevelShares(m=(0.125, 0.875), u=(0.998, 0.002), r=(0.75, 0.25))
    model = Model(entity="thing", prior=-2.0, related=-1.0, comparisons={"it": shares})
    rows = [{"name": name, "year": "1"} for name in ("a", "a", "b")]
    prepared = matching.prepared(profiles(spark, spec, rows), spec, model)
    found = {(row["a"], row["b"]): row for row in matching.scored_pairs(prepared, spec, model).collect()}
    for pair, level in (((0, 1), 1), ((0, 2), 0)):
        strangers = -2 + math.log2(shares.m[level] / shares.u[level])
        in_group = -1 + math.log2(shares.m[level] / (shares.r or shares.m)[level])
        both = -math.log2(2**-strangers + 2**-in_group)
        assert found[pair]["weight"] == pytest.approx(both, abs=1e-3)
        assert found[pair]["strangers"] == pytest.approx(strangers, abs=1e-3)
        assert found[pair]["in_group"] == pytest.approx(in_group, abs=1e-3)
        told = explain([level], spec, model, total=found[pair]["weight"])
        assert told.weight == pytest.approx(both, abs=1e-3)
        assert told.weight == pytest.approx(explain([level], spec, model).weight, abs=1e-3)
