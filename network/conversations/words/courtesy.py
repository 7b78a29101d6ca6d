"""Yes, no and thanks, and the polite words beside an answer. Folded; pure."""

from network.conversations.words.matching import phrases

YES = phrases(
    "yes",
    "si",
    "sii",
    "siii",
    "sip",
    "claro que si",
    "por supuesto",
    "of course",
    "correcto",
    "correct",
    "right",
    "ok",
    "okay",
    "yeah",
    "yep",
    "sure",
    "claro",
    "dale",
    "bueno",
    "simon",
    "wi",
    "dako",
    "oke",
)
# Of those, what is also said to a text that was only read.
ACKNOWLEDGED = phrases("ok", "okay", "oke", "dako", "bueno", "dale", "sure", "right")
NO = phrases("no", "nope", "nel", "non")
# Said beside an answer to whoever asked: no part of it.
VOCATIVES = frozenset(
    [
        "senorita",
        "senora",
        "senor",
        "seno",
        "maam",
        "mam",
        "sir",
        "bro",
        "fam",
        "amigo",
        "amiga",
        "mija",
        "mijo",
        "guys",
        "man",
        "madam",
        "msye",
        "madanm",
    ]
)
# Of those who are spoken to, whom one may also count.
COUNTED = frozenset({"guys", "man", "msye"})
NEGATIVE = frozenset({"no", "not", "non", "pa"})  # "pa" may be short for "para": only where in doubt
DENYING = NEGATIVE | {
    "dont",
    "didnt",
    "doesnt",
    "isnt",
    "wasnt",
    "never",
    "nunca",
    "tampoco",
    "poko",
    "pat",
    "pap",
}
DOUBTING = phrases(
    "if", "maybe", "perhaps", "should i", "do i", "would", "whether", "que pasa si", "y si", "si nadie",
    "a lo mejor",
    "quizas", "quiza", "tal vez", "sipoze", "petet",
)  # fmt: skip
THANKS = phrases(
    "thanks", "thank you", "gracias", "muchas gracias", "thx", "ty", "ok gracias", "ok thanks",
    "ok thank you", "thank you so much", "mil gracias", "bye", "adios", "dios les bendiga",
    "dios la bendiga", "bueno gracias", "no gracias", "no thanks", "mesi", "mesi anpil",
    "ok mesi", "dako mesi", "non mesi", "orevwa", "babay", "bondye beni ou",
)  # fmt: skip
SAID_WELL = phrases(
    "de nada",
    "anytime",
    "you are welcome",
    "youre welcome",
    "glad i could help",
    "glad to help",
    "bless you",
    "bless",
    "god bless you",
    "amen",
    "hermana",
    "hermano",
    "yall",
    "yall are",
    "you are the best",
    "are the best",
    "the best",
    "fr",
    "un placer",
    "con mucho gusto",
    "que tengan",
    "que tenga",
    "bonita tarde",
    "buena tarde",
    "bonito dia",
    "linda noche",
    "pa gen pwoblem",
    "padkwa",
    "no problem",
    "que diosito se los pague",
    "diosito se los pague",
    "que dios se los pague",
    "dios se los pague",
    "dios te bendiga",
    "igual para ustedes",
    "igual",
    "you too",
    "same to you",
    "good night",
    "buenas noches",
    "buen dia",
    "cool",
    "nice",
    "good to know",
    "que bueno que existen",
    "for everything",
    "por todo",
    "so much",
    "de verdad",
    "de todo corazon",
    "guys",
    "everyone",
    "todos",
    "a todos",
    "you",
    "muy amable",
    "muy amables",
    "super nice",
    "very kind",
    "gracias a dios",
    "thank god",
    "gras a dye",
    "mesi bondye",
    "por anotarme",
    "los quiero",
    "love you",
    "saludos",
    "un abrazo",
    "feliz noche",
    "feliz dia",
    "me ayudaron mucho",
    "igualmente",
    "jajaja",
    "jaja",
    "haha",
    "lol",
    "que bueno",
    "que bien",
    "perfecto",
    "great",
    "perfect",
)
NO_WISH = phrases(
    "no quiero", "no puedo", "dont want", "do not want", "cant", "can not", "dont", "do not", "pa vle",
    "pa ka", "ya no",
)  # fmt: skip
BUT = frozenset(
    {"but", "pero", "men", "and", "y", "otra", "again", "anko", "necesito", "need", "bezwen", "venir",
                 "vengan", "come", "puede", "pueden", "can"})  # fmt: skip
OTHER = phrases(
    "necesito otra cosa",
    "i need something else",
    "need something else",
    "mwen bezwen lot bagay",
    "something else",
    "otra cosa",
    "other",
    "lot bagay",
    "yon lot bagay",
)
CONDITION = frozenset(
    {"if", "si", "when", "cuando", "until", "hasta", "unless", "before", "antes", "sino", "whether"}
)
# Who speaks of somebody, or for somebody, asks for nothing by it.
REPORTED = phrases(
    "dice", "dicen", "says", "said", "told me", "me dijo", "me dijeron", "me dice", "li di", "yo di", "di m",
    "dice que", "is telling me", "he says", "she says", "they say",
)  # fmt: skip
ARTICLES = frozenset({"el", "la", "un", "una", "a", "an", "the", "yon"})
