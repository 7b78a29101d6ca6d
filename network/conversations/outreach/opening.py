"""A coordinator opens a request for a member who called or came by."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.audit.rules import Actor
from network.dispatch.actions import searching
from network.messaging.texts.keys import Text
from network.people.models import Member
from network.support import actions as support
from network.support.models import SupportRequest
from network.support.queries import open_of_person
from network.support.rules.requests import Kind
from network.visits.actions import set_time


class AlreadyOpen(Exception):
    """This member has an open request; its number is the argument."""


@transaction.atomic
def open_for_member(
    member_id: UUID,
    *,
    kind: Kind,
    children: int | None,
    starts_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> SupportRequest:
    """A coordinator opens a request for a member who called or came by, and has asked if they are home.

    Raises AlreadyOpen, searching.NotReady.
    """
    member = Member.objects.select_related("person", "organization").get(pk=member_id)
    already = open_of_person(member.person_id)
    if already:
        raise AlreadyOpen(already.number)
    opened = support.open_request(member, source=SupportRequest.Source.COORDINATOR, by=by, now=now, kind=kind)
    if children:
        support.set_children(opened, children, by=by, now=now)
    if starts_at:
        set_time.set_time(opened.pk, starts_at, right=True, by=by, now=now)
        return opened
    support.confirm_home(opened, by=by, now=now)
    searching.start(opened.pk, by=by, now=now)
    support.tell_member(opened, Text.SEARCHING, now=now)
    return opened
