"""The keys that receipts are signed with: private ones in the lake home's secrets, public ones to be given out."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from spark_jobs.base.secret_files import write_secret
from spark_jobs.base.settings import settings

SM2_USER = "1234567812345678"
"""The signer's identity where none is agreed upon (GB/T 35276-2017, clause 10)."""
_SM3 = ["-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{SM2_USER}"]


def public_folder() -> Path:
    """Where this lake home's public keys are: `<key>.<scheme>.pem`; the folder is to be given to whoever verifies."""
    return settings().home / "receipt-keys"


def key_id() -> str:
    """Which lake home's keys sign: sixteen hex digits of the hash of its Ed25519 key; they are made at first use."""
    return _keys(settings().home)[0]


def sign(message: bytes) -> dict[str, str]:
    """Signatures by scheme in hex: Ed25519 (RFC 8032), and SM2 with SM3 (GB/T 32918.2-2016) where OpenSSL has it."""
    name, private = _keys(settings().home)
    signatures = {"ed25519": private.sign(message).hex()}
    sm2 = settings().home / "secrets" / "receipts" / f"{name}.sm2.pem"
    openssl = _openssl()
    if openssl is not None and sm2.exists() and (signed := _signed_by(openssl, sm2, message)):
        signatures["sm2"] = signed.hex()
    return signatures


def verify(scheme: str, public: Path, message: bytes, signature: bytes) -> bool | None:
    """Whether a signature is of this message by this key; None where nothing here can say."""
    if scheme == "ed25519":
        return _verify_ed25519(public, message, signature)
    openssl = _openssl()
    if scheme != "sm2" or openssl is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        said, signed = Path(folder) / "message", Path(folder) / "signature"
        said.write_bytes(message)
        signed.write_bytes(signature)
        how = ["-verify", "-pubin", "-inkey", str(public), *_SM3, "-in", str(said), "-sigfile", str(signed)]
        return subprocess.run([openssl, "pkeyutl", *how], capture_output=True, check=False).returncode == 0


def _verify_ed25519(public: Path, message: bytes, signature: bytes) -> bool:
    key = load_pem_public_key(public.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@cache
def _keys(home: Path) -> tuple[str, Ed25519PrivateKey]:
    """The home's key with its name; two processes that make it at once keep the one that was there first."""
    path = home / "secrets" / "receipts" / "ed25519.pem"
    if not path.exists():
        _keep_first(path, Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    name = hashlib.sha256(raw).hexdigest()[:16]
    _give_out(home, name, private)
    return name, private


def _give_out(home: Path, name: str, private: Ed25519PrivateKey) -> None:
    """Put the public keys where they are not yet; SM2's only where this OpenSSL makes one."""
    folder = home / "receipt-keys"
    folder.mkdir(parents=True, exist_ok=True)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _keep_first(folder / f"{name}.ed25519.pem", public)
    openssl, sm2 = _openssl(), home / "secrets" / "receipts" / f"{name}.sm2.pem"
    if openssl is None:
        return
    _keep_first(sm2, lambda: _run([openssl, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:sm2"]))
    _keep_first(folder / f"{name}.sm2.pem", lambda: _run([openssl, "pkey", "-in", str(sm2), "-pubout"]))


def _keep_first(path: Path, make: Callable[[], bytes] | bytes) -> None:
    """Write a key where there is none, whole or not at all; of two processes the first's is kept."""
    if path.exists() or not (content := make if isinstance(make, bytes) else make()):
        return
    own = path.with_name(f"{path.name}.{hashlib.sha256(content).hexdigest()[:8]}")
    write_secret(own, content.decode("ascii"))
    with suppress(FileExistsError):
        path.hardlink_to(own)
    own.unlink()


def _signed_by(openssl: str, key: Path, message: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "message"
        said.write_bytes(message)
        return _run([openssl, "pkeyutl", "-sign", "-inkey", str(key), *_SM3, "-in", str(said)])


def _run(command: list[str]) -> bytes:
    """What a command of OpenSSL prints; nothing where this OpenSSL does not know the scheme."""
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""


@cache
def _openssl() -> str | None:
    return shutil.which("openssl")
