"""Staff: invited, given a role, taken off, signed out, and two stewards for a lost factor."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from network.audit.models import Entry
from network.organizations.models import Organization
from network.staff.actions import accounts, factors
from network.staff.actions.sign_in_links import make_sign_in_link, use_sign_in_link
from network.staff.models import FactorRestoring, Staff, StaffSession
from tests.console.signing_in import by_link, by_password, factors_of, get, post, press, staff_of, with_code


@pytest.fixture
def noor(world):
    return staff_of(world, "steward", email="noor@example.org")


@pytest.fixture
def omar(world):
    return staff_of(world, "steward", email="omar@example.org")


@pytest.fixture
def ana(world):
    return with_code(staff_of(world, "coordinator", email="ana@example.org"))


@pytest.fixture
def desk(world, noor):
    return by_link(world, noor)


def said(answer, client):
    return (
        get(client, answer["Location"]).content.decode()
        if answer.status_code == 302
        else answer.content.decode()
    )


def test_a_steward_invites_and_the_link_is_shown_to_them_alone(world, desk):
    page = press(
        desk,
        "/staff/invite",
        email=" New@Example.org ",
        role="verifier",
        organization=str(world.azul.pk),
        phone="(312) 555-0142",
    )
    link = page.content.decode().split("/sign-in/link#")[1].split("<")[0]
    made = Staff.objects.get(email="new@example.org")
    assert (made.role, made.organization) == ("verifier", world.azul)
    assert not made.has_usable_password()
    assert link not in get(desk, f"/staff/{made.pk}").content.decode()
    assert link in get(desk, f"/staff/{made.pk}/link").content.decode()  # a reload sends nothing again
    elsewhere = by_link(world, staff_of(world, "steward"))
    assert get(elsewhere, f"/staff/{made.pk}/link")["Location"] == f"/staff/{made.pk}"
    world.now += timedelta(minutes=4)
    assert link in get(desk, f"/staff/{made.pk}/link").content.decode()
    StaffSession.objects.update(reauthenticated_at=world.now + timedelta(minutes=7), acted_at=world.now)
    world.now += timedelta(minutes=7)
    assert get(desk, f"/staff/{made.pk}/link")["Location"] == f"/staff/{made.pk}"
    assert use_sign_in_link(link, now=world.now).staff == made
    assert use_sign_in_link(link, now=world.now) is None


def test_what_can_not_be_invited_is_refused_in_words(world, desk, ana):
    for form, wanted in (
        ({"email": ana.email, "role": "auditor"}, "signs in with this e-mail already"),
        ({"email": "x@example.org", "role": "verifier"}, "needs an organization"),
        ({"email": "x@example.org", "role": "lawyer", "organization": str(ana.pk)}, "needs an organization"),
        ({"email": "x@example.org", "role": "owner"}, "Check the e-mail"),
        ({"email": "x@example.org", "role": "verifier", "organization": "x"}, "Check the e-mail"),
    ):
        assert wanted in said(post(desk, "/staff/invite", **form), desk)
    assert Staff.objects.count() == 2


def test_a_role_is_changed_by_another_and_ends_their_sessions(world, desk, noor, ana):
    theirs = by_password(ana)
    post(desk, f"/staff/{ana.pk}/do/role", role="auditor")
    assert get(theirs, "/").status_code == 302
    assert not StaffSession.objects.filter(staff=ana).exists()
    ana.refresh_from_db()
    assert ana.role == "auditor"
    assert "Another steward" in said(post(desk, f"/staff/{noor.pk}/do/role", role="auditor"), desk)
    assert "no longer possible" not in said(post(desk, f"/staff/{ana.pk}/do/x"), desk)
    noor.refresh_from_db()
    assert noor.role == "steward"


def test_access_is_taken_at_once_with_links_and_given_back(world, desk, ana):
    theirs = by_password(ana)
    link = make_sign_in_link(ana, opens_board=True, now=world.now)
    post(desk, f"/staff/{ana.pk}/do/take")
    assert get(theirs, "/").status_code == 302
    assert use_sign_in_link(link, now=world.now) is None
    assert "no access" in get(desk, "/staff").content.decode()
    post(desk, f"/staff/{ana.pk}/do/give")
    assert use_sign_in_link(link, now=world.now) is None
    assert get(by_password(ana), "/").status_code == 200


def test_managing_staff_asks_for_a_fresh_touch(world, desk, ana):
    world.now += actions_fresh()
    for path, form in (
        ("/staff/invite", {"email": "x@example.org", "role": "auditor"}),
        (f"/staff/{ana.pk}/do/role", {"role": "steward"}),
        (f"/staff/{ana.pk}/lost-factor", {}),
    ):
        assert post(desk, path, **form).status_code == 423
    ana.refresh_from_db()
    assert ana.role == "coordinator"
    assert not FactorRestoring.objects.exists()


def actions_fresh():
    from network.staff.rules.access import FRESH_FOR

    return FRESH_FOR


def test_another_coordinator_ends_one_session_or_all(world, ana):
    other = by_link(world, staff_of(world, "coordinator"))
    first, second = by_password(ana), by_password(ana)
    session = StaffSession.objects.filter(staff=ana).order_by("made_at").first()
    assert post(other, f"/staff/{ana.pk}/sign-out/00000000-0000-4000-8000-000000000000").status_code == 404
    post(other, f"/staff/{ana.pk}/sign-out/{session.pk}")
    assert {get(first, "/").status_code, get(second, "/").status_code} == {200, 302}
    post(other, f"/staff/{ana.pk}/sign-out/all")
    assert {get(first, "/").status_code, get(second, "/").status_code} == {302}
    assert get(other, "/").status_code == 200
    assert Entry.objects.filter(action="session.ended", about=f"staff:{ana.pk}").count() == 2


def test_who_ends_their_own_from_the_staff_page_is_out(world, desk, noor):
    assert post(desk, f"/staff/{noor.pk}/sign-out/all")["Location"] == "/accounts/login/"
    assert get(desk, "/").status_code == 302


def test_a_lost_factor_needs_two_stewards_and_then_nothing_old_works(world, noor, omar, ana):
    theirs = by_password(ana)
    old_link = make_sign_in_link(ana, opens_board=False, now=world.now)
    first, second = by_link(world, noor), by_link(world, omar)
    post(first, f"/staff/{ana.pk}/lost-factor")
    asked = FactorRestoring.objects.get()
    confirm = f"/staff/lost-factors/{asked.pk}/confirm"

    assert "Another steward" in said(post(first, confirm, met="1"), first)
    unsure = post(second, confirm)
    assert (unsure.status_code, "Meet them first" in unsure.content.decode()) == (422, True)
    assert "asked for already" in said(post(first, f"/staff/{ana.pk}/lost-factor"), first)
    assert factors_of(ana) == ["totp"]

    page = press(second, confirm, met="1").content.decode()
    token = page.split("/sign-in/link#")[1].split("<")[0]
    assert factors_of(ana) == []
    assert get(theirs, "/").status_code == 302
    assert use_sign_in_link(old_link, now=world.now) is None
    ana.refresh_from_db()
    assert not ana.has_usable_password()
    assert "no longer possible" in said(post(second, confirm, met="1"), second)
    assert use_sign_in_link(token, now=world.now).staff == ana
    actions_told = set(Entry.objects.filter(about=f"staff:{ana.pk}").values_list("action", flat=True))
    assert {"staff.restoring_asked", "staff.restored", "session.ended"} <= actions_told


def test_nobody_restores_their_own_factor(world, noor, omar):
    with pytest.raises(accounts.NotPossible, match="another"):
        factors.ask_restoring(noor.pk, by=noor, now=world.now)
    asked = factors.ask_restoring(noor.pk, by=omar, now=world.now)
    with pytest.raises(accounts.NotPossible, match="another"):
        factors.confirm_restoring(asked.pk, by=noor, now=world.now)


def test_a_steward_who_was_cut_off_meanwhile_has_asked_for_nothing(world, noor, omar, ana):
    asked = factors.ask_restoring(ana.pk, by=noor, now=world.now)
    Organization.objects.filter(pk=world.azul.pk).update(suspended_at=world.now)
    Staff.objects.filter(pk=noor.pk).update(organization=world.azul)
    with pytest.raises(accounts.NotPossible, match="over"):
        factors.confirm_restoring(asked.pk, by=omar, now=world.now)


def test_two_accounts_of_one_person_are_one_person(world, noor, omar, ana):
    again = staff_of(world, "steward", email="noor+2@example.org")
    asked = factors.ask_restoring(ana.pk, by=noor, now=world.now)
    with pytest.raises(accounts.NotPossible, match="another"):
        factors.confirm_restoring(asked.pk, by=again, now=world.now)
    with pytest.raises(accounts.NotPossible, match="another"):
        factors.ask_restoring(noor.pk, by=again, now=world.now)
    with pytest.raises(accounts.NotPossible, match="phone_taken"):
        accounts.set_phone(omar.pk, noor.phone, by=again, now=world.now)
    factors.confirm_restoring(asked.pk, by=omar, now=world.now)


def test_a_steward_keeps_an_organization_and_others_may_have_one(world, desk, ana):
    post(desk, f"/staff/{ana.pk}/do/role", role="steward", organization=str(world.azul.pk))
    ana.refresh_from_db()
    assert (ana.role, ana.organization) == ("steward", world.azul)


def test_a_first_password_is_set_once(world, ana):
    with pytest.raises(accounts.NotPossible, match="has_password"):
        factors.set_first_password(ana.pk, "another long sentence", keep=None, now=world.now)


def test_a_verifier_sees_their_own_people_without_any_text(world):
    rosa, luz = world.member("Rosa"), world.member("Luz")
    luz.person.member.organization = world.roja
    luz.person.member.save()
    rosa.sends("tocan la puerta")
    verifier = by_link(world, staff_of(world, "verifier", organization=world.azul))
    listed = get(verifier, "/people").content.decode()
    page = get(verifier, f"/people/{rosa.person.pk}").content.decode()
    assert "Rosa" in listed
    assert "Luz" not in listed
    assert "Casa Azul" in page
    assert "tocan la puerta" not in page
    assert get(verifier, f"/people/{luz.person.pk}").status_code == 404
    assert post(verifier, f"/people/{rosa.person.pk}/do/suspend", why="x").status_code == 404


def test_who_is_no_steward_any_more_has_asked_for_nothing(world, noor, omar, ana):
    asked = factors.ask_restoring(ana.pk, by=omar, now=world.now)
    accounts.change_role(omar.pk, role=Staff.Role.AUDITOR, organization_id=None, by=noor, now=world.now)
    zoe = staff_of(world, "steward")
    with pytest.raises(accounts.NotPossible, match="over"):
        factors.confirm_restoring(asked.pk, by=zoe, now=world.now)
    omar.refresh_from_db()
    with pytest.raises(accounts.NotPossible, match="over"):
        accounts.take_access(noor.pk, by=omar, now=world.now)


def test_what_was_taken_back_is_not_confirmed(world, noor, omar, ana):
    asked = factors.ask_restoring(ana.pk, by=noor, now=world.now)
    factors.withdraw_restoring(asked.pk, by=noor, now=world.now)
    with pytest.raises(accounts.NotPossible, match="over"):
        factors.confirm_restoring(asked.pk, by=omar, now=world.now)
    factors.ask_restoring(ana.pk, by=noor, now=world.now)  # and may be asked for again


def test_whose_access_was_taken_gets_no_new_factor(world, noor, omar, ana):
    asked = factors.ask_restoring(ana.pk, by=noor, now=world.now)
    accounts.take_access(ana.pk, by=noor, now=world.now)
    with pytest.raises(accounts.NotPossible, match="over"):
        factors.confirm_restoring(asked.pk, by=omar, now=world.now)
    with pytest.raises(accounts.NotPossible, match="asked"):
        factors.ask_restoring(ana.pk, by=omar, now=world.now)
    with pytest.raises(Staff.DoesNotExist):
        accounts.take_access(asked.pk, by=noor, now=world.now)


def test_the_database_refuses_one_person_for_two(world, noor, ana):
    for wrong in (
        {"staff": noor, "asked_by": noor},
        {"staff": ana, "asked_by": noor, "confirmed_by": noor, "ended_at": world.now},
        {"staff": ana, "asked_by": noor, "confirmed_by": ana, "ended_at": world.now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorRestoring.objects.create(asked_at=world.now, **wrong)


@pytest.mark.server
def test_two_stewards_who_take_each_others_role_at_once_leave_one(world, noor, omar):
    results = {}

    def take(who, whom):
        try:
            accounts.change_role(
                whom.pk, role=Staff.Role.AUDITOR, organization_id=None, by=who, now=world.now
            )
            results[who.email] = "done"
        except accounts.NotPossible as why:
            results[who.email] = why.why
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=pair) for pair in ((noor, omar), (omar, noor))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results.values()) == ["done", "over"]
    assert Staff.objects.filter(role="steward").count() == 1


def test_an_auditor_reads_codes_and_no_person(world, noor):
    world.responder("Beto")
    rosa = world.member("Rosa Sentinel")
    rosa.asks()
    page = get(by_link(world, staff_of(world, "auditor")), "/history").content.decode()
    assert "request.opened" in page or "request" in page
    for private in ("Rosa", "Beto", rosa.number, "Sample", noor.email):
        assert private not in page


def test_an_organizations_lawyer_sees_its_own_legal_requests_and_no_other(world):
    rosa, luz = world.member("Rosa"), world.member("Luz")
    luz.person.member.organization = world.roja
    luz.person.member.save()
    for phone in (rosa, luz):
        phone.sends("I need a lawyer")
        phone.sends("1")
    lawyer = by_link(world, staff_of(world, "lawyer", organization=world.azul))
    from network.support.models import SupportRequest

    mine = SupportRequest.objects.get(member=rosa.person.member)
    other = SupportRequest.objects.get(member=luz.person.member)
    assert mine.kind == other.kind == "legal"
    page = get(lawyer, "/legal").content.decode()
    assert "Rosa" in page
    assert "Luz" not in page
    shown = get(lawyer, f"/legal/{mine.number}").content.decode()
    assert rosa.number in shown
    assert "Sample" not in shown
    assert Entry.objects.filter(action="legal.viewed", request_id=mine.pk).count() == 1
    assert get(lawyer, f"/legal/{other.number}").status_code == 404
    assert get(lawyer, f"/requests/{mine.number}").status_code == 404
