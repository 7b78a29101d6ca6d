"""Calls as the carrier is told to lead them: TwiML, through its own library."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from network.messaging.outbox.wording import say, words_of
from network.messaging.rules.speech import spoken
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import LANGUAGES

KEY_WITHIN_S = 6  # after the last word
RINGS_S = 20  # before a machine would answer


@dataclass(frozen=True, slots=True)
class Line:
    """What is read aloud in one language, sentence by sentence."""

    sentences: tuple[str, ...]
    language: str


def line(text: Text, language: str, /, **values: object) -> Line:
    """A text of ours, in the network's own words, as it is read aloud."""
    press = words_of(Text.VOICE_KEY, language) or ""
    return Line(tuple(spoken(say(text, language, **values), press)), language)


def ask(lines: Sequence[Line], *, action: str) -> str:
    """Say this and wait for one key. Silence goes to the same address, without a key."""
    response = VoiceResponse()
    menu = response.gather(
        input="dtmf",
        num_digits=1,
        timeout=KEY_WITHIN_S,
        finish_on_key="",
        action_on_empty_result=True,
        action=action,
        method="POST",
    )
    _say(menu, lines)
    return str(response)


def ring(lines: Sequence[Line], phone: str, *, whisper: str, action: str) -> str:
    """Ring one phone, which hears `whisper` before it is put through, and go on at `action`."""
    response = VoiceResponse()
    _say(response, lines)
    dial = Dial(
        timeout=RINGS_S,
        caller_id=settings.TWILIO_NUMBER,
        record="do-not-record",
        action=action,
        method="POST",
    )
    dial.number(phone, url=whisper, method="POST")
    response.append(dial)
    return str(response)


def offer(lines: Sequence[Line], *, action: str) -> str:
    """Say this to whoever answered, and hang up unless a key is pressed: a machine presses none."""
    response = VoiceResponse()
    menu = response.gather(
        input="dtmf", num_digits=1, timeout=KEY_WITHIN_S, finish_on_key="", action=action, method="POST"
    )
    _say(menu, lines)
    response.hangup()
    return str(response)


def end(lines: Sequence[Line]) -> str:
    """Say this and hang up."""
    response = VoiceResponse()
    _say(response, lines)
    response.hangup()
    return str(response)


def _say(verb: VoiceResponse | Gather, lines: Sequence[Line]) -> None:
    for said in lines:
        for sentence in said.sentences:
            verb.say(sentence, language=LANGUAGES[said.language].voice)
