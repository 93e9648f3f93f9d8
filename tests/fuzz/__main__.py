"""Fuzz the decoders: `python -m tests.fuzz --seconds 120`; exit status 1 where one broke, which is told at the end.

With `--repeatable` the inputs are drawn from one seed, and so many of each format: a commit that passed passes again,
on any machine. Without it each run draws its own: that is how faults are looked for.
"""

import argparse
import base64
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.formats import HERE, WEIGHTS, found, seeds

RSS_MEGABYTES = 2_048
ONE_INPUT_SECONDS = 60
REPEATABLE_INPUTS = 20_000
"""Of each format at most: what two minutes of one core come to."""
_TOLD_LINES = 40
_TOLD_BYTES = 3_000


def fuzz(name: str, seconds: int, repeatable: bool) -> str | None:
    """Fuzz one decoder; None: nothing broke it. What did is kept among `found`, becomes a test, and is told here."""
    kept = HERE / "found" / name
    kept.mkdir(parents=True, exist_ok=True)
    before = {path.name for path in kept.iterdir()}
    # In memory, where files are listed in the order in which they were made: libFuzzer begins with them in that order.
    with tempfile.TemporaryDirectory(prefix="lake-fuzz-", dir="/dev/shm") as folder:
        corpus = Path(folder)
        for each in [*seeds(name), *(path.read_bytes() for path in found(name))]:
            (corpus / hashlib.sha256(each).hexdigest()).write_bytes(each)
        words = HERE / "words" / f"{name}.dict"
        command = [
            *(
                sys.executable,
                "-m",
                "tests.fuzz.target",
                name,
                str(seconds),
                str(REPEATABLE_INPUTS if repeatable else -1),
            ),
            *(str(corpus), *(["-seed=1"] if repeatable else [])),
            *([f"-dict={words}"] if words.exists() else []),
            *(f"-artifact_prefix={kept}/", f"-rss_limit_mb={RSS_MEGABYTES}"),
            *(f"-timeout={ONE_INPUT_SECONDS}", "-max_len=16384", "-verbosity=1"),
        ]
        env = {**os.environ, **({"PYTHONHASHSEED": "0"} if repeatable else {})}
        with tempfile.TemporaryFile() as log:
            ended = subprocess.run(command, env=env, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
            log.seek(0)
            lines = log.read().decode(errors="backslashreplace").splitlines()
    if ended == 0:
        _say(lines[-1])
        return None
    inputs = [path for path in kept.iterdir() if path.name not in before]
    return "\n".join(
        [f"fuzz: {name} broke ({ended})", *_of_interest(lines)]
        + [f"fuzz: the input, by base64: {path}: {_told(path.read_bytes())}" for path in inputs]
    )


def _of_interest(lines: list[str]) -> list[str]:
    """From where the fault is told; before it stand inputs, after it words."""
    start = next((n for n, line in enumerate(lines) if "Uncaught Python exception" in line or "ERROR:" in line), 0)
    return lines[start : start + _TOLD_LINES]


def _told(content: bytes) -> str:
    cut = " (cut off)" if len(content) > _TOLD_BYTES else ""
    return base64.b64encode(content[:_TOLD_BYTES]).decode() + cut


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Fuzz all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--format", choices=sorted(WEIGHTS))
    parser.add_argument("--repeatable", action="store_true")
    given = parser.parse_args()
    weights = {given.format: 1.0} if given.format else WEIGHTS
    second = given.seconds / sum(weights.values())
    broken = [fuzz(name, max(1, int(weight * second)), given.repeatable) for name, weight in weights.items()]
    told = [each for each in broken if each]
    _say("\n\n".join(told) if told else "fuzz: nothing broke")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
