"""What members say about a request: still needed, waiting, did they come, was it fine."""

from network.conversations.words.matching import phrases

PERSON = phrases(
    "a person please", "real person", "talk to a person", "talk to someone", "speak to someone",
    "human", "operator", "una persona por favor", "hablar con una persona", "hablar con alguien",
    "quiero hablar", "call me", "llameme", "llamame", "llamenme", "que me llamen", "me pueden llamar",
    "can you call", "coordinator", "coordinadora", "coordinador", "pale ak yon moun",
    "mwen vle pale", "rele m", "rele mwen", "ou ka rele m", "kowodonate",
)  # fmt: skip
NOT_NEEDED = phrases(
    "ya no es necesario", "no longer necessary", "not necessary anymore", "not necessary any more",
    "no longer needed", "not needed anymore", "not needed any more", "ya no se necesita",
    "ya no necesito", "ya no la necesito", "ya no lo necesito", "ya no hace falta", "no longer need",
    "dont need it any more", "dont need it anymore", "dont need help any more", "never mind",
    "dont need help anymore", "nevermind", "false alarm", "falsa alarma", "ya no vengan",
    "do not need it any more", "do not need it anymore", "do not need help anymore",
    "dont come anymore", "dont come any more", "ya paso todo", "ya estoy bien", "i am fine now",
    "im ok now", "ya no quiero", "pa bezwen anko", "pa bezwen ed anko", "pa bezwen moun anko",
    "pa bezwen yo anko", "pa bezwen li anko", "pa vini anko", "pa vin anko", "mwen anfom kounye a",
    "fos alam",
)  # fmt: skip
NOT_NEEDED_LABEL = phrases("no longer needed", "ya no hace falta", "mwen pa bezwen anko")
KEEP_LOOKING = phrases("keep looking", "siga buscando", "sigan buscando", "still need", "todavia necesito",
                       "kontinye cheche", "toujou bezwen", "bezwen toujou")  # fmt: skip
WAIT = phrases(
    "ill wait", "i can wait", "si espero", "yo espero", "aqui espero", "puedo esperar", "wait", "i wait",
    "espero", "i will wait", "voy a esperar", "me espero", "m ap tann",
               "map tann", "mwen ap tann", "mwen tann")  # fmt: skip
NOT_FALSE = phrases("no es falsa alarma", "not a false alarm", "no fue falsa alarma", "se pa fos alam")
CAME = phrases(
    "li vini", "li te vini wi", "yo vini",
    "si llego y todo bien", "llego y todo bien", "y todo bien", "it went well", "went well", "great",
    "all good",
    "she came", "he came", "they came", "she did", "he did", "they did", "si llego", "ya llego",
    "llegaron", "came", "vino", "si vino", "came and all is well", "vinieron", "todo bien",
    "all is well", "all good", "te vini", "li te vini", "yo te vini", "vini",
    "te vini e tout bagay anfom", "tout bagay anfom",
    "both came and all is well", "vino todo el equipo y todo bien", "toulede te vini e tout bagay anfom",
    "both came", "vino todo el equipo", "toulede te vini",
)  # fmt: skip
ALL_WELL = phrases("all is well", "all good", "todo bien", "tout bagay anfom", "todo ok")
DID_NOT_COME = phrases(
    "nunca vino", "nunca llego", "nunca vinieron", "nunca llegaron", "never came", "never showed up",
    "never showed", "no show", "nobody showed up", "no one showed up", "no llego nadie", "no llego",
    "pa janm vini",
    "pa janm rive", "pesonn pa janm vini", "she never showed up", "he never showed up", "they never came",
    "li pa janm vini",
    "did not come", "didnt come", "no vino", "nobody came", "nadie vino",
                       "no vinieron", "no ha llegado", "no one came", "pa t vini", "pat vini",
                       "pa vini", "pesonn pa vini", "poko vini", "poko rive", "pa rive")  # fmt: skip
FINE = phrases(
    "all good here", "todo tranquilo", "tranquilo", "estoy bien", "im good", "i am good", "im fine",
    "i am fine",
    "im ok", "i am ok", "todo ok", "todo fine", "ya en mi casa", "ya en casa", "home now", "back home",
    "im home",
    "heading home", "going home", "voy a mi casa", "ya me voy", "sin novedad", "no hubo problema",
    "salio bien",
    "it was fine", "todo bien", "fine", "all good", "good", "bien", "byen",
               "anfom", "tout bagay anfom", "tout bagay byen")  # fmt: skip
RIGHT = phrases(
    "asi esta bien", "esta bien", "ese dia esta bien", "ese dia", "a esa hora", "thats right",
    "that is right",
    "thats correct", "that is correct", "that works", "works for me", "perfect", "perfecto", "exacto",
    "exactly",
    "asi es", "se sa", "se sa menm", "see you then", "nos vemos", "ahi nos vemos", "de acuerdo",
    "me parece bien",
    "muy bien", "good", "bien", "byen", "correctooo",
)  # fmt: skip
NOT_RIGHT = phrases(
    "change it", "cambiarlo", "cambielo", "chanje l", "chanje li",
    "wrong day", "wrong time", "otro dia", "otra hora", "es otro dia", "es otra hora", "no es ese dia",
    "no es esa hora", "not that day", "not that time", "another day", "another time", "lot jou", "lot le",
    "pa jou sa", "pa le sa",
)  # fmt: skip
WRITE_TO_ME = phrases("text me", "que me escriban", "ekri m")
CALL_ME = phrases(
    "que me llamen",
    "rele m",
    "rele mwen",
    "please call me",
    "rele m tanpri",
    "marquenme",
    "marqueme",
    "mejor marquenme",
    "mejor llamenme",
    "better call me",
    "call me",
)
SPEAK_WITH_ME = CALL_ME + WRITE_TO_ME
