"""One decoder under atheris: `python -m tests.fuzz.target FORMAT SECONDS INPUTS`, with the arguments of libFuzzer."""

import os
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["spark_jobs.intake.formats", "expectations.rejections"]):
    from tests.fuzz.decoding import check
    from tests.fuzz.formats import CONTRACTS, delivery


def main() -> None:
    """Fuzz for so long, or so many inputs; one that breaks the decoder is written where libFuzzer was told to.

    The process ends here and not in libFuzzer, which would take C++ apart below a Python that still runs: DuckDB
    aborts there, whatever it read before.
    """
    name, seconds, inputs, arguments = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), [sys.argv[0], *sys.argv[4:]]
    path = Path(f"/dev/shm/lake-fuzz-{name}-{os.getpid()}")  # noqa: S108 - one file, over and over
    start, done = time.monotonic(), 0

    def one(data: bytes) -> None:
        nonlocal done
        if done == inputs or time.monotonic() - start > seconds:
            _end(path, f"fuzz: {name}: {done:,} inputs in {time.monotonic() - start:.0f} s")
        number, content = delivery(name, data)
        path.write_bytes(content)
        check(path, CONTRACTS[name][number])
        done += 1

    atheris.Setup(arguments, one)
    try:
        atheris.Fuzz()
    finally:
        path.unlink(missing_ok=True)


def _end(path: Path, told: str) -> None:
    path.unlink(missing_ok=True)
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
