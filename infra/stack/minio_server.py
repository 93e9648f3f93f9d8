"""MinIO: built from its source by Go, run on loopback, without its console."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from infra.stack.places import Places, is_listening, port
from spark_jobs.base.errors import LakeError
from spark_jobs.base.secret_files import remembered_secrets, write_secret

MODULE = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"
QUICKLY = ("-gcflags=all=-dwarf=false", "-ldflags=-s -w")
"""No tables for debuggers; with a compiler that looks for garbage rarely, 393 CPU-seconds instead of 482."""
BINARY = Path(__file__).parents[1] / "bin" / f"minio-{MODULE.rsplit('-', 1)[1]}"
PREFERRED_PORT = 9000
ROOT_USER = "lake-root"
START_SECONDS = 300


def build() -> Path:
    """The MinIO binary, built if it is not there; takes about 3 minutes on 2 cores the first time.

    Raises:
        LakeError: Go is missing, or the build failed.
    """
    if BINARY.exists():
        return BINARY
    if shutil.which("go") is None:
        raise LakeError(
            "MinIO is built from source and there is no Go compiler", "install Go 1.24 or newer, then: lake stack up"
        )
    BINARY.parent.mkdir(parents=True, exist_ok=True)
    with (BINARY.parent / "building").open("w") as turn:
        # Another build that has begun is waited for: two would compile the same twice.
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not BINARY.exists():
            _install()
    return BINARY


def _install() -> None:
    with tempfile.TemporaryDirectory(dir=BINARY.parent) as folder:
        env = os.environ | {"GOBIN": folder, "CGO_ENABLED": "0", "GOGC": "800"}
        made = subprocess.run(["go", "install", *QUICKLY, MODULE], env=env, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            reason = made.stderr.strip().splitlines()[-1:] or ["no message"]
            raise LakeError(
                f"go install {MODULE} failed: {reason[0]}", "check the network and the disk, then: lake stack up"
            )
        (Path(folder) / "minio").replace(BINARY)


def endpoint(places: Places) -> str:
    """The S3 endpoint of this stack."""
    return f"http://127.0.0.1:{port(places, 'minio', PREFERRED_PORT)}"


def root_secret(places: Places) -> str:
    """The root secret, for setting up users and buckets only; no other process is given it."""
    return remembered_secrets(places.secrets / "minio_root.json", (ROOT_USER,))[ROOT_USER]


def write_settings(places: Places) -> Path:
    """Write MinIO's settings file; a file, because an environment with the root secret is there for others to list."""
    file = places.secrets / "minio.env"
    write_secret(file, f"MINIO_ROOT_USER={ROOT_USER}\nMINIO_ROOT_PASSWORD={root_secret(places)}\n")
    return file


def up(places: Places) -> None:
    """Start MinIO, if it is not running, and wait until it answers.

    Raises:
        LakeError: it did not start; the text names its log.
    """
    started = None if running_pid(places) else _start(places)
    at = port(places, "minio", PREFERRED_PORT)
    deadline = time.monotonic() + START_SECONDS
    while not is_listening(at):
        # Not by its command line, which the kernel does not have yet in a process that has only just become MinIO.
        has_ended = running_pid(places) is None if started is None else started.poll() is not None
        if has_ended or time.monotonic() > deadline:
            raise LakeError(f"MinIO did not start on port {at}", f"read {places.logs / 'minio.log'}")
        time.sleep(0.1)


def down(places: Places) -> bool:
    """Stop MinIO; False if it was not running."""
    pid = running_pid(places)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while running_pid(places) is not None:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    _pid_file(places).unlink(missing_ok=True)
    return True


def running_pid(places: Places) -> int | None:
    """The process id of this stack's MinIO; a reused id of another program does not count."""
    try:
        pid = int(_pid_file(places).read_text())
    except (FileNotFoundError, ValueError):
        return None
    _reap(pid)
    shown = subprocess.run(
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    is_ours = str(_data(places)) in shown.stdout and not shown.stdout.startswith("Z")
    return pid if is_ours else None


def _start(places: Places) -> subprocess.Popen[bytes]:
    _data(places).mkdir(parents=True, exist_ok=True, mode=0o700)
    env = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(places.state),
        "MINIO_CONFIG_ENV_FILE": str(write_settings(places)),
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }
    address = f"127.0.0.1:{port(places, 'minio', PREFERRED_PORT)}"
    with (places.logs / "minio.log").open("ab") as log:
        command = [str(build()), "server", "--address", address, str(_data(places))]
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    _pid_file(places).write_text(str(process.pid))
    return process


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _pid_file(places: Places) -> Path:
    return places.state / "minio.pid"


def _data(places: Places) -> Path:
    return places.state / "minio"
