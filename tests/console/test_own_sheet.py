"""A verifier enters their organization's people by spreadsheet: looked at first, all or nothing, as by the form."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from network.audit.models import Entry
from network.enrollment.models import Consent
from network.enrollment.rules.consent import CURRENT
from network.enrollment.spreadsheets import COLUMNS
from network.messaging.models import Outbound
from network.people.models import Claim, Member, Person, Responder
from network.trust.models import Introduction, Vouch
from tests.console.test_pages import get, sign_in
from tests.reading import markup_of

ROW = {"name": "Luz Typed", "language": "es", "organization": "casa-roja", "street": "77 Typed Street",
       "city": "Chicago", "state": "IL", "zip": "60608", "consent_on": "2026-10-01"}  # fmt: skip
GUIDE = {"name": "Beto Typed", "languages": "pt;es", "organizations": "casa-roja", "kinds": "accompaniment",
         "zip": "60608", "max_miles": "8", "hours": "always", "consent_on": "2026-10-01"}  # fmt: skip


@pytest.fixture
def verifier(world, hire):
    return sign_in(world, hire("verifier", world.roja))


def sheet(name, *rows):
    lines = [",".join(COLUMNS[name])]
    lines += [",".join(f'"{row.get(column, "")}"' for column in COLUMNS[name]) for row in rows]
    return "\r\n".join(lines)


def look(client, name, content, **changes):
    form = {"sheet": name, "version": str(CURRENT), "read_out": "1"} | changes
    file = SimpleUploadedFile("people.csv", content if isinstance(content, bytes) else content.encode())
    return client.post("/people/sheet", form | {"file": file}, secure=True)


def enter(client, answer):
    """Press the button of the page that shows what the file would do."""
    page = markup_of(answer)
    fields = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        if name != "csrfmiddlewaretoken"
    }
    return client.post("/people/sheet", fields | {"enter": "1"}, secure=True)


def test_a_file_is_looked_at_then_entered_as_the_form_enters(world, verifier):
    assert "Enter many by spreadsheet" in get(verifier, "/people").content.decode()
    content = sheet("members", ROW | {"phone": "3125550991"}, ROW | {"phone": "3125550992", "consent_on": ""})
    answer = look(verifier, "members", content)
    assert "2 people are entered." in answer.content.decode()
    assert not Person.objects.exists()
    assert not Outbound.objects.exists()
    assert enter(verifier, answer).status_code == 302
    luz, invited = (
        Member.objects.get(person__fingerprint=person.fingerprint)
        for person in Person.objects.order_by("consent_on")
    )
    assert (luz.person.standing, invited.person.standing) == ("active", "invited")
    assert {luz.frozen_for, invited.frozen_for} == {Member.Frozen.UNMET}  # nobody is sent before they are met
    consent = Consent.objects.get()
    assert (consent.person, consent.language, consent.version) == (luz.person, "es", CURRENT)
    assert Outbound.objects.count() == 1
    assert not Vouch.objects.exists()
    line = Entry.objects.get(action="people.entered_by_sheet")
    assert line.detail["added"] == 2
    assert "Luz" not in str(line.detail)
    assert "2 are your organization" in look(verifier, "members", content).content.decode()


def test_responders_wait_for_a_verifier_who_meets_them(world, verifier):
    answer = look(verifier, "responders", sheet("responders", GUIDE | {"phone": "3125550993"}))
    enter(verifier, answer)
    responder = Responder.objects.get()
    assert responder.person.languages == ["pt", "es"]
    assert Consent.objects.get().language == "es"  # the first of theirs in which there are words
    assert Introduction.objects.get().person == responder.person
    assert not Vouch.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"organization": "casa-azul"}, "line 3, column organization: names another organization: write casa-roja"),
        ({"duress_word": "girasoles"}, "line 3, column duress_word: is set in private, by the person"),
        ({"zip": "00001"}, "line 3, column zip: isn't a US ZIP"),
        ({"phone": "3125550991"}, "line 3, column phone: stands on line 2 too"),
        ({"consent_on": "2031-01-01"}, "line 3, column consent_on: is in the future"),
    ],
)  # fmt: skip
def test_one_bad_row_stops_the_whole_file(world, verifier, changes, said):
    rows = ROW | {"phone": "3125550991"}, ROW | {"phone": "3125550992"} | changes
    answer = look(verifier, "members", sheet("members", *rows))
    assert answer.status_code == 422
    assert said in html.unescape(answer.content.decode())
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("content", "changes", "said"),
    [
        ("", {}, "Choose a file."),
        (b"\xff\xfe", {}, "isn't UTF-8"),
        ("phone;name\n1;2", {}, "is missing"),
        ("phone\n" * 60_000, {}, "too large"),
        (sheet("members", *(ROW | {"phone": f"312556{n:04}"} for n in range(101))), {}, "more than 100 rows"),
        (sheet("members", ROW | {"phone": "3125550991"}), {"read_out": ""}, "were read out"),
        (sheet("members", ROW | {"phone": "3125550991"}), {"version": "0"}, "were read out"),
    ],
)
def test_what_cannot_be_taken_says_why(world, verifier, content, changes, said):
    answer = look(verifier, "members", content, **changes)
    assert answer.status_code == 422
    assert said in html.unescape(answer.content.decode())
    assert not Person.objects.exists()


def test_it_says_so_in_spanish_too(world, verifier):
    verifier.cookies["django_language"] = "es"
    page = look(verifier, "members", sheet("members", ROW | {"phone": "1"})).content.decode()
    assert "línea 2, columna phone: no es un número de teléfono" in page


def test_whom_another_organization_has_is_answered_as_if_fresh(world, verifier):
    rosa = world.member("Rosa Known")
    Person.objects.filter(pk=rosa.person.pk).update(consent_on="2026-09-01")
    home = rosa.person.member.street
    fresh, known = (sheet("members", ROW | {"phone": phone}) for phone in ("+13125550997", rosa.number))

    def masked(answer, phone):
        page = re.sub(r'csrfmiddlewaretoken" value="[^"]*', "", answer.content.decode())
        return page.replace(phone, "PHONE")

    looks = [look(verifier, "members", phone) for phone in (fresh, known)]
    pages = [masked(look_, phone) for look_, phone in zip(looks, ("+13125550997", rosa.number), strict=True)]
    assert pages[0] == pages[1]
    entered = [enter(verifier, look) for look in looks]
    assert [answer.status_code for answer in entered] == [302, 302]
    assert Claim.objects.get().person == rosa.person
    assert Member.objects.get(person=rosa.person).street == home
    page = get(verifier, "/people").content.decode()
    assert page.count("Luz Typed") == 2
    assert "Rosa Known" not in page
    again = [look(verifier, "members", phone).content.decode() for phone in (fresh, known)]
    assert all("1 is your organization" in page for page in again)


@pytest.mark.parametrize("role", ["steward", "coordinator"])
def test_only_an_organizations_own_verifier_has_the_page(world, hire, role):
    client = sign_in(world, hire(role))
    get(client, "/")
    assert get(client, "/people/sheet").status_code == 404
    assert look(client, "members", sheet("members", ROW)).status_code == 404
