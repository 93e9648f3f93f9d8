"""Which code made a result is known whatever becomes of the installation."""

import tomllib
from importlib.metadata import PackageNotFoundError

import pytest

from spark_jobs.base.settings import PROJECT
from spark_jobs.control import provenance


def test_the_code_has_its_version_while_the_package_is_installed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_there(name: str) -> str:
        raise PackageNotFoundError(name)

    installed = provenance.code_version.__wrapped__()
    monkeypatch.setattr(provenance, "version", not_there)
    assert provenance.code_version.__wrapped__() == installed
    assert installed.startswith(tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
