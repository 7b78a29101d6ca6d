"""A coordinator who is called by the alarm: what they hear, and the key that takes it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from network.duty.actions import calling
from network.duty.models import AlarmCall
from network.messaging import voice
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import known
from network.messaging.webhooks import signed_by_carrier, twiml


@signed_by_carrier
def alarm(request: HttpRequest) -> HttpResponse:
    """They picked up, or a machine did, which presses nothing."""
    now, call = timezone.now(), _call_of(request)
    need = calling.answered(call.pk, sid=request.POST.get("CallSid", ""), now=now)
    if need is None:
        return _last_words(call, Text.VOICE_HAS_IT)
    waited = int((now - call.began_at).total_seconds() // 60)
    number = " ".join(str(need.number))
    line = voice.line(Text.VOICE_ALARM, _language(call), number=number, minutes=waited)
    return twiml(voice.offer([line], action=f"{settings.PUBLIC_URL}/twilio/alarm/taken?call={call.pk}"))


@signed_by_carrier
def taken(request: HttpRequest) -> HttpResponse:
    call = _call_of(request)
    match calling.take(call.pk, request.POST.get("Digits", ""), now=timezone.now()):
        case True:
            return _last_words(call, Text.VOICE_YOURS)
        case False:
            return _last_words(call, Text.VOICE_HAS_IT)
        case None:
            return twiml(voice.end([]))


@signed_by_carrier
def over(request: HttpRequest) -> HttpResponse:
    calling.over(UUID(request.GET["call"]))
    return twiml()


def _call_of(request: HttpRequest) -> AlarmCall:
    return AlarmCall.objects.select_related("staff").get(pk=UUID(request.GET["call"]))


def _language(call: AlarmCall) -> str:
    return known(call.staff.language, settings.NETWORK_LANGUAGES)


def _last_words(call: AlarmCall, text: Text) -> HttpResponse:
    return twiml(voice.end([voice.line(text, _language(call))]))
