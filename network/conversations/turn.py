"""One text being acted on."""

from dataclasses import dataclass, field
from datetime import datetime

from network.audit.rules import Actor
from network.conversations.rules import Context
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.messaging.models import Contact
from network.people.models import Person
from network.support.models import SupportRequest


@dataclass(slots=True)
class Turn:
    """Who wrote, in what situation, and when."""

    person: Person
    contact: Contact
    context: Context
    by: Actor
    now: datetime
    request: SupportRequest | None = None
    values: dict[str, object] = field(default_factory=dict)
    drill: bool = False  # the text is about practice, and so is what we answer

    def flag(self, reason: Reason, *, due_at: datetime | None = None, promise: bool = False) -> None:
        """Put it on the board: about the open request if there is one, else about the person."""
        about = About("person", str(self.person.pk))
        if self.request:
            about = About("request", str(self.request.pk))
        raise_need(
            reason, about=about, now=self.now, by=self.by, due_at=due_at, promise=promise,
            request_id=self.request.pk if self.request else None, person_id=self.person.pk,
        )  # fmt: skip
