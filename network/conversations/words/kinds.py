"""What help is asked for: somebody to come, a lawyer, child care, and for how many children."""

from network.conversations.words.matching import phrases

LAWYER = phrases("lawyer", "attorney", "abogado", "abogada", "licenciado", "legal help", "ayuda legal",
                 "legal", "avocat", "advogado", "avoka", "ed legal")  # fmt: skip
CHILDCARE = phrases(
    "childcare", "child care", "babysit", "babysitter", "watch my kids", "watch the kids",
    "care for my children", "my kids", "my children", "mis ninos", "los ninos", "ninos",
    "mis hijos", "cuiden a mis", "cuidar a mis", "cuidar ninos", "ninera", "guarderia", "kids",
    "children", "mi hijo", "mi hija", "my son", "my daughter", "timoun", "ti moun", "pitit mwen",
    "okipe pitit", "gade pitit",
)  # fmt: skip
COMPANY = phrases(
    "compania",
    "come with me", "someone to come", "somebody to come", "send someone", "que alguien venga",
    "alguien venga", "acompanar", "acompanarme", "acompaneme", "acompanen", "acompanamiento",
    "accompaniment", "manden a alguien", "mande a alguien", "vengan", "puede venir alguien",
    "be with me", "come over", "come to my house", "vengan a mi casa", "vin ave m", "vini ave m",
    "vin avek mwen", "vini avek mwen", "voye yon moun", "yon moun vin", "yon moun vini",
    "vin lakay mwen", "vini lakay mwen", "akonpaye m", "akonpaye mwen", "rete ave m", "rete avek mwen",
)  # fmt: skip
ASKS_TO_COME = phrases(
    "venga", "vengan", "come", "vini", "need someone", "necesito que", "necesito a alguien", "send", "manden",
    "i need help", "necesito ayuda", "bezwen yon moun",
)  # fmt: skip
REFUSING = phrases(
    "no vengan", "no venga", "no necesito", "no quiero", "dont come", "do not come", "dont need",
    "do not need", "dont want", "no need", "pa vini", "pa bezwen", "pa vle", "todavia no",
)  # fmt: skip
CARE = phrases(
    "cuidar", "cuiden", "cuide", "cuidarlos", "cuidado de", "watch", "babysit", "babysitter",
    "childcare", "child care", "care for", "take care", "ninera", "guarderia", "okipe", "gade",
    "siveye",
)  # fmt: skip
# Ages stand in texts about children. No answer is read from them, but as words of plain texts they are
# taken for no slip of another word, and none of them may be a duress word.
phrases(
    "anos", "ano", "meses", "mes", "year", "years", "old", "month", "months", "yr", "yrs", "semanas",
    "weeks", "ane", "mwa", "an", "minutes", "min",
)  # fmt: skip
MINDS_CHILDREN = phrases(
    "cuiden a la nina", "cuiden al nino", "cuiden a mi", "cuide a mi", "me cuiden a", "que me cuiden",
    "cuidar a mi",
    "babysit", "watch my", "watch the", "gade timoun", "okipe timoun", "gade pitit", "okipe pitit",
)  # fmt: skip
BABY = frozenset({"bebe", "baby", "beba", "nena", "nene", "ti", "tibebe", "newborn", "recien"})
CHILDREN_COUNTED = phrases(
    "son", "tengo", "hay", "have", "i have", "we have", "there are", "there is", "are", "it is", "its",
    "nou gen",
    "mwen gen", "gen", "m gen", "se", "kids", "kid", "child", "children", "ninos", "ninas", "nino", "nina",
    "hijos",
    "hijas", "hijo", "hija", "bebes", "bebe", "baby", "babies", "timoun", "ti moun", "pitit", "mis", "mi",
    "my",
    "los", "las", "the", "nada mas", "nomas", "solo", "only", "just", "solamente", "chiquitos", "chiquitas",
    "peques", "menores", "en total", "total", "in total", "yes", "si", "wi", "them", "ellos", "de ellos",
    "chicos",
    "little ones", "boys", "girls", "ti gason", "ti fi", "chamacos", "morritos", "plebes", "sons",
    "daughters",
    "timoun yo", "pitit mwen", "and", "y", "boy", "girl",
)  # fmt: skip
WISHES = phrases(
    "need", "necesito", "quiero", "want", "bezwen", "vle", "busco", "manden", "mande", "send", "ocupo",
    "get me",
    "can i get", "me urge", "prefiero", "i would like", "id like", "me hace falta", "consigan", "please",
    "por favor", "porfa", "watch", "cuidar", "cuiden", "someone to", "alguien que", "quien me",
)  # fmt: skip
HAVING = phrases(
    "ya tengo", "i have", "i already have", "mi abogado", "my lawyer", "el abogado", "the lawyer", "avoka a",
    "mwen gen", "tengo abogado", "i got a lawyer", "avoka mwen",
)  # fmt: skip
