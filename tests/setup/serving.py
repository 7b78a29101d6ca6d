"""The real web server in a thread of the tests, and clients as rude as sockets allow."""

import resource
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import uvicorn

from network.door.connections import Connection
from tests.setup.test_up import ROOT

LARGE = "/static/handbook/es-request.png"  # more than a socket takes at once
LARGE_BYTES = (ROOT / "docs/handbook/images/es-request.png").stat().st_size


class Quick(Connection):
    """With the same limits, in a few seconds."""

    head_s, piece_s = 4.0, 4.0


@dataclass
class Served:
    """A server on a port of its own."""

    server: uvicorn.Server
    port: int
    head: bytes = b""  # of the last answer

    def connect(self, *, small: bool = False) -> socket.socket:
        made = socket.socket()
        if small:  # the answer must not fit into what the system keeps for a reader
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.settimeout(60)
        made.connect(("127.0.0.1", self.port))
        return made

    def ask(self, what: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """The answer's status and body, to such as "GET /"; a connection of its own."""
        lines = [f"{what} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body:
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"]
        with self.connect() as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            answer = read_all(connection)
        self.head, _, content = answer.partition(b"\r\n\r\n")
        return int(self.head.split()[1]), content

    def connections(self) -> int:
        return len(self.server.server_state.connections)

    def requests(self) -> int:
        return len(self.server.server_state.tasks)

    def wait_until_free(self, within: float = 60.0) -> None:
        deadline = time.monotonic() + within
        while self.connections():
            assert time.monotonic() < deadline, f"{self.connections()} connections are still held"
            time.sleep(0.02)


def read_all(connection: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            found += piece
    return found


def leave_rudely(connection: socket.socket) -> None:
    """As a phone that lost its line: nothing that was sent is taken any more."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def served(app: object, *, http: type[Connection] = Quick) -> Iterator[Served]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(1000)
    config = uvicorn.Config(
        app,
        http=http,
        ws="websockets-sansio",
        lifespan="off",
        log_level="critical",
        access_log=False,
        timeout_keep_alive=1,
        timeout_graceful_shutdown=1,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield Served(server, listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
