"""Somebody at the door, taken, hurt or afraid: such a text never ends or postpones anything. Pure."""

from collections.abc import Sequence

from network.conversations.words.matching import Phrases, phrases, says

# Somebody at the door, taken, hurt or afraid: such a text never ends, silences or postpones anything.
FEAR = phrases(
    "golpeando", "golpea", "pegando", "porch", "is at my house", "are at my house", "agents", "agentes",
    "ice",
    "inmigracion", "immigration", "imigrasyon", "con placa", "ajan", "ajan yo", "me agarran", "me agarraron",
    "tocan", "tocando", "toca la puerta", "puerta", "afuera", "estan aqui", "ya llegaron", "adentro",
    "entraron", "miedo", "asustada", "asustado", "nerviosa", "nervioso", "ayuda", "ayudenme", "ayudeme",
    "auxilio", "socorro", "se llevaron", "se lo llevaron", "se la llevaron", "se llevan", "nos llevan",
    "apurense", "apurele", "apurate", "apuren", "rapido", "migra", "patrulla", "policia", "golpean",
    "me pega", "no respira",
    "volvieron", "regresaron", "theyre back", "they are back", "they came back", "they r back", "yo tounen",
    "siguiendo", "following me", "me siguen", "yo swiv mwen", "incendio", "fuego", "quiero morir",
    "no quiero vivir", "door", "outside", "knocking", "banging",
    "they are here", "they r here", "theyre here", "scared", "afraid", "help", "took my", "took him",
    "took her", "taking", "breaking in", "hitting me", "not breathing", "want to die", "kill myself",
    "fire", "hurry", "police", "raid", "frape", "ap frape", "pot", "pot la", "deyo", "deyo a", "pe",
    "sekou", "ede m", "ede mwen", "anmwe", "pran li", "yo pran", "ap bat mwen", "p ap respire", "dife",
    "mwen vle mouri", "lapolis",
)  # fmt: skip
# Weapons, bodies, arrests and walls: what is said of them is said of now, or is bad enough.
FEAR += phrases(
    "gun", "guns", "weapon", "weapons", "knife", "gunshots", "shots fired", "shooting", "been shot",
    "got shot",
    "pistola", "pistolas", "arma", "armas", "armado", "armados", "cuchillo", "navaja", "machete", "balazo",
    "balazos",
    "balacera", "disparos", "disparando", "disparo", "zam", "fizi", "revolve", "kouto", "ap tire",
    "cant breathe", "can not breathe", "cannot breathe", "trouble breathing", "stopped breathing", "choking",
    "no puedo respirar", "no puede respirar", "no respira", "asfixiando", "ahogando", "atragantando",
    "ahorcando", "pa ka respire", "pa kapab respire", "ap toufe",
    "heart attack", "chest pain", "chest hurts", "stroke", "seizure", "overdose", "unconscious", "passed out",
    "fainted", "bleeding", "infarto", "ataque al corazon", "me duele el pecho", "dolor de pecho", "derrame",
    "convulsionando", "convulsiones", "sobredosis", "inconsciente", "desmayo", "se desmayo", "desmayada",
    "desmayado", "sangrando", "desangrando", "kriz ke", "kriz kadyak", "doule nan pwatrin", "pedi konesans",
    "endispoze", "ap senyen",
    "suicide", "suicidarme", "kill me", "killing me", "want to end it", "want to end my life",
    "quiero matarme",
    "me quiero matar", "me voy a matar", "me quiero morir", "quiero morirme", "ya no quiero vivir",
    "me va a matar",
    "nos van a matar", "lo van a matar", "touye tet mwen", "touye tet m", "vle mouri", "vle touye",
    "hit me", "hits me", "beating", "beat me", "hurting me", "hurt me", "pegaron", "me golpeo", "golpeo",
    "violando",
    "bat mwen", "bat m", "ap bat",
    "arrested", "arresting", "detained", "detaining", "deported", "handcuffs", "handcuffed", "in cuffs",
    "grabbed",
    "kidnapped", "kidnapping", "took them", "took away", "they have him", "they have her", "they got him",
    "they got her", "arrestaron", "arrestan", "arrestando", "arresto a", "detuvieron", "detienen",
    "agarraron a",
    "lo agarraron", "la agarraron", "nos agarraron", "esposaron", "esposado", "esposada", "secuestraron",
    "deportaron",
    "se los llevaron", "se las llevaron", "yo arete", "yo kenbe", "mete menot", "kidnape", "depote",
    "broke in", "break in", "broke the window", "kicked in", "kicking", "pounding", "wont leave",
    "wont go away",
    "will not leave", "not leaving", "trapped", "hiding", "hide", "se metieron", "se estan metiendo",
    "quieren entrar",
    "quiere entrar", "quieren meterse", "tumbaron", "tumbando", "rompieron", "pateando",
    "no se quieren ir", "no se van",
    "no se quiere ir", "escondida", "escondido", "escondidos", "escondidas", "encerrada", "encerrado",
    "encerrados",
    "atrapada", "atrapado", "atrapados", "kase pot", "kraze pot", "yo antre", "yo pa vle ale",
    "li pa vle ale", "kache",
    "not waking up", "wont wake up", "not responding", "no despierta", "no reacciona", "pa reveye",
    "no aparece", "desaparecio", "went missing", "is missing", "reten", "redada", "cogieron a", "cogieron al",
    "me cogieron", "levantaron a", "freaking out", "shaking", "temblando", "ap tranble",
    "know the word", "wrong word", "sabe la palabra", "sabia la palabra", "saben la palabra", "konnen mo a",
    "burning", "on fire", "smoke", "quemando", "se quema", "humo", "pran dife", "lafimen",
)  # fmt: skip
# Near a short word stands an everyday one: "fine" near "fire", "poor" near "door", "talking" near "taking".
TO_THE_LETTER = {
    (word,)
    for word in ("taking", "beating", "burning", "fainted", "trapped", "armados", "quemando", "kicking")
}
FEAR_WITH_SLIPS = Phrases(
    phrase for phrase in FEAR if any(len(word) > 6 for word in phrase) and phrase not in TO_THE_LETTER
)
# What everybody writes who asks for somebody: alone it says that they want help, not that they are in danger.
ASKS_FOR_HELP = phrases("help", "ayuda", "ayudenme", "ayudeme", "ede m", "ede mwen")
DANGER = Phrases(phrase for phrase in FEAR if phrase not in ASKS_FOR_HELP)
DANGER_WITH_SLIPS = Phrases(phrase for phrase in FEAR_WITH_SLIPS if phrase not in ASKS_FOR_HELP)


def afraid(words: Sequence[str]) -> bool:
    """Whether the words hold fear or danger, with one slip of typing forgiven in long words."""
    return says(words, FEAR, slips=False) or says(words, FEAR_WITH_SLIPS)


def in_danger(words: Sequence[str]) -> bool:
    """Whether the words hold more than a plain "help": somebody at the door, taken, hurt or afraid."""
    return says(words, DANGER, slips=False) or says(words, DANGER_WITH_SLIPS)
