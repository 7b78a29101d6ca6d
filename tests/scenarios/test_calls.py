"""Somebody calls the number: what they hear, what it leads to, and that no way ends nowhere."""

import re
from datetime import timedelta

import pytest

from network.console.requests.reads.events import events
from network.conversations.models import Call, Conversation, Leg
from network.conversations.rules.calls import WAYS, CallStep
from network.desk.actions import claim
from network.desk.models import Need
from network.duty.actions.paging import be_present
from network.messaging.models import Contact
from network.people.models import Person
from network.support.models import SupportRequest
from network.support.rules.requests import State
from tests.callers import LEGS, Caller
from tests.world import by_staff

ENGLISH = "2"  # Spanish is first
CALL_BACK = "A person will call or text you within 20 minutes."
LATER = "A person will call or text you within 60 minutes."
TOLD = "The team has it now."


@pytest.fixture
def on_duty(world):
    """Two coordinators at their consoles."""
    staff = [world.coordinator(), world.coordinator()]
    for one in staff:
        be_present(one.pk, now=world.now)
    return staff


def phones(staff):
    return {one.phone for one in staff}


def member(world):
    return world.member("Rosa", language="es")


def open_needs(reason):
    return Need.objects.filter(reason=reason, closed_at=None)


def people_who_call(world):
    """A phone of each kind, by what we know of it."""
    refused = world.member("Nora")
    Person.objects.filter(pk=refused.person.pk).update(standing=Person.Standing.REFUSED)
    return {
        "member": member(world).number,
        "invited": world.phone_of(world.person("Pia", standing="invited")).number,
        "responder": world.responder("Ana").number,
        "refused": refused.number,
        "nobody": world.stranger().number,
    }


def without_ids(documents):
    return [re.sub(r"leg=[0-9a-f-]{36}", "leg=", document) for document in documents]


def test_the_menu_is_in_each_of_the_networks_languages_by_its_own_voice(world):
    caller = Caller(world.stranger().number).calls()
    menu = caller.verb("Gather")
    assert [say.options["language"] for say in menu.inside] == ["es-MX", "es-MX", "en-US", "en-US"]
    assert caller.said == [
        "Usted llamó a la línea de apoyo.", "Para español, marque 1.",
        "You have reached the support line.", "For English, press 2.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "keys", ["", ENGLISH, ENGLISH + "1", ENGLISH + "111", ENGLISH + "1132", ENGLISH + "12"]
)
def test_every_number_hears_the_same_word_for_word(world, on_duty, keys):
    heard = {}
    for who, number in people_who_call(world).items():
        caller = Caller(number).calls().presses(*keys)
        heard[who] = without_ids(caller.documents)
    assert len({tuple(documents) for documents in heard.values()}) == 1, heard


def test_a_member_asks_by_keys_as_by_text(world, on_duty):
    rosa = member(world)
    caller = Caller(rosa.number).calls().presses(ENGLISH, "1", "1", "1")
    assert TOLD in caller.said
    assert caller.waits == "Hangup"
    request = world.request()
    assert (request.member.person_id, request.kind, request.state) == (
        rosa.person.pk, "accompaniment", State.SEARCHING,
    )  # fmt: skip
    world.settle()
    assert any(
        "20 minutos" in text for text in rosa.texts
    )  # the promise as by text, in their own language and not the call's
    assert "call_came" not in world.needs()  # the request says it
    assert "new_request" in world.needs()


def test_only_what_is_no_question_is_texted(world, on_duty):
    rosa = member(world)
    Caller(rosa.number).calls().presses(ENGLISH, "1", "1", "1")
    world.settle()
    assert [text for text in rosa.texts if "1 = en casa" in text or "1 = que alguien" in text] == []
    assert not Conversation.objects.filter(person=rosa.person, question__gt="").exists()


def test_who_hangs_up_in_the_middle_has_asked_for_half(world, on_duty):
    rosa = member(world)
    Caller(rosa.number).calls().presses(ENGLISH, "1", "1").hangs_up()
    assert Conversation.objects.get(person=rosa.person).question == "kind"
    world.wait(minutes=4)
    assert "half_request" in world.needs()
    rosa.sends("1")  # and goes on by text
    assert world.request().state == State.SEARCHING


def test_the_count_of_children_is_one_key(world, on_duty):
    Caller(member(world).number).calls().presses(ENGLISH, "1", "1", "3", "2")
    request = world.request()
    assert (request.kind, request.children, request.state) == ("childcare", 2, State.SEARCHING)


@pytest.mark.parametrize(("keys", "reason"), [("12", "elsewhere"), ("114", "other_help")])
def test_what_needs_a_person_rings_one(world, on_duty, keys, reason):
    caller = Caller(member(world).number).calls().presses(ENGLISH, *keys)
    assert caller.waits == "phone"
    assert caller.rung() in phones(on_duty)
    assert reason in world.needs()
    assert world.request().state != State.SEARCHING


def test_a_request_under_way_is_not_stopped_by_keys(world, on_duty):
    rosa = member(world)
    rosa.asks()
    assert world.request().state == State.SEARCHING
    Caller(rosa.number).calls().presses(ENGLISH, "1", "2")
    assert SupportRequest.objects.count() == 1
    assert world.request().state == State.SEARCHING
    assert "further_text" in world.needs()


@pytest.mark.parametrize("who", ["invited", "responder", "refused", "nobody"])
def test_any_other_phone_is_a_need_once_a_call(world, on_duty, who):
    number = people_who_call(world)[who]
    Caller(number, twice=True).calls().presses(ENGLISH, "1", "1", "3", "2")
    assert SupportRequest.objects.count() == 0
    need = open_needs("call_came").get()
    assert need.raised_again_at is None


def test_a_coordinator_takes_the_call_by_a_key_and_has_the_need(world, on_duty):
    caller = Caller(world.stranger().number).calls().presses(ENGLISH, "2")
    first = next(one for one in on_duty if one.phone == caller.rung())
    caller.leg("taken")
    assert caller.put_through == ()  # an empty answer puts them through
    assert caller.waits == "Hangup"
    assert open_needs("call_came").get().claimed_by == first.pk
    assert Leg.objects.count() == 1


def test_a_coordinator_who_takes_a_members_call_has_the_request(world, on_duty):
    caller = Caller(member(world).number).calls().presses(ENGLISH, *"12")
    first = next(one for one in on_duty if one.phone == caller.rung())
    caller.leg("taken")
    assert set(Need.objects.filter(closed_at=None).values_list("claimed_by", flat=True)) == {first.pk}


def test_what_somebody_else_has_is_still_put_through(world, on_duty):
    caller = Caller(world.stranger().number).calls()
    other = world.coordinator()
    claim(open_needs("call_came").get().pk, staff_id=other.pk, by=by_staff(other.pk), now=world.now)
    caller.presses(ENGLISH, "2").leg("taken")
    assert caller.put_through == ()
    assert open_needs("call_came").get().claimed_by == other.pk


@pytest.mark.parametrize("second", LEGS)
@pytest.mark.parametrize("first", [how for how in LEGS if how != "taken"])
def test_phones_ring_one_after_the_other_and_then_a_call_back_is_promised(world, on_duty, first, second):
    caller = Caller(world.stranger().number).calls().presses(ENGLISH, "2")
    rung = caller.rung()
    caller.leg(first)
    assert {rung, caller.rung()} == phones(on_duty)
    caller.leg(second)
    assert caller.waits == "Hangup"
    promises = open_needs("call_promised")
    if second == "taken":
        assert caller.said == []
        assert not promises.exists()
    else:
        assert CALL_BACK in caller.said
        assert promises.get().promise
        assert promises.get().due_at == world.now + timedelta(minutes=20)


def test_with_nobody_on_the_caller_is_told_at_once_and_an_hour_is_promised(world):
    world.coordinator()  # asleep
    caller = Caller(world.stranger().number).calls().presses(ENGLISH, "2")
    assert LATER in caller.said
    assert open_needs("call_promised").get().due_at == world.now + timedelta(minutes=60)
    assert not Leg.objects.exists()


def test_a_member_who_may_not_be_called_is_promised_a_text(world):
    rosa = member(world)
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    caller = Caller(rosa.number).calls().presses(ENGLISH, "2")
    assert LATER in caller.said  # word for word what any number hears
    assert open_needs("write_promised").exists()
    assert not open_needs("call_promised").exists()


def test_who_stopped_our_texts_or_has_no_phone_is_not_rung(world, on_duty):
    silent, rings = on_duty
    be_present(world.coordinator(phone=False).pk, now=world.now)
    world.deliver(silent.phone, "STOP")
    world.settle()
    caller = Caller(world.stranger().number).calls().presses(ENGLISH, "2")
    assert caller.rung() == rings.phone
    assert CALL_BACK in caller.leg("busy").said


def test_the_whisper_names_nobody_and_the_caller_is_never_shown(world, on_duty):
    rosa = member(world)
    caller = Caller(rosa.number).calls().presses(ENGLISH, "2")
    assert caller.verb("Dial").options["callerId"] == "+13125550100"
    caller.leg("taken")
    assert rosa.name not in str(caller.whispered)
    said = " ".join(caller.documents)
    assert rosa.number not in said
    assert not [one for one in on_duty if one.name and one.name in said]
    assert "Press 1 to take this call." in str(caller.whispered)


def test_silence_twice_goes_to_a_person_in_the_first_language(world, on_duty):
    caller = Caller(world.stranger().number).calls().presses("")
    assert caller.waits == "key"
    caller.presses("")
    assert caller.waits == "phone"
    assert caller.said[0].startswith("Estamos llamando")


def test_a_caller_who_hung_up_is_not_put_through(world, on_duty):
    caller = Caller(world.stranger().number).calls().presses(ENGLISH, "2")
    caller.hangs_up()
    caller.leg("taken")
    assert [verb.name for verb in caller.put_through] == ["Say", "Say", "Hangup"]
    assert Leg.objects.get(place=0).taken_at is None


def test_everything_posted_twice_rings_once_and_promises_once(world, on_duty):
    caller = Caller(world.stranger().number, twice=True).calls().presses(ENGLISH, "2")
    assert Leg.objects.count() == 1
    caller.leg("busy").leg("machine")
    assert Leg.objects.count() == 2
    assert Call.objects.count() == 1
    assert open_needs("call_promised").get().raised_again_at is None
    assert open_needs("call_came").get().raised_again_at is None


def test_a_member_whose_keys_come_twice_has_one_request_and_one_answer(world, on_duty):
    rosa = member(world)
    Caller(rosa.number, twice=True).calls().presses(ENGLISH, "1", "1", "1")
    world.settle()
    assert SupportRequest.objects.count() == 1
    assert sum("20 minutos" in text for text in rosa.texts) == 1
    assert "further_text" not in world.needs()


def ways():
    """Keys of every way through the menus, each question answered, or missed once, or missed twice."""
    todo = [((), CallStep.LANGUAGE, False)]
    while todo:
        keys, step, again = todo.pop()
        if step not in (CallStep.LANGUAGE, *WAYS):
            yield keys
            continue
        missed = (*keys, "0")
        todo.append((missed, CallStep.RING if again else step, True))
        answers = (
            {"2": CallStep.MENU} if step is CallStep.LANGUAGE else {k: s for k, (s, _) in WAYS[step].items()}
        )
        if step is CallStep.CHILDREN:
            answers = {"3": CallStep.TAKEN}
        todo += [((*keys, key), then, False) for key, then in answers.items()]


WALKS = sorted(ways())


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("known", [True, False])
def test_no_way_ends_nowhere(world, on_duty, known, part):
    """Each way through the menus, with phones that nobody takes: it ends with a sentence and an open need."""
    hows = [how for how in LEGS if how != "taken"]
    for number, keys in enumerate(WALKS[part::4]):
        phone = world.member(f"Rosa{number}") if known else world.stranger()
        caller = Caller(phone.number).calls().presses(*keys)
        while caller.waits == "phone":
            caller.leg(hows[number % len(hows)])
        assert caller.waits == "Hangup", keys
        assert any(words in caller.said for words in (TOLD, CALL_BACK, *LAST_WORDS)), (keys, caller.said)
        about = [f"contact:{Contact.objects.get(calls__sid=caller.sid).pk}"]
        if known:
            about += [f"person:{phone.person.pk}"]
            about += [
                f"request:{pk}"
                for pk in SupportRequest.objects.filter(member__person=phone.person).values_list(
                    "pk", flat=True
                )
            ]
        assert Need.objects.filter(about__in=about, closed_at=None).exists(), keys


LAST_WORDS = ("Una persona le va a llamar o escribir en 20 minutos o antes.",)


def test_a_call_is_forgotten_after_a_day(world):
    from network import forgetting

    rosa = member(world)
    Caller(rosa.number).calls()
    Caller(world.stranger().number).calls()
    world.now += timedelta(hours=23)
    forgetting.forget(now=world.now)
    assert Call.objects.count() == 2
    world.now += timedelta(hours=2)
    forgetting.forget(now=world.now)
    assert not Call.objects.exists()


def test_how_long_it_took_is_a_line_of_the_requests_history(world, on_duty):
    from network.audit.models import Entry

    caller = Caller(member(world).number).calls().presses(ENGLISH, *"12")
    caller.leg("taken")
    caller.hangs_up(42)
    lines = Entry.objects.filter(request_id=world.request().pk, action__startswith="call.")
    assert {line.action for line in lines} == {"call.asked", "call.taken", "call.ended"}
    assert Call.objects.get().seconds == 42


def test_a_call_stands_in_the_requests_conversation_with_its_length(world, on_duty):
    caller = Caller(member(world).number).calls().presses(ENGLISH, *"12")
    told = [event.sentence for event in events(world.request())]
    assert told == ["Called us, …"]
    caller.hangs_up(42)
    assert [event.sentence for event in events(world.request())] == ["Called us, 0:42"]


@pytest.mark.parametrize("told", ["by the leg", "before it"])
def test_who_hangs_up_while_a_phone_rings_rings_no_other_and_stays_on_the_board(world, on_duty, told):
    caller = Caller(world.stranger().number).calls().presses(ENGLISH, "2")
    status = "completed"
    if told == "before it":
        caller.hangs_up(5)
        status = "in-progress"
    caller.go(caller.verb("Dial").options["action"], DialCallStatus="canceled", CallStatus=status)
    assert caller.waits == "Hangup"
    assert Leg.objects.count() == 1
    assert not open_needs("call_promised").exists()
    assert open_needs("call_came").get().claimed_by is None


def test_a_member_who_stopped_our_texts_can_still_ask_and_a_person_sees_that_they_cant_be_texted(
    world, on_duty
):
    rosa = member(world)
    rosa.sends("STOP")
    before = list(rosa.texts)
    caller = Caller(rosa.number).calls().presses(ENGLISH, "1", "1", "1")
    assert TOLD in caller.said
    world.settle()
    assert world.request().state == State.SEARCHING
    assert rosa.texts == before
    assert {"cant_text", "opted_out"} & set(world.needs())


@pytest.mark.parametrize("number", ["anonymous", "+266696687"])
@pytest.mark.parametrize("keys", ["2", "111"])
def test_who_hides_their_number_is_promised_no_call_and_the_team_knows(world, number, keys):
    world.coordinator()
    caller = Caller(number).calls().presses(ENGLISH, *keys)
    assert "Please text us, or call again and show it." in caller.said
    assert open_needs("call_came").exists()
    assert not open_needs("call_promised").exists()


def test_a_caller_waits_as_long_whoever_has_the_number(world, on_duty, monkeypatch):
    """Each document that a caller hears comes at the end of a whole step of time."""
    steps, passed = [], iter(x / 100 for x in range(10_000))
    monkeypatch.setattr("network.privacy.constant_time.monotonic", lambda: next(passed))
    monkeypatch.setattr("network.privacy.constant_time.sleep", steps.append)
    heard = {}
    for number in (member(world).number, world.stranger().number):
        caller = Caller(number).calls().presses(ENGLISH, "1", "1", "9")
        caller.leg("busy").leg("no answer")
        heard[number], steps[:] = [round(rest, 2) for rest in steps], []
    waited = list(heard.values())
    assert waited[0] == waited[1] == [0.49] * 7
