"""A publisher on this machine that answers as a test tells it to, byte by byte if need be, also as no peer should.

An answer is a list of parts written one after the other with a pause before each; HTTP is not spoken by any library
here, so that it can be spoken wrongly.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[str], Iterable[bytes]]


@dataclass
class Publisher:
    """Where it listens, which paths were asked for, and when to stop writing."""

    port: int
    asked: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/list.xml", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def open_for(self, host: str = "127.0.0.1") -> frozenset[str]:
        return frozenset({f"{host}:{self.port}"})


def reply(body: bytes, status: str = "200 OK", **headers: str) -> list[bytes]:
    """One ordinary answer; `content_encoding="gzip"` gives the header Content-Encoding."""
    told = {"Content-Length": str(len(body)), "Connection": "close"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return [f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body]


@contextmanager
def publishing(answer: Answer, pause: float = 0.0, tls: ssl.SSLContext | None = None) -> Iterator[Publisher]:
    """A server for the length of a `with` block; `pause` seconds go by before each part but the first."""
    listening = socket.create_server(("127.0.0.1", 0))
    publisher = Publisher(listening.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=speak, args=(connection,), daemon=True).start()

    def speak(connection: socket.socket) -> None:
        with suppress(OSError), tls.wrap_socket(connection, server_side=True) if tls else connection as connection:
            asked = connection.recv(65536).decode("latin-1")
            path = asked.split(" ", 2)[1] if asked.count(" ") > 1 else asked
            publisher.asked.append(path)
            for number, part in enumerate(answer(path)):
                if number and pause and publisher.stopped.wait(pause):
                    return
                connection.sendall(part)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield publisher
    finally:
        publisher.stopped.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
