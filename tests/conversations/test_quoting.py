"""Our own words sent back, and signs put to them, are no answers."""

from dataclasses import replace
from functools import cache

import pytest

from network.conversations.rules import commands as c
from network.conversations.rules import quoting, typed, understanding
from network.conversations.rules.context import SenderStatus
from network.conversations.rules.understanding import understand
from network.conversations.words import fear
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import SPOKEN, TABLES, render
from network.support.rules.requests import State
from tests.conversations.situations import SITUATIONS
from tests.test_house import VALUES

OURS = [
    pytest.param(text.format(**VALUES), id=f"{language}-{key}")
    for language, table in TABLES.items()
    for key, text in table.items()
    if key not in SPOKEN
]
WRAPPERS = [
    "Liked “{}”", "Loved “{}”", "Laughed at “{}”", "Emphasized “{}”", "Questioned “{}”", "Disliked “{}”",
    "Removed a heart from “{}”", "Removed a like from “{}”", "Le gustó “{}”", "A Rosa le encantó “{}”",
    "Le dio risa “{}”", "Enfatizó “{}”", "Reaccionó con 😂 a “{}”", "No le gustó “{}”", "👍 to “{}”",
    "❤️ to “{}”", "Reacted 😢 to “{}”", "Quitó un corazón de “{}”", "Se rió de “{}”", "Cuestionó “{}”",
]  # fmt: skip
WHOLE = 20  # a shorter text of ours, such as thanks, is what anybody may say
MEMBER = SITUATIONS["M"]
KNOWN = [situation for name, situation in SITUATIONS.items() if name != "STR"]  # who is answered alike


@pytest.mark.parametrize("text", OURS)
def test_a_text_of_ours_is_known_quoted_cut_or_as_it_stands(text):
    for form in ("“{}”", '"{}"', "«{}»", "> {}"):
        assert not quoting.without_quotations(form.format(text))
    assert all(not quoting.without_quotations(f"{text[:at]}…") for at in range(25, len(text)))
    assert len(text) < WHOLE or not quoting.without_quotations(text)


@pytest.fixture
def looked_at_once(monkeypatch):
    """What is read from a text alone is read once for all situations."""
    looks = ((understanding, "fold"), (typed, "clean"), (typed, "unsigned"), (quoting, "reaction"),
             (quoting, "without_quotations"), (quoting, "beside_quotations"), (quoting, "by_itself"))  # fmt: skip
    for module, name in (*looks, (fear, "afraid"), (fear, "in_danger")):
        monkeypatch.setattr(module, name, cache(getattr(module, name)))


@pytest.mark.parametrize("text", OURS)
def test_a_sign_put_to_a_text_of_ours_does_nothing_anywhere(looked_at_once, text):
    for wrapper in WRAPPERS:
        for situation in KNOWN:
            assert isinstance(understand(wrapper.format(text), situation), c.Reaction), (wrapper, situation)


@pytest.mark.parametrize("language", TABLES)
def test_a_text_that_counts_one_of_something_is_known(language):
    offer = render(
        Text.OFFER_CHILDCARE,
        language,
        prefix="Apoyo",
        number=207,
        children=1,
        zip="60629",
        miles=1,
        language="",
        code=41,
    )
    assert quoting.is_ours(offer)


@pytest.mark.parametrize("kind", ["an image", "a photo", "una imagen", "una foto", "a video"])
def test_a_sign_put_to_a_picture_does_nothing(kind):
    for wrapper in ("Liked {}", "Loved {}", "Le gustó {}", "Laughed at {}"):
        assert isinstance(understand(wrapper.format(kind), MEMBER), c.Reaction)


@pytest.mark.parametrize("remainder", ["1", "2", "tocan la puerta", "help", "9"])
def test_below_a_quotation_counts_what_stands_there(remainder):
    ours = TABLES["en"]["home"].format(**VALUES)
    asked = SITUATIONS["HOME"]
    for form in ("> {}\n{}", "“{}”\n{}", "{}\n{}"):
        assert understand(form.format(ours, remainder), asked) == understand(remainder, asked)


@pytest.mark.parametrize(
    "text",
    [
        "I'm driving with Do Not Disturb turned on. I'll see your message when I get where I'm going.",
        "Auto-reply: I am out of the office until Monday.",
        "Respuesta automática: estoy fuera de la oficina",
        "Free Msg: Message not sent",
    ],
)
def test_what_a_phone_says_by_itself_opens_and_ends_nothing(text):
    assert all(
        isinstance(understand(text, situation), c.Unclear)
        for situation in KNOWN
        if situation.standing is SenderStatus.ACTIVE
    )


@pytest.mark.parametrize(
    "text",
    [
        "“abran la puerta” nos dicen", "he said “open the door”", "liked it or not they are here",
        "they want to remove me from my house", "A mi hijo le gustó ir, pero están afuera",
        "Gracias, están tocando la puerta…", "Ana is on the way but they are at the door",
        "we are looking for someone to help us", "vienen en camino, ayuda", "me gusta que vengan ya",
    ],
)  # fmt: skip
def test_words_of_their_own_are_heard(text):
    assert quoting.reaction(text) is None
    assert quoting.without_quotations(text) == text
    assert isinstance(understand(text, MEMBER), c.OpenRequest | c.StopAsked)


@pytest.mark.parametrize(
    "text",
    ["> they are at the door", "I'm driving right now and they are following me, help",
     "Auto-reply: ayuda, están afuera"],
)  # fmt: skip
def test_a_cry_that_looks_like_a_quotation_or_a_machine_is_heard(text):
    assert isinstance(understand(text, MEMBER), c.OpenRequest)


@pytest.mark.parametrize("text", ["1 - Paraguas", "hola\n--\nParaguas", "> paraguas", "1\nParaguas, RN",
                                  "Liked “paraguas”", "Auto-reply: paraguas", "p\u200baraguas", "раraguas"])  # fmt: skip
def test_the_duress_word_is_heard_before_anything_is_taken_off(text):
    afraid = replace(SITUATIONS["HOME"], duress_word="PARAGUAS")
    assert isinstance(understand(text, afraid), c.Duress)


def test_a_thumb_down_goes_to_a_person_and_a_thumb_up_is_only_kept(world):
    rosa = world.member("Rosa")
    ana = world.responder("Ana")
    rosa.asks()
    ana.accepts()
    before = world.needs()
    for sign in ("Liked", "Loved", "👍 to", "Le gustó"):
        for phone in (rosa, ana):
            phone.sends(f"{sign} “{phone.last}”")
    assert world.request().state == State.COVERED
    assert world.needs() == before
    rosa.sends(f"Disliked “{rosa.last}”")
    assert "unclear_text" in world.needs()
