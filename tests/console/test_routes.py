"""Every address, by every role and nobody, by every method. An address that isn't in the table fails."""

import re
from datetime import timedelta

import pytest
from django.urls import get_resolver, resolve

from network.duty.models import Presence
from network.organizations.models import Organization
from network.staff.models import StaffSession
from network.staff.rules.access import Action, StaffRole, Who, refusal
from tests.console.signing_in import browser, by_link, staff_of

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
NOBODY = "00000000-0000-4000-8000-000000000000"

# What each route asks for, and the methods it answers. "open": to all; "own": whoever is signed in;
# "carrier": a signature; "nowhere": 404 for everybody; "library": the sign-in library's own guard.
TABLE: dict[str, tuple[Action | str, str]] = {
    "twilio/sms": ("carrier", "POST"),
    "twilio/status": ("carrier", "POST"),
    "twilio/voice": ("carrier", "POST"),
    "twilio/voice/key": ("carrier", "POST"),
    "twilio/voice/rang": ("carrier", "POST"),
    "twilio/voice/whisper": ("carrier", "POST"),
    "twilio/voice/taken": ("carrier", "POST"),
    "twilio/voice/ended": ("carrier", "POST"),
    "twilio/alarm": ("carrier", "POST"),
    "twilio/alarm/taken": ("carrier", "POST"),
    "twilio/alarm/over": ("carrier", "POST"),
    "healthz": ("open", "*"),
    "readyz": ("open", "*"),
    "metrics": ("open", "*"),
    "visit": ("open", "GET HEAD"),
    "visit/open": ("open", "POST"),
    "private": ("open", "GET HEAD"),
    "private/open": ("open", "POST"),
    "i18n/setlang/": ("open", "*"),
    "sign-in/link": ("open", "GET HEAD POST"),
    "accounts/login/": ("library open", "*"),
    "accounts/logout/": ("library open", "*"),
    "accounts/inactive/": ("library open", "*"),
    "accounts/reauthenticate/": ("library", "*"),
    "accounts/password/change/": ("library", "*"),
    "accounts/signup/": ("nowhere", ""),
    "accounts/email/": ("nowhere", ""),
    "accounts/password/set/": ("nowhere", ""),
    "accounts/password/reset/": ("nowhere", ""),
    "accounts/2fa/": ("library", "*"),
    "accounts/2fa/authenticate/": ("library", "*"),
    "accounts/2fa/reauthenticate/": ("library", "*"),
    "accounts/2fa/totp/activate/": ("library", "*"),
    "accounts/2fa/totp/deactivate/": ("library", "*"),
    "accounts/2fa/recovery-codes/": ("library", "*"),
    "accounts/2fa/recovery-codes/generate/": ("library", "*"),
    "accounts/2fa/recovery-codes/download/": ("library", "*"),
    "accounts/2fa/webauthn/": ("library", "*"),
    "accounts/2fa/webauthn/add/": ("library", "*"),
    "accounts/2fa/webauthn/reauthenticate/": ("library", "*"),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": ("library", "*"),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": ("library", "*"),
    "accounts/2fa/webauthn/login/": ("library open", "*"),
    "account": ("own", "GET HEAD"),
    "account/password": ("own", "POST"),
    "account/name": ("own", "POST"),
    "account/keys": ("own", "POST"),
    "account/touch": ("own", "GET HEAD POST"),
    "handbook": ("own", "GET HEAD"),
    "handbook/<slug:slug>": ("own", "GET HEAD"),
    "account/lock": ("own", "GET HEAD"),
    "account/sign-out/<slug:which>": ("own", "POST"),
    "": (Action.SEE_BOARD, "GET HEAD"),
    "board/all": (Action.SEE_BOARD, "GET HEAD"),
    "board/<slug:name>": (Action.SEE_BOARD, "GET HEAD"),
    "views": (Action.SEE_BOARD, "POST"),
    "views/<uuid:view_id>/<slug:step>": (Action.SEE_BOARD, "POST"),
    "needs": (Action.SEE_BOARD, "GET HEAD"),
    "board/beside": (Action.SEE_BOARD, "GET HEAD"),
    "requests/all": (Action.SEE_BOARD, "GET HEAD"),
    "needs/ticked/<slug:step>": (Action.WORK, "POST"),
    "needs/next": (Action.WORK, "POST"),
    "needs/<uuid:need_id>/<slug:step>": (Action.WORK, "POST"),
    "requests": (Action.WORK, "POST"),
    "requests/new": (Action.WORK, "GET HEAD POST"),
    "requests/<int:number>": (Action.SEE_REQUESTS, "GET HEAD"),
    "requests/<int:number>/panel/<slug:name>": (Action.SEE_REQUESTS, "GET HEAD"),
    "requests/<int:number>/address": (Action.SEE_ADDRESS, "GET HEAD POST"),
    "requests/<int:number>/close": (Action.SEE_REQUESTS, "GET HEAD"),
    "requests/<int:number>/visits/<uuid:visit_id>/end": (Action.SEE_REQUESTS, "GET HEAD"),
    "requests/<int:number>/do/<slug:step>": (Action.WORK, "POST"),
    "find": (Action.FIND, "GET HEAD POST"),
    "asking": (Action.SEE_ASKING, "GET HEAD"),
    "asking/surge/<slug:step>": (Action.CHANGE_ASKING, "POST"),
    "asking/holidays/<slug:step>": (Action.CHANGE_ASKING, "POST"),
    "asking/childcare": (Action.SET_RULES, "POST"),
    "wording/try": (Action.SET_RULES, "GET HEAD POST"),
    "wording": (Action.SET_RULES, "GET HEAD"),
    "wording/<slug:key>/<slug:language>": (Action.SET_RULES, "GET HEAD POST"),
    "manifest.webmanifest": ("own", "GET HEAD"),
    "sw.js": ("open", "GET HEAD"),
    "offline": ("open", "GET HEAD"),
    "last": (Action.LISTEN, "GET HEAD"),
    "setting-up": (Action.SEE_SETTING_UP, "GET HEAD"),
    "setting-up/<slug:step>": (Action.SET_RULES, "POST"),
    "theme": ("open", "POST"),
    "measures": (Action.SEE_MEASURES, "GET HEAD"),
    "measures/file": (Action.SEE_MEASURES, "POST"),
    "measures/coverage": (Action.SEE_MEASURES, "GET HEAD"),
    "measures/transparency": (Action.SEE_MEASURES, "GET HEAD"),
    "measures/zones": (Action.SEE_MEASURES, "GET HEAD"),
    "sheet": (Action.SEE_REQUESTS, "GET HEAD"),
    "duty": (Action.SEE_DUTY, "GET HEAD"),
    "duty/ringing": (Action.LISTEN, "GET HEAD"),
    "duty/hand-off": (Action.SEE_DUTY, "GET HEAD"),
    "duty/do/<slug:step>": (Action.CHANGE_DUTY, "POST"),
    "drills": (Action.SEE_DRILLS, "GET HEAD POST"),
    "drills/start": (Action.RUN_DRILLS, "POST"),
    "drills/<uuid:drill_id>": (Action.SEE_DRILLS, "GET HEAD"),
    "drills/<uuid:drill_id>/panel": (Action.SEE_DRILLS, "GET HEAD"),
    "drills/<uuid:drill_id>/stop": (Action.RUN_DRILLS, "POST"),
    "people/<uuid:person_id>/home": (Action.ENROL, "GET HEAD POST"),
    "people/<uuid:person_id>/hand-over": (Action.ENROL, "GET HEAD POST"),
    "people/<uuid:person_id>/apart": (Action.CHANGE_PEOPLE, "GET HEAD POST"),
    "people/<uuid:person_id>/call": (Action.SEE_ADDRESS, "GET HEAD POST"),
    "people/<uuid:person_id>/history": (Action.CHANGE_PEOPLE, "GET HEAD"),
    "people/<uuid:person_id>/draft": (Action.WORK, "POST"),
    "people/<uuid:person_id>/here": (Action.WORK, "POST"),
    "people/<uuid:person_id>/vouches": (Action.SEE_TRUST, "GET HEAD"),
    "people/<uuid:person_id>/vouches/<slug:step>": (Action.CHANGE_TRUST, "POST"),
    "sheets": (Action.EXPORT, "GET HEAD"),
    "sheets/<slug:step>": (Action.EXPORT, "POST"),
    "organizations": (Action.SEE_TRUST, "GET HEAD"),
    "trust": (Action.SEE_TRUST, "GET HEAD"),
    "organizations/do/<slug:step>": (Action.CHANGE_TRUST, "POST"),
    "organizations/<slug:slug>": (Action.SEE_TRUST, "GET HEAD"),
    "proposals/<uuid:proposal_id>/<slug:step>": (Action.CHANGE_TRUST, "POST"),
    "vouches": (Action.SEE_TRUST, "GET HEAD"),
    "taking-back/<slug:kind>/<uuid:about>": (Action.SEE_TRUST, "GET HEAD POST"),
    "people": (Action.SEE_PEOPLE, "GET HEAD POST"),
    "people/sheet": (Action.ENROL, "GET HEAD POST"),
    "people/new/<slug:kind>": (Action.ENROL, "GET HEAD POST"),
    "people/<uuid:person_id>": (Action.SEE_PEOPLE, "GET HEAD"),
    "people/<uuid:person_id>/do/<slug:step>": (Action.CHANGE_PEOPLE, "POST"),
    "texts": (Action.READ_TEXTS, "GET HEAD"),
    "texts/read": (Action.READ_TEXTS, "POST"),
    "texts/<uuid:contact_id>": (Action.READ_TEXTS, "GET HEAD"),
    "media/<uuid:media_id>": (Action.READ_TEXTS, "GET HEAD"),
    "staff": (Action.SEE_STAFF, "GET HEAD"),
    "staff/<uuid:staff_id>": (Action.SEE_STAFF, "GET HEAD"),
    "staff/<uuid:staff_id>/link": (Action.MANAGE_STAFF, "GET HEAD"),
    "staff/<uuid:staff_id>/sign-out/<slug:which>": (Action.END_SESSIONS, "POST"),
    "staff/invite": (Action.MANAGE_STAFF, "POST"),
    "staff/<uuid:staff_id>/do/<slug:step>": (Action.MANAGE_STAFF, "POST"),
    "staff/<uuid:staff_id>/met": (Action.MEET_STAFF, "POST"),
    "staff/<uuid:staff_id>/lost-factor": (Action.RESTORE_FACTOR, "POST"),
    "staff/lost-factors/<uuid:restoring_id>/<slug:step>": (Action.RESTORE_FACTOR, "POST"),
    "history": (Action.READ_HISTORY, "GET HEAD"),
    "retention": (Action.READ_HISTORY, "GET HEAD"),
    "retention/hold": (Action.SET_RULES, "POST"),
    "legal": (Action.READ_LEGAL, "GET HEAD"),
    "legal/<int:number>": (Action.READ_LEGAL, "GET HEAD"),
}


def routes(patterns, prefix=""):
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, here)
        else:
            yield here, pattern.callback


ROUTES = dict(routes(get_resolver().url_patterns))


def url_of(route):
    url = "/" + re.sub(r"<uuid:\w+>", NOBODY, route)
    return re.sub(r"<slug:\w+>", "x", re.sub(r"<int:\w+>", "999", url))


def test_every_route_is_in_the_table_and_none_is_only_there():
    assert set(ROUTES) == set(TABLE)


def test_each_of_our_own_views_asks_for_what_the_table_says():
    for route, view in ROUTES.items():
        assert getattr(view, "action", None) == (
            TABLE[route][0] if isinstance(TABLE[route][0], Action) else None
        ), route


def answers(method, asks, methods):
    return methods == "*" or method in methods.split() or asks in ("nowhere", "carrier")


def test_what_a_view_does_not_answer_it_refuses_before_it_asks_who_is_there(rf):
    """So one who asks by every method asks for all: this request has no user at all."""
    for route, (asks, methods) in TABLE.items():
        for method in METHODS:
            if not answers(method, asks, methods):
                url = url_of(route)
                match = resolve(url)
                answer = match.func(rf.generic(method, url), *match.args, **match.kwargs)
                assert answer.status_code == 405, (method, route)


SUSPENDED = [f"{role} of a suspended organization" for role in StaffRole]
BY_EVERY_METHOD = ("coordinator", "off shift", "no factor", "taken off", SUSPENDED[0])


@pytest.fixture(
    params=[*StaffRole, "off shift", "no factor", "taken off", *SUSPENDED, "verifier of one not admitted"]
)
def signed_in(request, world):
    """A browser of each role, also of a suspended organization and of one that isn't admitted; and of
    coordinators who are off shift, without a factor, or taken off."""
    first = request.param.partition(" ")[0]
    role = first if first in list(StaffRole) else "coordinator"
    staff = staff_of(world, role, organization=world.azul)
    client = by_link(world, staff, opens_board=request.param != "no factor")
    if request.param == "off shift":
        Presence.objects.all().delete()
    if request.param == "taken off":
        staff.is_active = False
        staff.save()
    stands = role == request.param or " of " not in request.param
    if not stands:
        state = {"suspended_at": world.now} if "suspended" in request.param else {"admitted_at": None}
        Organization.objects.filter(pk=world.azul.pk).update(**state)
    client.who = Who(
        staff.pk,
        role,
        world.azul.pk,
        is_in_good_standing=stands,
        active=request.param != "taken off",
        on_shift=request.param != "off shift",
        factors=request.param != "no factor",
        acted_at=world.now,
        reauthenticated_at=world.now,
    )
    client.params, client.world = request.param, world
    return client


@pytest.mark.slow("asks every route by every method")
def test_every_route_by_every_role_and_method(signed_in):
    client, account = signed_in, signed_in.who
    for route, (asks, methods) in TABLE.items():
        if asks in ("open", "carrier") or "logout" in route or "sign-out" in route:
            continue
        for method in METHODS:
            if not answers(method, asks, methods) and client.params not in BY_EVERY_METHOD:
                continue
            if client.params == "off shift":
                Presence.objects.all().delete()  # the board puts its reader on shift
            answer = client.generic(method, url_of(route), secure=True)
            where = (client.params, method, route, answer.status_code, answer.headers.get("Location"))
            allowed = methods == "*" or method in methods.split()
            if asks == "nowhere":
                if client.params in ("taken off",) or account.factors:
                    assert answer.status_code == 404, where
                continue
            if not account.active:  # is nobody any more
                assert answer.status_code in (302, 404, 405, 200), where
                if isinstance(asks, Action) or asks == "own":
                    assert answer.status_code == 405 or answer["Location"].startswith("/accounts/login/"), (
                        where
                    )
                continue
            if not isinstance(asks, Action):
                assert answer.status_code != 500, where
                continue
            why = refusal(account, asks, None, client.world.now)
            if not account.factors:
                assert answer["Location"] == "/account", where
            elif not allowed:
                assert answer.status_code == 405, where
            elif why is None:
                assert answer.status_code in (200, 302, 404, 422), where
                assert answer.headers.get("Location") != "/account", where
            elif why == "off_shift":
                assert answer["Location"] == "/", where
            else:
                assert why == "unknown", where
                elsewhere = route == "" and answer.headers.get("Location") == "/account"
                assert answer.status_code == 404 or elsewhere, where


def test_every_route_by_nobody(db):
    client = browser()
    for route, (asks, methods) in TABLE.items():
        for method in METHODS:
            answer = client.generic(method, url_of(route), secure=True)
            where = (method, route, answer.status_code)
            allowed = methods == "*" or method in methods.split()
            if asks == "carrier":
                assert answer.status_code == (403 if allowed else 405), where
            elif asks == "nowhere":
                assert answer.status_code == 404, where
            elif asks in ("open", "library open"):
                assert answer.status_code in (200, 302, 400, 403, 404, 405, 410, 503), where
            elif not allowed:
                assert answer.status_code == 405, where
            else:
                assert answer.status_code == 302, where
                assert answer["Location"].startswith("/accounts/login/"), where


@pytest.mark.slow("asks every route by every method")
@pytest.mark.parametrize("role", StaffRole)
def test_every_route_at_an_idle_desk(world, role):
    rosa = world.member("Rosa Sentinel")
    world.responder("Beto")
    rosa.asks()
    staff = staff_of(world, role, organization=world.azul)
    client = by_link(world, staff)
    world.now += timedelta(minutes=20)
    opened = {"account/touch", "account/lock", "duty/ringing"}  # these show nobody
    for route, (asks, methods) in TABLE.items():
        if "open" in str(asks) or asks == "carrier" or "logout" in route or "reauthenticate" in route:
            continue
        url = url_of(route).replace("999", str(world.request().number)).replace(NOBODY, str(rosa.person.pk))
        for method in METHODS:
            if not answers(method, asks, methods) and role not in BY_EVERY_METHOD:
                continue
            answer = client.generic(method, url, secure=True)
            assert b"Rosa" not in answer.content, (method, route)
            assert answer.status_code == 423 or route in opened, (method, route, answer.status_code)
    assert StaffSession.objects.get(staff=staff).acted_at == world.now - timedelta(minutes=20)
