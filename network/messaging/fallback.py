"""What the carrier answers by itself while we are down: the same words to everybody, in all our languages."""

from django.conf import settings
from twilio.twiml.messaging_response import MessagingResponse

from network.messaging import voice
from network.messaging.outbox.wording import say
from network.messaging.texts.keys import Text


def to_a_text() -> str:
    """A document for the carrier's own server. The text itself stays in its list, and is read later."""
    response = MessagingResponse()
    for language in settings.NETWORK_LANGUAGES:
        response.message(say(Text.DOWN, language))
    return str(response)


def to_a_call() -> str:
    """The same for calls."""
    texts = (Text.VOICE, Text.VOICE_DOWN, Text.VOICE_DANGER)
    return voice.end([voice.line(text, code) for code in settings.NETWORK_LANGUAGES for text in texts])
