"""MinIO: built from its source by Go, run on loopback, without its console."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from infra.log_ends import last_lines
from infra.stack.places import Places, is_listening, port
from spark_jobs.base.errors import LakeError
from spark_jobs.base.secret_files import remembered_secrets, write_secret
from spark_jobs.control.lease import process_identity

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
    if running_pid(places) is None:
        _start(places)
    at = port(places, "minio", PREFERRED_PORT)
    deadline = time.monotonic() + START_SECONDS
    while not is_listening(at):
        if running_pid(places) is None or time.monotonic() > deadline:
            log = places.logs / "minio.log"
            raise LakeError(f"MinIO did not start on port {at}: {last_lines(log, 3)}", f"read {log}")
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
        number, _, identity = _pid_file(places).read_text().partition(" ")
        pid = int(number)
    except (FileNotFoundError, ValueError):
        return None
    is_ours = process_identity(pid) == identity if identity else _serves(pid, _data(places))
    return pid if is_ours else None


def _serves(pid: int, data: Path) -> bool:
    """Whether a process that an earlier version started, which noted its number alone, serves this folder.

    Not asked of one that has just been started: the kernel has no command line of it yet.
    """
    try:
        return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _start(places: Places) -> None:
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
    _pid_file(places).write_text(f"{process.pid} {process_identity(process.pid)}")


def _pid_file(places: Places) -> Path:
    return places.state / "minio.pid"


def _data(places: Places) -> Path:
    return places.state / "minio"
