"""What a gateway to the carrier does, and the ways in which it can fail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class CarrierRefused(Exception):
    """The carrier refused the text with an error code."""

    def __init__(self, code: int, status: int) -> None:
        super().__init__(f"carrier code {code}, status {status}")
        self.code = code
        self.status = status


class LostAnswer(Exception):
    """The request was sent but no usable answer came, so the carrier may or may not have the text."""


class SlowAnswer(LostAnswer):
    """We stopped waiting for an answer: the carrier may still accept the text later."""


class NotReached(Exception):
    """The request never reached the carrier."""


class SlowDown(NotReached):
    """Too many calls (429): this one was not accepted, and the next ones should wait."""


class MessageGone(Exception):
    """The carrier no longer has this message."""


class NotDoneYet(Exception):
    """The carrier can't do this in the message's present state, but will be able to later."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the carrier says of a text of ours."""

    sid: str
    status: str
    error: int | None


@dataclass(frozen=True, slots=True)
class HeldMessage:
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
    """Every call has a time limit. A gateway never repeats a call by itself."""

    def send(self, *, to: str, body: str, callback: str, valid_for_s: int | None) -> Sent:
        """Hand one text over. Raises CarrierRefused, NotReached, SlowDown, SlowAnswer or LostAnswer."""

    def sent_to(self, phone: str) -> Iterator[HeldMessage]:
        """Our texts to this phone that the carrier has, newest first. Raises NotReached."""

    def status_of(self, sid: str) -> Sent:
        """Raises MessageGone, NotReached."""

    def received(self, *, since: datetime) -> list[Received]:
        """All texts to us since then, oldest first. Raises NotReached."""

    def attachments(self, sid: str, *, most_bytes: int) -> list[Attachment]:
        """A text's pictures and voice notes; what is too big comes empty. Raises MessageGone, NotReached."""

    def call(self, *, to: str, url: str, callback: str, rings_s: int) -> str:
        """Ring a phone, which hears what `url` answers. Returns the call's id.

        Raises CarrierRefused, NotReached, SlowDown, SlowAnswer or LostAnswer.
        """

    def ringing(self, phone: str) -> list[str]:
        """Calls of ours to this phone that nobody has answered yet. Raises NotReached."""

    def hang_up(self, sid: str) -> None:
        """End a call; one that is over stays so. Raises NotReached."""

    def erase(self, sid: str) -> None:
        """Delete a text's words, then its record. Raises NotDoneYet, NotReached, but never Gone."""

    def account_is_right(self) -> bool:
        """Whether the account accepts our credentials."""
