"""A certificate that a server made for itself, as bureaus' servers often have."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from spark_jobs.base.secret_files import write_secret

_LIFE = timedelta(days=3_650)


def certificate(folder: Path) -> Path:
    """The certificate in PEM, made at the first time and kept; `server.pem` beside it has the key as well."""
    path = folder / "certificate.pem"
    if not path.exists():
        key, made = _made(folder.name)
        text = made.public_bytes(Encoding.PEM).decode()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        write_secret(folder / "server.pem", private + text)
        write_secret(path, text)
    return path


def _made(name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + _LIFE)
    return key, dated.sign(key, SHA256())
