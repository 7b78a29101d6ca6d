"""A claim belongs to a request, or to a person: rows, not a world."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from network.audit.models import Entry
from network.audit.rules import ENGINE, staff
from network.desk import actions as desk
from network.desk.models import Claim, Need
from network.desk.queries import rows, strays
from network.desk.rules import CLAIM_LASTS, About, Reason

pytestmark = pytest.mark.django_db
FIVE = datetime(2026, 10, 6, 5, tzinfo=UTC)
ANA, BETO = uuid4(), uuid4()


def raised(reason, request_id=None, person_id=None, *, about=None, now=FIVE, **more):
    about = about or About("request" if request_id else "text", str(request_id or uuid4()))
    return desk.raise_need(
        reason, about=about, now=now, by=ENGINE, request_id=request_id, person_id=person_id, **more
    )


def claim(need, who, now=FIVE):
    desk.claim(need.pk, staff_id=who, by=staff(who), now=now)


def owners(*needs):
    found = dict(Need.objects.filter(pk__in=[need.pk for need in needs]).values_list("pk", "claimed_by"))
    return [found[need.pk] for need in needs]


def test_claiming_one_need_claims_all_of_its_request_and_what_comes_up_later():
    request, other = uuid4(), uuid4()
    new, half = raised(Reason.NEW_REQUEST, request), raised(Reason.HALF_REQUEST, request)
    elsewhere = raised(Reason.NEW_REQUEST, other)
    claim(half, ANA)
    later = raised(Reason.FURTHER_TEXT, request)
    assert owners(new, half, later, elsewhere) == [ANA, ANA, ANA, None]
    with pytest.raises(desk.AlreadyTaken):
        claim(later, BETO)


def test_a_claim_survives_reading_and_the_end_of_every_need():
    request = uuid4()
    new = raised(Reason.NEW_REQUEST, request)
    claim(new, ANA)
    desk.read(request, now=FIVE)
    desk.close(new.pk, by=staff(ANA), now=FIVE)
    later = raised(Reason.FURTHER_TEXT, request, now=FIVE + CLAIM_LASTS - timedelta(seconds=1))
    assert owners(later) == [ANA]


def test_reading_ends_unread_and_leaves_the_need_as_it_is():
    request = uuid4()
    new = raised(Reason.NEW_REQUEST, request)
    desk.read(request, now=FIVE)
    new.refresh_from_db()
    assert (new.read_at, new.claimed_by, new.closed_at) == (FIVE, None, None)
    desk.read(request, now=FIVE + timedelta(minutes=1))
    raised(Reason.NEW_REQUEST, request, now=FIVE + timedelta(minutes=2))
    new.refresh_from_db()
    assert new.read_at is None  # it came up again


def test_a_claim_lapses_after_ten_minutes_without_activity_with_all_its_needs():
    request = uuid4()
    new = raised(Reason.NEW_REQUEST, request)
    claim(new, ANA)
    desk.keep_claims(ANA, request_id=request, now=FIVE + timedelta(minutes=5))
    further = raised(Reason.FURTHER_TEXT, request, now=FIVE + timedelta(minutes=6))
    assert desk.lapse_claims(now=FIVE + timedelta(minutes=14)) == 0
    assert desk.lapse_claims(now=FIVE + timedelta(minutes=15)) == 2
    assert owners(new, further) == [None, None]
    assert not Claim.objects.exists()
    assert Entry.objects.filter(action="need.lapsed").count() == 2


def test_giving_one_back_gives_all_of_its_request_back():
    request = uuid4()
    new, half = raised(Reason.NEW_REQUEST, request), raised(Reason.HALF_REQUEST, request)
    claim(new, ANA)
    desk.unclaim(half.pk, staff_id=ANA, by=staff(ANA), now=FIVE)
    assert owners(new, half) == [None, None]
    claim(half, BETO)
    assert owners(new, half) == [BETO, BETO]


def test_whoever_leaves_leaves_the_request_too():
    request = uuid4()
    new = raised(Reason.NEW_REQUEST, request)
    claim(new, ANA)
    assert desk.free_claims(ANA, by=staff(ANA), now=FIVE) == 1
    assert owners(new, raised(Reason.FURTHER_TEXT, request)) == [None, None]


def test_duress_on_a_request_that_somebody_has_is_everybodys_and_goes_to_who_answers():
    request = uuid4()
    new = raised(Reason.NEW_REQUEST, request)
    claim(new, ANA)
    duress = raised(Reason.DURESS, request)
    assert owners(duress) == [None]
    desk.lapse_claims(now=FIVE)
    assert owners(duress) == [None]
    claim(duress, BETO)
    assert owners(new, duress) == [BETO, BETO]


def test_what_was_raised_in_the_moment_of_the_claim_goes_to_who_claimed():
    request = uuid4()
    new = raised(Reason.NEW_REQUEST, request)
    claim(new, ANA)
    stray = raised(Reason.FURTHER_TEXT, request)
    Need.objects.filter(pk=stray.pk).update(claimed_by=None, claimed_at=None)  # as by two at once
    assert [stray.pk for stray in strays()] == [stray.pk]
    desk.lapse_claims(now=FIVE)
    assert owners(stray) == [ANA]


def test_take_the_next_takes_the_worst_whatever_is_due_first():
    invited = raised(Reason.INVITED_WROTE, person_id=uuid4(), due_at=FIVE - timedelta(days=1))
    fresh = raised(Reason.NEW_REQUEST, uuid4(), due_at=FIVE - timedelta(hours=1))
    silent, duress = raised(Reason.NOT_THERE, uuid4()), raised(Reason.DURESS, uuid4())
    taken = []
    while need := desk.claim_next(staff_id=ANA, by=staff(ANA), now=FIVE):
        taken.append(need.pk)
    assert taken == [duress.pk, silent.pk, fresh.pk, invited.pk]


def test_take_the_next_passes_a_request_that_somebody_has():
    request = uuid4()
    new = raised(Reason.NEW_REQUEST, request)
    claim(new, ANA)
    stray = raised(Reason.CALL_MEMBER, request)
    Need.objects.filter(pk=stray.pk).update(claimed_by=None, claimed_at=None)
    free = raised(Reason.INVITED_WROTE, person_id=uuid4())
    assert desk.claim_next(staff_id=BETO, by=staff(BETO), now=FIVE).pk == free.pk


def test_a_text_that_was_unread_when_the_request_opened_waits_with_it():
    rosa, request = uuid4(), uuid4()
    unclear = raised(Reason.UNCLEAR_TEXT, person_id=rosa, about=About("person", str(rosa)))
    claims = raised(Reason.CLAIMED, person_id=rosa, about=About("person", str(rosa)))
    desk.join_request(rosa, request_id=request)
    raised(Reason.NEW_REQUEST, request, person_id=rosa)
    shown = rows(now=FIVE)
    assert [(row.worst.pk, len(row.others)) for row in shown] == [(unclear.pk, 1), (claims.pk, 0)]


def test_done_is_undone_for_five_minutes_and_then_not():
    promise = raised(Reason.WRITE_PROMISED, uuid4(), promise=True, due_at=FIVE + timedelta(minutes=20))
    desk.close(promise.pk, by=staff(ANA), now=FIVE)
    desk.reopen(promise.pk, by=staff(ANA), now=FIVE + timedelta(minutes=4))
    promise.refresh_from_db()
    assert (promise.closed_at, promise.due_at) == (None, FIVE + timedelta(minutes=20))
    desk.close(promise.pk, by=staff(ANA), now=FIVE)
    with pytest.raises(desk.TooLateToReopen):
        desk.reopen(promise.pk, by=staff(ANA), now=FIVE + desk.REOPENS_FOR)


@pytest.mark.parametrize("how", ["settled", "read", "called"])
def test_what_was_settled_by_what_happened_is_not_undone(how):
    need = raised(Reason.CALL_MEMBER, uuid4())
    desk.close(need.pk, by=ENGINE, now=FIVE, how=how)
    with pytest.raises(desk.TooLateToReopen):
        desk.reopen(need.pk, by=staff(ANA), now=FIVE)


def test_done_is_not_undone_once_the_same_came_up_again():
    request = uuid4()
    need = raised(Reason.CALL_MEMBER, request)
    desk.close(need.pk, by=staff(ANA), now=FIVE)
    raised(Reason.CALL_MEMBER, request)
    with pytest.raises(desk.TooLateToReopen):
        desk.reopen(need.pk, by=staff(ANA), now=FIVE)
