"""The protocol of a bureau's interface: tokens, gzip, connections that stay open, and what goes wrong with them."""

import base64
import gzip
import hmac
import json
import secrets
import socket
import ssl
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from spark_jobs.city.serve.faults import Faults
from spark_jobs.city.serve.rest.answers import Interface

BASE, TOKEN, CLIENT = "/api", "/api/oauth/token", "lake"
TOKEN_SECONDS = 600
_SILENT_SECONDS = 30
_STATUS = {"busy": 429, "failing": 500, "expired": 401}


class RestHttpServer(ThreadingHTTPServer):
    """Serves interfaces by their paths.

    Args:
        at: host and port.
        interfaces: by path, below BASE.
        secret: of the client.
        faults: what goes wrong.
    """

    daemon_threads = True
    tls: ssl.SSLContext

    def __init__(self, at: tuple[str, int], interfaces: Mapping[str, Interface], secret: str, faults: Faults) -> None:
        super().__init__(at, _Handler)
        self.interfaces, self.faults = interfaces, faults
        self._secret = secret
        self._tokens: dict[str, float] = {}
        self._lock = threading.Lock()

    def get_request(self) -> tuple[socket.socket, Any]:
        """A connection, whose handshake is for the thread that serves it."""
        wire, peer = super().get_request()
        wire.settimeout(_SILENT_SECONDS)
        return self.tls.wrap_socket(wire, server_side=True, do_handshake_on_connect=False), peer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is none of our business."""

    def is_client(self, said: str) -> bool:
        """Whether a header of RFC 7617 has the client's secret."""
        good = "Basic " + base64.b64encode(f"{CLIENT}:{self._secret}".encode()).decode()
        return hmac.compare_digest(said.encode(), good.encode())

    def new_token(self) -> str:
        """A token for a while."""
        token = secrets.token_urlsafe()
        with self._lock:
            self._tokens[token] = monotonic() + TOKEN_SECONDS
        return token

    def is_token(self, said: str) -> bool:
        """Whether a header of RFC 6750 has a token that is valid."""
        with self._lock:
            return self._tokens.get(said.removeprefix("Bearer "), 0) > monotonic()

    def forget_tokens(self) -> None:
        """None is valid any longer."""
        with self._lock:
            self._tokens.clear()


class _Handler(BaseHTTPRequestHandler):
    server: RestHttpServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Parameters are in the URL."""
        self._answer(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))

    def do_POST(self) -> None:
        """Parameters are a JSON object; or a token is asked for."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if urlsplit(self.path).path == TOKEN:
            self._give_token()
        else:
            self._answer({name: str(value) for name, value in json.loads(body or b"{}").items()})

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what is asked for may name somebody."""

    def _give_token(self) -> None:
        if not self.server.is_client(self.headers.get("Authorization", "")):
            self._send(401, {"error": "invalid_client"})
            return
        given = {"access_token": self.server.new_token(), "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        self._send(200, given)

    def _answer(self, given: Mapping[str, str]) -> None:
        path = urlsplit(self.path).path
        interface = self.server.interfaces.get(path.removeprefix(f"{BASE}/"))
        if interface is None or not path.startswith(f"{BASE}/"):
            self._send(404, {"error": "not found"})
            return
        fault = self.server.faults.take()
        if fault == "expired":
            self.server.forget_tokens()
        if not self.server.is_token(self.headers.get("Authorization", "")):
            fault = "expired"
        if fault in _STATUS:
            said = interface.said(fault)
            self._send(200 if said else _STATUS[fault], said or {"error": fault})
            return
        found, link = interface.answer(given, f"https://{self.headers.get('Host')}{path}")
        self._send(200, found, link, is_cut=fault == "cut")

    def _send(self, status: int, found: Any, link: str | None = None, is_cut: bool = False) -> None:
        body = json.dumps(found, ensure_ascii=False).encode()
        self.send_response(status)
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, compresslevel=1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if status == _STATUS["busy"]:
            self.send_header("Retry-After", "1")
        if link:
            self.send_header("Link", f'<{link}>; rel="next"')
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        self.close_connection |= is_cut
