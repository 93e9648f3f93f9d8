"""Where a REST source is, who we are to it, and which certificates we take for its own."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote

from pydantic import SecretStr

from spark_jobs.base.settings import settings
from spark_jobs.intake.sources import read_url

_FORM = (
    "URL, https://[user:password@]host[:port]/base[?certificate=/path.pem][&token=/path/of/token][&header=Name-Of-Key]"
)
_KNOWN = {"certificate", "token", "header"}


@dataclass(frozen=True)
class Address:
    """A REST source."""

    source: str
    """Its name in LAKE_SOURCES; everything else of it stays out of errors and logs."""
    root: str
    """Scheme, host and port."""
    base: str
    """Path, without a slash at its end."""
    user: str | None
    password: SecretStr | None
    token: str | None
    """Path of the endpoint that gives tokens to user and password (RFC 6749 section 4.4)."""
    header: str | None
    """Header that has the password; where there is neither this nor `token`, both go by RFC 7617."""
    certificate: Path | None
    """Pinned certificates in PEM; None: the connection is not encrypted, as the URL's `http://` says."""

    def url(self, below: str) -> str:
        """URL of a contract's path."""
        return f"{self.root}{self.base}/{below}".rstrip("/")


def read_address(source: str) -> Address:
    """The address of a source by its name.

    Raises:
        LakeError: it is not configured, or its URL says too little or what is not understood.
    """
    return read_url(source, _FORM, lambda url: _address(source, url))


def _address(source: str, url: SplitResult) -> Address:
    query = {name: given[0] for name, given in _once(parse_qs(url.query, keep_blank_values=True)).items()}
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError("it is no https:// URL with a host")
    if set(query) - _KNOWN:
        raise ValueError(f"its query may name {', '.join(sorted(_KNOWN))}")
    if ("token" in query or "header" in query) and not url.password:
        raise ValueError("it has no password for the token, or for the header, that its query names")
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    port = _port(url)
    return Address(
        source=source,
        root=f"{url.scheme}://{host}" + (f":{port}" if port else ""),
        base=url.path.rstrip("/"),
        user=unquote(url.username) if url.username else None,
        password=SecretStr(unquote(url.password)) if url.password else None,
        token=query.get("token"),
        header=query.get("header"),
        certificate=_pinned(source, query.get("certificate")) if url.scheme == "https" else None,
    )


def _once(query: dict[str, list[str]]) -> dict[str, list[str]]:
    if any(len(given) != 1 for given in query.values()):
        raise ValueError("its query names something twice")
    return query


def _pinned(source: str, given: str | None) -> Path:
    return Path(given) if given else settings().home / "secrets" / "certificates" / f"{source}.pem"


def _port(url: SplitResult) -> int | None:
    try:
        return url.port
    except ValueError:
        raise ValueError("its port is no number that a port has") from None
