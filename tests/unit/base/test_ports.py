"""Ports of servers that come back to the same one."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from infra.stack.places import Places, port
from spark_jobs.base import ports
from spark_jobs.base.errors import LakeError
from tests.ports import free_port, free_ports
from tests.source_tree import PROJECT, modules


def listening(at: int = 0) -> socket.socket:
    """Something that listens on a port."""
    opened = socket.socket()
    opened.bind(("127.0.0.1", at))
    opened.listen()
    return opened


def first_ephemeral() -> int:
    return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


def test_no_outgoing_connection_is_given_one() -> None:
    assert 1024 < min(ports.choices()) < max(ports.choices()) < first_ephemeral()


def test_a_free_preferred_port_is_taken() -> None:
    preferred = free_port()
    assert ports.free_port(preferred) == preferred


def test_another_is_found_where_the_preferred_one_is_taken() -> None:
    with listening() as taken:
        found = ports.free_port(taken.getsockname()[1])
    assert found in ports.choices()


def test_who_holds_a_port_that_a_server_needs_is_named() -> None:
    with listening(free_port()) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LakeError) as found:
            ports.must_be_free(port, "LAKE_AIRFLOW_PORT", "Airflow")
    name = psutil.Process().name()
    assert f"port {port} of Airflow is in use by process {os.getpid()} ({name})" in str(found.value)
    assert "LAKE_AIRFLOW_PORT" in str(found.value)
    ports.must_be_free(port, "LAKE_AIRFLOW_PORT", "Airflow")


def test_a_service_of_the_stack_keeps_its_port_when_another_process_holds_it_later(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.prepare()
    first = port(places, "minio", free_port())
    with listening(first):
        assert port(places, "minio", 9000) == first


def test_ports_in_a_row_are_all_free() -> None:
    first = free_ports(3)
    for each in range(first, first + 3):
        listening(each).close()


def test_two_test_processes_are_never_given_the_same_port() -> None:
    mine = {free_port() for _ in range(20)}
    # A process that tries exactly these, as chance might have it, gets none of them.
    program = (
        "import sys; from tests import ports\n"
        "taken = [port for port in map(int, sys.argv[1:]) if not ports._reserve(range(port, port + 1))]\n"
        "sys.stdout.write(str(len(taken)))"
    )
    command = [sys.executable, "-c", program, *map(str, mine)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert (len(mine), done.stdout) == (20, "20")


def test_nobody_asks_the_kernel_for_a_port_of_a_server() -> None:
    asking = 'bind(("127.0.0.1", 0))'
    this = Path(__file__).resolve()
    found = modules("spark_jobs", "infra", "dags", "tests")
    assert [str(module) for module in found if asking in module.text and module.path != this] == []
