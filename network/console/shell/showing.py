"""What is shown only to a press: an address, a phone, a link. The press leads to an address of its own.

So a reload sends nothing again and shows the same for some minutes, in this browser alone. Where the key has
to be touched first, the press waits for it: nobody need press once more. At a locked desk none waits.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

SHOWN, WAITING = "shown", "waiting"  # in the session: of each the last one
SHOWN_FOR = timedelta(minutes=10)
WAITS_FOR = timedelta(minutes=2)

type Fields = Mapping[str, str]


def asked(request: HttpRequest, *, now: datetime) -> tuple[Fields | None, bool]:
    """What was pressed, and whether it is still to be done; None where nothing was."""
    if request.method == "POST":
        return _posted(request), True
    waits = _kept(request, WAITING, now=now)
    if waits is not None and request.method == "GET":
        return waits, True
    return _kept(request, SHOWN, now=now), False


def show(request: HttpRequest, fields: Fields, *, now: datetime, path: str = "") -> HttpResponse:
    """It is done, and on record: to the page that shows it."""
    request.session.pop(WAITING, None)
    _keep(request, SHOWN, fields, path=path or request.path, until=now + SHOWN_FOR)
    return redirect(path or request.path)


def wait_for_key(request: HttpRequest, *, now: datetime) -> None:
    """A press that is done once the key was touched."""
    _keep(request, WAITING, _posted(request), path=request.path, until=now + WAITS_FOR)


def _posted(request: HttpRequest) -> Fields:
    return {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}


def _keep(request: HttpRequest, name: str, fields: Fields, *, path: str, until: datetime) -> None:
    request.session[name] = {"path": path, "until": until.isoformat(), "fields": dict(fields)}


def _kept(request: HttpRequest, name: str, *, now: datetime) -> Fields | None:
    kept = request.session.get(name)
    if not kept or kept["path"] != request.path or datetime.fromisoformat(kept["until"]) <= now:
        return None
    fields: Fields = kept["fields"]
    return fields
