"""Tried out: posts to ourselves as the carrier makes them, and a hint through the database."""

import secrets
from datetime import datetime

import psycopg
import requests
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from twilio.request_validator import RequestValidator

from network.audit.actions import CHANNEL, announce
from network.checks.result import CheckResult


def examine_live(*, now: datetime) -> list[CheckResult]:
    """Post to ourselves by PUBLIC_URL as the carrier does: signed ones are taken, others are not.

    The texts come from our own number, which is answered by nobody.
    """
    url = f"{settings.PUBLIC_URL}/twilio/sms"
    form = {
        "MessageSid": "SM" + secrets.token_hex(16), "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "From": settings.TWILIO_NUMBER, "To": settings.TWILIO_NUMBER, "Body": " ñ 😀 ", "NumMedia": "0",
        "NumSegments": "1", "FromCity": "", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    by_service = {**form, "MessageSid": "SM" + secrets.token_hex(16), "MessagingServiceSid": "MG" + "0" * 32}
    return [
        _posted("unsigned post", url, form, "", wanted=403),
        _posted("signed post", url, form, _signature(url, form), wanted=200),
        _posted("signed post by a service", url, by_service, _signature(url, by_service), wanted=200),
        _posted("changed post", url, {**form, "Body": "changed"}, _signature(url, form), wanted=403),
        _hints(),
    ]


def _posted(what: str, url: str, form: dict[str, str], signature: str, *, wanted: int) -> CheckResult:
    headers = {"X-Twilio-Signature": signature} if signature else {}
    try:
        status = requests.post(url, data=form, headers=headers, timeout=10, allow_redirects=False).status_code
    except requests.RequestException:
        return CheckResult(
            what, "fail", "PUBLIC_URL does not answer from here: check it, the proxy and its certificate."
        )
    if status == wanted:
        return CheckResult(what, "pass")
    mend = f"Answered {status}, not {wanted}: PUBLIC_URL must be just what the carrier calls, port included."
    return CheckResult(what, "fail", mend)


def _signature(url: str, form: dict[str, str]) -> str:
    token = settings.TWILIO_AUTH_TOKENS[0] if settings.TWILIO_AUTH_TOKENS else ""
    return str(RequestValidator(token).compute_signature(url, form))


def _hints() -> CheckResult:
    """Whether a hint to the consoles comes through the database within two seconds."""
    mend = "A hint did not come through the database: with a pooler before it, use its session mode."
    try:
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as line:
            line.execute(f"LISTEN {CHANNEL}")
            about = f"doctor:{secrets.token_hex(4)}"
            with transaction.atomic():
                announce(about)
            came = any(about in note.payload for note in line.notifies(timeout=2))
    except (psycopg.Error, DatabaseError):
        came = False
    return CheckResult("hints", "pass") if came else CheckResult("hints", "fail", mend)
