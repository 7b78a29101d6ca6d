"""Reads a running town's own books, as a process beside it: `python -m network.bench.books`."""

import json
import os
import subprocess
import sys

from network.bench.chaos import BookedText


def _ask(what: str, environment: dict[str, str]) -> object:
    run = subprocess.run(
        [sys.executable, "-m", "network.bench.books", what], env=environment, capture_output=True, check=True
    )
    return json.loads(run.stdout)


def outbox(environment: dict[str, str]) -> list[BookedText]:
    answered = _ask("outbox", environment)
    assert isinstance(answered, list)
    return [BookedText(*row) for row in answered]


def waiting(environment: dict[str, str]) -> int:
    """Texts in that nobody has handled, and texts out whose end is not known."""
    answered = _ask("waiting", environment)
    assert isinstance(answered, int)
    return answered


def inbox(environment: dict[str, str]) -> set[str]:
    """The carrier's ids of all texts that came in."""
    answered = _ask("inbox", environment)
    assert isinstance(answered, list)
    return set(answered)


def broken(environment: dict[str, str]) -> int:
    """Promises whose time is over, and texts that could not be handled: needs that should not be there."""
    answered = _ask("broken", environment)
    assert isinstance(answered, int)
    return answered


def dsn(environment: dict[str, str]) -> str:
    """Where the town's database listens, for the bare baseline."""
    return str(_ask("dsn", environment))


def main(what: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "network.settings"
    import django  # noqa: PLC0415  the environment comes first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db.models import Q  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from network.desk.models import Need  # noqa: PLC0415
    from network.messaging.models import Inbound, Outbound  # noqa: PLC0415

    if what == "outbox":
        rows = [
            (str(pk), state, sid) for pk, state, sid in Outbound.objects.values_list("pk", "state", "sid")
        ]
        print(json.dumps(rows))
    elif what == "inbox":
        print(json.dumps([str(sid) for sid in Inbound.objects.values_list("sid", flat=True)]))
    elif what == "broken":
        late = Q(promise=True, closed_at=None, due_at__lt=timezone.now())
        print(json.dumps(Need.objects.filter(late | Q(reason="failed_text")).count()))
    elif what == "dsn":
        print(json.dumps(settings.DATABASE_URL))
    else:
        open_ends = Outbound.objects.filter(state__in=("owed", "sending", "unknown", "sent")).count()
        print(json.dumps(Inbound.objects.filter(state="waiting").count() + open_ends))


if __name__ == "__main__":
    main(sys.argv[1])
