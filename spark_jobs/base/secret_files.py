"""Files with keys and passwords: complete or absent, and readable by their owner only."""

import json
import os
import secrets
from pathlib import Path


def new_secret() -> str:
    """Forty random hex digits: 160 bits, and the longest secret key that every S3 client takes."""
    return secrets.token_hex(20)


def write_secret(path: Path, text: str) -> None:
    """Replace the file by one of mode 0600."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".part-{secrets.token_hex(8)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


def remembered_secrets(path: Path, names: tuple[str, ...]) -> dict[str, str]:
    """A secret per name, the same at every call: made at the first and kept in the file."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    complete = {name: known.get(name) or new_secret() for name in names}
    if not complete.items() <= known.items():
        write_secret(path, json.dumps(known | complete, indent=2))
    return complete
