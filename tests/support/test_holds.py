"""A hold keeps one request and what belongs to it, and nothing else, up to its date."""

from datetime import date, timedelta

import pytest

from network import forgetting
from network.audit.models import Entry
from network.console.shell.forgetting import ERASERS
from network.desk.models import Need
from network.enrollment.actions import approvals
from network.messaging.models import Inbound
from network.staff.rules.approvers import NotEligible
from network.support.holds import LONGEST, NotADate, in_force, place_hold, propose_hold
from network.support.models import Hold, SupportRequest
from network.trust.actions import proposals
from network.trust.models import Proposal
from tests.beside import waits_for
from tests.console.signing_in import by_link, get, post
from tests.reading import words_of

WHY = "A court asks for it"


@pytest.fixture
def closed(world, hire):
    """Two requests that closed: Rosa's and Luz's, of which nobody is to look at anything."""
    world.steward, world.second = hire("steward"), hire("coordinator", world.azul)
    world.rosa, world.luz = world.member("Rosa"), world.member("Luz")
    for phone in (world.rosa, world.luz):
        phone.asks()
    Need.objects.filter(closed_at=None).update(closed_at=world.now)
    SupportRequest.objects.update(state="closed", outcome="helped", closed_at=world.now)
    world.held, world.free = SupportRequest.objects.order_by("number")
    return world


def propose(world, *, days=60, **more):
    until = (world.now + timedelta(days=days)).date()
    return propose_hold(
        world.held.number, until=until, why=WHY, staff_id=world.steward.pk, now=world.now, **more
    )


def agreed(world, **more):
    proposal = propose(world, **more)
    approvals.agree(proposal.pk, staff_id=world.second.pk, now=world.now)
    return Hold.objects.get()


def pass_by(world, **time):
    world.now += timedelta(**time)
    forgetting.forget(now=world.now, erasers=ERASERS)


def words():
    return set(Inbound.objects.filter(body__isnull=False).values_list("request_id", flat=True))


def test_of_a_held_request_nothing_goes_and_of_another_all(closed):
    hold = agreed(closed)
    assert hold.why == WHY
    pass_by(closed, days=4)
    assert words() == {closed.held.pk}
    pass_by(closed, days=20)
    assert list(SupportRequest.objects.all()) == [closed.held]
    pass_by(closed, days=34)
    assert words() == {closed.held.pk}

    pass_by(closed, days=3)
    assert not SupportRequest.objects.exists()
    assert not Hold.objects.exists()
    assert words() == set()


def test_while_a_hold_is_proposed_nothing_goes_and_then_it_does(closed):
    closed.now += timedelta(hours=71)
    proposal = propose(closed)
    pass_by(closed, hours=2)
    assert words() == {closed.held.pk}
    proposals.stop(proposal.pk, staff_id=closed.steward.pk, now=closed.now)
    pass_by(closed, hours=2)
    assert words() == set()


def test_one_person_is_not_enough(closed):
    proposal = propose(closed)
    with pytest.raises(NotEligible):
        approvals.agree(proposal.pk, staff_id=closed.steward.pk, now=closed.now)
    assert not Hold.objects.exists()


def test_it_is_on_record_who_proposed_and_who_agreed(closed):
    agreed(closed)
    line = Entry.objects.get(action="request.held")
    assert (line.actor, line.request_id) == (f"staff:{closed.second.pk}", closed.held.pk)
    assert date.fromisoformat(line.detail["until"]) == (closed.now + timedelta(days=60)).date()
    assert Entry.objects.get(action="proposal.made").actor == f"staff:{closed.steward.pk}"
    assert WHY not in str(list(Entry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize("days", [-1, LONGEST.days + 1])
def test_a_hold_has_an_end_within_a_year(closed, days):
    with pytest.raises(NotADate):
        propose(closed, days=days)
    assert not Proposal.objects.exists()


def test_a_second_hold_may_follow_the_first(closed):
    agreed(closed, days=20)
    pass_by(closed, days=19)
    proposal = propose(closed, days=40)
    approvals.agree(proposal.pk, staff_id=closed.second.pk, now=closed.now)
    pass_by(closed, days=30)
    assert [hold.support_request for hold in in_force(now=closed.now)] == [closed.held]


def test_agreeing_after_the_request_is_gone_holds_nothing(closed):
    proposal = propose(closed)
    SupportRequest.objects.get(pk=closed.held.pk).delete()
    approvals.agree(proposal.pk, staff_id=closed.second.pk, now=closed.now)
    assert not Hold.objects.exists()


@pytest.mark.server
def test_a_hold_waits_for_the_round_that_erases_the_request(closed):
    """Whichever is first: no hold is on record of a request that is gone."""
    proposal = propose(closed)
    Proposal.objects.update(state="done", settled_at=closed.now)
    closed.now += timedelta(days=15)
    waits_for(
        lambda: forgetting.forget(now=closed.now, erasers=ERASERS),
        lambda: place_hold(proposal, by="engine", now=closed.now),
    )
    assert not SupportRequest.objects.exists()
    assert not Hold.objects.exists()


# On the console


@pytest.fixture
def steward(closed):
    return by_link(closed, closed.steward)


def hold_posted(closed, steward, **more):
    until = (closed.now + timedelta(days=30)).date().isoformat()
    return post(
        steward, "/retention/hold", **{"number": closed.held.number, "until": until, "why": WHY} | more
    )


def test_a_steward_proposes_and_a_coordinator_agrees(closed, steward):
    from network.audit.rules import staff
    from network.duty.actions.shifts import start_shift

    assert hold_posted(closed, steward).status_code == 302
    start_shift(closed.second.pk, hours=8, by=staff(closed.second.pk), now=closed.now)
    second = by_link(closed, closed.second)
    page = words_of(get(second, "/organizations"))
    assert f"Erase nothing of request #{closed.held.number}" in page
    post(second, f"/proposals/{Proposal.objects.get().pk}/agree")
    assert Hold.objects.get().support_request == closed.held
    assert f"Request {closed.held.number}, until" in words_of(get(steward, "/retention"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"number": "9999"}, "There is no request of this number."),
        ({"number": "x"}, "There is no request of this number."),
        ({"until": "2020-01-01"}, "Give a day after today, within a year."),
        ({"until": ""}, "Give a day after today, within a year."),
        ({"why": " "}, "Say why, in a few words."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(closed, steward, wrong, told):
    answer = hold_posted(closed, steward, **wrong)
    assert answer.status_code == 422
    assert told in words_of(answer)
    assert not Proposal.objects.exists()


def test_the_same_is_proposed_once(closed, steward):
    hold_posted(closed, steward)
    answer = hold_posted(closed, steward, why="again")
    assert answer.status_code == 422
    assert "That is proposed already." in words_of(answer)


def test_a_verifier_hears_of_no_hold(closed, hire):
    propose(closed)
    assert "Erase nothing" not in words_of(
        get(by_link(closed, hire("verifier", closed.azul)), "/organizations")
    )
