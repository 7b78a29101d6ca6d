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
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self.listening.accept()
                there = socket.create_connection(("127.0.0.1", self.to))
                for one, other, slow in ((here, there, False), (there, here, True)):
                    threading.Thread(target=self._pass, args=(one, other, slow), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, slow: bool) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if slow:
                    time.sleep(self.delay)
                other.sendall(data)
        if slow:  # the browser may have gone; the server has been asked all the same
            with suppress(OSError):
                other.shutdown(socket.SHUT_RDWR)


@contextmanager
def slow_line(port: int) -> Iterator[SlowLine]:
    line = SlowLine(port)
    try:
        yield line
    finally:
        line.listening.close()
