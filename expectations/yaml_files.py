"""YAML that people write: read with the line of everything, so that a fault is told by file, line and name."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails


def read_mapping(path: Path, what: str) -> tuple[dict[str, Any], yaml.Node | None]:
    """The mapping in a file, and the same with its places.

    Args:
        path: the file.
        what: that it should hold, such as `a contract`.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no YAML, no mapping, or gives a key twice, of which YAML would silently keep the last.
    """
    try:
        text = path.read_text("utf-8")
        document, node = _read_once(text)
    except (ValueError, yaml.YAMLError) as error:
        # A ValueError is of bytes that are no UTF-8, or of what looks like a date and is none, such as 2026-13-45.
        raise ValueError(f"{path}: not YAML: {error}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path}:1: {what} is a mapping")
    twice = _repeated_keys(node)
    if twice:
        raise ValueError("\n".join(f"{path}:{line}: key {key!r} given twice" for key, line in twice))
    return document, node


def _read_once(text: str) -> tuple[Any, yaml.Node | None]:
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        return (None if node is None else loader.construct_document(node)), node
    finally:
        loader.dispose()


def faults(path: Path, node: yaml.Node | None, error: ValidationError, whole: str) -> str:
    """What a model has against the file's content: a line for each fault, with file, line and where in it.

    Args:
        path: the file.
        node: from `read_mapping`.
        error: the model's.
        whole: how a fault of no single part is named.
    """
    return "\n".join(f"{path}:{_place(node, each['loc'], whole)}: {each['msg']}" for each in _first_hand(error))


def _first_hand(error: ValidationError) -> list[ErrorDetails]:
    """The errors, but for "too few items" of a list whose items have errors of their own."""
    details = error.errors()
    within = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in within]


def _place(node: yaml.Node | None, location: tuple[int | str, ...], whole: str) -> str:
    """Line (from 1) of the deepest part of `location` that is in the file, and its steps; items by their names too."""
    line, said = 1, []
    for step in location:
        found = _within(node, step)
        if found is None:
            said.append(str(step))  # a discriminator such as `drop`, or a key that is missing
            continue
        at, node = found
        line = at.start_mark.line + 1
        said.append(f"{step}{_named(node) if isinstance(step, int) else ''}")
    return f"{line}: {'.'.join(said) or whole}"


def _within(node: yaml.Node | None, step: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """Where a part of a node begins, and the part."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _named(node: yaml.Node) -> str:
    name = _within(node, "name") if isinstance(node, yaml.MappingNode) else None
    return f" ({name[1].value})" if name is not None and isinstance(name[1], yaml.ScalarNode) else ""


def _repeated_keys(node: yaml.Node | None) -> list[tuple[str, int]]:
    """Keys that a mapping gives twice."""
    if isinstance(node, yaml.SequenceNode):
        return [found for child in node.value for found in _repeated_keys(child)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key.value for key, _ in node.value]
    here = [(key.value, key.start_mark.line + 1) for i, (key, _) in enumerate(node.value) if key.value in keys[:i]]
    return here + [found for _, child in node.value for found in _repeated_keys(child)]
