"""Everything in one supervised command."""

import fcntl
import os
import socket
import sys
import traceback
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from network import demo, embedded
from network.desk.queries import signs_of_life
from network.desk.rules import PARTS
from network.organizations.actions.network import mark
from network.organizations.queries import is_demo
from network.people.models import Person
from network.privacy.actions import set_key_check
from network.starting import (
    refuse_misconfigured,
    refuse_newer_schema,
    refuse_wrong_key,
    refuse_wrong_kind_of_database,
)
from network.supervisor import Child, Supervisor, die_with_parent


class Command(BaseCommand):
    help = (
        "Database, migrations, web and workers in one supervised command, for one machine. "
        "Without --demo it needs SECRET_KEY, FIELD_KEY and TWILIO_NUMBER (or a messaging service)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="a made-up network, nothing sent")
        parser.add_argument("--port", type=int, default=None, help="8000 if not given")
        parser.add_argument("--workers", type=int, default=1, help="processes that take tasks")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_misconfigured()
        lock = _only_one()
        _port_is_free().close()
        self._prepare()
        children = [
            Child("web", _command("web", "--port", str(settings.PORT))),
            *(Child(f"worker {n}", _command("worker")) for n in range(1, options["workers"] + 1)),
        ]
        self._run(children)
        lock.close()
        connection.close()
        embedded.release(settings.DATA_DIR)

    def _prepare(self) -> None:
        now = timezone.now()
        refuse_newer_schema()
        apart(_migrate)
        refuse_wrong_key()
        refuse_wrong_kind_of_database()
        if is_demo() is None:
            if settings.DEMO and Person.objects.exists():
                raise CommandError("This database holds people: a demo needs another DATA_DIR.")
            mark(demo=settings.DEMO, now=now)
        set_key_check(now=now)
        with embedded.private(settings.DATA_DIR / "port") as kept:
            kept.truncate(0)
            kept.write(str(settings.PORT))
        if settings.DEMO:
            demo.seed(now=now)

    def _run(self, children: list[Child]) -> None:
        began, told = timezone.now(), False

        def tell_when_ready() -> None:
            nonlocal told
            if not told and _ready(began):
                told = True
                self._tell()

        environment = {**os.environ, "PORCHLIGHT_CHILD": "1"}
        connection.close()
        Supervisor(children, environment).run(each_turn=tell_when_ready)

    def _tell(self) -> None:
        address = f"http://localhost:{settings.PORT}"
        if settings.DEMO:
            print(f"\n  Console  {demo.sign_in_link()}\n           (this link signs you in, once)")
            print(f"  Phones   {address}/phones/\n  Stop     Ctrl-C\n")
        connection.close()
        print(f"ready {address}", flush=True)


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def apart(work: Callable[[], None]) -> None:
    """In a process of its own, which takes along what the work filled our memory with: we stay for months."""
    connection.close_pool()  # type: ignore[attr-defined]  # its threads don't come along
    sys.stdout.flush()
    child = os.fork()
    if not child:
        die_with_parent()
        failed = 1
        try:
            work()
            failed = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(failed)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise CommandError("The database could not be brought up to date: see above.")


def _command(*words: str) -> list[str]:
    return [sys.executable, sys.argv[0], *words]


def _only_one() -> IO[str]:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    lock = embedded.private(settings.DATA_DIR / "up.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            "Porchlight is already running on this DATA_DIR: stop it, or give another DATA_DIR."
        ) from None
    return lock


def _port_is_free() -> socket.socket:
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", settings.PORT))
    except OSError:
        probe.close()
        raise CommandError(f"Port {settings.PORT} is in use: give another with --port.") from None
    return probe


def _ready(began: datetime) -> bool:
    """Requests are answered, and each part of a worker has been at work since we started."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/readyz", timeout=2) as answer:
            answered = answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
    signs = signs_of_life() if answered else []
    connection.close()
    return {sign.part for sign in signs if sign.at >= began} >= set(PARTS)
