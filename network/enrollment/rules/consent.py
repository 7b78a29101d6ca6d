"""The words in which a person is asked for consent before they are enrolled. Pure.

A version that anybody has consented to is never changed: other words are a new version.
"""

from collections.abc import Mapping

MEMBER, RESPONDER = "member", "responder"


CURRENT = 2


_FIRST: Mapping[str, Mapping[str, str]] = {
    MEMBER: {
        "en": "Do you agree that {organization} gives us your name, your phone and your home address, so that "
        "people it trusts can come to your home when you ask us by text, and that we text you? We show your "
        "address only to whoever comes, for that visit. You can leave at any time.",
        "es": "¿Está de acuerdo en que {organization} nos dé su nombre, su teléfono y su domicilio, para que "
        "personas de su confianza vayan a su casa cuando usted lo pida por mensaje, y en que le escribamos? "
        "Solo quien va a su casa ve su domicilio, y solo para esa visita. Puede salir cuando quiera.",
        "ht": "Èske ou dakò pou {organization} ban nou non ou, telefòn ou ak adrès kay ou, pou moun li fè konfyans "
        "ka vin lakay ou lè ou mande nou sa pa mesaj, epi pou nou ekri ou? Se sèlman moun k ap vini an ki wè adrès "
        "ou, pou vizit sa a. Ou ka kite nenpòt lè.",
    },
    RESPONDER: {
        "en": "Do you agree that {organization} gives us your name and your phone, and that we text you when "
        "somebody near you needs a person? You may always say no. You keep to yourself whatever you see and "
        "hear on a visit. You can leave at any time.",
        "es": "¿Está de acuerdo en que {organization} nos dé su nombre y su teléfono, y en que le escribamos "
        "cuando alguien cerca necesite compañía? Siempre puede decir que no. Lo que vea y oiga en una visita "
        "no se lo cuenta a nadie. Puede salir cuando quiera.",
        "ht": "Èske ou dakò pou {organization} ban nou non ou ak telefòn ou, epi pou nou ekri ou lè yon moun toupre "
        "ou bezwen yon moun? Ou ka toujou di non. Sa ou wè ak sa ou tande nan yon vizit, ou kenbe l pou ou. Ou ka "
        "kite nenpòt lè.",
    },
}


_SPANISH = (
    "¿Está de acuerdo en que {organization} nos dé su nombre y su teléfono, y en que le escribamos cuando alguien "
    "cerca necesite compañía? Siempre puede decir que no. Usted no le cuenta a nadie lo que vea y oiga en una visita. "
    "Puede salir cuando quiera."
)  # the first version could be read as describing what we do


WORDS: Mapping[int, Mapping[str, Mapping[str, str]]] = {
    1: _FIRST,
    2: {**_FIRST, RESPONDER: {**_FIRST[RESPONDER], "es": _SPANISH}},
}


def words(given_as: str, language: str, organization: str, *, version: int = CURRENT) -> str:
    """The sentence to read out. Raises KeyError for a language that has none."""
    return WORDS[version][given_as][language].format(organization=organization)
