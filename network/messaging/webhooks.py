"""The carrier calls us: texts in, and receipts for texts out."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator

from network.messaging.actions import receive, take_receipt

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def signed_by_carrier(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Only posts that the carrier signed for our public URL, with a token in force; else 403.

    The URL is the configured one, not the Host header. Its signature has no time in it, so
    a repeat is told by the message's sid, not here.
    """

    @csrf_exempt
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        signature = request.headers.get("X-Twilio-Signature", "")
        url = settings.PUBLIC_URL + request.get_full_path()
        if not signature or not any(
            RequestValidator(token).validate(url, request.POST, signature)
            for token in settings.TWILIO_AUTH_TOKENS
        ):
            return HttpResponseForbidden("not signed by the carrier", content_type="text/plain")
        return view(request)

    return checked


def twiml(body: str = EMPTY_TWIML) -> HttpResponse:
    return HttpResponse(body, content_type="text/xml; charset=utf-8")


@signed_by_carrier
def sms(request: HttpRequest) -> HttpResponse:
    """Stored and queued in one transaction, committed before the carrier hears 200."""
    receive(request.POST.dict(), now=timezone.now())
    return twiml()


@signed_by_carrier
def status(request: HttpRequest) -> HttpResponse:
    """A receipt. Always answered 200: an unknown id or word is kept, not refused."""
    form = request.POST
    take_receipt(
        outbound_id=_uuid(request.GET.get("o", "")),
        sid=form.get("MessageSid") or form.get("SmsSid", ""),
        word=form.get("MessageStatus") or form.get("SmsStatus", ""),
        error=_number(form.get("ErrorCode", "")),
        now=timezone.now(),
    )
    return twiml()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
