"""A line between a browser and a server on which answers take their time, and questions don't."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class SlowLine:
    """Passes bytes on in both directions; what the server says comes `delay` seconds later."""

    def __init__(self, to: int) -> None:
        self.to, self.delay = to, 0.0
        self.open: list[socket.socket] = []
        self.passing: list[threading.Thread] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here = self.listening.accept()[0]
                self.open.append(here)
                there = socket.create_connection(("127.0.0.1", self.to))
                self.open.append(there)
                for source, other, slow in ((here, there, False), (there, here, True)):
                    passing = threading.Thread(target=self._pass, args=(source, other, slow), daemon=True)
                    self.passing.append(passing)
                    passing.start()

    def _pass(self, source: socket.socket, other: socket.socket, slow: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if slow:
                    time.sleep(self.delay)
                other.sendall(data)
        with suppress(OSError):
            if slow:  # the browser may have gone; the server has been asked all the same
                other.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.delay = 0.0
        for socket_ in [self.listening, *self.open]:
            with suppress(OSError):
                socket_.shutdown(socket.SHUT_RDWR)
        for thread in [self.accepting, *self.passing]:
            thread.join(5)
        for socket_ in [self.listening, *self.open]:
            socket_.close()


@contextmanager
def slow_line(port: int) -> Iterator[SlowLine]:
    line = SlowLine(port)
    try:
        yield line
    finally:
        line.close()
