"""Who somebody is, that they join or want no more texts, and the names of languages."""

from network.conversations.words.matching import phrases

NOT_ME = phrases(
    "no soy esa persona", "no soy esa", "no soy ese", "no conozco a esa persona", "se equivoco de persona",
    "persona equivocada", "wrong person", "not my name", "you have the wrong number", "this is not me",
    "this isnt me", "that is not me", "thats not me", "non se pa mwen", "got this number last week",
    "i just got this number", "this is my new number", "este numero es nuevo",
"not me", "no soy yo", "wrong number", "equivocado", "numero equivocado",
                 "se equivoco de numero", "se pa mwen", "se pa m", "move nimewo")  # fmt: skip
JOIN = phrases(
    "quiero",
    "si quiero",
    "sign me up",
    "me apunto",
    "apunteme",
    "apuntame",
    "anoteme",
    "mwen vle",
    "count me in",
    "i want to",
    "i want to join",
    "i do",
    "me interesa",
    "quiero entrar",
    "quiero unirme",
    "wi mwen vle",
    "m vle",
    "join",
    "acepto",
    "accept",
    "agree",
    "soy yo",
    "mwen dako",
    "mwen aksepte",
    "se mwen",
)
IT_IS_ME = phrases(
    "esta bien",
    "todo bien",
    "yes it is me",
    "si soy yo",
    "claro",
    "it is me",
    "its me",
    "still me",
    "soy yo",
    "sigo siendo yo",
    "es mio",
    "se mwen",
    "se pou mwen",
    "se mwen menm",
    "soy la misma",
    "soy el mismo",
    "mismo numero",
    "same number",
    "sigo con el mismo numero",
    "aqui sigo con el mismo numero",
    "aqui sigo",
)
WHO = phrases(
    "who is",
    "whos",
    "who dis",
    "who are",
    "quien es",
    "quien pregunta",
    "quien habla",
    "quienes son",
    "ki moun",
)
# The carrier's own words, with signs or courtesy beside them; and those that may mean what is under way.
STOP_SIGNED = frozenset({
    ("stop",), ("stopall",), ("unsubscribe",), ("optout",), ("opt", "out"), ("opt", "me", "out"), ("revoke",),
})  # fmt: skip
STOP_OR_OVER = frozenset({
    ("cancel",), ("end",), ("quit",), ("stop", "it"), ("deje", "de", "escribirme"), ("kite", "m", "anrepo"),
})  # fmt: skip
STOP_ASKED = phrases(
    "leave me alone", "dejenme en paz", "borrenme", "borrenme de su lista", "borreme de su lista",
    "unsubscribe me", "take me off your list", "take me off this", "remove me from your list",
    "quiten mi numero", "quite mi numero", "borren mi numero", "borre mi numero", "saquen mi numero",
    "saquenme de la lista", "saqueme de la lista", "quitenme de la lista", "take my number off",
    "remove my number", "delete my number", "lose my number", "no quiero que me manden mensajes",
    "no quiero que me manden", "no quiero recibir mensajes", "no quiero recibir", "dejen de mandarme",
    "dejen de mandar", "dejen de escribirme", "stop sending me", "quit texting", "dont send me any more",
    "stop sending", "wete nimewo m", "retire nimewo m", "wete nimewo mwen",
    "remove me from the list", "no me escriban", "no me escriba", "no me manden", "no more texts",
    "no more messages", "stop texting", "stop messaging", "dont text me", "do not text me",
    "ya no me escriban", "no quiero mensajes", "dejen de escribir", "take me off", "remove me",
    "sispann ekri m", "sispann voye mesaj", "tanpri pa ekri m", "mwen pa vle mesaj", "m pa vle mesaj",
    "pa voye mesaj ban mwen anko",
)  # fmt: skip
ANY_MORE = phrases("any more", "anymore", "again", "mas", "ya", "nunca mas", "anko")
# Said by somebody else ("yo pa ekri m anko") it is no wish of theirs: only as the whole text.
JUST_STOP_ASKED = phrases("pa ekri m anko", "pa ekri mwen anko", "pa ekri m", "pa ekri mwen",
                          "pa voye mesaj anko")  # fmt: skip
KEEP_TEXTING = phrases("keep texting me", "sigan escribiendo", "kontinye ekri m")
OF_TEXTS = frozenset(
    {
        "text", "texts", "texting", "message", "messages", "messaging", "msg", "msgs", "list", "number",
        "mensaje", "mensajes", "texto", "textos", "lista", "numero", "escriban", "escriba", "escribir",
        "mesaj", "lis", "nimewo",
    }
)  # fmt: skip
LANGUAGES = {
    "en": phrases("english", "ingles", "english please", "in english", "en ingles", "an angle",
                  "angle tanpri"),
    "es": phrases("espanol", "spanish", "en espanol", "in spanish", "espanol por favor", "panyol",
                  "an panyol", "panyol tanpri"),
    "ht": phrases("kreyol", "creole", "kreyol ayisyen", "haitian creole", "haitian", "ayisyen", "an kreyol",
                  "in creole", "creole please", "kreyol tanpri", "criollo haitiano", "criollo",
                  "en criollo", "creol", "haitiano"),
}  # fmt: skip
LANGUAGES_TO_THE_LETTER = {"en": phrases("angle")}  # "Angel" is near
LIKE_STOP = phrases("parar", "pare", "alto", "baja", "salir", "kanpe", "retire", "basta", "para")
