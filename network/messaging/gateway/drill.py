"""Gateways for drills without a carrier: texts shown on the console, or sent by e-mail."""

import smtplib
import sys
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from network.messaging.gateway.protocol import (
    Attachment,
    CarrierRefused,
    HeldMessage,
    LostAnswer,
    MessageGone,
    NotReached,
    Received,
    Sent,
)

TIMEOUT_S = 8.0


class _OneWay:
    """Every text counts as delivered. There is nobody to ask afterwards, and nothing comes in."""

    def sent_to(self, phone: str) -> Iterator[HeldMessage]:
        return iter(())

    def status_of(self, sid: str) -> Sent:
        raise MessageGone

    def received(self, *, since: datetime) -> list[Received]:
        return []

    def attachments(self, sid: str, *, most_bytes: int) -> list[Attachment]:
        return []

    def call(self, *, to: str, url: str, callback: str, rings_s: int) -> str:
        """Nobody is called in a drill: the text before it says the same."""
        return f"DR{uuid4().hex}"

    def ringing(self, phone: str) -> list[str]:
        return []

    def hang_up(self, sid: str) -> None:
        return None

    def erase(self, sid: str) -> None:
        return None

    def account_is_right(self) -> bool:
        return True


class OnConsole(_OneWay):
    """Prints each text on the worker's output. Only for drills with made-up people."""

    def send(self, *, to: str, body: str, callback: str, valid_for_s: int | None) -> Sent:
        sys.stdout.write(f"✉ {to}: {body}\n")
        sys.stdout.flush()
        return Sent(f"DR{uuid4().hex}", "delivered", None)


class ByMail(_OneWay):
    """Sends each text as an e-mail to one mailbox: `mail:drill@example.org?host=127.0.0.1&port=25`."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        options = parse_qs(parts.query)
        self.mailbox = unquote(parts.path)
        self.host = options.get("host", ["127.0.0.1"])[0]
        self.port = int(options.get("port", ["25"])[0])

    def send(self, *, to: str, body: str, callback: str, valid_for_s: int | None) -> Sent:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.mailbox, self.mailbox, f"To {to}"
        letter.set_content(body)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
                server.send_message(letter)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused):
            raise CarrierRefused(21211, 400) from None
        except ConnectionRefusedError:
            raise NotReached from None
        except (smtplib.SMTPException, OSError):
            raise LostAnswer from None
        return Sent(f"DR{uuid4().hex}", "delivered", None)
