"""Every page says in one sentence what it is for, under its heading, with the way to the handbook."""

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from network.console.shell import handbook
from network.console.shell.help import HELP
from network.support.models import Drill
from network.trust.models import Vouch
from tests.console.signing_in import browser, by_link, get, staff_of
from tests.console.test_routes import NOBODY, TABLE, routes
from tests.reading import markup_of

TEMPLATES = Path(__file__).resolve().parents[2] / "network" / "console" / "templates"
HELPED = re.compile(r'<p class="help">([^<]+)(?:<a href="/handbook/([a-z-]+)">([^<]+)</a>)?</p>')
# What a page fetches, a file, and a reading that is only for people who follow a link of their own.
NO_PAGES = {
    "twilio/sms", "twilio/status", "twilio/voice", "twilio/voice/key", "twilio/voice/rang",
    "twilio/voice/whisper", "twilio/voice/taken", "twilio/voice/ended", "twilio/alarm",
    "twilio/alarm/taken", "twilio/alarm/over", "healthz", "readyz", "metrics", "visit", "i18n/setlang/",
    "board/<slug:name>", "requests/<int:number>/panel/<slug:name>", "drills/<uuid:drill_id>/panel",
    "board/all", "board/beside", "manifest.webmanifest", "sw.js", "last", "offline",
    "duty/ringing", "account/lock", "media/<uuid:media_id>", "accounts/2fa/recovery-codes/download/",
    "handbook/<slug:slug>", "private",
}  # fmt: skip
# Answered by a page elsewhere, or only in the middle of something.
IN_BETWEEN = {
    "accounts/logout/", "accounts/inactive/", "accounts/reauthenticate/", "accounts/2fa/authenticate/",
    "accounts/2fa/reauthenticate/", "accounts/2fa/totp/deactivate/", "accounts/2fa/recovery-codes/",
    "accounts/2fa/webauthn/keys/<int:pk>/remove/", "accounts/2fa/webauthn/keys/<int:pk>/edit/",
    "accounts/2fa/webauthn/reauthenticate/", "accounts/2fa/webauthn/login/", "account/touch",
    "accounts/password/change/",
    "requests/<int:number>/address", "people/<uuid:person_id>/call", "staff/<uuid:staff_id>/link",  # after a press
    "requests/<int:number>/visits/<uuid:visit_id>/end",  # only while somebody is on the way: test_closing.py
}  # fmt: skip


def test_every_page_of_ours_has_its_sentence_right_under_the_heading():
    """The templates, so that pages that only a post shows are looked at too."""
    used = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text()
        if "<h1" not in text or path.name in (
            "base.html",
            "handbook_section.html",
            "offline.html",
            "private.html",
            "refused.html",
            "broken.html",
            "_covers.html",
            "_facts.html",
            "_needs.html",
        ):
            continue  # what covers an idle desk, the handbook's own pages, what says that there is no line, what is handed over
        matches = re.findall(r'(?:</h1>|</header>)\s*\{% help "(\w+)" %\}', text)
        assert len(matches) == 1, path.name
        used |= set(matches)
    # On these two every line above what waits costs: their sentence stands below it.
    for name in ("board", "request"):
        used |= set(re.findall(r'\{% help "(\w+)" %\}', (TEMPLATES / f"console/{name}.html").read_text()))
    assert used == set(HELP)


@pytest.mark.parametrize("language", handbook.LANGUAGES)
def test_every_sentence_is_one_and_leads_to_a_section_that_is_there(language):
    slugs = {section.slug for section in handbook.sections(language)}
    for page, told in HELP.items():
        assert told.section in slugs, page
        assert str(told.sentence).endswith("."), page


@pytest.fixture
def town(world):
    """Something behind every kind of address."""
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    rosa.sends("I need a lawyer")
    world.stranger().sends("hola")
    world.drill = Drill.objects.create(
        started_by=NOBODY, started_at=world.now, ends_at=world.now, ended_at=world.now, ended="done"
    )
    world.ana, world.rosa = ana.person, rosa.person
    number = world.request().number
    lawyers = world.request()
    lawyers.kind = "legal"
    lawyers.save()
    world.number = number
    return world


def urls_of(world, route, staff):
    from network.messaging.models import Contact

    ids = {
        "person_id": world.ana.pk, "drill_id": world.drill.pk, "staff_id": staff.pk,
        "contact_id": Contact.objects.exclude(fingerprint=world.rosa.fingerprint).get().pk,
        "about": Vouch.objects.filter(person=world.ana).first().pk,
    }  # fmt: skip
    words = {"slug": "casa-azul", "kind": "vouch", "key": "home", "language": "es"}

    def one(match):
        kind, name = match[1], match[2]
        return str(ids.get(name) or words.get(name) or (world.number if kind == "int" else ""))

    if route == "people/<uuid:person_id>/home":
        return f"/people/{world.rosa.pk}/home"
    if route == "people/new/<slug:kind>":
        return "/people/new/member"
    return "/" + re.sub(r"<(\w+):(\w+)>", one, route)


ROLES = {
    "people/<uuid:person_id>/home": "verifier",
    "people/<uuid:person_id>/hand-over": "verifier",
    "people/new/<slug:kind>": "verifier",
    "sheets": "verifier",
    "people/sheet": "verifier",
}
PAGES = sorted(
    route
    for route, (_, methods) in TABLE.items()
    if ("GET" in methods or methods == "*") and route not in NO_PAGES | IN_BETWEEN
)


def test_every_address_is_a_page_or_named_here_as_none():
    known = set(dict(routes(get_resolver().url_patterns)))
    assert known >= NO_PAGES | IN_BETWEEN
    assert len(PAGES) > 30


def test_a_walk_through_all_pages_finds_help_on_each(town):
    staff = {role: staff_of(town, role, organization=town.azul) for role in ("steward", "verifier", "lawyer")}
    clients = {role: by_link(town, account) for role, account in staff.items()}
    get(clients["steward"], "/")
    assert clients["steward"].post("/duty/do/start", {"hours": "4"}, secure=True).status_code == 302
    for route in PAGES:
        role = ROLES.get(route, "lawyer" if route.startswith("legal") else "steward")
        url = urls_of(town, route, staff["steward"])
        client = browser() if route in ("sign-in/link", "accounts/login/") else clients[role]
        answer = get(client, url)
        if answer.status_code == 302 and route.startswith("accounts/"):
            continue  # a key is to be touched first
        page = markup_of(answer)
        assert answer.status_code == 200, (route, url, answer.status_code)
        helped = HELPED.findall(page)
        assert len(helped) == 1, route
        sentence, section, title = helped[0]
        assert sentence.strip(), route
        if route not in ("sign-in/link", "accounts/login/"):  # nobody is in yet
            assert section, route
            assert title.startswith("Handbook: "), route
    own = markup_of(get(clients["verifier"], f"/people/{town.rosa.pk}"))
    assert len(HELPED.findall(own)) == 1


def test_the_sign_in_librarys_pages_have_it_too(town):
    client = by_link(town, staff_of(town, "coordinator"), opens_board=False)
    page = markup_of(get(client, "/accounts/2fa/"))
    assert "have two, in two places" in HELPED.findall(page)[0][0]
