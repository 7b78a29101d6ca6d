"""How large and how slow a body may be: by its route, and by whether somebody signed in sends it."""

from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from network.door.bodies import Limit, Scope, length
from network.staff.queries import is_signed_in

CARRIERS = Limit(64 * 1024, 10.0)
ANYBODYS = Limit(64 * 1024, 20.0)
STAFFS = Limit(256 * 1024, 30.0)
SHEETS = Limit(1024 * 1024, 90.0)  # 300,000 bytes of a sheet, each of which a form may write as three
BY_PATH = {"/people/sheet": SHEETS}


def is_large(scope: Scope) -> bool:
    """Larger than what is read of anybody. In chunks of unknown number no browser sends anything."""
    announced = length(scope)
    return announced is not None and announced > ANYBODYS.most


def of_staff(scope: Scope) -> Limit:
    """For a large body, by a look at the session before a byte of it is read. Called in a thread."""
    try:
        key = _session_key(scope)
        signed_in = bool(key) and is_signed_in(key, now=timezone.now())
    except DatabaseError:
        signed_in = False
    finally:
        close_old_connections()
    return BY_PATH.get(scope["path"], STAFFS) if signed_in else ANYBODYS


def _session_key(scope: Scope) -> str:
    cookies = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin1"))
            except CookieError:
                return ""
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""
