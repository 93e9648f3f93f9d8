"""Fuzz the decoders for some time: `python -m tests.fuzz --seconds 120`; exit status 1 where one broke."""

import argparse
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.formats import HERE, WEIGHTS, found, seeds

RSS_MEGABYTES = 2_048
ONE_INPUT_SECONDS = 60


def fuzz(name: str, seconds: int) -> bool:
    """Fuzz one decoder; True: nothing broke it. What did is kept among `found`, and becomes a test."""
    kept = HERE / "found" / name
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lake-fuzz-") as folder:
        corpus = Path(folder)
        for each in [*seeds(name), *(path.read_bytes() for path in found(name))]:
            (corpus / hashlib.sha256(each).hexdigest()).write_bytes(each)
        words = HERE / "words" / f"{name}.dict"
        command = [
            *(sys.executable, "-m", "tests.fuzz.target", name, str(corpus), f"-max_total_time={seconds}"),
            *([f"-dict={words}"] if words.exists() else []),
            *(f"-artifact_prefix={kept}/", f"-rss_limit_mb={RSS_MEGABYTES}"),
            *(f"-timeout={ONE_INPUT_SECONDS}", "-max_len=16384", "-print_final_stats=1", "-verbosity=1"),
        ]
        return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    """Fuzz all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--format", choices=sorted(WEIGHTS))
    given = parser.parse_args()
    weights = {given.format: 1.0} if given.format else WEIGHTS
    second = given.seconds / sum(weights.values())
    return 0 if all([fuzz(name, max(1, int(weight * second))) for name, weight in weights.items()]) else 1


if __name__ == "__main__":
    sys.exit(main())
