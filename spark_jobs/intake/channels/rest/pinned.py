"""TLS with nobody but the server whose certificate is pinned."""

import ssl
from pathlib import Path
from typing import Any

from spark_jobs.base.errors import LakeError


class NotPinned(ssl.SSLError):
    """The server shows another certificate."""


class _Pinned(ssl.SSLContext):
    """Lets nobody through whose certificate is not among the pinned ones, before a byte is sent."""

    ders: frozenset[bytes] = frozenset()

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """See SSLContext.wrap_socket.

        Raises:
            NotPinned: the certificate is none of those that are pinned.
        """
        wrapped = super().wrap_socket(*args, **kwargs)
        if wrapped.getpeercert(binary_form=True) not in self.ders:
            wrapped.close()
            raise NotPinned("another certificate")
        return wrapped


def pinned_context(source: str, certificates: Path) -> ssl.SSLContext:
    """The terms on which a source is spoken to.

    Its name in the certificate does not matter, for nobody else has the key of a certificate that is pinned; its
    dates do.

    Raises:
        LakeError: there is no readable file of certificates.
    """
    context = _Pinned(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(cafile=str(certificates))
        context.ders = frozenset(_ders(certificates.read_text("ascii")))
    except (OSError, ValueError) as error:
        raise LakeError(
            f"the source {source} has no readable file of pinned certificates at {certificates}",
            "ask its operator, by another way, for the certificate of the server and write it there in PEM, or name "
            f"another file in the query of LAKE_SOURCES__{source.upper()}: certificate=/path",
        ) from error
    return context


def _ders(text: str) -> list[bytes]:
    end = "-----END CERTIFICATE-----"
    parts = text.split(end)[:-1]
    return [ssl.PEM_cert_to_DER_cert(part[part.index("-----BEGIN CERTIFICATE-----") :] + end) for part in parts]
