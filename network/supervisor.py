"""Several processes under one: started together, restarted when they die, stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

GRACE_S = 4.0
STEADY_S = 10.0  # a child that lived this long starts again without waiting
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process that should always be running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Keeps its children running until it is told to stop."""

    children: list[Child]
    environment: dict[str, str]
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, *, each_turn: Callable[[], None]) -> None:
        """Until SIGINT or SIGTERM; `each_turn` is called about ten times a second."""
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            for child in self.children:
                self._keep_running(child)
            each_turn()
            self.stopping.wait(0.1)
        self.stop()

    def _keep_running(self, child: Child) -> None:
        now = time.monotonic()
        if child.process and child.process.poll() is None:
            return
        if child.process is not None:
            child.deaths = 0 if now - child.started_at > STEADY_S else child.deaths + 1
            child.not_before = now + min(0.2 * 2**child.deaths, 10.0)
            child.process = None
            print(f"{child.name} stopped; starting it again", file=sys.stderr, flush=True)
        if now >= child.not_before:
            self._start(child)

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(
            child.command,
            env=self.environment,
            stdin=subprocess.PIPE,  # closed when we die, whatever way: the child then ends
            preexec_fn=die_with_parent,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop them in order
        )

    def stop(self) -> None:
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_S
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def die_with_parent() -> None:
    """On Linux the kernel ends a child whose parent was killed; elsewhere its closed stdin does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_with_stdin() -> None:
    """In a child of `up`: end when the parent's end of our stdin closes."""
    if os.environ.get("PORCHLIGHT_CHILD") != "1":
        return

    def watch() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()
