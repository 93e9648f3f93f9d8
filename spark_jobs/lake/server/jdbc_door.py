"""Who may come in by JDBC: those who show the lake's token as their password.

Spark's Thrift server asks an LDAP directory or nobody. So the keeper answers, on the loopback address only, the one
LDAP operation that the Thrift server needs: simple bind (RFC 4511, 4.2). It holds no directory.
"""

import hmac
from io import BufferedIOBase, BytesIO
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

_MESSAGE_BYTES = 4096
_SEQUENCE, _INTEGER, _OCTETS, _ENUMERATED = 0x30, 0x02, 0x04, 0x0A
_BIND_REQUEST, _BIND_RESPONSE, _SIMPLE_PASSWORD = 0x60, 0x61, 0x80
_SUCCESS, _INVALID_CREDENTIALS = 0, 49


class JdbcDoor(ThreadingTCPServer):
    """The directory that knows one password; it listens from when it is made and answers from `serve` on."""

    daemon_threads = True

    def __init__(self, token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Bind)
        self.token = token

    @property
    def url(self) -> str:
        """Where the Thrift server asks."""
        return f"ldap://127.0.0.1:{self.server_address[1]}"

    def serve(self) -> None:
        """Answer until the process ends."""
        Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that speaks no LDAP is let go without a word."""


class _Bind(StreamRequestHandler):
    timeout = 10
    server: JdbcDoor

    def handle(self) -> None:
        tag, message = _element(self.rfile)
        if tag != _SEQUENCE:
            return
        (_, number), (operation, request) = _elements(message)[:2]
        if operation != _BIND_REQUEST:
            return
        _, _, (kind, password) = _elements(request)
        is_known = kind == _SIMPLE_PASSWORD and hmac.compare_digest(password, self.server.token.encode())
        result = (
            _encoded(_ENUMERATED, bytes([_SUCCESS if is_known else _INVALID_CREDENTIALS])) + bytes([_OCTETS, 0]) * 2
        )
        self.wfile.write(_encoded(_SEQUENCE, _encoded(_INTEGER, number) + _encoded(_BIND_RESPONSE, result)))
        self.rfile.read(1)


def _element(stream: BufferedIOBase) -> tuple[int, bytes]:
    """The next element in the basic encoding rules (X.690, 8.1), tag and content."""
    tag, length = stream.read(2)
    if length & 0x80:
        length = int.from_bytes(stream.read(length & 0x7F), "big")
    if length > _MESSAGE_BYTES:
        raise ValueError("a message too long for a bind")
    content = stream.read(length)
    if len(content) < length:
        raise ValueError("a message cut short")
    return tag, content


def _elements(content: bytes) -> list[tuple[int, bytes]]:
    stream = BytesIO(content)
    found = []
    while stream.tell() < len(content):
        found.append(_element(stream))
    return found


def _encoded(tag: int, content: bytes) -> bytes:
    """One element; everything the door says is shorter than 128 bytes."""
    return bytes([tag, len(content)]) + content
