"""Where somebody says that they are, or live."""

from network.conversations.words.matching import phrases

AT_HOME = phrases(
    "andedan kay la", "mwen andedan kay la", "anndan kay la", "inside my house", "adentro de mi casa",
    "at home", "en casa", "en mi casa", "estoy aqui en casa", "in my house", "at my house",
    "en mi domicilio", "en la casa", "mwen lakay", "m lakay", "nou lakay", "mwen nan kay mwen",
    "mwen nan kay la",
)  # fmt: skip
JUST_HOME = phrases("home", "casa", "my house", "mi casa", "my home", "lakay", "lakay mwen", "lakay nou",
                    "wi lakay mwen")  # fmt: skip
NOT_HOME = phrases(
    "not at home", "not home", "no estoy en casa", "no estoy en mi casa", "away from home",
    "fuera de casa", "outside my house", "near my house", "cerca de mi casa", "en casa de", "en la casa de",
    "pa lakay", "pa nan kay", "deyo lakay", "toupre lakay", "pre lakay", "lakay yon",
    "lakay zanmi", "lakay vwazen", "lakay manman", "lakay papa", "lakay fanmi", "lakay fre", "lakay se",
)  # fmt: skip
OTHERS_HOME = phrases(
    "en casa de", "en la casa de", "at my moms", "at my mothers", "at my sisters", "at my brothers",
    "at a friends", "at my friends", "at my neighbors", "at my aunts", "lakay yon", "lakay zanmi",
    "lakay vwazen", "lakay manman", "lakay papa", "lakay fanmi", "lakay fre", "lakay se",
)  # fmt: skip
ELSEWHERE = phrases(
    "somewhere else", "elsewhere", "yon lot kote", "en otro lugar", "otro lugar", "at work",
    "en el trabajo", "en mi trabajo", "en la calle", "on the street", "en la escuela", "at school",
    "at the store", "en la tienda", "en el carro", "in my car", "en la corte", "at court",
    "in the hospital", "en el hospital", "lot kote", "nan travay", "nan lari", "nan lekol", "lopital",
    "nan tribinal", "nan machin", "nan magazen",
)  # fmt: skip
MOVED = phrases(
    "ya me mude", "me mude", "i moved", "we moved", "nos mudamos", "cambie de casa",
    "cambie de domicilio", "new address", "nueva direccion", "nuevo domicilio", "me cambie de casa",
    "ya no vivo", "i dont live there", "no longer live", "mwen demenaje", "m demenaje", "nou demenaje",
    "mwen chanje kay", "mwen chanje adres", "nouvo adres", "pa rete la anko", "pa viv la anko",
)  # fmt: skip
OWN_HOME = phrases("mi casa", "my house", "my home", "lakay mwen", "mi apartamento", "my apartment", "a casa")
I_AM = phrases(
    "im", "i am", "estoy", "ando", "estamos", "we are", "were", "aqui", "here", "mwen", "nou",
    "aqui estoy", "adentro", "in the house", "at the house", "en la casa", "inside",
)  # fmt: skip
ANOTHER_PLACE = phrases(
    "somewhere else", "elsewhere", "another place", "en otro lugar", "otro lugar", "en otra parte",
    "otra parte",
    "en otro lado", "otro lado", "yon lot kote", "lot kote",
)  # fmt: skip
