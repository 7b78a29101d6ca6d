"""The gateway of a restored copy: nothing gets through to the carrier."""

from collections.abc import Iterator
from datetime import datetime

from network.messaging.gateway.protocol import Attachment, HeldMessage, NotReached, Received, Sent


class Quiet:
    """Like a carrier without a line: whatever is asked never arrived, so that it is owed as before."""

    def send(self, *, to: str, body: str, callback: str, valid_for_s: int | None) -> Sent:
        raise NotReached

    def sent_to(self, phone: str) -> Iterator[HeldMessage]:
        raise NotReached

    def status_of(self, sid: str) -> Sent:
        raise NotReached

    def received(self, *, since: datetime) -> list[Received]:
        raise NotReached

    def attachments(self, sid: str, *, most_bytes: int) -> list[Attachment]:
        raise NotReached

    def call(self, *, to: str, url: str, callback: str, rings_s: int) -> str:
        raise NotReached

    def ringing(self, phone: str) -> list[str]:
        raise NotReached

    def hang_up(self, sid: str) -> None:
        raise NotReached

    def erase(self, sid: str) -> None:
        raise NotReached

    def account_is_right(self) -> bool:
        return False
