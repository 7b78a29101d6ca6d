"""A person is erased at their own wish: nobody can read them any more, not from old rows either."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from network import forgetting
from network.audit.models import Entry, Whom
from network.audit.rules import COMMAND_LINE
from network.audit.verifying import verify
from network.console.shell.forgetting import ERASERS
from network.desk.actions import close
from network.desk.models import Need
from network.dispatch.models import Offer
from network.enrollment.actions import approvals
from network.enrollment.actions.erasure import propose_erasure
from network.enrollment.models import Consent, PrivateLink
from network.enrollment.rules.erasure import CannotErase, ErasureRefusal
from network.messaging.models import Contact, Inbound, Media, Outbound
from network.people.models import Apart, Claim, Member, Person, Responder
from network.privacy import keyring
from network.privacy.holders import keys_in_use
from network.privacy.models import Key, KnownPhone
from network.privacy.queries import fingerprint
from network.privacy.rules.sealing import Unreadable
from network.reports.measures import measures
from network.staff.rules.approvers import NotEligible
from network.support.holds import propose_hold
from network.support.models import SupportRequest
from network.trust.actions.proposals import NotOpen
from network.trust.models import Proposal, Vouch
from network.visits.models import Visit
from tests.console.signing_in import by_link, get, post
from tests.reading import words_of

WHY = "They asked for it in person"
DAY = timedelta(days=1)


@pytest.fixture
def town(world, hire):
    """Rosa asked, Ana came, and it is over; Luz and Luis are there too."""
    world.steward, world.second = hire("steward"), hire("coordinator", world.azul)
    world.rosa, world.luz = world.member("Rosa"), world.member("Luz")
    world.ana = world.responder("Ana")
    world.rosa.asks("tocan la puerta")
    world.settle()
    world.ana.accepts(" 10 min")
    for row, words in ((SupportRequest, "notes"), (Offer, "said")):
        one = row.objects.first()
        setattr(one, words, "the blue door")
        one.save(update_fields=[words])
    world.ana.sends("3")
    world.ana.sends("4")
    world.rosa.sends("1")
    world.wait(minutes=90)
    for need in Need.objects.filter(closed_at=None):
        close(need.pk, by=COMMAND_LINE, now=world.now)
    assert not SupportRequest.objects.exclude(state="closed").exists()
    return world


def propose(town, who):
    return propose_erasure(who.person.pk, why=WHY, staff_id=town.steward.pk, now=town.now)


def erase(town, who):
    proposal = propose(town, who)
    assert approvals.agree(proposal.pk, staff_id=town.second.pk, now=town.now)
    keyring.forget_all()
    return Person.objects.get(pk=proposal.about)


def sealed_rows():
    """Every table that has sealed fields, as it lies in the database."""
    rows = {}
    for model in apps.get_models():
        if any(field.name == "key_id" for field in model._meta.concrete_fields) and model is not KnownPhone:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                rows[model] = [
                    dict(zip([c.name for c in cursor.description], row, strict=True)) for row in cursor
                ]
    return rows


def text_of(model, row):
    """What can be read of an old row beside the keys of now."""
    fields = [f for f in model._meta.concrete_fields if type(f).__name__ == "SealedTextField"]
    old = model.from_db(
        "default",
        [f.attname for f in model._meta.concrete_fields],
        [
            f.from_db_value(row[f.column]) if f in fields else row[f.column]
            for f in model._meta.concrete_fields
        ],
    )
    return [getattr(old, f.attname) for f in fields]


@pytest.mark.parametrize("name", ["rosa", "ana"])
def test_old_rows_beside_the_keys_of_now_say_nothing_of_them_and_all_of_everybody_else(town, name):
    """As a backup would be, restored with a newer archive of keys."""
    who = getattr(town, name)
    key, backup = who.person.key_id, sealed_rows()
    others = read = 0

    erase(town, who)

    for model, rows in backup.items():
        for row in rows:
            if row["key_id"] == key:
                if any(
                    type(f).__name__ == "SealedTextField" and row[f.column]
                    for f in model._meta.concrete_fields
                ):
                    with pytest.raises(Unreadable):
                        text_of(model, row)
                    read += 1
            else:
                text_of(model, row)
                others += 1
    assert read >= 3
    assert others >= 5
    assert not Key.objects.filter(pk=key).exists()
    assert not keys_in_use([key])


@pytest.mark.parametrize("name", ["rosa", "ana"])
def test_nothing_of_theirs_is_left_but_what_is_counted(town, name):
    who = getattr(town, name)
    number, print_ = who.number, fingerprint(who.number)
    before = measures(7, now=town.now)
    left = erase(town, who)

    assert (left.name, left.phone, left.standing) == ("–", "", "erased")
    assert bytes(left.fingerprint) != print_
    assert not KnownPhone.objects.filter(fingerprint=print_).exists()
    assert not Contact.objects.filter(fingerprint=print_).exists()
    for rows in (Claim, Consent, PrivateLink):
        assert not rows.objects.filter(person=left).exists()
    assert not Apart.objects.filter(first=left).exists()
    assert not Vouch.objects.filter(person=left, withdrawn_at=None).exists()
    assert not Media.objects.exists()
    for member in Member.objects.filter(person=left):
        assert (member.street, member.city, member.unit, member.zip) == ("", "", None, "")
    for responder in Responder.objects.filter(person=left):
        assert (responder.pin_hash, responder.zip, responder.kinds) == ("", "", [])
    assert (
        not Whom.objects.filter(person_id=left.pk, request_id=None)
        .exclude(line_id=Entry.objects.get(action="person.erased").pk)
        .exists()
    )
    assert not verify(now=town.now).problems
    after = measures(7, now=town.now)
    assert (after.everything, after.load.asks) == (before.everything, before.load.asks)
    assert number not in str(list(Proposal.objects.values()))


def sids_of(phone):
    of_them = {"contact__fingerprint": fingerprint(phone.number)}
    rows = (Inbound.objects.filter(**of_them), Outbound.objects.filter(**of_them))
    return {sid for texts in rows for sid in texts.exclude(sid="").values_list("sid", flat=True)}


def test_the_carriers_copies_of_their_texts_are_erased(town):
    """Those that it had finished an hour ago are gone there already; the last ones go as all do."""
    town.ana.sends("all went well")
    for need in Need.objects.filter(closed_at=None):
        close(need.pk, by=COMMAND_LINE, now=town.now)
    sids = sids_of(town.ana)
    still = sids - set(town.carrier.erased)
    assert still
    erase(town, town.ana)
    assert not Inbound.objects.filter(sid__in=sids, body__isnull=False).exists()
    assert not Outbound.objects.filter(sid__in=sids, body__isnull=False).exists()

    town.wait(hours=2)

    assert sids <= set(town.carrier.erased)


def test_their_phone_is_a_strangers_afterwards(town):
    erase(town, town.rosa)
    town.rosa.sends("I need help")
    town.settle()
    assert SupportRequest.objects.count() == 1
    assert Person.objects.filter(fingerprint=fingerprint(town.rosa.number)).count() == 0
    contact = Contact.objects.get(fingerprint=fingerprint(town.rosa.number))
    assert Key.objects.get(pk=contact.key_id).day


def test_that_they_stopped_our_texts_stays(town):
    Contact.objects.filter(fingerprint=fingerprint(town.rosa.number)).update(opted_out_at=town.now)
    erase(town, town.rosa)
    contact = Contact.objects.get(fingerprint=fingerprint(town.rosa.number))
    assert (contact.key_id, contact.phone) == (None, None)


def test_they_are_on_no_list_and_have_no_page(town):
    steward = by_link(town, town.steward)
    page = f"/people/{town.rosa.person.pk}"
    assert get(steward, page).status_code == 200
    erase(town, town.rosa)
    assert get(steward, page).status_code == 404
    assert "Rosa" not in words_of(get(steward, "/people"))
    assert "Luz" in words_of(get(steward, "/people"))
    assert get(steward, f"/requests/{town.request().number}").status_code == 200
    assert "Rosa" not in words_of(get(steward, f"/requests/{town.request().number}"))


def test_what_is_left_goes_after_its_requests(town):
    erase(town, town.rosa)
    erase(town, town.ana)
    for days in (15, 76):
        town.now += timedelta(days=days)
        for _ in range(5):
            forgetting.forget(now=town.now, erasers=ERASERS)
            town.now += timedelta(hours=1)
    assert not Person.objects.filter(standing="erased").exists()
    assert Person.objects.filter(pk=town.luz.person.pk).exists()


# What refuses it


def refusal(town, who):
    with pytest.raises(CannotErase) as refused:
        propose(town, who)
    return refused.value.obstacle.refusal, refused.value.obstacle.number


def test_nobody_is_erased_with_an_open_request(town):
    town.luz.asks()
    number = SupportRequest.objects.exclude(state="closed").get().number
    assert refusal(town, town.luz) == (ErasureRefusal.OPEN_REQUEST, number)


def test_nor_on_a_visit_nor_while_they_are_asked(town):
    Visit.objects.update(stage="going", there_at=None, ended_at=None)
    assert refusal(town, town.ana) == (ErasureRefusal.ON_VISIT, town.request().number)
    Visit.objects.all().delete()
    Offer.objects.update(state="open", answered_at=None)
    assert refusal(town, town.ana) == (ErasureRefusal.BEING_ASKED, town.request().number)


@pytest.mark.parametrize("name", ["rosa", "ana"])
def test_nor_under_a_hold(town, name):
    until = (town.now + 30 * DAY).date()
    proposal = propose_hold(
        town.request().number, until=until, why="court", staff_id=town.steward.pk, now=town.now
    )
    assert refusal(town, getattr(town, name)) == (ErasureRefusal.HELD, town.request().number)
    approvals.agree(proposal.pk, staff_id=town.second.pk, now=town.now)
    with pytest.raises(CannotErase) as refused:
        propose(town, getattr(town, name))
    assert refused.value.obstacle.until == until.isoformat()


def test_nor_while_a_text_of_theirs_waits_or_one_of_ours_leaves(town):
    theirs = Inbound.objects.filter(contact__fingerprint=fingerprint(town.rosa.number))
    theirs.filter(pk=theirs.latest("arrival").pk).update(state="waiting")
    assert refusal(town, town.rosa) == (ErasureRefusal.TEXT_WAITS, None)
    Inbound.objects.update(state="handled")
    rows = Outbound.objects.filter(contact__fingerprint=fingerprint(town.rosa.number))
    assert rows.filter(pk=rows.first().pk).update(state="sending")
    assert refusal(town, town.rosa) == (ErasureRefusal.TEXT_LEAVES, None)


def test_nor_while_an_account_of_staff_is_paged_on_their_phone(town, hire):
    account = hire("coordinator", town.azul, phone=town.luz.number)
    assert refusal(town, town.luz) == (ErasureRefusal.STAFF, None)
    account.is_active = False
    account.save(update_fields=["is_active"])
    propose(town, town.luz)


def test_what_began_after_the_proposal_refuses_the_yes(town):
    proposal = propose(town, town.luz)
    town.luz.asks()
    with pytest.raises(CannotErase):
        approvals.agree(proposal.pk, staff_id=town.second.pk, now=town.now)
    assert Person.objects.get(pk=town.luz.person.pk).name == "Luz"
    assert Proposal.objects.get(pk=proposal.pk).state == "open"


def test_it_takes_two_people_and_happens_once(town):
    proposal = propose(town, town.rosa)
    with pytest.raises(NotEligible):
        approvals.agree(proposal.pk, staff_id=town.steward.pk, now=town.now)
    assert Person.objects.get(pk=town.rosa.person.pk).name == "Rosa"
    approvals.agree(proposal.pk, staff_id=town.second.pk, now=town.now)
    with pytest.raises(NotOpen):
        approvals.agree(proposal.pk, staff_id=town.second.pk, now=town.now)


# On the console


def test_the_button_proposes_and_the_second_person_agrees_beside_other_proposals(town):
    steward, second = by_link(town, town.steward), by_link(town, town.second)
    page = f"/people/{town.rosa.person.pk}"
    answer = post(steward, f"{page}/do/erase", why_erase="")
    assert answer.status_code == 422
    assert "Say why" in words_of(answer)
    assert post(steward, f"{page}/do/erase", why_erase=WHY).status_code == 302
    assert "Proposed" in words_of(get(steward, page))
    proposal = Proposal.objects.get(what="erase_person")
    told = words_of(get(second, "/organizations"))
    assert "Erase, for good, Rosa" in told
    assert WHY in told
    post(second, f"/proposals/{proposal.pk}/agree")
    assert Person.objects.get(pk=proposal.about).standing == "erased"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "is open. Close it first"), ("es", "está abierta. Ciérrela primero")],
)
def test_the_page_says_what_has_to_end_first(town, language, said):
    town.luz.asks()
    steward = by_link(town, town.steward)
    steward.cookies["django_language"] = language
    number = SupportRequest.objects.exclude(state="closed").get().number
    answer = post(steward, f"/people/{town.luz.person.pk}/do/erase", why_erase=WHY)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert str(number) in words_of(answer)
