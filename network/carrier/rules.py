"""What the carrier does with words: segments, opt-outs, refusals, signatures. Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWO = frozenset("^{}\\[~]|€\f")
E164 = re.compile(r"\+[1-9]\d{6,14}")
SHORT = re.compile(r"\d{5,6}")
MOST = 1600
LONGEST_VALIDITY_S = 36000

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
    20404: "The requested resource was not found",
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
class Problem:
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


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """X-Twilio-Signature: base64 of HMAC-SHA1 over the URL and the sorted parameters."""
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


def refuse(form: Mapping[str, str], *, number: str, opted_out: bool) -> Problem | None:
    """Why a message can't be created, or None."""
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    if not to:
        return Problem(21604)
    if not sender and not form.get("MessagingServiceSid"):
        return Problem(21603)
    if not body and not form.get("MediaUrl"):
        return Problem(21602)
    if len(body) > MOST:
        return Problem(21617)
    if to in MAGIC_TO:
        return Problem(MAGIC_TO[to])
    if sender in MAGIC_FROM:
        return Problem(MAGIC_FROM[sender])
    if not E164.fullmatch(to) and not SHORT.fullmatch(to):
        return Problem(21211)
    if sender and sender not in (number, "+15005550006"):
        return Problem(21606)
    return _refuse_options(form) or (Problem(21610) if opted_out else None)


def _refuse_options(form: Mapping[str, str]) -> Problem | None:
    callback = form.get("StatusCallback", "")
    if callback and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", callback):
        return Problem(21609)
    validity = form.get("ValidityPeriod", "")
    if validity and not (validity.isdigit() and 1 <= int(validity) <= LONGEST_VALIDITY_S):
        return Problem(21621)
    return None
