"""One decoder under atheris: `python -m tests.fuzz.target FORMAT`, with the arguments of libFuzzer."""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["spark_jobs.intake.formats", "expectations.rejections"]):
    from tests.fuzz.decoding import check
    from tests.fuzz.formats import CONTRACTS, delivery


def main() -> None:
    """Fuzz until told to stop; an input that breaks the decoder is written where libFuzzer was told to."""
    name, arguments = sys.argv[1], [sys.argv[0], *sys.argv[2:]]
    path = Path(f"/dev/shm/lake-fuzz-{name}")  # noqa: S108 - one file, over and over

    def one(data: bytes) -> None:
        number, content = delivery(name, data)
        path.write_bytes(content)
        check(path, CONTRACTS[name][number])

    atheris.Setup(arguments, one)
    try:
        atheris.Fuzz()
    finally:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
