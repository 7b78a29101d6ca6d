"""What the carrier's webhooks carry, field by field: what doesn't look like it is not the carrier's. Pure.

Fields that are not named here are kept as they come, sealed: the carrier adds some without notice, and words
are free.
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
    """The name of a field that isn't in its format, or of another account; None where all are fine."""
    for name, pattern in FORMATS.items():
        if not pattern.fullmatch(form.get(name, "")):
            return name
    told = form.get("AccountSid", "")
    return "AccountSid" if told and account and told != account else None


def sid_of(form: Mapping[str, str]) -> str:
    """The carrier's id of the message: a text without one can't be told from its repeat."""
    return form.get("MessageSid") or form.get("SmsSid", "")


def is_to_us(form: Mapping[str, str], *, number: str, service: str) -> bool:
    """Whether a text was sent to our number, or to one of our service's.

    Where the carrier names no receiver, or no service while we have one, it is taken for ours.
    """
    to = form.get("To", "").removeprefix("whatsapp:")
    if not to or canonical(to) == canonical(number):
        return True
    return bool(service) and form.get("MessagingServiceSid", "") in ("", service)
