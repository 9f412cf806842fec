"""A real HTTP server on this machine that answers time stamp requests as a test tells it to, and a foreign authority
that signs with RSA and OpenSSL."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import tsp

from keys.timestamping import BuiltInAuthority
from keys.timestamping.responses import request
from tests.keys.conftest import Program

REPLY = "application/timestamp-reply"
Answer = Callable[[bytes], tuple[int, str, bytes]]


class Peer:
    """What the server saw, and how it answers next."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.drip_seconds = 0.0
        self.url = ""
        self.stopped = threading.Event()


@contextmanager
def serving(answer: Answer) -> Iterator[Peer]:
    """A server for the length of a `with` block."""
    peer = Peer(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.requests.append((self.path, headers, body))
            status, kind, answer = peer.answer(body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            if not peer.drip_seconds:
                self.wfile.write(answer)
            else:
                self._drip(answer)

        def _drip(self, answer: bytes) -> None:
            for position in range(len(answer)):
                if peer.stopped.wait(peer.drip_seconds):
                    return
                try:
                    self.wfile.write(answer[position : position + 1])
                    self.wfile.flush()
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    peer.url = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield peer
    finally:
        peer.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


def with_another_nonce(authority: BuiltInAuthority) -> Answer:
    """An authority that stamps what it is asked to, in an answer to another request."""

    def answer(body: bytes) -> tuple[int, str, bytes]:
        asked = tsp.TimeStampReq.load(body)
        other = request(asked["message_imprint"]["hashed_message"].native, asked["nonce"].native ^ 1)
        return 200, REPLY, authority.answer(other)

    return answer


_CONFIGURATION = """
[req]
distinguished_name = dn
[dn]
[ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
serial = serial
ess_cert_id_alg = {ess}
ess_cert_id_chain = no
"""


def foreign_authority(openssl: Program, folder: Path, *, ess: str = "sha256") -> Answer:
    """An authority with an RSA key, run by OpenSSL."""
    (folder / "tsa.cnf").write_text(_CONFIGURATION.format(ess=ess))
    (folder / "serial").write_text("01\n")
    made = openssl(
        *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.pem", "-days", "30"),
        *("-subj", "/CN=Foreign time stamp authority", "-config", "tsa.cnf", "-extensions", "ext"),
    )
    assert made.returncode == 0, made.stderr

    def answer(body: bytes) -> tuple[int, str, bytes]:
        (folder / "q.tsq").write_bytes(body)
        result = openssl(
            *("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "q.tsq"),
            *("-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "r.tsr"),
        )
        assert result.returncode == 0, result.stderr
        return 200, REPLY, (folder / "r.tsr").read_bytes()

    return answer
