"""The only code that talks to the carrier: one call each way, finite, repeated by nobody here.

Twilio's own library, its synchronous client: the asynchronous one ignores its timeout and
posts again on a 503. A message may be accepted and its answer lost; that is LostAnswer, and
whoever catches it must look before sending again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

TIMEOUT_S = 10.0


class Refused(Exception):
    """The carrier said no, with a code: the text was not taken."""

    def __init__(self, code: int, status: int) -> None:
        super().__init__(f"carrier code {code}, status {status}")
        self.code = code
        self.status = status


class LostAnswer(Exception):
    """The request left and no usable answer came: the carrier may or may not have it."""


class NotReached(Exception):
    """The carrier could not be asked, or asked us to slow down: it has nothing of this call."""


@dataclass(frozen=True, slots=True)
class Sent:
    sid: str
    status: str
    error: int | None


@cache
def client() -> Client:
    made = Client(
        settings.TWILIO_API_KEY or settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_API_SECRET or settings.TWILIO_AUTH_TOKENS[0],
        settings.TWILIO_ACCOUNT_SID,
        http_client=TwilioHttpClient(timeout=TIMEOUT_S, max_retries=0),
    )
    if settings.TWILIO_API_URL:
        made.api.base_url = settings.TWILIO_API_URL.rstrip("/")
    return made


def send(*, to: str, body: str, callback: str, valid_for_s: int | None) -> Sent:
    """Hand one text over. Raises Refused, NotReached or LostAnswer.

    `valid_for_s` is the carrier's ValidityPeriod, 1 to 36000 seconds.
    """
    sender: dict[str, Any] = (
        {"messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID}
        if settings.TWILIO_MESSAGING_SERVICE_SID
        else {"from_": settings.TWILIO_NUMBER}
    )
    if valid_for_s is not None:
        sender["validity_period"] = min(max(valid_for_s, 1), 36000)
    try:
        made = client().messages.create(to=to, body=body, status_callback=callback, **sender)
    except TwilioRestException as refused:
        raise _meaning(refused) from None
    except (requests.RequestException, TwilioException, ValueError, KeyError):
        # Even a refused connection looks like one cut after the request left: only a look tells.
        raise LostAnswer from None
    return Sent(str(made.sid), str(made.status), made.error_code)


def _meaning(refused: TwilioRestException) -> Exception:
    if refused.status == 429:
        return NotReached()
    if refused.status >= 500:
        return LostAnswer()
    return Refused(int(refused.code or 0), refused.status)


def sent_to(phone: str, *, since: datetime) -> Iterator[tuple[Sent, str]]:
    """What the carrier has of ours to this phone since then, with the bodies. Raises NotReached.

    The library drops the offset of an aware time, so it is given UTC.
    """
    try:
        for message in client().messages.list(to=phone, date_sent_after=since.astimezone(UTC), limit=200):
            if str(message.direction).startswith("outbound"):
                yield (
                    Sent(str(message.sid), str(message.status), message.error_code),
                    str(message.body),
                )
    except (requests.RequestException, TwilioException, ValueError, KeyError):
        raise NotReached from None
