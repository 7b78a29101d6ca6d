"""An organization is suspended: what its staff lose at once, who is called, and what lifting it gives back."""

import pytest
from django.db.models import Q

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.desk import actions as desk
from network.desk.models import Need
from network.duty.models import Presence
from network.duty.queries import people_on, who_is_on
from network.enrollment.actions import approvals
from network.organizations.models import Organization
from network.staff.models import IN_GOOD_STANDING, Staff, StaffSession
from network.staff.queries import coordinators
from network.trust.actions import proposals
from network.trust.rules.proposals import ProposalKind
from network.visits.actions import trust
from tests.console.signing_in import by_link, by_password, get, post, with_code

WHY = "it sold its list"


def suspend(world, hire, organization):
    first, second = hire("steward", world.roja), hire("steward")
    proposed = trust.take_back(
        ProposalKind.SUSPEND_ORGANIZATION, organization.pk, why=WHY, staff_id=first.pk, now=world.now
    )
    assert approvals.agree(proposed.pk, staff_id=second.pk, now=world.now)


def lift(world, hire, organization):
    first, second = hire("steward", world.roja), hire("steward")
    proposed = proposals.propose(
        ProposalKind.RESTORE_ORGANIZATION, organization.pk, why="a mistake", staff_id=first.pk, now=world.now
    )
    assert approvals.agree(proposed.pk, staff_id=second.pk, now=world.now)


def test_all_sessions_of_its_staff_end_and_nobody_elses(world, hire):
    azul = [by_link(world, hire(role, world.azul)) for role in Staff.Role.values]
    roja, desk_ = by_link(world, hire("verifier", world.roja)), by_link(world, hire("coordinator"))
    suspend(world, hire, world.azul)
    for client in azul:
        assert get(client, "/account")["Location"].startswith("/accounts/login/")
    assert get(roja, "/people").status_code == 200
    assert get(desk_, "/").status_code == 200
    assert Entry.objects.filter(action="session.ended").count() == len(azul)


def test_they_come_in_again_to_their_account_alone_which_says_why_and_no_page_names_another(world, hire):
    world.member("Rosa Sentinel")
    verifier = with_code(hire("verifier", world.azul))
    suspend(world, hire, world.azul)
    client = by_password(verifier)
    shown = get(client, "/account").content.decode()
    assert WHY in shown
    assert "Casa Azul was suspended" in shown
    for path in ("/people", "/vouches", "/organizations", "/organizations/casa-azul"):
        assert get(client, path).status_code == 404
        assert f'href="{path}"' not in shown  # nor does the menu lead there
    assert get(client, "/")["Location"] == "/account"
    assert post(client, "/account/name", name="Noor").status_code == 302


def test_of_one_that_is_not_admitted_the_account_says_that(world, hire):
    Organization.objects.filter(pk=world.azul.pk).update(admitted_at=None)
    shown = get(by_link(world, hire("verifier", world.azul)), "/account").content.decode()
    assert "Casa Azul is not admitted yet" in shown


def test_lifting_it_restores_what_signing_in_opens_and_no_session(world, hire):
    verifier = with_code(hire("verifier", world.azul))
    before = by_password(verifier)
    suspend(world, hire, world.azul)
    lift(world, hire, world.azul)
    assert get(before, "/people").status_code == 302
    assert not StaffSession.objects.filter(staff=verifier).exists()
    assert get(by_password(verifier), "/people").status_code == 200


def test_what_the_one_on_shift_had_taken_is_free_and_the_others_are_called(world, hire):
    world.member("Rosa").asks()
    ana, other = hire("coordinator", world.azul), hire("coordinator")
    client = by_link(world, ana)
    assert get(client, "/").status_code == 200
    assert who_is_on(now=world.now) == ana
    taken = Need.objects.filter(closed_at=None).first()
    desk.claim(taken.pk, staff_id=ana.pk, by=COMMAND_LINE, now=world.now)
    suspend(world, hire, world.azul)
    assert Need.objects.get(pk=taken.pk).claimed_by is None
    need = Need.objects.get(reason="staff_cut_off")
    assert (need.about, need.due_at) == (f"organization:{world.azul.pk}", world.now)
    shown = get(by_link(world, other), "/board/needs").content.decode()
    assert "Who was on is cut off" in shown
    assert 'href="/duty"' in shown
    Presence.objects.all().delete()  # they only looked
    world.settle()
    called = [to for _, to, _ in world.carrier.log]
    assert other.phone in called
    assert ana.phone not in called


def test_nobody_is_called_where_nobody_of_it_was_on(world, hire):
    hire("coordinator", world.azul)
    suspend(world, hire, world.azul)
    assert "staff_cut_off" not in world.needs()


def test_who_was_cut_off_counts_as_nobody_to_members_and_to_the_alarm(world, hire):
    by_link(world, hire("coordinator", world.azul))
    assert people_on(now=world.now)
    suspend(world, hire, world.azul)
    assert not people_on(now=world.now)
    rosa = world.member("Rosa")
    rosa.sends("I need help")
    assert rosa.got("No one is on duty")


def test_the_page_before_says_who_is_cut_off_and_whether_anybody_is_left(world, hire):
    by_link(world, hire("coordinator", world.azul))
    hire("verifier", world.azul)
    steward = hire("steward", world.roja)
    shown = get(by_link(world, steward), f"/taking-back/organization/{world.azul.pk}").content.decode()
    assert "2 of its staff, signed out at once" in shown
    assert "1 of them is on now" in shown
    assert "Nobody else has the board" not in shown
    shown = get(by_link(world, steward), f"/taking-back/organization/{world.roja.pk}").content.decode()
    assert "Nobody else has the board" not in shown
    Staff.objects.filter(organization=world.azul).update(is_active=False)
    shown = get(by_link(world, steward), f"/taking-back/organization/{world.roja.pk}").content.decode()
    assert "Nobody else has the board" in shown


@pytest.mark.parametrize(
    ("state", "stands"),
    [({}, True), ({"suspended_at": "now"}, False), ({"admitted_at": None}, False)],
)
def test_the_property_and_the_query_say_the_same(world, hire, state, stands):
    bound, free = hire("coordinator", world.azul), hire("coordinator")
    values = {name: world.now if value else None for name, value in state.items()}
    Organization.objects.filter(pk=world.azul.pk).update(**values)
    assert Staff.objects.get(pk=bound.pk).is_in_good_standing is stands
    assert Staff.objects.filter(Q(pk=bound.pk) & IN_GOOD_STANDING).exists() is stands
    assert set(coordinators()) == ({bound, free} if stands else {free})
