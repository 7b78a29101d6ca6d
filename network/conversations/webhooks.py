"""Calls: each step is one webhook, whose address says where in the call it stands, in codes.

What a caller waits for takes as long whoever has the number, since that may be forged.
"""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from network.conversations.handling import calls
from network.conversations.handling.calls import Ringing
from network.conversations.models import Call, Leg
from network.conversations.rules.calls import ENDS, SAYS, CallStep, Move, honest, pressed
from network.messaging import voice as lead
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import known
from network.messaging.voice import Line, line
from network.messaging.webhooks import signed_by_carrier, twiml
from network.privacy.constant_time import even_time

GONE = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})  # the carrier's words for it


@signed_by_carrier
def voice(request: HttpRequest) -> HttpResponse:
    """Every number hears the same: the network's languages."""
    with even_time():
        _call_of(request)
    return twiml(_asked(Move(CallStep.LANGUAGE)))


@signed_by_carrier
def key(request: HttpRequest) -> HttpResponse:
    """A key was pressed, or none."""
    now, digit = timezone.now(), request.POST.get("Digits", "")
    step, language = CallStep(request.GET["s"]), request.GET.get("l", "")
    again = request.GET.get("a", "") == "1"
    move = pressed(step, digit, again=again, language=language, languages=languages())
    with even_time():
        call = _call_of(request)
        calls.hear(call.pk, move, digit, now=now)
        ringing = calls.ring_first(call.pk, now=now) if move.step is CallStep.RING else None
    if ringing:
        return twiml(_rings(ringing, move.language))
    step = honest(move.step, hidden=calls.number_is_hidden(call))
    return twiml(_asked(replace(move, step=step)))


@signed_by_carrier
def rang(request: HttpRequest) -> HttpResponse:
    """A coordinator's phone has rung, with whatever end."""
    gone = request.POST.get("CallStatus", "") in GONE
    with even_time():
        ringing = calls.rang(UUID(request.GET["leg"]), gone=gone, now=timezone.now())
    return twiml(_rings(ringing, request.GET.get("l", ""), first=False))


@signed_by_carrier
def whisper(request: HttpRequest) -> HttpResponse:
    """What a coordinator hears who picks up: not who calls."""
    leg = Leg.objects.select_related("staff").get(pk=UUID(request.GET["leg"]))
    language = known(leg.staff.language, settings.NETWORK_LANGUAGES)
    return twiml(lead.offer([line(Text.VOICE_WHISPER, language)], action=_address("taken", leg=leg.pk)))


@signed_by_carrier
def taken(request: HttpRequest) -> HttpResponse:
    """A coordinator pressed a key: an empty answer puts them through."""
    leg = Leg.objects.select_related("staff").get(pk=UUID(request.GET["leg"]))
    if calls.take(leg.pk, request.POST.get("Digits", ""), now=timezone.now()):
        return twiml()
    language = known(leg.staff.language, settings.NETWORK_LANGUAGES)
    return twiml(lead.end([line(Text.VOICE_OVER, language)]))


@signed_by_carrier
def ended(request: HttpRequest) -> HttpResponse:
    """The call is over. Always answers 200: a call that we don't know is none of ours."""
    seconds = request.POST.get("CallDuration", "")
    calls.ended(
        account=request.POST.get("AccountSid", ""),
        sid=request.POST.get("CallSid", ""),
        seconds=int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 7 else 0,
        now=timezone.now(),
    )
    return twiml()


def languages() -> list[str]:
    """In the order of their keys: Spanish first, whoever calls."""
    return sorted(settings.NETWORK_LANGUAGES, key=lambda code: code != "es")


def _call_of(request: HttpRequest) -> Call:
    form = request.POST
    return calls.came(
        account=form.get("AccountSid", ""),
        sid=form.get("CallSid", ""),
        phone=form.get("From", ""),
        now=timezone.now(),
    )


def _address(step: str, **codes: object) -> str:
    return f"{settings.PUBLIC_URL}/twilio/voice/{step}?{urlencode(codes)}"


def _asked(move: Move) -> str:
    """The step's question, or its last words."""
    if move.step in ENDS:
        return lead.end([line(text, move.language) for text in SAYS[move.step]])
    if move.step is CallStep.LANGUAGE:
        lines = [spoken for digit, code in enumerate(languages(), 1) for spoken in _greeting(code, digit)]
    else:
        before = (Text.VOICE_AGAIN,) if move.again else ()
        lines = [line(text, move.language) for text in (*before, *SAYS[move.step])]
    return lead.ask(lines, action=_address("key", s=move.step.value, l=move.language, a=int(move.again)))


def _greeting(language: str, digit: int) -> list[Line]:
    return [line(Text.VOICE, language), line(Text.VOICE_LANGUAGE, language, digit=digit)]


def _rings(ringing: Ringing, language: str, *, first: bool = True) -> str:
    if ringing.leg is None:
        values = {Text.VOICE_CALL_BACK: {"minutes": ringing.minutes}}
        return lead.end([line(text, language, **values.get(text, {})) for text in SAYS[ringing.step]])
    spoken = SAYS[CallStep.RING] if first else (Text.VOICE_NEXT,)
    return lead.ring(
        [line(text, language) for text in spoken],
        ringing.leg.staff.phone,
        whisper=_address("whisper", leg=ringing.leg.pk),
        action=_address("rang", leg=ringing.leg.pk, l=language),
    )
