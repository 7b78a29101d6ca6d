"""Reviewed replies: what coordinators say most, in each language, to be read before it is sent.

None asks for a bare yes, no or number: that would look like the answer to a question of our own.
"""

from dataclasses import dataclass

SAFE_TO_CALL = {
    "en": "Is it safe for us to call you? Tell us in a few words.",
    "es": "¿Podemos llamarle sin peligro? Escriba unas palabras.",
}
ONLY_TEXTS = {
    "en": "We will not call you. We only text you, here.",
    "es": "No le vamos a llamar. Solo le escribimos por mensaje.",
}
REPLIES: tuple[dict[str, str], ...] = (
    {
        "en": "We have read your text. We are looking for someone who can come.",
        "es": "Una persona del equipo ya vio su mensaje. Buscamos a alguien que pueda ir.",
    },
    {
        "en": "Please stay inside. Do not open the door to anyone who does not know the word.",
        "es": "Por favor quédese adentro. No le abra la puerta a nadie que no sepa la palabra clave.",
    },
    {
        "en": "Are you safe right now? Tell us in a few words.",
        "es": "¿Se encuentra a salvo en este momento? Escriba unas palabras.",
    },
    SAFE_TO_CALL,
    {
        "en": "Are other people at home with you? Tell us in a few words, without names.",
        "es": "¿Hay otras personas en la casa con usted? Escriba unas palabras, sin nombres.",
    },
    {
        "en": "We can only come to your own home. We can not go to another place.",
        "es": "Solo podemos ir a su propio domicilio. No podemos ir a otro lugar.",
    },
    {
        "en": "If anyone is hurt or in danger right now, call 911.",
        "es": "Si hay alguien herido o en peligro ahora mismo, llame al 911.",
    },
)


@dataclass(frozen=True, slots=True)
class ReviewedReply:
    """`words` are in the member's language; `beside` says the same in the other, for whoever sends it."""

    language: str
    words: str
    beside_language: str
    beside: str


def replies(language: str, *, safe_to_call: bool) -> list[ReviewedReply]:
    """In a language that has none reviewed, English is offered.

    Whom nobody may call isn't asked whether we may, but told that we won't.
    """
    spoken = language if language in SAFE_TO_CALL else "en"
    other = "es" if spoken == "en" else "en"
    offered = (ONLY_TEXTS if reply is SAFE_TO_CALL and not safe_to_call else reply for reply in REPLIES)
    return [ReviewedReply(spoken, reply[spoken], other, reply[other]) for reply in offered]
