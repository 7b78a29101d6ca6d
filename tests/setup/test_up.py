"""The real thing: `up --demo` in a folder of its own, killed and started again."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import psycopg
import pytest

from network import embedded
from tests.clusters import put_migrated, put_seeded

pytestmark = pytest.mark.slow("starts whole networks")

ROOT = Path(__file__).resolve().parents[2]
ROSA, ANA = "+13125550101", "+13125550111"


WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
# A thousand of each worker's own, below those that the system gives away by itself.
PORTS = cycle(range(20000 + 1000 * (WORKER % 10), 20000 + 1000 * (WORKER % 10) + 1000))


def free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError


def where_it_is_noon() -> str:
    """A zone in which it is day now: what these tests see must not depend on the hour."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


class Network:
    """One `up --demo`, driven from outside through its phones. Its database keeps what it commits."""

    def __init__(self, folder: Path, *more: str, put=put_seeded, **variables: str) -> None:
        self.folder, self.port = folder, free_port()
        self.env = {
            name: value for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "CI", "TMPDIR")
        } | {"DATA_DIR": str(folder), "TIME_ZONE": where_it_is_noon()} | variables  # fmt: skip
        self.process = None
        put(folder)
        self.start(*more)

    def start(self, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--demo", "--port", str(self.port), *more],
            cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("ready"):
                return
        raise AssertionError(f"not ready: {self.said}")

    def get(self, path: str):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return json.load(answer)

    def text(self, phone: str, body: str) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/phones/api/texts",
            data=json.dumps({"phone": phone, "body": body}).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=10).close()

    def texts(self, phone: str) -> list[str]:
        return [t["body"] for t in self.get("/phones/api/state?since=0")["texts"] if t["phone"] == phone]

    def wait_for(self, phone: str, words: str, *, within: float = 20) -> str:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):  # it may be down for a moment
                found = [text for text in self.texts(phone) if words in text]
                if found:
                    return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"{phone} got no {words!r}: {self.texts(phone)}")

    def write(self, statement: str, *values: object) -> None:
        """Into its database, past all of its code."""
        socket = embedded._socket_dir(self.folder.resolve())
        with psycopg.connect(f"postgresql://porchlight@/porchlight?host={socket}") as connection:
            connection.execute(statement, values)

    def children(self) -> list[int]:
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listing.read_text().split()]

    def postmaster(self) -> int:
        return int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])

    def stop(self, kind: int = signal.SIGTERM) -> int:
        self.process.send_signal(kind)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        return code


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


@contextmanager
def network(folder: Path, *more: str, put=put_seeded):
    network = Network(folder, *more, put=put)
    try:
        yield network
    finally:
        if network.process.poll() is None:
            network.stop()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_process_the_database_last(tmp_path, kind):
    with network(tmp_path / "var") as up:
        everyone = [*up.children(), up.postmaster()]
        assert len(everyone) >= 3
        assert up.stop(kind) == 0
        assert not any(running(pid) for pid in everyone)


def test_a_whole_story_with_everything_killed_in_the_middle(tmp_path):
    with network(tmp_path / "var", put=put_migrated) as up:
        up.text(ROSA, "tocan la puerta ayuda")
        up.wait_for(ROSA, "en casa")
        up.text(ROSA, "1")
        up.wait_for(ROSA, "abogado")
        up.text(ROSA, "1")
        for pid in up.children():
            if pid != up.postmaster():
                os.kill(pid, signal.SIGKILL)
        code = re.search(r"(\d\d) = I can go", up.wait_for(ANA, "can go", within=40))[1]
        os.kill(up.postmaster(), signal.SIGKILL)
        up.process.kill()
        up.process.wait()
        up.process.stdout.close()

        up.start()
        up.text(ANA, code)
        up.wait_for(ANA, "/visit#", within=40)
        up.wait_for(ROSA, "en camino")
        time.sleep(2)
        for phone in (ROSA, ANA):
            told = up.texts(phone)
            ours = [text for text in told if len(text) > 3]
            assert len(ours) == len(set(ours)), told
        assert up.stop() == 0


def test_two_copies_do_not_disturb_each_other_and_one_folder_has_one(tmp_path):
    with network(tmp_path / "a") as up, network(tmp_path / "b") as other:
        up.text(ROSA, "ayuda")
        up.wait_for(ROSA, "en casa")
        assert other.texts(ROSA) == []
        again = subprocess.run(
            [sys.executable, "manage.py", "up", "--demo", "--port", str(free_port())],
            cwd=ROOT, env=up.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert again.returncode != 0
        assert "already running" in again.stderr
        board = subprocess.run(
            [sys.executable, "manage.py", "board", "--json"],
            cwd=ROOT,
            env=up.env,
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(board.stdout)["requests"][0]["state"] == "asking"
        doctor = subprocess.run(
            [sys.executable, "manage.py", "doctor", "--json"],
            cwd=ROOT,
            env=up.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert {f["verdict"] for f in json.loads(doctor.stdout)} <= {"pass", "warn", "skip"}
        assert doctor.returncode == 0


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEY", "TWILIO_NUMBER"])
def test_without_a_demo_a_missing_variable_stops_the_start_with_one_sentence(tmp_path, name):
    env = {
        "PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SECRET_KEY": "s",
        "TWILIO_NUMBER": "+13125550100",
        "FIELD_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=", "PORCHLIGHT_THROWAWAY": "1",
    }  # fmt: skip
    env.pop(name)
    start = subprocess.run(
        [sys.executable, "manage.py", "up", "--port", str(free_port())],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert start.returncode != 0
    assert name in start.stderr
    assert len(start.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(("work", "code", "said"), [("1 / 0", 1, "ZeroDivisionError"), ("1 / 1", 0, "")])
def test_what_fails_in_a_process_of_its_own_stops_us_and_says_why(tmp_path, work, code, said):
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup()\n"
            "from django.core.management.base import CommandError\n"
            "from network.management.commands.up import apart\n"
            f"try: apart(lambda: {work})\n"
            "except CommandError as error: raise SystemExit(str(error))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "network.settings",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": "postgresql://nobody@/nothing",
            "SECRET_KEY": "s" * 50,
            "FIELD_KEY": "A" * 43 + "=",
            "TWILIO_NUMBER": "+13125550100",
        },
    )
    assert told.returncode == code, told.stderr
    assert said in told.stderr
    assert ("see above" in told.stderr) == bool(code)
