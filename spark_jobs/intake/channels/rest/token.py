"""Who we are to a source: a token that is asked for and renewed, or a password."""

import base64
import json
from collections.abc import Callable
from math import inf
from time import monotonic
from typing import Any
from urllib.parse import urljoin

from spark_jobs.intake.channels.rest.address import Address
from spark_jobs.intake.channels.rest.faults import Odd

_MARGIN = 0.1
"""Of a token's life, in which it is renewed before it ends on the way."""
_DO = "compare the endpoint of tokens, `token` in the URL's query, with the interface: RFC 6749 section 5.1"


class Tokens:
    """Headers that say who we are.

    Args:
        at: the source.
        ask: posts a form with headers to a URL of the source, and returns the body of the answer.
    """

    def __init__(self, at: Address, ask: Callable[[str, dict[str, str], dict[str, str]], bytes]) -> None:
        self._at = at
        self._ask = ask
        self._token: str | None = None
        self._until = 0.0

    def headers(self) -> dict[str, str]:
        """The headers of a request; a token is asked for where there is none that is still good."""
        at = self._at
        if at.password is None:
            return {}
        if at.header is not None:
            return {at.header: at.password.get_secret_value()}
        if at.token is None:
            return {"Authorization": _basic(at)}
        if self._token is None or monotonic() >= self._until:
            self._token, self._until = self._new()
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> bool:
        """Use the token no more; False: there was none, so that another would be the same."""
        had, self._token = self._token, None
        return had is not None

    def _new(self) -> tuple[str, float]:
        at, asked = self._at, monotonic()
        url = urljoin(f"{at.root}{at.base}/", str(at.token))
        body = self._ask(url, {"Authorization": _basic(at)}, {"grant_type": "client_credentials"})
        said = _object(body)
        token, seconds = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise Odd("its endpoint of tokens gives none", _DO)
        return token, asked + _seconds(seconds) * (1 - _MARGIN)


def _seconds(said: object) -> float:
    """How long a token lives; for ever where nobody says."""
    try:
        return float(str(said)) or inf
    except ValueError:
        return inf


def _basic(at: Address) -> str:
    """RFC 7617, as RFC 6749 section 2.3.1 has it for clients."""
    secret = at.password.get_secret_value() if at.password else ""
    return "Basic " + base64.b64encode(f"{at.user or ''}:{secret}".encode()).decode()


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        # Without its cause: that may quote the token.
        raise Odd("its endpoint of tokens answers with what is no JSON", _DO) from None
    return found if isinstance(found, dict) else {}
