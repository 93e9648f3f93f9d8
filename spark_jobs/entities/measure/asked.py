"""What a command that works by a spec is given: that it is there, and that it is what it should be."""

from pathlib import Path

from expectations.entity_spec import EntitySpec, SpecError, load_spec
from spark_jobs.base.errors import LakeError


def check_there(read: dict[str, Path | None]) -> None:
    """See that files are there, each by the option that names it.

    Raises:
        LakeError: one is not.
    """
    for option, path in read.items():
        if path is not None and not path.exists():
            raise LakeError(f"there is no file {path}", f"check the path after {option}")


def check_names(files: list[Path]) -> None:
    """See that files can be told apart by their names.

    Raises:
        LakeError: two have one name.
    """
    stems = [path.stem for path in files]
    twice = sorted({stem for stem in stems if stems.count(stem) > 1})
    if twice:
        raise LakeError(f"two files are named {', '.join(twice)}", "rename one: records are told apart by their file")


def spec_in(path: Path) -> EntitySpec:
    """The spec in a file.

    Raises:
        LakeError: it is none.
    """
    try:
        return load_spec(path)
    except SpecError as error:
        raise LakeError(str(error), "mend the spec; expectations/entities/README.md explains every field") from error
