"""How our number is set up at the carrier: reading it, finding mistakes, and fixing them."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urldefrag, urlsplit

from django.conf import settings

from network.messaging.gateway.chosen import carrier
from network.messaging.gateway.quiet import Quiet
from network.messaging.gateway.twilio import Trouble, Twilio

RETRIES = "rc=2&rp=ct,rt,5xx"  # by default the carrier tries once more, and only if it could not connect


class NoAccount(Exception):
    """The account, its number or its service can't be read; the message says which."""


class SetupMistake(StrEnum):
    """Mistakes in the set-up that lose texts, or will."""

    INBOUND_ELSEWHERE = "inbound_elsewhere"
    INBOUND_BY_GET = "inbound_by_get"
    NO_RETRIES = "no_retries"
    NO_FALLBACK = "no_fallback"
    SERVICE_DROPS_TEXTS = "service_drops_texts"
    VOICE_ELSEWHERE = "voice_elsewhere"
    NO_VOICE_FALLBACK = "no_voice_fallback"
    CALLS_END_ELSEWHERE = "calls_end_elsewhere"
    LOCAL_CALLBACK = "local_callback"


MENDS: dict[SetupMistake, str] = {
    SetupMistake.INBOUND_ELSEWHERE: "Texts to the number don't come here: run twilio_setup.",
    SetupMistake.INBOUND_BY_GET: "Texts come by GET, so the carrier logs what they say: run twilio_setup.",
    SetupMistake.NO_RETRIES: "The carrier gives up on a text after one failure: run twilio_setup.",
    SetupMistake.NO_FALLBACK: "There is no fallback address for texts: run twilio_setup.",
    SetupMistake.SERVICE_DROPS_TEXTS: "The Messaging Service drops texts that come in: run twilio_setup.",
    SetupMistake.VOICE_ELSEWHERE: "Calls to the number don't come here: run twilio_setup.",
    SetupMistake.NO_VOICE_FALLBACK: (
        "A caller hears an error while we are down: put the printed answer on the carrier's own server, "
        "and run twilio_setup --voice-fallback with its address."
    ),
    SetupMistake.CALLS_END_ELSEWHERE: "We don't hear when a call has ended: run twilio_setup.",
    SetupMistake.LOCAL_CALLBACK: "PUBLIC_URL is this machine only: the carrier can't reach it.",
}


@dataclass(frozen=True, slots=True)
class IncomingSetup:
    """Where the carrier sends what comes in."""

    sms_url: str
    sms_method: str
    fallback_url: str
    voice_url: str
    voice_fallback_url: str
    status_callback: str
    service_inbound: str | None = None
    service_defers: bool = True  # the service leaves incoming texts to the number's own address
    has_service: bool = False


def wrong_with(line: IncomingSetup, *, public_url: str) -> list[SetupMistake]:
    """What is wrong with a line. Pure."""
    inbound = line.sms_url
    if line.has_service and not line.service_defers:
        inbound = line.service_inbound or ""
    address, fragment = urldefrag(inbound)
    host = urlsplit(public_url).hostname or ""
    faults = {
        SetupMistake.LOCAL_CALLBACK: host in ("localhost", "127.0.0.1", "::1") or "_" in host,
        SetupMistake.SERVICE_DROPS_TEXTS: line.has_service and not line.service_defers and not inbound,
        SetupMistake.INBOUND_ELSEWHERE: bool(inbound) and address != f"{public_url}/twilio/sms",
        SetupMistake.INBOUND_BY_GET: line.sms_method.upper() != "POST",
        SetupMistake.NO_RETRIES: "5xx" not in fragment,
        SetupMistake.NO_FALLBACK: not line.fallback_url,
        SetupMistake.VOICE_ELSEWHERE: urldefrag(line.voice_url)[0] != f"{public_url}/twilio/voice",
        SetupMistake.NO_VOICE_FALLBACK: not line.voice_fallback_url
        or line.voice_fallback_url.startswith(public_url),
        SetupMistake.CALLS_END_ELSEWHERE: line.status_callback != f"{public_url}/twilio/voice/ended",
    }
    return [what for what, is_so in faults.items() if is_so]


def read() -> IncomingSetup:
    """Our number's set-up at the carrier. Raises NoAccount."""
    client = _twilio().client
    try:
        number = _number(_twilio())
        service = None
        if settings.TWILIO_MESSAGING_SERVICE_SID:
            service = client.messaging.v1.services(settings.TWILIO_MESSAGING_SERVICE_SID).fetch()
    except Trouble:
        raise NoAccount(
            "The account or its service can't be read: check TWILIO_ACCOUNT_SID and keys."
        ) from None
    return IncomingSetup(
        sms_url=str(number.sms_url or ""),
        sms_method=str(number.sms_method or ""),
        fallback_url=str(number.sms_fallback_url or ""),
        voice_url=str(number.voice_url or ""),
        voice_fallback_url=str(number.voice_fallback_url or ""),
        status_callback=str(number.status_callback or ""),
        service_inbound=str(service.inbound_request_url) if service and service.inbound_request_url else None,
        service_defers=bool(service.use_inbound_webhook_on_number) if service else True,
        has_service=service is not None,
    )


def set_up(*, fallback: str = "", voice_fallback: str = "") -> IncomingSetup:
    """Point the number, and the service, at this network. Raises NoAccount.

    A fallback for calls that isn't given stays as it is.
    """
    gateway = _twilio()
    for_calls = {"voice_fallback_url": voice_fallback, "voice_fallback_method": "POST"}
    public, inbound = settings.PUBLIC_URL, f"{settings.PUBLIC_URL}/twilio/sms#{RETRIES}"
    try:
        gateway.client.incoming_phone_numbers(str(_number(gateway).sid)).update(
            sms_url=inbound,
            sms_method="POST",
            sms_fallback_url=fallback or f"{public}/twilio/sms",
            sms_fallback_method="POST",
            voice_url=f"{public}/twilio/voice",
            voice_method="POST",
            status_callback=f"{public}/twilio/voice/ended",
            status_callback_method="POST",
            **(for_calls if voice_fallback else {}),
        )
        if settings.TWILIO_MESSAGING_SERVICE_SID:
            gateway.client.messaging.v1.services(settings.TWILIO_MESSAGING_SERVICE_SID).update(
                use_inbound_webhook_on_number=True, status_callback=f"{public}/twilio/status"
            )
    except Trouble:
        raise NoAccount("The carrier refused the change: look at its console.") from None
    return read()


def _twilio() -> Twilio:
    gateway = carrier()
    if isinstance(gateway, Quiet):
        raise NoAccount("This is a restored copy, which doesn't touch the carrier: run ./run awake first.")
    if not isinstance(gateway, Twilio):
        raise NoAccount("This gateway has no account to look at.")
    return gateway


def _number(gateway: Twilio):  # type: ignore[no-untyped-def]  # noqa: ANN202  the library has no types
    numbers = gateway.client.incoming_phone_numbers.list(phone_number=settings.TWILIO_NUMBER, limit=1)
    if not numbers:
        raise NoAccount("TWILIO_NUMBER is not a number of this account.")
    return numbers[0]
