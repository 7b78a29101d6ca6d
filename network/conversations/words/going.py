"""What responders say about going: can and can't, there and done, off and on."""

from network.conversations.words.courtesy import NO, YES
from network.conversations.words.matching import phrases

OFF = phrases("off", "descanso", "descansar", "pause", "pausa", "repo", "poze")
DAY = frozenset({"day", "days", "dia", "dias", "jou"})
WEEK = frozenset({"week", "weeks", "semana", "semanas", "semen"})
ON = phrases("on", "listo", "lista", "back on", "ready", "disponib", "mwen disponib")
THERE = phrases(
    "estoy afuera", "im outside", "i am outside", "ya llegue", "llegue", "i am there", "im there",
    "i am here", "im here", "arrived", "ya estoy aqui", "ya estoy ahi", "here now", "aqui estoy",
    "mwen rive", "m rive", "nou rive", "mwen la",
)  # fmt: skip
JUST_THERE = phrases("rive")  # to the letter: "five" and "drive" are near
DONE = phrases("terminamos", "ya terminamos", "we are done", "done", "were done", "ya acabamos",
               "termine", "finished", "all done", "nou fini", "mwen fini", "m fini")  # fmt: skip
JUST_DONE = phrases("fini")  # to the letter: "fine" is near
CANT_GO = phrases("no puedo ir", "cant go", "can not go", "cannot go", "cant make it",
                  "can not make it", "no voy a poder", "ya no puedo", "no puedo llegar", "pa ka ale",
                  "pa kapab ale", "pap ka ale", "p ap ka ale", "pa ka vini", "pa kapab vini")  # fmt: skip
CAN_GO = phrases("puedo ir", "i can go", "yo voy", "voy para alla", "on my way", "i can", "mwen ka ale",
                 "m ka ale", "mwen prale", "m prale", "mwen nan wout", "m ap vini", "map vini")  # fmt: skip
CAN_GO += phrases(
    "voy", "ya voy", "si voy", "ahi voy", "ahorita voy", "ya voy para alla", "puedo", "si puedo",
    "yo puedo", "claro que si", "por supuesto", "cuente conmigo", "cuenten conmigo", "ill go",
    "i will go", "omw", "im going", "i am going", "im on my way", "count me in", "ill be there",
    "i will be there", "yes i can", "si puedo ir", "ahi estare", "alli estare", "m ap ale", "map ale",
    "m prale kounye a", "wi mwen ka",
)  # fmt: skip
NOT_NOW = phrases("not now", "not tonight", "no tonight", "ahora no", "cant", "can not",
                 "no puedo", "hoy no", "not today", "busy",
                  "sorry no", "pa kounye a", "mwen pa kapab", "m pa kapab", "pa kapab", "pa jodi a",
                  "mwen okipe", "m okipe")  # fmt: skip
NO_TROUBLE = phrases(
    "no problem", "no hay problema", "sin problema", "no worries", "con gusto", "my pleasure",
    "pa gen pwoblem", "como no", "got it", "entendido", "enterado", "konprann", "bet", "sure thing", "sure",
    "kk", "im down", "down", "i got you", "got you", "i got this", "you got it", "simon", "arre", "va",
    "sale",
    "orale", "jalo", "le entro", "me apunto", "dale", "dak", "dako",
)  # fmt: skip
ACCEPTING = YES + CAN_GO + NO_TROUBLE + phrases(
    "i", "me", "yo", "aqui", "ya", "llego", "llego en", "in", "en", "about", "nan", "m ap rive nan",
    "ill be there in", "como en", "unos", "gracias", "thanks", "mesi", "be there", "be there in", "like",
    "la",
    "el", "code", "codigo", "kod", "im close", "close", "cerca", "ando cerca", "estoy cerca", "voy saliendo",
    "saliendo", "ya salgo", "salgo", "salgo ya", "ahi les caigo", "les caigo", "ahi caigo", "leaving now",
    "heading out", "heading over", "i got it", "i will take it", "ill take it", "i can take it",
    "yo le llego",
    "yo lo tomo", "yo la tomo", "m pre", "mwen pre", "toupre",
)  # fmt: skip
CANT_GO += phrases(
    "i cant go", "i cant make it", "i can not go", "i cannot go", "i can not make it", "i cant come",
    "cant come", "ya no puedo ir", "no podre ir", "no alcanzo", "mwen pa ka ale", "m pa ka ale",
    "mwen pa ka vini",
)  # fmt: skip
NOT_NOW += phrases(
    "i cant", "i can not", "no puedo ahorita", "ahorita no", "ahorita no puedo", "hoy no puedo",
    "no podre", "cant today", "i cant today", "cant right now", "i cant right now", "not today",
)  # fmt: skip
CANT_GO += phrases(
    "siempre no voy a poder", "siempre no", "ya no voy a poder", "ya no voy a poder ir", "no voy a poder ir",
    "not going to be able to go", "im not going to be able to go", "wont be able to go",
    "i wont be able to go",
    "wont make it", "i wont make it", "wont be able to make it", "m pap kapab", "pap kapab", "pap ka vini",
    "m pa kapab ale", "pa kapab ale anko", "m pa ka ale anko", "mwen pap kapab ale", "cant go anymore",
)  # fmt: skip
GIVING_UP = CANT_GO + phrases(
    "siempre", "so", "so sorry", "please", "por favor", "porfavor", "then", "entonces", "no puedo",
    "any more", "anymore", "anko",     "sorry", "perdon", "lo siento", "im sorry", "i am sorry",
    "padon", "today", "hoy", "ahora", "now", "tonight",
)  # fmt: skip
DECLINING = NO + NOT_NOW + CANT_GO + phrases(
    "tonight", "jodi a", "not tonight", "esta noche", "this time", "esta vez", "i", "yo", "porque", "work",
    "estoy trabajando", "im at work", "i am at work", "working", "trabajando", "manana", "tengo trabajo",
    "sorry", "perdon", "lo siento", "im sorry", "i am sorry", "padon", "today", "hoy", "ahorita", "thanks",
    "gracias", "mesi", "thank you",
)  # fmt: skip
HELP_HERE = phrases(
    "mwen bezwen yon moun", "bezwen yon moun kounye a", "bezwen ed", "i need somebody", "need help now",
    "ayuda", "help", "help me", "ayudenme", "ayudeme", "auxilio", "socorro", "sekou", "ede m",
    "i need a person now", "necesito a alguien ya", "necesito a alguien", "i need someone now",
    "i need help", "necesito ayuda", "anmwe",
)  # fmt: skip
STANDS = phrases(
    "sigue en pie", "si sigue en pie", "ahi estare", "ahi nos vemos", "nos vemos", "ill be there",
    "i will be there",
    "be there", "still good", "still on", "i will", "m ap la", "map la", "mwen ap la", "see you then",
    "alli estare",
)  # fmt: skip
STILL_GOING = phrases("i am going", "im going", "voy", "si voy", "m ap ale", "map ale", "mwen ap ale")
