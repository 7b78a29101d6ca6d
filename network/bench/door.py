"""Texts in while hundreds of clients hold connections: half a body, half a head, an answer unread."""

import os
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from network.bench import books
from network.bench.texts import bare, measured
from network.bench.town import BenchTown, town

FILES, POSTS = 4096, 600
LARGE = "/static/handbook/es-request.png"
RUDE = {
    "half heads": b"POST /twilio/sms HTTP/1.1\r\nHost: loc",
    "half bodies": b"POST /twilio/sms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nx",
    "answers unread": f"GET {LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 3,
}


def run(clients: int) -> bool:
    """Print posts a second beside the bare baseline; True if rude clients cost less than half of them."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))
    with town(members=0, responders=0) as here, bare(here, books.dsn(here.environment)) as baseline:
        url = f"{here.url}/twilio/sms"
        for pid in here.pids("worker"):
            os.kill(pid, signal.SIGSTOP)
        bar = measured("bare baseline", baseline, here.token, POSTS)
        alone = measured("texts in, nobody else there", url, here.token, POSTS)
        found = {}
        for name, words in RUDE.items():
            with _held(here, clients, words):
                found[name] = measured(f"texts in, {clients} {name}", url, here.token, POSTS)
        bar = (bar + measured("bare baseline again", baseline, here.token, POSTS)) / 2
        for pid in here.pids("worker"):
            os.kill(pid, signal.SIGCONT)
    print(f"ratio to the baseline: {alone / bar:.2f} with nobody else there")
    for name, rate in found.items():
        print(f"ratio to the baseline: {rate / bar:.2f} with {clients} {name}")
    return min(found.values()) > alone / 2


@contextmanager
def _held(here: BenchTown, clients: int, words: bytes) -> Iterator[None]:
    made = []
    try:
        for _ in range(clients):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", here.port))
            connection.sendall(words)
            made.append(connection)
        yield
    finally:
        for connection in made:
            connection.close()
