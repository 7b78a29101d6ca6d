"""Twilio's REST API, or another service's with the same API, through Twilio's own library.

We use its synchronous client, because the asynchronous one ignores its timeout and posts again on a 503. No
call is repeated here. If a message may have been accepted but its answer was lost, we raise LostAnswer, and
the caller must look for the message before sending it again.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from network.messaging.gateway.protocol import (
    Attachment,
    CarrierRefused,
    HeldMessage,
    LostAnswer,
    MessageGone,
    NotDoneYet,
    NotReached,
    Received,
    Sent,
    SlowAnswer,
    SlowDown,
)
from network.privacy.rules.phones import forms

TIMEOUT_S = 8.0  # shorter than a lease, so that a slow call ends before somebody looks for it
MEDIA_TIMEOUT_S = 20.0  # until the next part of a picture
MEDIA_WHOLE_S = 60.0  # for the whole of it
LOOKED_AT = 200  # of ours to one phone, the newest first
PAGE = 1000  # the most that the carrier gives at once
WAITED_TOO_LONG = 504  # said by a proxy: what stands behind it may still be at work
UNANSWERED = ("queued", "ringing")
OVER_ALREADY = (400, 404)  # a call that has ended can't be ended
NOT_FINISHED = 20009  # "can't delete: the message is not in a final state"
MEDIA_HOSTS = (".twilio.com", ".twiliocdn.com")  # where Twilio's media answer sends us
WHATSAPP = "whatsapp:"

Trouble = (requests.RequestException, TwilioException, ValueError, KeyError, TypeError)


class Twilio:
    """`address` is the base of the REST; empty for Twilio's own."""

    def __init__(self, address: str = "") -> None:
        self.address = address.rstrip("/")

    @cached_property
    def client(self) -> Client:
        made = Client(
            *_credentials(),
            settings.TWILIO_ACCOUNT_SID,
            http_client=TwilioHttpClient(timeout=TIMEOUT_S, max_retries=0),
        )
        if self.address:
            made.api.base_url = made.messaging.base_url = self.address
        return made

    def send(self, *, to: str, body: str, callback: str, valid_for_s: int | None) -> Sent:
        """`valid_for_s` is the carrier's ValidityPeriod, 1 to 36000 seconds."""
        options: dict[str, Any] = _sender(to)
        if valid_for_s is not None:
            options["validity_period"] = min(max(valid_for_s, 1), 36000)
        made = _made(
            lambda: self.client.messages.create(to=to, body=body, status_callback=callback, **options)
        )
        return Sent(str(made.sid), str(made.status), made.error_code)

    def call(self, *, to: str, url: str, callback: str, rings_s: int) -> str:
        made = _made(
            lambda: self.client.calls.create(
                to=to,
                from_=settings.TWILIO_NUMBER,
                url=url,
                method="POST",
                timeout=rings_s,
                status_callback=callback,
                status_callback_method="POST",
            )
        )
        return str(made.sid)

    def ringing(self, phone: str) -> list[str]:
        calls = [
            call
            for status in UNANSWERED
            for call in _asked(partial(self.client.calls.list, to=phone, status=status, limit=LOOKED_AT))
        ]
        return [str(call.sid) for call in calls if str(call.direction) == "outbound-api"]

    def hang_up(self, sid: str) -> None:
        try:
            self.client.calls(sid).update(status="completed")
        except TwilioRestException as refused:
            if refused.status not in OVER_ALREADY:
                raise NotReached from None
        except Trouble:
            raise NotReached from None

    def sent_to(self, phone: str) -> Iterator[HeldMessage]:
        """No date is asked for: a text that the carrier has queued has no date of sending yet."""
        for message in itertools.chain.from_iterable(map(self._sent_to, _addresses(phone))):
            if str(message.direction).startswith("outbound"):
                yield HeldMessage(
                    Sent(str(message.sid), str(message.status), message.error_code),
                    str(message.body),
                    message.date_created,
                )

    def _sent_to(self, phone: str) -> list[Any]:
        return _asked(lambda: self.client.messages.list(to=phone, limit=LOOKED_AT))

    def status_of(self, sid: str) -> Sent:
        message = _asked(lambda: self.client.messages(sid).fetch())
        return Sent(str(message.sid), str(message.status), message.error_code)

    def received(self, *, since: datetime) -> list[Received]:
        """The library drops the offset of an aware time, so it is given UTC. `To` is our number; with
        a service it may be any of its numbers, so the list is not narrowed."""
        wanted: dict[str, Any] = {"date_sent_after": since.astimezone(UTC), "page_size": PAGE}
        if not settings.TWILIO_MESSAGING_SERVICE_SID:
            wanted["to"] = settings.TWILIO_NUMBER
        texts = [
            Received(_form(message), message.date_sent or message.date_created or since)
            for message in _asked(lambda: self.client.messages.list(**wanted))
            if str(message.direction) == "inbound"
        ]
        texts.reverse()  # the newest came first; of one second the order is kept
        return sorted(texts, key=lambda text: text.at)

    def attachments(self, sid: str, *, most_bytes: int) -> list[Attachment]:
        media = _asked(lambda: self.client.messages(sid).media.list(limit=10))
        return [
            Attachment(str(item.sid), str(item.content_type), self._media(str(item.uri), most_bytes))
            for item in media
        ]

    def _media(self, uri: str, most: int) -> bytes:
        base = self.address or "https://api.twilio.com"
        address = f"{base}{uri.removesuffix('.json')}"
        until = time.monotonic() + MEDIA_WHOLE_S
        try:
            answer = self._get(address, _credentials())
            if answer.is_redirect:
                answer = self._get(_where_media_lies(answer, base), None)
            answer.raise_for_status()
            content = bytearray()
            for part in answer.iter_content(64 * 1024):
                content += part
                if len(content) > most:
                    return b""
                if time.monotonic() > until:  # one that drips holds back everybody's lists and pictures
                    raise NotReached
            return bytes(content)
        except requests.RequestException:
            raise NotReached from None

    def _get(self, address: str, auth: tuple[str, str] | None) -> requests.Response:
        return requests.get(address, auth=auth, timeout=MEDIA_TIMEOUT_S, stream=True, allow_redirects=False)

    def erase(self, sid: str) -> None:
        try:
            _asked(lambda: self.client.messages(sid).update(body=""))
            _asked(lambda: self.client.messages(sid).delete())
        except MessageGone:
            return

    def account_is_right(self) -> bool:
        try:
            self.client.api.accounts(settings.TWILIO_ACCOUNT_SID).fetch()
        except (*Trouble, IndexError):
            return False
        return True


def _credentials() -> tuple[str, str]:
    tokens = settings.TWILIO_AUTH_TOKENS
    return (
        settings.TWILIO_API_KEY or settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_API_SECRET or (tokens[0] if tokens else "not-set"),
    )


def _addresses(to: str) -> list[str]:
    """The forms in which the carrier may list a phone that we texted."""
    prefix = WHATSAPP if to.startswith(WHATSAPP) else ""
    return [f"{prefix}{number}" for number in forms(to.removeprefix(WHATSAPP))]


def _sender(to: str) -> dict[str, str]:
    if settings.TWILIO_MESSAGING_SERVICE_SID:
        return {"messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID}
    ours = settings.TWILIO_NUMBER
    return {"from_": f"{WHATSAPP}{ours}" if to.startswith(WHATSAPP) else ours}


def _meaning(refused: TwilioRestException) -> Exception:
    if refused.status == 429:
        return SlowDown()
    if refused.status == WAITED_TOO_LONG:
        return SlowAnswer()
    if refused.status >= 500 or refused.status < 400:
        return LostAnswer()
    return CarrierRefused(int(refused.code or 0), refused.status)


def _what_was_cut(cut: requests.ConnectionError) -> Exception:
    """Tell apart: never connected, so that nothing arrived; an answer cut off midway; a lost connection."""
    cause = cut.args[0] if cut.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(cut, requests.ConnectTimeout) or isinstance(reason, NewConnectionError):
        return NotReached()
    return SlowAnswer() if isinstance(cause, ReadTimeoutError) else LostAnswer()


def _made[Made](create: Callable[[], Made]) -> Made:
    """Make a call that must not be repeated: what went wrong says whether the carrier may have taken it."""
    try:
        return create()
    except TwilioRestException as refused:
        raise _meaning(refused) from None
    except requests.ConnectionError as cut:
        raise _what_was_cut(cut) from None
    except requests.Timeout:
        raise SlowAnswer from None
    except Trouble:
        raise LostAnswer from None


def _asked[Found](call: Callable[[], Found]) -> Found:
    """Make a call that is safe to repeat. Raises Gone, NotDoneYet, SlowDown, NotReached."""
    try:
        return call()
    except TwilioRestException as refused:
        if refused.status == 404:
            raise MessageGone from None
        if refused.status == 429:
            raise SlowDown from None
        raise (NotDoneYet if refused.code == NOT_FINISHED else NotReached) from None
    except Trouble:
        raise NotReached from None


def _form(message: Any) -> dict[str, str]:
    """The parameters that the webhook would have had for this text."""
    return {
        "MessageSid": str(message.sid), "AccountSid": str(message.account_sid),
        "From": str(message.from_ or ""), "To": str(message.to or ""), "Body": str(message.body or ""),
        "NumMedia": str(message.num_media or "0"), "NumSegments": str(message.num_segments or "1"),
        "SmsStatus": "received", "MessagingServiceSid": str(message.messaging_service_sid or ""),
    }  # fmt: skip


def _where_media_lies(answer: requests.Response, base: str) -> str:
    """Where a redirect leads, which we follow only to the carrier's own hosts, without our credentials."""
    where = answer.headers.get("Location", "")
    parts, own = urlsplit(where), urlsplit(base)
    host = parts.hostname or ""
    ours = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    if not ours and not (parts.scheme == "https" and host.endswith(MEDIA_HOSTS)):
        raise requests.RequestException("media lies elsewhere")
    return where
