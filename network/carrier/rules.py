"""What the carrier does with words: segments, opt-outs, refusals, signatures. Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit, urlunsplit

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWO = frozenset("^{}\\[~]|€\f")
E164 = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}")
TOLL_FREE = re.compile(r"\+1(800|833|844|855|866|877|888)\d{7}")
LONGEST_QUEUE_S = 36000.0
WHATSAPP_WINDOW = timedelta(hours=24)
# What a handset may be, and how a text to it then ends.
HANDSETS: dict[str, int | None] = {
    "on": None, "off": 30003, "blocked": 30004, "unknown": 30005, "landline": 30006,
    "filtered": 30007, "lost": 30008, "silent": None,
}  # fmt: skip
NOT_CALLED = frozenset({"off", "unknown"})  # a call to such a handset fails at once
# What a handset does when it is called: whoever holds it decides, or one of these by itself.
ANSWERS = ("answers", "machine", "busy", "hangs_up")
ANSWERING = ("rings", *ANSWERS, "no_answer")
SHORT = re.compile(r"\d{5,6}")
MOST = 1600
LONGEST_VALIDITY_S = 36000


class CallStatus(StrEnum):
    QUEUED = "queued"
    INITIATED = "initiated"  # an event's name only: the call is shown as queued
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"
    FAILED = "failed"


CALL_FINAL = frozenset(
    {CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.CANCELED, CallStatus.FAILED}
)
CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
LONGEST_RING_S = 600

MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
SAYS = {
    20003: "Authenticate",
    20001: "A parameter is not valid",
    20404: "The requested resource was not found",
    21201: "No 'To' number is specified",
    21205: "Invalid URL",
    21213: "'From' number is required",
    21210: "'From' phone number not verified",
    21220: "Call is not in-progress. Cannot redirect.",
    21211: "Invalid 'To' Phone Number",
    21212: "Invalid From Number",
    21408: "Permission to send an SMS has not been enabled for the region",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided is not a valid message-capable number",
    21609: "The 'StatusCallback' URL is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "Message cannot be sent with the current combination of 'To' and 'From'",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21621: "ValidityPeriod must be from 1 to 36000",
}


@dataclass(frozen=True, slots=True)
class CarrierProblem:
    """A refusal as Twilio words it."""

    code: int
    status: int = 400

    def body(self) -> dict[str, object]:
        return {
            "code": self.code,
            "message": SAYS.get(self.code, "Bad request"),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Retries:
    """What a webhook's URL asks for in its fragment. Seconds; `after` are kinds of failure."""

    more: int = 1
    after: frozenset[str] = frozenset({"ct"})
    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 15.0

    def again_after(self, how: str) -> bool:
        return how in self.after or "all" in self.after


def retries(fragment: str) -> Retries:
    """`rc=2&rp=ct,rt,5xx&ct=2000&rt=5000&tt=15000`; what isn't there is Twilio's default."""
    told = dict(parse_qsl(fragment))
    return Retries(
        more=min(int(told.get("rc", "1")), 5),
        after=frozenset(told.get("rp", "ct").split(",")),
        connect_s=int(told.get("ct", "5000")) / 1000,
        read_s=int(told.get("rt", "15000")) / 1000,
        total_s=min(int(told.get("tt", "15000")) / 1000, 15.0),
    )


def signed_url(url: str, *, voice: bool) -> str:
    """Calls over HTTPS are signed without the port; texts with it. User and password never are."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if voice and parts.scheme == "https":
        host = host.rpartition(":")[0] if parts.port else host
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def segments(text: str) -> int:
    """160 of GSM-7 or 70 of UCS-2 alone, 153 or 67 each in several; a pair is never split."""
    if all(sign in GSM or sign in GSM_TWO for sign in text):
        sizes, alone, joined = [1 + (sign in GSM_TWO) for sign in text], 160, 153
    else:
        sizes, alone, joined = [1 + (ord(sign) > 0xFFFF) for sign in text], 70, 67
    if sum(sizes) <= alone:
        return 1
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return parts


_LONG_AGO_DIALED = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+549(\d{10})"), r"+54\1"),
    (re.compile(r"\+55(\d\d)([6-9]\d{7})"), r"+55\g<1>9\2"),
)
_BY_APP = (
    (re.compile(r"\+52(\d{10})"), r"+521\1"),
    (re.compile(r"\+54(\d{10})"), r"+549\1"),
    (re.compile(r"\+55(\d\d)9([6-9]\d{7})"), r"+55\1\2"),
)


def handset(address: str) -> str:
    """Which handset an address is: whatsapp:+5215512345678 and +525512345678 are one."""
    phone = address.removeprefix("whatsapp:")
    return next(
        (shape.sub(plain, phone) for shape, plain in _LONG_AGO_DIALED if shape.fullmatch(phone)), phone
    )


def by_app(phone: str) -> str:
    """The address that WhatsApp gives a handset: Mexico's, Argentina's and Brazil's in forms of its own."""
    plain = handset(phone)
    wrote = next((shape.sub(own, plain) for shape, own in _BY_APP if shape.fullmatch(plain)), plain)
    return f"whatsapp:{wrote}"


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """X-Twilio-Signature: base64 of HMAC-SHA1 over the URL and the sorted parameters."""
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


def stops(word: str, *, number: str) -> bool:
    """On a toll-free number only STOP itself blocks."""
    return word == "STOP" if TOLL_FREE.fullmatch(number) else word in STOP


def starts(word: str, *, number: str) -> bool:
    """On a toll-free number "yes" restores nothing."""
    return word in START - ({"YES"} if TOLL_FREE.fullmatch(number) else set())


def refuse(form: Mapping[str, str], *, number: str, opted_out: bool) -> CarrierProblem | None:
    """Why a message can't be created, or None."""
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    if not to:
        return CarrierProblem(21604)
    if not sender and not form.get("MessagingServiceSid"):
        return CarrierProblem(21603)
    if not body and not form.get("MediaUrl"):
        return CarrierProblem(21602)
    if len(body) > MOST:
        return CarrierProblem(21617)
    if to in MAGIC_TO:
        return CarrierProblem(MAGIC_TO[to])
    if sender in MAGIC_FROM:
        return CarrierProblem(MAGIC_FROM[sender])
    if not E164.fullmatch(to) and not SHORT.fullmatch(to):
        return CarrierProblem(21211)
    if sender and sender.removeprefix("whatsapp:") not in (number, "+15005550006"):
        return CarrierProblem(21606)
    if sender and sender.startswith("whatsapp:") != to.startswith("whatsapp:"):
        return CarrierProblem(21612)
    # A service answers at once and fails the message later; a number says so in its answer.
    at_once = opted_out and not form.get("MessagingServiceSid")
    return _refuse_options(form) or (CarrierProblem(21610) if at_once else None)


def call_event(status: CallStatus) -> str:
    """The event that a callback may be asked for: every end is "completed"."""
    if status in CALL_FINAL:
        return "completed"
    return "answered" if status is CallStatus.IN_PROGRESS else status.value


def refuse_call(form: Mapping[str, str], *, number: str) -> CarrierProblem | None:
    """Why a call can't be made, or None."""
    to, sender, url = form.get("To", ""), form.get("From", ""), form.get("Url", "")
    timeout, events = form.get("Timeout", "60"), form.get("StatusCallbackEvent", "").split()
    wrong = {
        21201: not to,
        21213: not sender,
        21211: bool(to) and not E164.fullmatch(to),
        21210: bool(sender) and sender not in (number, "+15005550006"),
        21205: not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url),
        20001: not (timeout.isdecimal() and 1 <= int(timeout) <= LONGEST_RING_S)
        or any(event not in CALL_EVENTS for event in events),
        21609: bool(_refuse_options({"StatusCallback": form.get("StatusCallback", "")})),
    }
    if to in MAGIC_TO:
        return CarrierProblem(MAGIC_TO[to])
    return next((CarrierProblem(code) for code, is_so in wrong.items() if is_so), None)


def _refuse_options(form: Mapping[str, str]) -> CarrierProblem | None:
    callback = form.get("StatusCallback", "")
    if callback and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", callback):
        return CarrierProblem(21609)
    validity = form.get("ValidityPeriod", "")
    if validity and not (validity.isdecimal() and 1 <= int(validity) <= LONGEST_VALIDITY_S):
        return CarrierProblem(21621)
    return None
