"""The format of each field in the carrier's webhooks. A form that doesn't fit isn't the carrier's. Pure.

Fields that aren't listed here are kept as they come, encrypted: the carrier adds new ones without notice, and
people's words have no format.
"""

import re
from collections.abc import Mapping

from network.privacy.rules.phones import canonical

_ID = re.compile(r"[A-Za-z0-9_-]{0,64}", re.ASCII)  # SM... and 32 digits; another carrier's are UUIDs
_ADDRESS = re.compile(r"[^\x00-\x1f\x7f]{0,100}")  # +1..., whatsapp:+1..., a short code, a sender's name
_WORD = re.compile(r"[A-Za-z _-]{0,32}", re.ASCII)
_FIGURES = re.compile(r"[^\x00-\x1f\x7f]{0,32}")  # read as far as they are figures

FORMATS: dict[str, re.Pattern[str]] = {
    "MessageSid": _ID, "SmsSid": _ID, "SmsMessageSid": _ID, "CallSid": _ID, "AccountSid": _ID,
    "MessagingServiceSid": _ID, "From": _ADDRESS, "To": _ADDRESS, "MessageStatus": _WORD, "SmsStatus": _WORD,
    "CallStatus": _WORD, "OptOutType": _WORD, "ErrorCode": _FIGURES, "NumMedia": _FIGURES,
    "NumSegments": _FIGURES,
}  # fmt: skip


def misfit(form: Mapping[str, str], *, account: str) -> str | None:
    """The name of a field that has the wrong format or account. None if all are fine."""
    for name, pattern in FORMATS.items():
        if not pattern.fullmatch(form.get(name, "")):
            return name
    told = form.get("AccountSid", "")
    return "AccountSid" if told and account and told != account else None


def sid_of(form: Mapping[str, str]) -> str:
    """The carrier's id of the message, by which a repeated delivery is recognized."""
    return form.get("MessageSid") or form.get("SmsSid", "")


def is_to_us(form: Mapping[str, str], *, number: str, service: str) -> bool:
    """Whether a text was sent to our number, or to one of our service's numbers.

    If the carrier names no receiver, or no service although we have one, we take it for ours.
    """
    to = form.get("To", "").removeprefix("whatsapp:")
    if not to or canonical(to) == canonical(number):
        return True
    return bool(service) and form.get("MessagingServiceSid", "") in ("", service)
