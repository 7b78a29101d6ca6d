"""One text being acted on."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from network.audit.rules import Actor
from network.conversations.models import Conversation
from network.conversations.rules.context import Context
from network.desk.actions import raise_need, settle
from network.desk.rules import JOINS_A_REQUEST, About, Reason
from network.messaging.models import Contact
from network.people.models import Person
from network.support.models import SupportRequest
from network.visits.queries import live_of_person

OPENS = frozenset({Reason.NEW_REQUEST, Reason.LATER})
OF_A_VISIT = JOINS_A_REQUEST | {Reason.FURTHER_TEXT, Reason.OPTED_OUT, Reason.STOP_ASKED}


@dataclass(slots=True)
class Handling:
    """Who wrote, in what situation, and when."""

    person: Person
    contact: Contact
    context: Context
    by: Actor
    now: datetime
    request: SupportRequest | None = None
    conversation: Conversation | None = None  # None before our first question
    values: dict[str, object] = field(default_factory=dict)
    fear: bool = False  # a cry for help stands in the text
    danger: bool = False  # and more than that: somebody at the door, taken, hurt or afraid
    ends_by: int | None = None  # two digits that the question now asked shows in place of the one that ends
    visit_id: UUID | None = None  # the visit that the question now asked is about
    drill: bool = False  # the text is about practice, and so is what we answer

    def flag(
        self, reason: Reason, *, due_at: datetime | None = None, promise: bool = False, grave: bool = False
    ) -> None:
        """Raise a need about the open request if there is one, else about the person.

        Fear in a member's text makes it urgent; a request that only begins with "help" is like any other.
        Fear from somebody who was only invited raises a need of its own.
        """
        afraid = self.danger if reason in OPENS else self.fear and reason is not Reason.INVITED_WROTE
        afraid = afraid and not promise
        raise_need(
            reason,
            about=self.about,
            now=self.now,
            by=self.by,
            due_at=due_at,
            promise=promise,
            grave=grave or afraid,
            request_id=self.request.pk if self.request else self._visited(reason),
            person_id=self.person.pk,
        )

    def _visited(self, reason: Reason) -> UUID | None:
        """The request that a responder is on the way to, or at: what they write is about it."""
        visit = live_of_person(self.person.pk) if reason in OF_A_VISIT else None
        return visit.support_request_id if visit and not visit.offer.drill else None

    def settle(self, *reasons: Reason) -> None:
        """Settle the needs that were raised for these reasons."""
        settle(*reasons, about=self.about, by=self.by, now=self.now, how="answered")

    @property
    def about(self) -> About:
        """The open request if there is one, else the person."""
        if self.request:
            return About("request", str(self.request.pk))
        return About("person", str(self.person.pk))
