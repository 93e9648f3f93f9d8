"""Records by REST over TLS: a server in threads, with a certificate, a client's secret and tokens of its own."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from spark_jobs.base.secret_files import remembered_secrets
from spark_jobs.city.serve.faults import KINDS
from spark_jobs.city.serve.rest.answers import Interface
from spark_jobs.city.serve.rest.certificate import certificate
from spark_jobs.city.serve.rest.handler import BASE, CLIENT, TOKEN, RestHttpServer
from spark_jobs.city.serve.server import At, SourceServer

_HOST = "127.0.0.1"


class RestServer(SourceServer):
    """See SourceServer."""

    possible = frozenset(KINDS)

    @contextmanager
    def running(self) -> Iterator[At]:
        """See SourceServer.running."""
        secret = remembered_secrets(self.secrets / "client.json", (CLIENT,))[CLIENT]
        pinned = certificate(self.secrets)
        tables = self.folder / f"{self.secrets.name}.db"
        interfaces = {each.options.path: each for each in (Interface(feed, tables) for feed in self.feeds)}
        with RestHttpServer((_HOST, 0), interfaces, secret, self.faults) as server:
            server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.tls.load_cert_chain(pinned.with_name("server.pem"))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            try:
                yield _at(server.server_port, secret, pinned)
            finally:
                server.shutdown()
                thread.join()


def _at(port: int, secret: str, pinned: Path) -> At:
    address = f"{_HOST}:{port}"
    query = f"token={TOKEN}&certificate={quote(str(pinned))}"
    return At(address, f"https://{CLIENT}:{secret}@{address}{BASE}?{query}")
