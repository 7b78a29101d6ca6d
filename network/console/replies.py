"""Reviewed replies: what coordinators say most, in each language, to be read before it is sent."""

from dataclasses import dataclass

REPLIES: tuple[dict[str, str], ...] = (
    {
        "en": "We have read your text. We are looking for someone who can come.",
        "es": "Ya leímos su mensaje. Estamos buscando a alguien que pueda ir.",
    },
    {
        "en": "Please stay inside. You do not have to open the door to anyone who does not know the word.",
        "es": "Por favor quédese adentro. No tiene que abrirle la puerta a nadie que no sepa la palabra.",
    },
    {
        "en": "Are you safe right now? Answer yes or no.",
        "es": "¿Está a salvo en este momento? Conteste sí o no.",
    },
    {
        "en": "Is this number safe to call? Answer yes or no.",
        "es": "¿Podemos llamarle a este número sin peligro? Conteste sí o no.",
    },
    {
        "en": "How many people are at home with you? Only the number, please.",
        "es": "¿Cuántas personas hay en la casa con usted? Solo el número, por favor.",
    },
    {
        "en": "We can only come to your own home. We can not go to another place.",
        "es": "Solo podemos ir a su propio domicilio. No podemos ir a otro lugar.",
    },
    {
        "en": "If anyone is hurt or in danger right now, call 911.",
        "es": "Si alguien se lastimó o está en peligro ahora mismo, llame al 911.",
    },
)


@dataclass(frozen=True, slots=True)
class Reply:
    """`words` are in the member's language; `beside` says the same in the other, for whoever sends it."""

    language: str
    words: str
    beside_language: str
    beside: str


def replies(language: str) -> list[Reply]:
    """In a language that has none reviewed, English is offered."""
    mine = language if language in REPLIES[0] else "en"
    other = "es" if mine == "en" else "en"
    return [Reply(mine, one[mine], other, one[other]) for one in REPLIES]
