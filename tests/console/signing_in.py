"""Coming in as a person does: by a link, by a password and a code; and a key that is touched."""

import base64
import hashlib
import hmac
import struct
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from network.audit import rules as audit
from network.staff.actions.accounts import add_staff
from network.staff.actions.sign_in_links import make_sign_in_link
from network.staff.models import Staff

HOST = "red.example.org"
PASSWORD = "a long enough sentence"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AT = 1_790_000_000  # the clock that codes go by stands still here: none is over before it is used
totp.time = SimpleNamespace(time=lambda: AT)


def staff_of(world, role: str, *, organization=None, email: str = "") -> Staff:
    return add_staff(
        email or f"{role}{next(world.messages)}@example.org",
        role=Staff.Role(role),
        organization=organization,
        phone=f"+1{next(world.numbers)}",
        by=audit.COMMAND_LINE,
        now=world.now,
    )


def browser() -> Client:
    return Client(SERVER_NAME=HOST, HTTP_REFERER=f"https://{HOST}/people")


def by_link(world, staff: Staff, *, opens_board: bool = True, client: Client | None = None) -> Client:
    client = client or browser()
    token = make_sign_in_link(staff, opens_board=opens_board, now=timezone.now())
    assert post(client, "/sign-in/link", token=token).status_code == 302
    return client


def with_code(staff: Staff) -> Staff:
    """A password and an app's codes, as if set up long ago."""
    from allauth.core import context
    from django.test import RequestFactory

    with context.request_context(RequestFactory().get("/")):
        totp.TOTP.activate(staff, SEED)
    staff.set_password(PASSWORD)
    staff.save()
    return staff


def code() -> str:
    """The app's six digits, by the clock that the library reads."""
    counter = struct.pack(">Q", AT // 30)
    digest = hmac.new(base64.b32decode(SEED), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def fresh_window() -> None:
    """None of the app's codes was used yet."""
    from django.core.cache import cache

    cache.clear()


def by_password(staff: Staff, *, client: Client | None = None) -> Client:
    fresh_window()
    client = client or browser()
    post(client, "/accounts/login/", login=staff.email, password=PASSWORD)
    assert post(client, "/accounts/2fa/authenticate/", code=code()).status_code == 302
    return client


def touch(client: Client):
    """The code once more, where the key is asked for."""
    fresh_window()
    return post(client, "/accounts/2fa/reauthenticate/?next=/people", code=code())


def get(client: Client, path: str, **headers: str):
    return client.get(path, secure=True, headers=headers)


def post(client: Client, path: str, **form: str):
    return client.post(path, form, secure=True)


def press(client: Client, path: str, **form: str):
    """A button, and the page that it leads to."""
    return client.post(path, form, secure=True, follow=True)


def factors_of(staff: Staff) -> list[str]:
    return sorted(Authenticator.objects.filter(user=staff).values_list("type", flat=True))
