"""Reading people in bulk: others are told, then a reason is asked for, then it stops; a shift's work goes on."""

from datetime import timedelta
from functools import partial

import pytest

from network.audit.models import Entry
from network.audit.rules import staff as by_staff
from network.desk.actions import OfThemself, claim, claim_next, claim_request, close
from network.desk.models import Need
from network.duty.queries import ringing
from network.staff.actions.lookups import note_lookup
from network.staff.models import Lookup
from network.staff.rules.lookups import LookupKind, LookupReason, Verdict
from tests.beside import at_once
from tests.console.signing_in import by_link, get, post, press, staff_of

LIMIT = 2


@pytest.fixture(autouse=True)
def low_limits(settings):
    settings.LOOKS_AN_HOUR = dict.fromkeys(("address", "person", "search"), LIMIT)


@pytest.fixture
def ana(world):
    return staff_of(world, "steward")


@pytest.fixture
def desk(world, ana):
    return by_link(world, ana)


@pytest.fixture
def people(world):
    return [world.member(f"Rosa {n}") for n in range(3 * LIMIT + 2)]


def told():
    return Need.objects.filter(reason="many_looks", closed_at=None)


def page_of(person):
    return f"/people/{person.person.pk}"


def test_people_beyond_a_shift_need_a_reason_and_another_is_told(world, desk, ana, people):
    for person in people[:LIMIT]:
        assert get(desk, page_of(person)).status_code == 200
    assert not told().exists()
    held = get(desk, page_of(people[LIMIT]))
    assert held.status_code == 403
    assert people[LIMIT].name not in held.content.decode()
    assert "The other coordinators have been told" in held.content.decode()
    assert told().get().about == f"staff:{ana.pk}"
    assert get(desk, page_of(people[0])).status_code == 200  # the same once more is no more
    shown = get(desk, f"{page_of(people[LIMIT])}?why_look=hand_off")
    assert people[LIMIT].name in shown.content.decode()
    line = Entry.objects.get(action="look.more")
    assert line.detail == {"kind": "person", "why": "hand_off", "subject": str(people[LIMIT].person.pk)}
    assert get(desk, f"{page_of(people[LIMIT + 1])}?why_look=curious").status_code == 403


def test_at_three_times_it_stops_whatever_is_said_and_an_hour_later_it_goes_on(world, desk, people):
    for person in people[: 3 * LIMIT]:
        assert get(desk, f"{page_of(person)}?why_look=many_requests").status_code == 200
    stopped = get(desk, f"{page_of(people[-1])}?why_look=many_requests")
    assert stopped.status_code == 429
    assert people[-1].name not in stopped.content.decode()
    assert told().get().grave
    assert Entry.objects.filter(action="look.stopped").count() == 1
    world.now += timedelta(minutes=19)
    get(desk, "/duty")
    assert get(desk, f"{page_of(people[-1])}?why_look=many_requests").status_code == 429
    Lookup.objects.update(at=world.now - timedelta(hours=1))
    assert get(desk, page_of(people[-1])).status_code == 200
    assert Lookup.objects.count() == 1  # what counts no more is gone


def test_every_search_and_every_list_of_people_counts(world, desk, people):
    assert get(desk, "/people").status_code == 200
    assert post(desk, "/find", q="Rosa").status_code == 200
    held = post(desk, "/find", q="Rosa Sentinel")
    assert held.status_code == 403
    assert 'name="q" value="Rosa Sentinel"' in held.content.decode()  # and is asked again with a reason
    assert post(desk, "/people", q="Rosa").status_code == 403
    assert post(desk, "/find", q="Rosa", why_look="asked").status_code == 200


def test_the_home_of_an_open_request_that_one_has_taken_is_always_shown(world, desk, ana, people):
    numbers = []
    for person in people:
        person.asks()
        numbers.append(world.request().number)
    for number in numbers[:LIMIT]:
        assert press(desk, f"/requests/{number}/address").status_code == 200
    assert press(desk, f"/requests/{numbers[-1]}/address").status_code == 403
    for number in numbers[LIMIT : 3 * LIMIT]:
        assert press(desk, f"/requests/{number}/address", why_look="many_requests").status_code == 200
    assert press(desk, f"/requests/{numbers[-1]}/address", why_look="many_requests").status_code == 429
    claim_request(world.request().pk, staff_id=ana.pk, by=by_staff(ana.pk), now=world.now)
    assert press(desk, f"/requests/{numbers[-1]}/address").status_code == 200
    post(desk, f"/requests/{numbers[-1]}/do/close", outcome="mistake", sure="1")
    assert (
        press(desk, f"/requests/{numbers[-1]}/address").status_code == 429
    )  # closed: nobody is at work on it


def test_phones_count_as_people_and_a_verifiers_own_are_bounded_too(world, desk, people):
    for person in people[:LIMIT]:
        assert press(desk, f"/people/{person.person.pk}/call").status_code == 200
    assert press(desk, f"/people/{people[-1].person.pk}/call").status_code == 403
    theirs = by_link(world, staff_of(world, "verifier", organization=world.azul))
    said = [get(theirs, page_of(person)).status_code for person in people[: LIMIT + 1]]
    assert said == [200] * LIMIT + [403]


def test_whoever_looked_neither_takes_nor_closes_the_need(world, desk, ana, people):
    for person in people[: LIMIT + 1]:
        get(desk, page_of(person))
    need, by = told().get(), by_staff(ana.pk)
    with pytest.raises(OfThemself):
        claim(need.pk, staff_id=ana.pk, by=by, now=world.now)
    with pytest.raises(OfThemself):
        close(need.pk, by=by, now=world.now)
    assert claim_next(staff_id=ana.pk, by=by, now=world.now) is None
    for step in ("claim", "done"):
        post(desk, f"/needs/{need.pk}/{step}")
        assert told().exists()
    assert "another coordinator answers it" in get(desk, "/").content.decode()
    other = world.coordinator()
    world.now += timedelta(minutes=1)
    assert [alert.need for alert in ringing(now=world.now, staff_id=other.pk)] == [need]
    assert ringing(now=world.now, staff_id=ana.pk) == []  # nobody is rung for what they do themself
    their_board = get(by_link(world, other), "/").content.decode()
    assert f'href="/staff/{ana.pk}"' in their_board
    assert claim_next(staff_id=other.pk, by=by_staff(other.pk), now=world.now) == need
    close(need.pk, by=by_staff(other.pk), now=world.now)
    assert not told().exists()


def test_fifty_at_once_are_counted_before_anything_is_shown(world, ana, people):
    said = at_once(
        [
            partial(
                note_lookup, LookupKind.PERSON, person.person.pk, staff_id=ana.pk, why=None, now=world.now
            )
            for person in people
        ]
    )
    assert said.count(Verdict.OPEN) == LIMIT
    assert said.count(Verdict.ASK) == len(people) - LIMIT
    assert told().count() == 1


def test_the_reasons_and_what_is_told_have_words():
    from network.console.shell.words import LOOKS, WHY_LOOKS

    assert set(LOOKS) == set(LookupKind)
    assert set(WHY_LOOKS) == set(LookupReason)
