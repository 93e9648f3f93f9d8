"""Where an SFTP source is, how we log in, and which host keys we take for its own."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote

from pydantic import SecretStr

from spark_jobs.base.settings import settings
from spark_jobs.intake.sources import read_url

_FORM = "URL, sftp://user[:password]@host[:port]/base/folder[?key=/path][&known_hosts=/path]"


@dataclass(frozen=True)
class Address:
    """An SFTP source."""

    source: str
    """Its name in LAKE_SOURCES; everything else of it stays out of errors and logs."""
    host: str
    port: int
    user: str
    password: SecretStr | None
    key: Path | None
    """Private key, without a passphrase."""
    known_hosts: Path
    """Pinned host keys in OpenSSH's form; `secrets/known_hosts` of the lake's home unless the URL names another."""
    base: str

    def folder(self, below: str) -> str:
        """A folder of a contract, as the server names it; `.` is where the login leads."""
        return "/".join(part for part in (self.base, below) if part) or "."


def read_address(source: str) -> Address:
    """The address of a source by its name.

    Raises:
        LakeError: it is not configured, or its URL says too little or what is not understood.
    """
    return read_url(source, _FORM, lambda url: _address(source, url))


def _address(source: str, url: SplitResult) -> Address:
    query = parse_qs(url.query, keep_blank_values=True)
    if url.scheme != "sftp" or not url.hostname or not url.username:
        raise ValueError("it is no sftp:// URL with a user and a host")
    if set(query) - {"key", "known_hosts"} or any(len(given) != 1 for given in query.values()):
        raise ValueError("its query may name key and known_hosts, each once")
    if not url.password and "key" not in query:
        raise ValueError("it has neither a password nor a key")
    pinned = query["known_hosts"][0] if "known_hosts" in query else settings().home / "secrets" / "known_hosts"
    return Address(
        source=source,
        host=url.hostname,
        port=_port(url),
        user=unquote(url.username),
        password=SecretStr(unquote(url.password)) if url.password else None,
        key=Path(query["key"][0]) if "key" in query else None,
        known_hosts=Path(pinned),
        base=unquote(url.path).rstrip("/"),
    )


def _port(url: SplitResult) -> int:
    try:
        return url.port or 22
    except ValueError:
        raise ValueError("its port is no number that a port has") from None
