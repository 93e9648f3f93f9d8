"""What of a receipt is hashed and signed, and how."""

import hashlib
import json
from typing import Any

CHAIN = "chain"
"""The field of a receipt with its place in the chain."""
SIGNATURES = "signatures"
HASH = "sm3"


def message_of(receipt: dict[str, Any]) -> bytes:
    """The bytes that are hashed: the receipt without its own hash and signatures, as JSON without ambiguity."""
    chain = {name: value for name, value in receipt[CHAIN].items() if name not in {HASH, SIGNATURES}}
    return canonical({**receipt, CHAIN: chain})


def canonical(document: dict[str, Any]) -> bytes:
    """JSON with sorted names, without spaces and in ASCII: the same for the same content, wherever it was read."""
    return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def sm3(message: bytes) -> str:
    """The hash of a message in hex (GB/T 32905-2016)."""
    return hashlib.new("sm3", message).hexdigest()
