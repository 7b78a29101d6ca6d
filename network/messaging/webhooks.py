"""The carrier's webhooks: incoming texts, and receipts for outgoing ones."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator

from network.messaging.inbox.receiving import receive
from network.messaging.receipts.taking import take_receipt
from network.messaging.rules.fields import misfit, sid_of

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def signed_by_carrier(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Only let through posts that the carrier signed for our public URL with a current token; else 403.

    The URL is the configured one, not the Host header. The signature has no time in it, so repeats are
    recognized later, by the message's sid. Because a stolen token can sign anything, a field in a format that
    the carrier doesn't use is refused like a wrong signature.
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
            return _refused("not signed by the carrier")
        if wrong := misfit(request.POST.dict(), account=settings.TWILIO_ACCOUNT_SID):
            return _refused(f"{wrong} is not as the carrier writes it")
        return view(request)

    return checked


def _refused(why: str) -> HttpResponse:
    return HttpResponseForbidden(why, content_type="text/plain")


def twiml(body: str = EMPTY_TWIML) -> HttpResponse:
    return HttpResponse(body, content_type="text/xml; charset=utf-8")


@signed_by_carrier
def sms(request: HttpRequest) -> HttpResponse:
    """Store a text and queue its handling in one transaction, committed before we answer 200."""
    form = request.POST.dict()
    if not sid_of(form):
        return _refused("a text without an id")
    receive(form, now=timezone.now())
    return twiml()


@signed_by_carrier
def status(request: HttpRequest) -> HttpResponse:
    """Take a receipt. Always answers 200: unknown ids and words are kept, not refused."""
    form = request.POST
    take_receipt(
        outbound_id=_uuid(request.GET.get("o", "")),
        sid=sid_of(form.dict()),
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
