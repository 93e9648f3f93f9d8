"""The JDBC door lets in who shows the token, and nobody else."""

import socket
from collections.abc import Iterator

import pytest

from spark_jobs.lake.server.jdbc_door import JdbcDoor

TOKEN = "t0ken" * 9


@pytest.fixture(scope="module")
def door() -> Iterator[JdbcDoor]:
    made = JdbcDoor(TOKEN)
    made.serve()
    yield made
    made.shutdown()
    made.server_close()


def bind_request(password: bytes) -> bytes:
    """Message 7: a simple bind of protocol version 3 as `lake`, as RFC 4511, 4.2 spells it."""
    request = b"\x02\x01\x03" + b"\x04\x04lake" + b"\x80" + bytes([len(password)]) + password
    message = b"\x02\x01\x07" + b"\x60" + bytes([len(request)]) + request
    return b"\x30" + bytes([len(message)]) + message


def answer(door: JdbcDoor, message: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", int(door.server_address[1])), timeout=5) as connection:
        connection.sendall(message)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(100)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        pytest.param(TOKEN.encode(), 0, id="the token"),
        pytest.param(b"wrong", 49, id="another word"),
        pytest.param(b"", 49, id="nothing"),
        pytest.param(TOKEN.encode()[:-1], 49, id="a part of the token"),
    ],
)
def test_the_password_decides(door: JdbcDoor, password: bytes, code: int) -> None:
    assert (
        answer(door, bind_request(password))
        == b"\x30\x0c\x02\x01\x07\x61\x07\x0a\x01" + bytes([code]) + b"\x04\x00" * 2
    )


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"GET / HTTP/1.0\r\n\r\n", id="another protocol"),
        pytest.param(b"", id="silence"),
        pytest.param(b"\x30\x84\xff\xff\xff\xff", id="endless"),
        pytest.param(b"\x30\x05\x02\x01\x07\x42\x00", id="unbind"),
        pytest.param(bind_request(TOKEN.encode())[:20], id="cut short"),
    ],
)
def test_what_is_no_bind_gets_no_answer(door: JdbcDoor, message: bytes) -> None:
    assert answer(door, message) == b""
