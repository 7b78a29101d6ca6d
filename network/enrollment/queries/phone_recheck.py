"""What is known about members' phones."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from network.desk.models import Need
from network.desk.rules import Reason
from network.enrollment.rules.phone_recheck import CHECK_AFTER, GONE, MISSED, Phone
from network.messaging.models import Contact, Outbound
from network.messaging.rules.states import OutState
from network.messaging.texts.keys import Text
from network.people.models import Member, Person

LOST = (OutState.UNDELIVERED, OutState.REFUSED, OutState.EXPIRED)


def asked_or_lost(*, now: datetime) -> list[UUID]:
    """Members who were asked, or whom our texts don't reach."""
    gone = Contact.objects.filter(unreachable_code__in=GONE).values("fingerprint")
    lost = Need.objects.filter(reason=Reason.REFUSED_SEND, raised_at__gt=now - CHECK_AFTER)
    groups = (  # separate statements: in one, the planner would go through all members
        _members().filter(phone_asked_at__isnull=False),
        _members().filter(person__fingerprint__in=gone),
        _members().filter(person__in=lost.values("person_id")),
    )
    return list(
        dict.fromkeys(member_id for rows in groups for member_id in rows.values_list("pk", flat=True))
    )


def silent(*, most: int, now: datetime) -> list[UUID]:
    """Some members who have been silent for long, in random order so that none holds up the others."""
    heard = Contact.objects.filter(
        fingerprint=OuterRef("person__fingerprint"), last_in_at__gt=now - CHECK_AFTER
    )
    members = _members().filter(phone_asked_at=None, attested_at__lte=now - CHECK_AFTER)
    return list(members.filter(~Exists(heard)).order_by("?").values_list("pk", flat=True)[:most])


def asked_since(since: datetime) -> int:
    return Member.objects.filter(phone_asked_at__gt=since).count()


def _members() -> QuerySet[Member]:
    return Member.objects.filter(person__standing=Person.Standing.ACTIVE, frozen_at=None)


def phone_of(member: Member) -> Phone:
    """What is known about this member's phone. `member` has its person selected."""
    contacts = list(Contact.objects.filter(fingerprint=member.person.fingerprint))
    heard_at = max([member.attested_at, *(contact.last_in_at for contact in contacts if contact.last_in_at)])
    texts = Outbound.objects.filter(contact__in=contacts)
    unreachable = [
        contact.unreachable_code
        for contact in contacts
        if contact.unreachable_at and contact.unreachable_at > heard_at
    ]
    return Phone(
        heard_at=heard_at,
        asked_at=member.phone_asked_at,
        asking_failed=_asking_failed(texts, member.phone_asked_at),
        unreachable=unreachable[0] if unreachable else None,
        failures=_failures(texts, heard_at),
    )


def _asking_failed(texts: QuerySet[Outbound], asked_at: datetime | None) -> bool:
    if asked_at is None:
        return False
    return texts.filter(text=Text.STILL_YOU, owed_at=asked_at, state__in=LOST).exists()


def _failures(texts: QuerySet[Outbound], heard_at: datetime) -> tuple[int | None, ...]:
    over = texts.filter(owed_at__gt=heard_at, state__in=(OutState.DELIVERED, OutState.UNDELIVERED))
    last = over.order_by("-owed_at").values_list("state", "error")[:MISSED]
    return tuple(error if state == OutState.UNDELIVERED else None for state, error in last)
