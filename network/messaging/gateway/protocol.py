"""What a gateway does, and how it says that it could not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Refused(Exception):
    """The carrier said no, with a code: the text was not taken."""

    def __init__(self, code: int, status: int) -> None:
        super().__init__(f"carrier code {code}, status {status}")
        self.code = code
        self.status = status


class LostAnswer(Exception):
    """The request left and no usable answer came: the carrier may or may not have it."""


class SlowAnswer(LostAnswer):
    """The same, and nobody cut the line: the carrier may still be about to take it."""


class NotReached(Exception):
    """The carrier could not be asked: it has nothing of this call."""


class SlowDown(NotReached):
    """Too many calls (429): nothing of this call was taken, and the next ones should wait."""


class Gone(Exception):
    """The carrier has no such message any more."""


class NotNow(Exception):
    """The carrier can't do this to a message in its present state; later it can."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The carrier's word on one text of ours."""

    sid: str
    status: str
    error: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """A text of ours as the carrier has it."""

    sent: Sent
    body: str
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Received:
    """A text to us, as the carrier's list has it: the webhook's parameters, and when it came."""

    form: dict[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a voice note."""

    sid: str
    kind: str  # its media type
    content: bytes


class Gateway(Protocol):
    """Every call is finite, and repeated by nobody below this line."""

    def send(self, *, to: str, body: str, callback: str, valid_for_s: int | None) -> Sent:
        """Hand one text over. Raises Refused, NotReached, SlowDown, SlowAnswer or LostAnswer."""

    def sent_to(self, phone: str) -> Iterator[Held]:
        """What the carrier has of ours to this phone, the newest first. Raises NotReached."""

    def status_of(self, sid: str) -> Sent:
        """Raises Gone, NotReached."""

    def received(self, *, since: datetime) -> list[Received]:
        """Texts to us since then, the oldest first, all pages. Raises NotReached."""

    def attachments(self, sid: str, *, most_bytes: int) -> list[Attachment]:
        """What came with a text; one that is too big comes empty. Raises Gone, NotReached."""

    def erase(self, sid: str) -> None:
        """Take a text's words, then its record, off the carrier. Raises NotNow, NotReached; not Gone."""

    def account_is_right(self) -> bool:
        """Whether the account answers to our credentials."""
