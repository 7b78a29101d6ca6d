"""Calls: until there are menus, one spoken sentence in each of the network's languages, and a need."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from twilio.twiml.voice_response import VoiceResponse

from network.audit.rules import CARRIER
from network.desk.actions import raise_need
from network.desk.rules import About, Reason
from network.messaging.contacts import contact_of, heard_calling
from network.messaging.outbox.wording import say
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import LANGUAGES
from network.messaging.webhooks import signed_by_carrier, twiml
from network.people.queries import person_by_fingerprint
from network.support.queries import open_of_person


@signed_by_carrier
def voice(request: HttpRequest) -> HttpResponse:
    """Never leave the line silent: say what to do, and tell the team who called."""
    now = timezone.now()
    contact = contact_of(request.POST.get("From", ""), now=now)
    heard_calling(contact.pk, now=now)
    person = person_by_fingerprint(bytes(contact.fingerprint))
    waits = open_of_person(person.pk) if person else None
    raise_need(
        Reason.CALL_CAME,
        about=About("contact", str(contact.pk)),
        now=now,
        by=CARRIER,
        request_id=waits.pk if waits else None,
        person_id=person.pk if person else None,
    )
    response = VoiceResponse()
    languages = sorted(settings.NETWORK_LANGUAGES, key=lambda code: code != "es")
    for language in languages:
        response.say(say(Text.VOICE, language), language=LANGUAGES[language].voice)
    response.hangup()
    return twiml(str(response))
