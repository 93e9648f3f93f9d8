"""The manifest that a department puts beside a file, so that it is taken as soon as it is complete."""

import hashlib
import json
from pathlib import Path


def write_manifest(file: Path, **said: str | int) -> None:
    """Write `<file>.manifest.json`: name, size and hash, and whatever else is said of the file, a hash even."""
    content = file.read_bytes()
    manifest = {"file": file.name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), **said}
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    file.with_name(file.name + ".manifest.json").write_text(text, encoding="utf-8")
