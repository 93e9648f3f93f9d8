"""Entity specs: those that are there load, and a wrong one says what is wrong and where."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.entity_spec import SpecError, load_spec
from expectations.key_functions import KEY_FUNCTIONS
from spark_jobs.base.settings import PROJECT
from spark_jobs.entities.keys.functions import FUNCTIONS
from spark_jobs.entities.measure.truth import TRUTH_NAMES

EXAMPLES = sorted((PROJECT / "tests" / "entities_specs").glob("*.yml"))
SPECS = sorted((PROJECT / "expectations" / "entities").glob("*.yml"))


@pytest.mark.parametrize("path", [*SPECS, *EXAMPLES], ids=lambda path: path.stem)
def test_a_spec_loads(path: Path) -> None:
    assert load_spec(path).entity == path.stem


def test_every_key_function_has_an_expression() -> None:
    assert set(KEY_FUNCTIONS) == set(FUNCTIONS)


def test_the_readme_names_every_key_function_and_level() -> None:
    text = (PROJECT / "expectations" / "entities" / "README.md").read_text("utf-8")
    kinds = ("equal", "distance", "similarity", "rearranged", "jaccard", "overlap", "prefix", "crossed", "within")
    wanted = [*KEY_FUNCTIONS, *kinds, "relative", "relation", "sql"]
    assert [name for name in wanted if f"`{name}`" not in text] == []


def test_the_readme_names_every_column_of_a_truth() -> None:
    text = (PROJECT / "expectations" / "entities" / "README.md").read_text("utf-8")
    assert [name for name in TRUTH_NAMES if f"`{name}`" not in text] == []


def spec() -> dict[str, Any]:
    """A spec as small as can be."""
    return {
        "title": "甲",
        "title_en": "A",
        "id_prefix": "A",
        "attributes": [{"name": "name"}, {"name": "town"}],
        "matching": {
            "keys": [{"name": "sound", "by": "soundex", "of": ["name"]}],
            "comparisons": [{"name": "name", "levels": [{"kind": "equal", "of": ["name"]}]}],
            "blocking": [{"equal": ["sound"]}],
        },
    }


def written(folder: Path, content: object) -> Path:
    path = folder / "thing.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return path


LEVELS = ("matching", "comparisons", 0, "levels", 0)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("matching", "keys", 0, "by"), "sounds", "key sound: no function 'sounds'; there are plain, tokens"),
        (("matching", "keys", 0, "of"), ["name", "town"], "soundex takes 1 column"),
        (("matching", "keys", 0, "of"), ["nam"], "neither an attribute nor an earlier key: key sound: nam"),
        (("matching", "keys", 0, "sql"), "upper(name)", "give either `by` and `of`, or `sql`"),
        (("matching", "keys", 0), {"name": "sound", "sql": "name || Rand ()"}, "key sound: Rand gives another value"),
        (("matching", "keys", 0), {"name": "sound", "sql": "name || current_date"}, "current_date gives another value"),
        (LEVELS, {"kind": "sql", "sql": "rand() < name_l"}, "comparison name, level `rand() < name_l`: rand gives"),
        (LEVELS, {"kind": "sql", "sql": "name = name"}, "level `name = name`: no column with a side"),
        (("matching", "blocking", 0), {"equal": ["sond"]}, "blocking sond: sond"),
        (("matching", "blocking", 0), {}, "a blocking rule needs `equal`, `each` or both"),
        (LEVELS, {"kind": "same", "of": ["name"]}, "matching.comparisons.0 (name).levels.0.kind"),
        (LEVELS, {"kind": "distance", "of": ["name"]}, "level distance: needs `at_most`"),
        (LEVELS, {"kind": "equal", "of": ["name"], "at_most": 1}, "level equal: takes no `at_most`"),
        (LEVELS, {"kind": "similarity", "of": ["name"], "at_least": 80}, "`at_least` is a share"),
        (LEVELS, {"kind": "crossed", "of": ["name"]}, "`of` must name 2 column"),
        (LEVELS, {"kind": "sql", "of": ["name"]}, "`sql` and kind sql belong together"),
        (LEVELS, {"kind": "distance", "of": ["name"], "at_most": 1, "term_frequency": True}, "term_frequency is for"),
        (("matching", "comparisons", 0, "weights"), [3.0], "weights needs 2 numbers"),
        (("matching", "comparisons"), [], "matching.comparisons: "),
        (("matching", "treshold"), 3, "matching.treshold: Extra inputs are not permitted"),
        (("matching", "one_per"), "fille", "one_per: fille"),
        (("matching", "blocking", 0, "sole"), True, "no one_value"),
        (("identifiers",), ["nmae"], "identifiers names no attribute: nmae"),
        (("attributes", 1, "name"), "value", "value: resolution has a column of this name itself"),
        (("attributes", 1, "name"), "record_id", "record_id: resolution has a column of this name itself"),
        (("matching", "keys", 0, "name"), "node_id", "node_id: resolution has a column of this name itself"),
    ],
)
def test_a_wrong_spec_says_what_is_wrong(tmp_path: Path, place: tuple[Any, ...], value: object, message: str) -> None:
    content: Any = spec()
    inner = content
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(SpecError) as caught:
        load_spec(written(tmp_path, content))
    assert message in str(caught.value)
    assert "thing.yml" in str(caught.value)


def test_a_fault_is_told_by_its_line_and_by_the_comparison_that_has_it(tmp_path: Path) -> None:
    content = spec()
    content["matching"]["comparisons"][0]["levels"][0]["att"] = 0.9
    path = written(tmp_path, content)
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "att: 0.9" in text)
    name = content["matching"]["comparisons"][0]["name"]
    with pytest.raises(SpecError, match=rf"thing\.yml:{line}: matching\.comparisons\.0 \({name}\)\.levels\.0\..*att"):
        load_spec(path)


def test_a_key_that_is_given_twice_is_no_silent_choice(tmp_path: Path) -> None:
    path = written(tmp_path, spec())
    path.write_text(path.read_text("utf-8") + "id_prefix: B\n", "utf-8")
    with pytest.raises(SpecError, match=r"thing\.yml:\d+: key 'id_prefix' given twice"):
        load_spec(path)


def test_names_that_resolution_has_elsewhere_are_free(tmp_path: Path) -> None:
    content = spec()
    content["attributes"][1]["name"] = "revision"
    content["matching"]["keys"].append({"name": "record_id", "by": "soundex", "of": ["revision"]})
    assert [key.name for key in load_spec(written(tmp_path, content)).matching.keys] == ["sound", "record_id"]


def test_texts_and_names_that_look_like_unstable_functions_are_none(tmp_path: Path) -> None:
    content = spec()
    content["matching"]["keys"].append({"name": "now", "sql": "nullif(name, 'rand() of now()')"})
    content["matching"]["blocking"].append({"equal": ["now"]})
    assert load_spec(written(tmp_path, content)).matching.keys[1].name == "now"


def test_too_many_comparisons_are_refused(tmp_path: Path) -> None:
    content = spec()
    level = {"kind": "equal", "of": ["name"]}
    content["matching"]["comparisons"] = [{"name": f"c{n}", "levels": [level]} for n in range(17)]
    with pytest.raises(SpecError, match="at most 16 items"):
        load_spec(written(tmp_path, content))


@pytest.mark.parametrize("text", [b"[1, 2]", b"title: [", b"", b"title: 2026-13-45", "title: 人".encode("gbk")])
def test_a_file_that_is_no_spec_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "thing.yml"
    path.write_bytes(text)
    with pytest.raises(SpecError, match=r"thing\.yml"):
        load_spec(path)
