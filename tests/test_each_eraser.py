"""Each eraser leaves what isn't past its time, and takes what is: a row of each model, and its age."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from network import forgetting
from network.audit.chain import DROPPED
from network.audit.models import Entry, Line, Whom
from network.console.models import Press
from network.console.shell.forgetting import ERASERS
from network.conversations.models import Call, Conversation, Draft, Leg, Reader
from network.desk.models import Claim, Need
from network.dispatch.models import AskCount, Exemption, Offer, Search, Surge
from network.duty.models import AlarmCall, Handoff, Page, Presence, Shift, Swap
from network.enrollment.models import Export, HomeChange, LegalRequest, PrivateLink
from network.messaging.contacts import contact_of
from network.messaging.models import Inbound, Media, Outbound, Receipt
from network.people.models import Person
from network.privacy.forgetting import EVERY_FIELD
from network.privacy.keep import kept_for
from network.privacy.models import ErasingRun
from network.reports.models import PastRequest
from network.staff.models import FactorRestoring, Lookup, SignInLink, StaffSession
from network.support.models import Drill, DrillPerson, Hold, SupportRequest
from network.trust.models import Approval, Proposal
from network.visits.models import Disclosure, Visit, VisitWord
from tests.history import as_superuser, seal_and_publish, write

HOUR = timedelta(hours=1)


class Town:
    """Who each row is about, and when it was over."""

    def __init__(self, world):
        self.world, self.at = world, world.now
        self.lead, self.other = world.coordinator(), world.coordinator()
        self.rosa, self.ana = world.member("Rosa").person, world.responder("Ana").person

    def request(self, **more):
        closed = {"state": "closed", "closed_at": self.at, "outcome": "helped"}
        return SupportRequest.objects.create(
            member=self.rosa.member,
            key_id=self.rosa.key_id,
            kind="accompaniment",
            source="text",
            at_home=True,
            opened_at=self.at - HOUR,
            **{**closed, **more},
        )

    def offer(self, **more):
        search = Search.objects.create(support_request=self.request(), started_at=self.at)
        return Offer.objects.create(
            search=search,
            person=self.ana,
            key_id=self.ana.key_id,
            code=41,
            wave=1,
            state="accepted",
            answered_at=self.at,
            asked_at=self.at,
            open_until=self.at,
            released_at=self.at,
            settled_at=self.at,
            **more,
        )

    def text_in(self, **more):
        contact = contact_of(self.rosa.phone, now=self.at)
        return Inbound.objects.create(
            account="AC",
            sid=uuid4().hex,
            contact=contact,
            ours=True,
            received_at=self.at,
            came_at=self.at,
            next_attempt_at=self.at,
            handled_at=self.at,
            state="handled",
            understood="Ask",
            **more,
        )

    def text_out(self, **more):
        return Outbound.objects.create(
            contact=contact_of(self.rosa.phone, now=self.at),
            text="searching",
            lane=0,
            segments=1,
            state="delivered",
            owed_at=self.at,
            not_before=self.at,
            final_at=self.at,
            sid="SM1",
            **more,
        )

    def shift(self):
        return Shift.objects.create(
            staff=self.lead,
            starts_at=self.at - HOUR,
            ends_at=self.at,
            state="ended",
            started_at=self.at,
            ended_at=self.at,
        )

    def proposal(self):
        return Proposal.objects.create(
            what="change_home",
            about=uuid4(),
            proposed_by=self.lead,
            proposed_at=self.at,
            ends_at=self.at,
            state="done",
            settled_at=self.at,
        )


def requests(town):
    offer = town.offer()
    request = offer.search.support_request
    visit = Visit.objects.create(
        support_request=request,
        offer=offer,
        person=town.ana,
        stage="done",
        began_at=town.at,
        ended_at=town.at,
    )
    Disclosure.objects.create(visit=visit, at=town.at, what="address")
    VisitWord.objects.create(support_request=request, key_id=town.rosa.key_id, word="MANGO", given_at=town.at)
    Exemption.objects.create(
        search=offer.search,
        person=town.ana,
        key_id=town.ana.key_id,
        refusal="far",
        proposed_by=town.lead,
        proposed_at=town.at,
    )
    Need.objects.create(
        reason="new_request",
        about="x",
        subject="x",
        request_id=request.pk,
        due_at=town.at,
        raised_at=town.at,
        closed_at=town.at,
    )
    town.text_in(request_id=request.pk)
    Hold.objects.create(
        support_request=request,
        key_id=town.rosa.key_id,
        why="A court asks for it",
        proposed_by=town.lead.pk,
        placed_at=town.at,
        ends_at=town.at + HOUR,
    )


def strangers(town):
    contact = contact_of(town.world.stranger().number, now=town.at)
    contact.called_at = town.at
    contact.save()


def strangers_texts(town):
    contact = contact_of(town.world.stranger().number, now=town.at)
    text = town.text_in(key_id=contact.key_id, body="hola", form="{}")
    Inbound.objects.filter(pk=text.pk).update(contact=contact)
    picture(text)


def picture(text):
    Media.objects.create(
        text=text,
        key_id=text.key_id,
        sid="ME1",
        kind="image/png",
        content="eA==",
        fetched_at=text.received_at,
    )


def words_in(town):
    picture(town.text_in(key_id=town.rosa.key_id, body="hola", form="{}"))


def proposals(town):
    proposal = town.proposal()
    Approval.objects.create(proposal=proposal, staff=town.other, fingerprint=b"x", at=town.at)
    HomeChange.objects.create(
        proposal=proposal, person=town.rosa, organization=town.world.azul, key_id=town.rosa.key_id
    )
    export(town, proposal)
    LegalRequest.objects.create(proposal=proposal, key_id=town.rosa.key_id, phone="+13125550199")


def export(town, proposal, **more):
    Export.objects.create(
        proposal=proposal,
        organization=town.world.azul,
        made_for=town.lead,
        made_at=town.at - HOUR,
        ends_at=town.at,
        **more,
    )


def line(town):
    write("a.b", at=town.at)
    seal_and_publish(now=town.at)


def erased(town):
    gone = town.world.member("Luz").person
    Person.objects.filter(pk=gone.pk).update(standing="erased", erased_at=town.at)


def named(town):
    write("a.b", f"person:{town.rosa.pk}", at=town.at)


def drill(town):
    return Drill.objects.create(
        started_by=town.lead.pk, started_at=town.at, ends_at=town.at, ended_at=town.at, ended="done"
    )


def past_request(town):
    counts = dict.fromkeys(("asks", "yeses", "late_yeses", "stood_down"), 1)
    flags = dict.fromkeys(("searched", "said_how", "not_come"), True)
    PastRequest.objects.create(kind="legal", language="en", opened_at=town.at, **counts, **flags)


SCENES = {
    "requests": requests,
    "strangers": strangers,
    "strangers_texts": strangers_texts,
    "texts_in": Town.text_in,
    "texts_out": Town.text_out,
    "receipts": lambda town: Receipt.objects.create(sid="SM1", word="sent", received_at=town.at),
    "words_in": words_in,
    "words_out": lambda town: town.text_out(key_id=town.rosa.key_id, body="Apoyo"),
    "notes": lambda town: town.request(notes="the blue door"),
    "drill_people": lambda town: DrillPerson.objects.create(drill=drill(town), person=town.ana),
    "drills": drill,
    "history": line,
    "whom": named,
    "erased_people": erased,
    "answers": lambda town: town.offer(said="I bring soup"),
    "reasons": lambda town: Exemption.objects.create(
        search=town.offer().search,
        person=town.ana,
        key_id=town.ana.key_id,
        refusal="far",
        reason="she asked",
        proposed_by=town.lead,
        proposed_at=town.at,
    ),
    "surges": lambda town: Surge.objects.create(
        declared_at=town.at, declared_by=town.lead, ends_at=town.at, ended_at=town.at
    ),
    "ask_counts": lambda town: AskCount.objects.create(person=town.ana, day=town.at.date(), asks=3),
    "drafts": lambda town: Draft.objects.create(
        staff_id=town.lead.pk, person=town.rosa, key_id=town.rosa.key_id, words="We are", saved_at=town.at
    ),
    "readers": lambda town: Reader.objects.create(staff_id=town.lead.pk, person=town.rosa, seen_at=town.at),
    "calls": lambda town: Leg.objects.create(
        call=Call.objects.create(
            sid="CA1",
            contact=contact_of(town.world.phone_of(town.rosa).number, now=town.at),
            began_at=town.at,
        ),
        place=0,
        staff=town.lead,
        rung_at=town.at,
    ),
    "questions": lambda town: Conversation.objects.create(
        person=town.rosa, question="kind", asked_at=town.at
    ),
    "needs": lambda town: Need.objects.create(
        reason="person_please", about="x", subject="x", due_at=town.at, raised_at=town.at, closed_at=town.at
    ),
    "claims": lambda town: Claim.objects.create(
        subject="x", staff_id=town.lead.pk, claimed_at=town.at, seen_at=town.at
    ),
    "presences": lambda town: Presence.objects.create(staff=town.lead, seen_at=town.at),
    "handoffs": lambda town: Handoff.objects.create(
        shift=town.shift(),
        key_id=town.lead.key_id,
        by=town.lead,
        at=town.at,
        urgent="Rosa",
        watch="",
        told="",
        requests=[],
        needs=[],
        visits=[],
    ),
    "pages": lambda town: Page.objects.create(
        at=town.at, need_id=uuid4(), step="first", staff=town.lead, began_at=town.at
    ),
    "alarm_calls": lambda town: AlarmCall.objects.create(
        need_id=uuid4(), staff=town.lead, began_at=town.at, made_at=town.at, look_at=town.at
    ),
    "shifts": lambda town: Swap.objects.create(
        shift=town.shift(), offered_by=town.lead, offered_at=town.at, closed_at=town.at
    ),
    "private_links": lambda town: PrivateLink.objects.create(
        person=town.rosa,
        organization=town.world.azul,
        made_by=town.lead,
        token_hash=b"x",
        made_at=town.at,
        expires_at=town.at,
    ),
    "files": lambda town: export(town, town.proposal(), sealed=b"x"),
    "proposals": proposals,
    "sessions": lambda town: StaffSession.objects.create(
        key_hash=b"x", data=b"", made_at=town.at, acted_at=town.at, expires_at=town.at
    ),
    "sign_in_links": lambda town: SignInLink.objects.create(
        staff=town.lead, token_hash=b"x", expires_at=town.at
    ),
    "lookups": lambda town: Lookup.objects.create(staff=town.lead, kind="search", about=uuid4(), at=town.at),
    "restorings": lambda town: FactorRestoring.objects.create(
        staff=town.lead, asked_by=town.other, asked_at=town.at, ended_at=town.at
    ),
    "figures": past_request,
    "runs": lambda town: ErasingRun.objects.create(
        started_at=town.at, finished_at=town.at, next_at=town.at, erased={"x": 1}
    ),
    "presses": lambda town: Press.objects.create(key="x", at=town.at),
}
BY_THE_DAY = {"history", "whom", "ask_counts"}


def there(eraser):
    """What of this eraser's can be read, by model and field: how many rows."""
    counts = {}
    for model, fields in eraser.fields.items():
        if EVERY_FIELD in fields:
            rows = model.objects.all()
            if model is ErasingRun:  # each test runs rounds of its own
                rows = rows.filter(erased={"x": 1})
            if model in (Line, Entry):  # that it was dropped is on record
                rows = rows.exclude(action=DROPPED)
            counts[model._meta.label] = rows.count()
            continue
        for field in fields:
            if model is Inbound and field == "request_id":
                rows = model.objects.filter(request_id__isnull=False)
            elif field == "understood":
                rows = model.objects.exclude(understood="")
            else:
                rows = model.objects.filter(**{f"{field}__isnull": False})
            counts[f"{model._meta.label}.{field}"] = rows.count()
    return counts


def test_each_eraser_has_a_scene():
    assert SCENES.keys() == {eraser.code for eraser in ERASERS}


@pytest.mark.parametrize("eraser", ERASERS, ids=lambda eraser: eraser.code)
def test_nothing_goes_before_its_time_and_all_of_it_after(world, eraser):
    town = Town(world)
    with as_superuser():  # of how the town came to be, which is as old
        Line.objects.all().delete()
        Whom.objects.all().delete()
    before = there(eraser)
    SCENES[eraser.code](town)
    made = there(eraser)
    texts_of_requests = {"texts_in": ("messaging.Inbound.request_id",)}  # these go with their request
    for name, rows in made.items():
        if name not in texts_of_requests.get(eraser.code, ()):
            assert rows > before[name], f"{name} has no row in the scene"
    span = kept_for()[eraser.keep]

    world.now = town.at + span - HOUR
    forgetting.forget(now=world.now, erasers=[eraser])
    assert there(eraser) == made

    world.now = town.at + span + (timedelta(days=2) if eraser.code in BY_THE_DAY else 2 * HOUR)
    forgetting.forget(now=world.now, erasers=[replace(eraser, at_once=1)])
    left = there(eraser)
    assert left == {name: before[name] for name in left}
