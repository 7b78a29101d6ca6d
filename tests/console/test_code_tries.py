"""A code of an app, a recovery code, a password: counted as a try before it is looked at, however many come at once."""

import pytest
from allauth.core import context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import RequestFactory

from network.console.account import backends
from network.console.account.sign_in_limits import SignInLimits
from tests.beside import at_once
from tests.console.signing_in import (
    PASSWORD,
    browser,
    by_password,
    code,
    fresh_window,
    post,
    staff_of,
    with_code,
)

TRIES = 5
AT_ONCE = 50
FIRST, AGAIN = "/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"


@pytest.fixture
def staff(world):
    account = with_code(staff_of(world, "coordinator", organization=world.azul))
    with context.request_context(RequestFactory().get("/")):
        RecoveryCodes.activate(account)
    return account


@pytest.fixture
def recovery(staff):
    with context.request_context(RequestFactory().get("/")):
        kept = RecoveryCodes.activate(staff)
        return kept.get_unused_codes()


@pytest.fixture
def looked(monkeypatch):
    """Codes that were compared with an app's, and with the recovery codes, and what came of it."""
    seen = {"totp": [], "recovery": []}

    def watch(kind, owner):
        real = owner.validate_code

        def validate(self, code):
            right = real(self, code)
            seen[kind].append(right)
            return right

        monkeypatch.setattr(owner, "validate_code", validate)

    watch("totp", TOTP)
    watch("recovery", RecoveryCodes)
    return seen


def at_the_code(staff):
    """A browser that knows the password and is asked for the code."""
    fresh_window()
    client = browser()
    assert post(client, "/accounts/login/", login=staff.email, password=PASSWORD).status_code == 302
    return client


def alike(client):
    """Another thread's hand on the same session."""
    other = browser()
    for name, morsel in client.cookies.items():
        other.cookies[name] = morsel.value
    return other


def posted_at_once(client, path, codes, *, field="code", **more):
    """The status of each answer, all posted together."""

    def tries(account):
        mine = alike(client)
        return lambda: post(mine, path, **{field: account}, **more).status_code

    return at_once([tries(code) for code in codes])


WRONG = [f"{n:0{6 + 2 * (n % 2)}}" for n in range(AT_ONCE)]  # six digits of an app, eight of a recovery code


@pytest.mark.parametrize("path", [FIRST, AGAIN])
def test_of_fifty_wrong_codes_at_once_five_are_looked_at(staff, looked, path):
    client = at_the_code(staff) if path == FIRST else by_password(staff)
    cache.clear()
    for seen in looked.values():
        seen.clear()

    statuses = posted_at_once(client, path, WRONG)

    assert set(statuses) <= {200, 429}
    assert looked["totp"] == [False] * TRIES
    assert looked["recovery"] == [False] * TRIES
    assert post(client, path, code=code()).status_code in (200, 429)  # nor is a right one looked at
    assert len(looked["totp"]) == TRIES


def test_tries_on_one_page_and_on_the_other_are_counted_together(staff, looked):
    client = at_the_code(staff)
    inside = by_password(staff)
    cache.clear()
    for seen in looked.values():
        seen.clear()

    posted_at_once(client, FIRST, WRONG[:10])
    posted_at_once(inside, AGAIN, WRONG[10:20])

    assert looked["totp"] == [False] * TRIES


@pytest.fixture
def no_limit(settings):
    """So that all of them are looked at."""
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}


def test_of_fifty_with_the_same_right_code_one_is_taken(staff, looked, no_limit):
    posted_at_once(at_the_code(staff), FIRST, [code()] * AT_ONCE)
    assert looked["totp"].count(True) == 1


def test_of_fifty_with_the_same_recovery_code_one_is_taken(staff, recovery, looked, no_limit):
    posted_at_once(at_the_code(staff), FIRST, [recovery[0]] * AT_ONCE)
    assert looked["recovery"].count(True) == 1


def test_of_fifty_wrong_passwords_at_once_five_are_looked_at(staff, monkeypatch):
    fresh_window()
    looked, verify = [], backends.verify_password

    def verifying(password, encoded):
        looked.append(password)
        return verify(password, encoded)

    monkeypatch.setattr(backends, "verify_password", verifying)
    monkeypatch.setattr(SignInLimits, "_in_turn", lambda self, request: self.get_response(request))

    posted_at_once(
        browser(),
        "/accounts/login/",
        [f"wrong {n}" for n in range(AT_ONCE)],
        field="password",
        login=staff.email,
    )

    assert len(looked) == TRIES
