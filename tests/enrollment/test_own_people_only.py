"""The proof in row security's place: who belongs to one organization is handed no row of another's people.

Every address is walked with the other organization's ids, and every row that the database hands out
meanwhile is looked through, not only the pages.
"""

import re
from contextlib import contextmanager
from itertools import product

import pytest
from django.db.backends.utils import CursorWrapper

from network.desk.models import Need
from network.enrollment.queries.visible import visible_to
from network.messaging.models import Contact
from network.people.models import Person
from network.staff.queries import staff_visible_to
from network.staff.rules.access import Action, Who, scope_of
from network.support.models import SupportRequest
from network.support.queries import visible_to as requests_visible_to
from network.trust.models import Vouch
from network.visits.models import Visit
from tests.console.signing_in import by_link, staff_of
from tests.console.test_routes import TABLE

STEPS = ("facts", "talk", "people", "needs", "write", "suspend", "start", "claim", "role", "all", "confirm")


@contextmanager
def rows_handed_out(monkeypatch):
    """Everything that the database hands to this process, as text."""
    seen: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("fetchone", "fetchmany", "fetchall"):

            def fetch(self, *args, name=name):
                rows = getattr(self.cursor, name)(*args)
                seen.append(repr(rows))
                return rows

            patch.setattr(CursorWrapper, name, fetch, raising=False)
        yield seen


@pytest.fixture
def town(world):
    """Casa Azul's Rosa, and Casa Roja's Luz with a request, a visit, a need and texts."""
    rosa, luz, beto = world.member("Rosaazul"), world.member("Luzroja"), world.responder("Betoroja")
    member = luz.person.member
    member.organization, member.street = world.roja, "99 Redstreet"
    member.save()
    Vouch.objects.filter(person__in=(luz.person, beto.person), organization=world.azul).delete()
    rosa.sends("I need a lawyer")
    rosa.sends("1")
    luz.asks()
    beto.accepts()
    luz.sends("something that nobody understands")
    return world, rosa, luz, beto


def theirs(world, luz, beto):
    """What tells of Casa Roja's people: ids, names, phones."""
    request = SupportRequest.objects.get(member=luz.person.member)
    ids = [luz.person.pk, luz.person.member.pk, beto.person.pk, beto.person.responder.pk, request.pk]
    ids += Visit.objects.values_list("pk", flat=True)
    ids += Need.objects.filter(person_id=luz.person.pk).values_list("pk", flat=True)
    ids += Contact.objects.filter(fingerprint=luz.person.fingerprint).values_list("pk", flat=True)
    words = ["Luzroja", "Betoroja", "Redstreet", luz.number, beto.number]
    return request, [str(id_) for id_ in ids], words


def walk(client, account, request, ids):
    for route, (asks, methods) in TABLE.items():
        if "logout" in route or route.startswith("account/sign-out") or asks in ("open", "carrier"):
            continue  # the last are the same for everybody, and count what they don't show
        # What isn't open to a role at all looks at neither, so there each is tried, but not each with each.
        opens = not isinstance(asks, Action) or scope_of(account, asks) is not None
        for its_id in ids if "<uuid" in route else ids[:1]:
            for step in STEPS if "<slug" in route else STEPS[:1]:
                if not opens and its_id != ids[0] and step != STEPS[0]:
                    continue
                url = "/" + re.sub(r"<uuid:\w+>", its_id, route)
                url = re.sub(r"<slug:\w+>", step, re.sub(r"<int:\w+>", str(request.number), url))
                for method in ("GET", "POST"):
                    # What isn't answered at all isn't read either: 405, and each id is tried once for it.
                    if methods == "*" or method in methods or step == STEPS[0]:
                        yield url, client.generic(method, url, secure=True)


@pytest.mark.slow("asks every page about everybody")
@pytest.mark.parametrize("role", ["verifier", "lawyer", "auditor"])
def test_no_row_and_no_page_of_another_organizations_people(town, monkeypatch, role):
    world, rosa, luz, beto = town
    request, ids, words = theirs(world, luz, beto)
    staff = staff_of(world, role, organization=world.azul)
    client = by_link(world, staff)
    before = _state(luz)
    with rows_handed_out(monkeypatch) as seen:
        for url, answer in walk(client, here(staff, world), request, ids):
            page = answer.content.decode()
            for word in words:
                assert word not in page, url
            named = [id_ for id_ in ids if id_ in page and id_ not in url]
            # The auditor reads the history: ids of everybody, and nothing that they stand for.
            assert not named or (role == "auditor" and url == "/history"), url
            assert "<uuid" not in url
    assert len(seen) > 50
    handed = " ".join(seen)
    for id_ in ids:
        assert id_ not in handed or role == "auditor"
    # Coverage counts everybody: rows are read for it, as an auditor may, and only numbers are shown.
    assert str(bytes(luz.person.fingerprint)) not in handed or role == "auditor"
    assert _state(luz) == before
    if role == "verifier":
        assert str(rosa.person.pk) in handed  # their own are found by the same walk


def here(staff, world, **other):
    known = {
        "id": staff.pk, "role": staff.role, "organization": world.azul.pk, "is_in_good_standing": True, "active": True,
        "on_shift": True, "factors": True, "acted_at": world.now, "reauthenticated_at": None,
    }  # fmt: skip
    return Who(**{**known, **other})


def _state(luz):
    person = Person.objects.filter(pk=luz.person.pk).values().get()
    return str(person), Need.objects.filter(closed_at=None).count(), Visit.objects.count()


def test_the_walk_would_find_them(town, monkeypatch):
    """A coordinator's walk is handed every one of these rows: the test above can fail."""
    world, _, luz, beto = town
    request, ids, words = theirs(world, luz, beto)
    client = by_link(world, staff_of(world, "coordinator"))
    pages = ""
    with rows_handed_out(monkeypatch) as seen:
        for path in (
            "/",
            f"/requests/{request.number}",
            f"/people/{luz.person.pk}",
            f"/people/{beto.person.pk}",
        ):
            pages += client.get(path, secure=True).content.decode()
    assert [id_ for id_ in ids if id_ not in " ".join(seen)] == []
    assert [word for word in words if word not in pages + "Redstreet" + luz.number + beto.number] == []


def test_the_querysets_say_the_same(town):
    world, rosa, luz, beto = town
    me = staff_of(world, "verifier", organization=world.azul)
    roles = ("steward", "coordinator", "verifier", "auditor", "lawyer", "owner")
    for role, active, organization, stands in product(
        roles, (True, False), (world.azul.pk, None), (True, False)
    ):
        account = here(
            me, world, role=role, organization=organization, is_in_good_standing=stands, active=active
        )
        own = active and stands and organization is not None
        people = set(visible_to(account))
        requests = {found.member.person_id for found in requests_visible_to(account)}
        if active and stands and role in ("steward", "coordinator"):
            assert people == {rosa.person, luz.person, beto.person}
            assert requests == {rosa.person.pk, luz.person.pk}
        else:
            assert people == ({rosa.person} if own and role == "verifier" else set())
            assert requests == ({rosa.person.pk} if own and role == "lawyer" else set())
        assert set(staff_visible_to(account)) == {me}
