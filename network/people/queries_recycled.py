"""Reading what is known of members' phones."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from network.desk.models import Need
from network.desk.rules import Reason
from network.messaging.models import Contact, Outbound
from network.messaging.rules import OutState
from network.messaging.texts import Text
from network.people.models import Member, Person
from network.people.rules_recycled import CHECK_AFTER, GONE, MISSED, Phone

LOST = (OutState.UNDELIVERED, OutState.REFUSED, OutState.EXPIRED)
LOOKS_BACK = CHECK_AFTER  # at needs about texts that did not arrive


def to_look_at(*, now: datetime) -> list[UUID]:
    """Members whose phone may be due for something: those asked, the silent, and those texts don't reach."""
    mine = OuterRef("person__fingerprint")
    phones = Contact.objects.filter(fingerprint=mine)
    heard = phones.order_by(F("last_in_at").desc(nulls_last=True)).values("last_in_at")[:1]
    lost = Need.objects.filter(reason=Reason.REFUSED_SEND, raised_at__gt=now - LOOKS_BACK)
    members = Member.objects.filter(person__standing=Person.Standing.ACTIVE, frozen_at=None)
    long_ago = now - CHECK_AFTER
    found = members.annotate(heard=Subquery(heard)).filter(
        Q(phone_asked_at__isnull=False)
        | Q(Q(heard=None) | Q(heard__lte=long_ago), attested_at__lte=long_ago)
        | Exists(phones.filter(unreachable_code__in=GONE))
        | Q(person__in=lost.values("person_id"))
    )
    return list(found.order_by("attested_at", "pk").values_list("pk", flat=True))


def phone_of(member: Member) -> Phone:
    """`member` with its person."""
    contacts = list(Contact.objects.filter(fingerprint=member.person.fingerprint))
    heard_at = max([member.attested_at, *(one.last_in_at for one in contacts if one.last_in_at)])
    texts = Outbound.objects.filter(contact__in=contacts)
    unreachable = [
        one.unreachable_code for one in contacts if one.unreachable_at and one.unreachable_at > heard_at
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
