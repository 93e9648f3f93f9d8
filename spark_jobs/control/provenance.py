"""Which code and which contract made a result."""

import hashlib
import subprocess
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import PROJECT


@cache
def code_version() -> str:
    """Package version and, in a checkout, the commit: `0.1.0+1a2b3c4d`."""
    release = _release()
    try:
        commit = subprocess.run(
            ["git", "-C", str(PROJECT), "rev-parse", "--short=8", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return release
    return f"{release}+{commit}"


def _release() -> str:
    try:
        return version("xianning-lake")
    except PackageNotFoundError:
        # `make setup` takes the package out for some seconds, and deliveries go on.
        return str(tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def contract_sha256(contract: FeedContract) -> str:
    """Hash of all that the contract says, comments and layout apart."""
    return hashlib.sha256(contract.model_dump_json().encode()).hexdigest()


def refine_fingerprint(contract: FeedContract) -> str:
    """Hash of what decides refine's result beside the data: contract, domain types, code tables, refine's own code."""
    return _fingerprint(contract.id, contract.model_dump_json())


@cache
def _fingerprint(feed: str, contract: str) -> str:
    digest = hashlib.sha256(contract.encode())
    sources = [
        PROJECT / "expectations" / "row_breaches.yml",
        *(PROJECT / "expectations" / "domain_types").glob("*.yml"),
        *(PROJECT / "spark_jobs" / "refine").rglob("*.py"),
        *(PROJECT / "dbt" / "seeds").glob("*.csv"),
        PROJECT / "spark_jobs" / "feeds" / f"{feed}.py",
    ]
    for path in sorted(sources):
        if path.is_file():
            digest.update(str(path.relative_to(PROJECT)).encode())
            digest.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return digest.hexdigest()
