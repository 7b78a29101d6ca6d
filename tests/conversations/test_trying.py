"""Trying what a text would do: by command, in the names that others read, and as the phones would hear it."""

import io
import json
import typing

import pytest
from django.core.management import CommandError, call_command

from network.conversations.queries import context_of
from network.conversations.rules import commands as c
from network.conversations.rules.commands import Command
from network.conversations.rules.context import Question
from network.conversations.rules.understanding import Rule, decide, understand
from network.conversations.trying import SITUATIONS, answer, name_of, situation, texts
from network.messaging.models import Contact, Outbound
from network.people.models import Person
from network.visits.rules.stages import Stage

ROSA, ANA = "rosa", "ana"
OPENED = [(ROSA, "ayuda"), (ROSA, "1"), (ROSA, "1")]


def told(*arguments, **options):
    out = io.StringIO()
    call_command("understand", *arguments, stdout=out, **options)
    return dict(line.split(maxsplit=1) for line in out.getvalue().splitlines())


def lines(monkeypatch, capsys, *given):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(given)))
    try:
        call_command("understand", "--json")
        code = 0
    except SystemExit as end:
        code = end.code
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_text_its_outcome_the_rule_that_decided_and_the_answer():
    assert told("tocan la puerta", "--language", "es") == {
        "outcome": "Open(-)",
        "rule": "anything else from a member",
        "fear": "yes",
        "answer": "Apoyo: Recibimos su mensaje. Una persona lo va a leer. ¿Se encuentra en su casa ahora? "
        "1 = en casa, 2 = en otro lugar",
    }
    assert told("41 20 min", "--offer", "41")["outcome"] == "Accept(41, 20min)"
    assert told("41?", "--offer", "41")["answer"].endswith("41 = I can go, 2 = not now")
    assert told("2", "--asked", "kind")["outcome"] == "Kind(legal)"
    assert told("3", "--stage", "going")["outcome"] == "Arrived"
    assert told("1", "--as", "invited")["outcome"] == "Join"
    assert told("help", "--as", "stranger") | {"answer": ""} == {
        "outcome": "FromStranger",
        "rule": "a phone that isn't in the network",
        "fear": "yes",
        "answer": "",
    }
    assert told("STOP")["answer"] == "nothing"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Which text?"),
        (("a", "--offer", "7"), "two digits"),
        (("a", "--asked", "weather"), "invalid choice"),
    ],
)
def test_what_it_was_not_given_right_is_said_in_a_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("understand", *arguments)


def test_lines_in_and_lines_out(monkeypatch, capsys):
    code, said = lines(
        monkeypatch,
        capsys,
        '{"text": "necesito abogado manana a las 5", "situation": "M"}',
        "",
        '{"text": "\\ud800", "situation": "HOME"}',
        '{"text": "they took him", "situation": "STR"}',
    )
    assert code == 0
    assert said[0] == {"outcome": "Open(legal, LATER)", "rule": "member", "fear": False}
    assert said[1]["outcome"] == "Unclear"
    assert said[2] == {"outcome": "FromStranger", "rule": "not_served", "fear": True}


def test_a_line_that_can_not_be_read_says_so_and_the_rest_go_on(monkeypatch, capsys):
    code, said = lines(
        monkeypatch,
        capsys,
        "no json",
        '{"text": 1, "situation": "M"}',
        '{"text": "a", "situation": "Q"}',
        "[1]",
        '{"text": "a", "situation": []}',
        '{"text": "1", "situation": "HOME"}',
    )
    assert code == 1
    assert [line.get("error", "").split(":")[0] for line in said] == [*(f"line {n}" for n in range(1, 6)), ""]
    assert said[-1]["outcome"] == "AtHome"


def test_every_outcome_has_a_name_and_an_answer_in_every_language():
    kinds = typing.get_args(Command.__value__)
    seen = set()
    for context in SITUATIONS.values():
        for text in (
            "",
            "1",
            "2",
            "3",
            "4",
            "5",
            "9",
            "0",
            "41",
            "77",
            "help",
            "off",
            "on",
            "stop",
            "STOP",
            "me mudé",
            "gracias",
            "not me",
            "no puedo ir, mi carro",
            "ya no necesito",
            "off 3 days",
        ):
            command = understand(text, context)
            seen.add(type(command))
            assert name_of(command)
            for language in ("en", "es", "ht"):
                assert all(answer(command, context, language))
    assert len(seen) > len(kinds) / 2


def test_what_decided_is_told_in_the_order_of_decisions():
    assert decide("STOP", SITUATIONS["M"]).rule is Rule.CARRIER_WORD
    assert decide("Liked “Are you at home now?”", SITUATIONS["HOME"]).rule is Rule.REACTION
    assert decide("41", SITUATIONS["OFFER"]).rule is Rule.CODE
    assert decide("1", SITUATIONS["HOME"]).rule is Rule.ANSWER
    assert decide("9", SITUATIONS["M"]).rule is Rule.ANY_TIME
    assert [*Rule].index(Rule.CODE) < [*Rule].index(Rule.ANSWER) < [*Rule].index(Rule.MEMBER)


def test_whom_it_is_about_is_read_from_the_rest():
    assert situation(None).is_member
    assert situation(None, offers=[41]).is_responder
    assert situation(None, stage=Stage.GOING).is_responder
    assert situation(None, asked=Question.JOIN) == SITUATIONS["INV"]
    both = situation("both", asked=Question.HOME)
    assert both.is_member
    assert both.is_responder


@pytest.mark.parametrize(
    ("before", "who", "text"),
    [
        ([], ROSA, "1"), (OPENED[:1], ROSA, "1"), (OPENED[:1], ROSA, "2"), (OPENED[:1], ROSA, "mmm"),
        (OPENED[:2], ROSA, "1"), (OPENED[:2], ROSA, "2"), (OPENED[:2], ROSA, "3"), (OPENED[:2], ROSA, "4"),
        (OPENED, ROSA, "ya no necesito"), (OPENED, ROSA, "que dicen"), (OPENED, ROSA, "me mudé"), (OPENED, ROSA, "9"),
        ([*OPENED, (ROSA, "ya no necesito")], ROSA, "1"), ([*OPENED, (ROSA, "ya no necesito")], ROSA, "2"),
        (OPENED, ANA, "2"), (OPENED, ANA, "maybe"), (OPENED, ANA, "off 3"), ([*OPENED, (ANA, "yes")], ANA, "3"),
        ([*OPENED, (ANA, "yes")], ANA, "5"), ([*OPENED, (ANA, "yes")], ANA, "slow traffic"), (OPENED, ANA, "yes"),
        ([*OPENED, (ANA, "yes")], ANA, "I can't go, flat tire"), ([*OPENED, (ANA, "yes"), (ANA, "3")], ANA, "4"),
    ],
)  # fmt: skip
def test_it_says_what_the_phones_would_hear(world, before, who, text):
    world.coordinator()
    phones = {ROSA: world.member("Rosa", language="es"), ANA: world.responder("Ana")}
    for name, words in before:
        phones[name].sends(words)
    person = Person.objects.get(pk=phones[who].person.pk)
    contact = Contact.objects.filter(fingerprint=person.fingerprint).first()
    if contact is None:
        phones[who].sends("hola" if who == ROSA else "on")
        contact = Contact.objects.get(fingerprint=person.fingerprint)
        person.refresh_from_db()
    context = context_of(person, contact, now=world.now)
    last = Outbound.objects.filter(contact=contact).order_by("order").last()
    phones[who].sends(text)
    heard = Outbound.objects.filter(contact=contact, order__gt=last.order if last else 0).order_by("order")
    said = [
        text for text in heard.values_list("text", flat=True) if text not in ("first_notice", "nobody_on")
    ]
    command = understand(text, context)
    wanted = [text.value for text in texts(command, context)]
    if wanted[:1] == ["not_understood_again"]:
        wanted = wanted[:1]  # the question stands in it
    assert said[: len(wanted)] == wanted, name_of(command)
    assert not isinstance(command, c.Duress)
