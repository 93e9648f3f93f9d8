"""What the READMEs name is there: paths, commands with their options, make targets, modules."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from infra import front_door

PROJECT = Path(__file__).parents[2]
MOST_BYTES = 8_000
OF_THE_LAKE = {"inbox", "outbox", "landing", "sources", "truth", ".lake", ".."}
"""First parts of paths that are not the repository's: zones of a lake home, the generator's output, neighbours."""
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(`+)(.+?)\1")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)\)")
PATH = re.compile(r"[\w.<>*-]+(/[\w.<>*-]+)*/?")
README, README_ZH = PROJECT / "README.md", PROJECT / "README.zh.md"


def documents() -> list[Path]:
    return [
        README,
        README_ZH,
        *sorted(path for top in tops() for path in (PROJECT / top).rglob("*.md") if of_hand(path)),
    ]


def tops() -> list[str]:
    return ["expectations", "dags", "spark_jobs", "dbt", "infra", "tests"]


def of_hand(path: Path) -> bool:
    return not {"dictionary", "bin", "node_modules"} & set(path.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def code_of(path: Path) -> list[str]:
    """Code spans and lines of code blocks."""
    text = path.read_text("utf-8")
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    indented = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    return lines + indented + [span for _, span in SPAN.findall(FENCE.sub("", text))]


def words_after(program: str, code: str) -> Iterator[list[str]]:
    """What follows the program at each place where a line of code calls it."""
    for match in re.finditer(rf"(?:^|[;&|] *|@)(?:\S*/)?{program} (?=[a-zA-Z-])(.*)", code):
        yield _words(re.split(r" [;&|]|;|→|  ", match[1])[0])


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_path_of_the_repository_that_is_named_exists(document: Path) -> None:
    named = [code for code in code_of(document) if PATH.fullmatch(code)]
    missing = [code for code in named if is_path(code, document) and not exists(code, document)]
    assert missing == []


def is_path(code: str, document: Path) -> bool:
    first = code.split("/")[0]
    if first in OF_THE_LAKE:
        return False
    has_suffix = bool(re.search(r"\.(py|yml|yaml|md|sql|csv|json|toml|lock|j2)$", code)) and "/" in code
    return has_suffix or ("/" in code and first in {*tops(), *(each.name for each in document.parent.iterdir())})


def exists(code: str, document: Path) -> bool:
    """As a file or folder; of a path with placeholders the folder in which they begin."""
    given = code.partition("<")[0].rpartition("/")[0] if "<" in code else code.rstrip("/")
    return any(next(root.glob(given), None) is not None for root in (PROJECT, document.parent))


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(FENCE.sub("", document.read_text("utf-8"))) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_lake_command_has_its_verb_and_its_options(document: Path) -> None:
    called = [words for code in code_of(document) for words in words_after("lake", code)]
    wrong = {" ".join(words): fault for words in called if (fault := fault_of(words))}
    assert wrong == {}


def fault_of(words: list[str]) -> str | None:
    """What is wrong with the words after `lake`."""
    command: Any = typer.main.get_command(front_door.app)
    rest = list(words)
    while hasattr(command, "commands"):
        if not rest or rest[0].startswith(("-", "[")):
            break
        verb = rest.pop(0).strip("[](),.")
        for each in verb.split("|"):
            if each not in command.commands:
                return f"no verb {each}"
        command = command.commands[verb.split("|")[0]]
    known = {"--help", *(option for param in command.params for option in (*param.opts, *param.secondary_opts))}
    options = {word.strip("[](),.").partition("=")[0] for word in rest if word.strip("[").startswith("--")}
    return f"no option {sorted(options - known)}" if options - known else None


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_make_target_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    called = {words[0] for code in code_of(document) for words in words_after("make", code)}
    assert called - targets == set()


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_module_and_test_that_is_run_exists(document: Path) -> None:
    called = [words for code in code_of(document) for words in words_after("python", code) if words[0] == "-m"]
    assert [words[1] for words in called if importlib.util.find_spec(words[1]) is None] == []
    paths = [word.partition("::")[0] for words in called if words[1] == "pytest" for word in words if "/" in word]
    assert [path for path in paths if not (PROJECT / path).exists()] == []


def test_make_targets_call_the_one_command() -> None:
    """Which program each recipe line starts with; `lake` is the only one of ours, tests and benchmarks apart."""
    recipes = re.findall(r"^\t@(\S+)(.*)", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE)
    ours = [
        program for program, rest in recipes if program.startswith("lake") or "spark_jobs" in rest or "infra." in rest
    ]
    assert set(ours) == {"lake"}
    called = [words for program, rest in recipes for words in words_after("lake", f"{program}{rest}")]
    assert {words[0] for words in called} >= {"run", "up", "down", "backfill", "sql", "render", "new-feed"}
    assert [fault for words in called if (fault := fault_of(words))] == []


@pytest.mark.parametrize("document", [README, README_ZH], ids=name_of)
def test_the_first_page_is_two_screens(document: Path) -> None:
    assert len(document.read_bytes()) <= MOST_BYTES


def test_both_languages_name_the_same_commands_folders_and_pages() -> None:
    for find in (commands_of, folders_of, pages_of):
        assert find(README_ZH) == find(README)


def commands_of(document: Path) -> set[str]:
    code = code_of(document)
    return {
        f"{program} {words[0]}" for each in code for program in ("make", "lake") for words in words_after(program, each)
    }


def folders_of(document: Path) -> list[str]:
    return [code.split("/")[0] for code in code_of(document) if re.match(r"[a-z_]+/ {2,}", code)]


def pages_of(document: Path) -> set[str]:
    return set(LINK.findall(document.read_text("utf-8"))) - {README.name, README_ZH.name}


@pytest.mark.parametrize("top", tops())
def test_every_top_folder_has_its_readme(top: str) -> None:
    assert (PROJECT / top / "README.md").is_file()
