"""The roster in memory is a hint: who is asked is what plain SQL would have asked, or nobody."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest

from network.audit import rules as audit
from network.dispatch.actions import searching
from network.dispatch.models import Offer, Search, Willingness
from network.dispatch.queries import candidates, situations
from network.dispatch.queries.learned import policy
from network.dispatch.roster import memory, rows
from network.dispatch.roster.memory import Roster
from network.dispatch.rules.crowd import Crowd
from network.dispatch.rules.fit import unfit
from network.dispatch.rules.waves import plan_wave
from network.organizations.models import Holiday
from network.people.actions import pins
from network.people.models import Apart, Person, Responder
from network.support import queries
from network.support.models import SupportRequest
from network.support.rules.requests import Kind
from tests.history import write


@pytest.fixture
def large(monkeypatch):
    """Every network is a large one."""
    monkeypatch.setattr(candidates, "LARGE", 0)
    monkeypatch.setattr(memory, "ROSTER", Roster())
    return memory


def a_search(world, member=None, kind="accompaniment"):
    member = member or world.member("Rosa", language="es")
    request = SupportRequest.objects.create(
        number=SupportRequest.objects.count() + 900,
        key_id=member.person.key_id,
        member=member.person.member,
        kind=kind,
        state="searching",
        at_home=True,
        opened_at=world.now,
        children=1,
    )
    return Search.objects.create(support_request=request, started_at=world.now, due_at=world.now)


def seen(search, now):
    return situations.situation(search.support_request, search, now=now)


def found(search, world):
    return {
        candidate.person
        for candidate in candidates.candidates(search, seen(search, world.now), now=world.now)
    }


def a_town(world):
    """All sorts: far, off, at other hours, not vouched for, of another language or kind."""
    for n in range(12):
        world.responder(
            f"Near {n}",
            zip=("60629", "60608", "60632")[n % 3],
            language=("en", "es", "en;es")[n % 3],
            max_miles=5 + n,
        )
    world.responder("Far", zip="60647", max_miles=30)
    world.responder("Too far", zip="46320", max_miles=3)
    world.responder("Nowhere", zip="99999")
    world.responder("Other hours", hours=[[0, 30]])
    world.responder("These hours", hours=[[1440 + 480, 600]])
    world.responder("Sundays", hours=[[6 * 1440, 1440]])
    world.responder("Off", off_until=world.now + timedelta(days=99999))
    world.responder("At rest", rest_until=world.now + timedelta(hours=1))
    world.responder("New", on_probation=True)
    world.responder("Unvouched", vouchers=0)
    world.responder("Carer", kinds=("childcare",))
    world.responder("Lawyer", kinds=("legal", "accompaniment"))
    world.responder("Half a carer", kinds=("childcare",), vouchers=1)
    often = world.responder("Often asked").person
    Willingness.objects.create(
        person=often, asks=7.0, missed=0.5, accepts=2.0, expected=1.0, asked_at=world.now - timedelta(hours=3)
    )


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("minutes", [0, 6, 11 * 60])
@pytest.mark.parametrize("holiday", [False, True])
def test_the_plan_is_the_one_of_plain_sql(world, monkeypatch, large, kind, minutes, holiday):
    a_town(world)
    search = a_search(world, kind=kind)
    now = world.now + timedelta(minutes=minutes)
    if holiday:
        Holiday.objects.create(day=now.date())
    here = seen(search, now)

    short = candidates.candidates(search, here, now=now)
    monkeypatch.setattr(candidates, "LARGE", 1_000)
    plain = candidates.candidates(search, here, now=now)

    numbers = policy(now=now)
    fit = [candidate for candidate in plain if not unfit(Crowd.of([candidate]), here, numbers).any()]
    assert {candidate.person for candidate in short} == {candidate.person for candidate in fit}
    assert {candidate.person for candidate in short} <= {candidate.person for candidate in plain}
    assert plan_wave(here, short, numbers, now=now) == plan_wave(here, plain, numbers, now=now)


@pytest.mark.parametrize("later", [0, 11, 13, 20, 21])  # hours after 10 am: by night and at its edges too
def test_what_memory_holds_of_each_is_what_the_rules_see(world, large, later):
    a_town(world)
    world.responder("Late hours", hours=[[1440 + 1200, 240]])
    world.responder("Not woken", wake_at_night=False)
    world.responder("Not woken, early hours", hours=[[2880 + 300, 240]], wake_at_night=False)
    search = a_search(world)
    world.now += timedelta(hours=later)
    home = search.support_request.member.zip
    now = world.now
    plain = {
        candidate.person: candidate for candidate in candidates.candidates(search, seen(search, now), now=now)
    }

    tables = large.ROSTER.fresh(now=world.now)
    here = queries.local(world.now)
    crowd = memory.crowd_for(tables, large.ROSTER.codes, home, Kind.ACCOMPANIMENT, here=here)
    fresh = Crowd.of(plain[person] for person in crowd.people if person in plain)

    both = [n for n, person in enumerate(crowd.people) if person in plain]
    for column in ("miles", "max_miles", "asks", "missed", "accepts", "expected"):
        assert getattr(crowd, column)[both] == pytest.approx(getattr(fresh, column), rel=1e-5)
    for column in (
        "active",
        "on_hours",
        "awake",
        "off",
        "resting",
        "engaged",
        "vouched",
        "kinds",
        "bar_checked",
    ):
        assert (getattr(crowd, column)[both] == getattr(fresh, column)).all()
    assert (crowd.speaking("es")[both] == fresh.speaking("es")).all()
    assert [crowd.row_of[person] for person in crowd.people] == list(range(len(crowd)))
    assert list(crowd.row_of) == list(crowd.people)
    assert len(crowd.row_of) == len(crowd)
    assert uuid4() not in crowd.row_of


@pytest.mark.parametrize("change", [{"suspended_at": True}, {"standing": "refused"}])
def test_who_was_suspended_or_left_since_is_not_asked(world, large, change):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    search = a_search(world)
    assert ana.person.pk in found(search, world)

    Person.objects.filter(pk=ana.person.pk).update(
        **{name: world.now if value is True else value for name, value in change.items()}
    )
    searching.plan(search.pk, search.support_request_id, now=world.now)

    assert set(Offer.objects.values_list("person", flat=True)) == {luis.person.pk}


def test_who_went_off_or_is_no_responder_since_is_not_asked(world, large):
    ana, luis, eva = world.responder("Ana"), world.responder("Luis"), world.responder("Eva")
    search = a_search(world)
    assert len(found(search, world)) == 3

    Responder.objects.filter(person=ana.person).update(off_until=world.now + timedelta(days=1))
    Responder.objects.filter(person=luis.person).delete()
    searching.plan(search.pk, search.support_request_id, now=world.now)

    assert set(Offer.objects.values_list("person", flat=True)) == {eva.person.pk}


def test_who_was_offered_another_request_since_is_not_asked(world, large):
    ana = world.responder("Ana")
    first, second = a_search(world), a_search(world, world.member("Pilar"))
    assert found(second, world) == {ana.person.pk}

    assert searching.plan(first.pk, first.support_request_id, now=world.now) == 1
    assert searching.plan(second.pk, second.support_request_id, now=world.now) == 0


def test_a_new_responder_is_found_once_the_history_names_them(world, large):
    search = a_search(world)
    assert found(search, world) == set()

    ana = world.responder("Ana", pin=None)
    assert found(search, world) == set()
    pins.set_pin(ana.person.pk, "2468", by=audit.COMMAND_LINE, now=world.now)
    assert found(search, world) == set()  # looked at less than a second ago
    world.now += timedelta(seconds=1)
    assert found(search, world) == {ana.person.pk}


def test_who_moved_is_sought_from_the_new_home_only(world, large):
    ana, luis = world.responder("Ana", max_miles=5), world.responder("Luis")
    search = a_search(world)
    assert found(search, world) == {ana.person.pk, luis.person.pk}

    Responder.objects.filter(person=ana.person).update(zip="60647")
    for _ in range(2):  # read again from the late table, too
        pins.set_pin(ana.person.pk, "2468", by=audit.COMMAND_LINE, now=world.now)
        world.now += timedelta(seconds=1)
        assert found(search, world) == {luis.person.pk}


def test_a_withdrawn_offer_frees_its_person_in_memory(world, large):
    ana = world.responder("Ana")
    first, second = a_search(world), a_search(world, world.member("Pilar"))
    searching.plan(first.pk, first.support_request_id, now=world.now)
    world.now += timedelta(seconds=1)
    assert found(second, world) == set()

    Offer.objects.update(state="declined", holding=False, answered_at=world.now)
    offer = Offer.objects.get()
    write("offer.declined", f"offer:{offer.pk}", at=world.now)
    world.now += timedelta(seconds=1)

    assert found(second, world) == {ana.person.pk}


def test_all_are_read_again_after_five_minutes_and_after_an_import(world, large):
    search = a_search(world)
    assert found(search, world) == set()
    ana = world.responder("Ana", pin=None)

    world.now += timedelta(minutes=4, seconds=59)
    assert found(search, world) == set()
    world.now += timedelta(seconds=1)
    assert found(search, world) == {ana.person.pk}

    luis = world.responder("Luis", pin=None)
    write("import.responders", at=world.now)
    world.now += timedelta(seconds=1)
    assert found(search, world) == {ana.person.pk, luis.person.pk}


def test_when_very_many_changed_all_are_read_again(world, large, monkeypatch):
    monkeypatch.setattr(memory, "MOST_LATE", 0)
    search = a_search(world)
    assert found(search, world) == set()
    ana = world.responder("Ana")
    world.now += timedelta(seconds=1)
    assert found(search, world) == {ana.person.pk}
    assert len(large.ROSTER.tables) == 1


def test_nobody_is_near_an_unknown_home_and_few_homes_are_kept(world, large, monkeypatch):
    monkeypatch.setattr(memory, "MOST_HOMES", 1)
    ana = world.responder("Ana")
    assert found(a_search(world, world.member("Eva", zip="99998")), world) == set()
    assert found(a_search(world), world) == {ana.person.pk}
    assert found(a_search(world, world.member("Sol", zip="60608")), world) == {ana.person.pk}
    assert len(large.ROSTER.tables[-1].reaches) == 1


@pytest.mark.server
def test_while_one_reads_the_others_take_what_was_there(world, large):
    before = large.ROSTER.fresh(now=world.now)
    got = []
    with large.ROSTER.lock:
        later = world.now + timedelta(minutes=9)
        other = Thread(target=lambda: got.append(large.ROSTER.fresh(now=later)))
        other.start()
        other.join(5)
    assert got == [before]


def test_languages_beyond_the_bits_are_not_told_apart(monkeypatch):
    monkeypatch.setattr(rows, "LANGUAGES", 1)
    codes = rows.Codes()
    assert [codes.speaks(spoken) for spoken in ("en", "es en", "es")] == [1, 1, 0]
    assert len(codes.rank_of_zips()) == 0


def test_a_surge_reads_what_is_for_one_kind_and_zip_once(world, large, monkeypatch):
    a_town(world)
    homes = [world.member(f"M{n}", zip=("60629", "60608")[n % 2]) for n in range(4)]
    searches = [a_search(world, home) for home in homes]
    reads = []
    known = candidates.known
    monkeypatch.setattr(candidates, "known", lambda *a, **k: reads.append(a) or known(*a, **k))

    crowds = candidates.crowds([(search, seen(search, world.now)) for search in searches], now=world.now)

    assert len(reads) == 2
    assert crowds[0] is crowds[2]
    assert set(crowds[1].people) == found(searches[1], world)


def test_what_is_read_for_many_searches_together_is_what_is_read_for_each(world, django_assert_num_queries):
    a_town(world)
    homes = [world.member(f"M{n}", zip=("60629", "60608")[n % 2]) for n in range(3)]
    responders = list(Responder.objects.select_related("person"))
    searches = [a_search(world, home) for home in homes]
    for n, search in enumerate(searches):
        for who, state in zip(responders[n:], ("accepted", "open", "declined", "withdrawn"), strict=False):
            Offer.objects.create(
                search=search,
                person=who.person,
                key_id=who.person.key_id,
                code=41,
                wave=1,
                state=state,
                asked_at=world.now,
                open_until=world.now,
                answered_at=world.now if state in ("accepted", "declined") else None,
            )
    apart = [(homes[0].person, responders[5].person), (responders[1].person, responders[7].person)]
    for one_search, other in apart:
        first, second = sorted((one_search, other), key=lambda person: person.pk)
        Apart.objects.create(first=first, second=second, set_at=world.now)
    pairs = [(search.support_request, search) for search in searches]
    for one_search in searches:
        assert one_search.support_request.member.person
    with django_assert_num_queries(3):
        together = situations.situations(pairs, now=world.now)
    assert together == [seen(search, world.now) for search in searches]
    assert together[0].never_with == {responders[5].person_id}
    assert together[1].never_with == {responders[7].person_id}
    assert together[2].never_with == frozenset()
