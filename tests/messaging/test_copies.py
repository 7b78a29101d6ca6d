"""One text under two ids: the second has no effect of its own, and an answer in the same words has."""

from datetime import UTC, datetime, timedelta

import pytest

from network.audit.rules import COMMAND_LINE
from network.desk.models import Need
from network.messaging.models import Inbound
from network.messaging.rules.copies import COPIED_WITHIN, ArrivedText, Said, is_copy
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import asks
from network.support.models import SupportRequest
from network.support.rules.requests import Outcome
from network.visits.actions import closing

START = datetime(2026, 10, 6, 10, 0, tzinfo=UTC)


def at(seconds):
    return START + timedelta(seconds=seconds)


ONE = ArrivedText("1", at(0), said_before=7)


@pytest.mark.parametrize(
    ("text", "earlier", "said", "copy"),
    [
        (ArrivedText("1", at(3)), [ONE], [], True),
        (ArrivedText("1", at(3)), [ONE], [Said(8, at(1), asks=True)], False),
        (ArrivedText("1", at(3)), [ONE], [Said(8, at(3), asks=True)], False),
        (ArrivedText("1", at(3)), [ONE], [Said(8, at(4), asks=True)], True),  # it came before our question left
        (ArrivedText("1", at(3)), [ONE], [Said(7, at(2), asks=True)], True),  # the question that it answered
        (ArrivedText("1", at(3)), [ONE], [Said(8, at(1), asks=False)], True),
        (ArrivedText("2", at(3)), [ONE], [], False),
        (ArrivedText("1 ", at(3)), [ONE], [], False),
        (ArrivedText("1", at(0) + COPIED_WITHIN), [ONE], [], True),
        (ArrivedText("1", at(1) + COPIED_WITHIN), [ONE], [], False),
        (ArrivedText("1", at(-3)), [ONE], [], True),  # they may arrive the other way round
        (ArrivedText("1", at(3)), [ArrivedText("1", at(0), 7, ahead=True)], [], False),
        (ArrivedText("1", at(5)), [ArrivedText("2", at(2), 7), ONE], [], True),
        (ArrivedText("off", at(5)), [ArrivedText("on", at(2), 8), ArrivedText("off", at(0), 7)], [Said(8, at(1), asks=False)], False),
    ],
)  # fmt: skip
def test_what_was_asked_in_between_tells_a_copy_from_an_answer(text, earlier, said, copy):
    assert is_copy(text, earlier, said) is copy


@pytest.mark.parametrize("text", [Text.HOME, Text.KIND, Text.CHILDREN, Text.DESCRIBE, Text.DID_THEY_COME,
                                  Text.THERE, Text.LANGUAGE_NOW, Text.OFFER_LEGAL])  # fmt: skip
def test_texts_that_can_be_answered_ask(text):
    assert asks(text)


@pytest.mark.parametrize(
    "text", [Text.SEARCHING, Text.CAME_WELL, Text.JOINED, Text.FURTHER, Text.THANKS_NOT_NOW]
)
def test_texts_that_end_something_ask_nothing(text):
    assert not asks(text)


def twice(world, phone, body, *, apart=0):
    """The carrier's copy: the same words under another id, so many seconds later."""
    world.deliver(phone.number, body)
    if apart:
        world.now += timedelta(seconds=apart)
    world.deliver(phone.number, body)
    world.settle()


@pytest.mark.parametrize("copies", [2, 8])
def test_the_answer_to_one_question_is_not_the_answer_to_the_next(world, copies):
    rosa = world.member("Rosa")
    rosa.sends("help")
    for _ in range(copies):
        world.deliver(rosa.number, "1")
    world.settle()
    assert world.request().at_home
    assert world.request().kind == ""
    rosa.sends("2")
    assert world.request().kind == "legal"


def test_a_person_who_answers_two_questions_with_the_same_figure_is_understood(world):
    rosa = world.member("Rosa")
    rosa.sends("help")
    rosa.sends("1")
    rosa.sends("1")
    assert world.request().kind == "accompaniment"


def test_whoever_types_the_answers_ahead_means_each(world):
    rosa = world.member("Rosa")
    for body in ("help", "1", "1"):
        world.deliver(rosa.number, body)
    world.settle()
    assert world.request().kind == "accompaniment"


def test_a_copy_of_the_first_text_changes_nothing(world):
    rosa = world.member("Rosa")
    twice(world, rosa, "help")
    assert SupportRequest.objects.count() == 1
    assert sum("Are you at home now?" in text for text in rosa.texts) == 1
    assert [t.understood for t in Inbound.objects.order_by("arrival")] == ["OpenRequest", "Copy"]


@pytest.mark.parametrize("apart", [0, 20, 90])
def test_a_copy_of_the_last_answer_opens_no_request(world, apart):
    rosa, ana = world.member("Rosa"), world.responder("Ana")
    rosa.asks()
    ana.accepts()
    ana.sends("3")
    ana.sends("4")
    assert "Did" in rosa.last
    rosa.sends("1")
    world.now += timedelta(seconds=apart)
    rosa.sends("1")  # under another id, and nothing was asked since
    assert SupportRequest.objects.count() == 1
    assert world.request().state == "closed"


def test_copies_of_two_texts_that_cross_have_no_effect(world):
    rosa = world.member("Rosa")
    rosa.sends("help")
    for body in ("1", "hurry please", "1", "hurry please"):
        world.deliver(rosa.number, body)
    world.settle()
    assert world.request().kind == ""


def test_a_question_whose_sending_is_unsure_may_have_been_answered(world):
    from network.messaging.gateway.protocol import SlowAnswer

    rosa = world.member("Rosa")
    rosa.sends("help")
    world.carrier.takes_and_fails = [SlowAnswer()]
    rosa.sends("1")
    rosa.sends("1")
    assert world.request().kind == "accompaniment"


def test_the_same_words_a_while_later_are_new_ones(world):
    ana = world.responder("Ana")
    ana.sends("off")
    world.wait(minutes=5)
    ana.sends("on")
    world.wait(minutes=5)
    ana.sends("off")
    ana.person.refresh_from_db()
    assert ana.got("until you text ON")
    assert sum("until you text ON" in text for text in ana.texts) == 2


def test_off_and_on_and_off_again_at_once_is_off(world):
    ana = world.responder("Ana")
    for word in ("off", "on", "off"):
        ana.sends(word)
    assert sum("until you text ON" in text for text in ana.texts) == 2


def test_two_pictures_without_words_are_two(world):
    rosa = world.member("Rosa")
    for n in (7, 8):
        world.deliver(rosa.number, "", sid="MM" + str(n) * 32, NumMedia="1")
    world.settle()
    assert not Inbound.objects.filter(understood="Copy").exists()


def test_many_copies_are_one_line_for_a_person(world):
    rosa = world.member("Rosa")
    for _ in range(30):
        world.deliver(rosa.number, "help")
    world.settle()
    assert sum("Are you at home now?" in text for text in rosa.texts) == 1
    assert world.needs().count("too_many_texts") == 1


def test_a_stop_word_counts_each_time(world):
    ana = world.responder("Ana")
    for word in ("stop", "start", "stop"):
        ana.sends(word)
    from network.messaging.queries import silence_of

    assert silence_of(ana.person.fingerprint) == "opted_out"


def test_what_is_fetched_from_the_carriers_list_is_measured_by_its_clock(world):
    """Both came while we were down: nothing was asked in between."""
    from network.messaging.gateway.protocol import Received
    from network.messaging.inbox import backfill

    rosa = world.member("Rosa")
    rosa.sends("help")
    form = {"AccountSid": "AC" + "0" * 32, "From": rosa.number, "To": "+13125550100", "Body": "1"}
    world.carrier.inbound = [
        Received({**form, "MessageSid": "SM" + sign * 32}, world.now + timedelta(seconds=n))
        for n, sign in ((1, "a"), (4, "b"))
    ]
    world.now += timedelta(minutes=1)
    backfill.backfill(now=world.now)
    world.settle()
    assert world.request().at_home
    assert world.request().kind == ""


def test_a_cry_again_after_a_coordinator_closed_the_first_is_no_copy(world):
    rosa = world.member("Rosa")
    rosa.sends("tocan la puerta, ayuda")
    rosa.sends("1")
    rosa.sends("1")
    rosa.sends("tocan la puerta, ayuda")  # what was said since asks nothing
    first = world.request()
    closing.close_request(first.pk, outcome=Outcome.MISTAKE, by=COMMAND_LINE, now=world.now)
    world.settle()
    world.now += timedelta(seconds=30)
    rosa.sends("tocan la puerta, ayuda")
    assert world.request().pk != first.pk
    assert "new_request" in world.needs()


def test_a_cry_again_whose_need_was_closed_meanwhile_is_told_again(world):
    rosa = world.member("Rosa")
    rosa.asks()
    rosa.sends("they are at the door")
    Need.objects.filter(closed_at=None).update(closed_at=world.now, how="done")
    world.now += timedelta(seconds=30)
    rosa.sends("they are at the door")
    assert world.needs()


def test_a_cry_under_two_ids_is_told_once(world):
    rosa = world.member("Rosa")
    rosa.asks()
    rosa.sends("they are at the door")
    told, got = world.needs(), len(rosa.texts)
    rosa.sends("they are at the door")
    assert (world.needs(), len(rosa.texts)) == (told, got)
