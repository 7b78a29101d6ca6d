"""A coordinator's own words: kept, held, taken back, guarded against a stale page, promised."""

import re
from datetime import timedelta

import pytest

from network.audit.models import Entry
from network.console.shell.reads.conversation import contact_of, conversation
from network.conversations.models import Draft
from network.desk.models import Need
from network.messaging.models import Outbound
from network.people.models import Person
from network.support.rules.requests import State
from tests.console.test_pages import sign_in
from tests.reading import words_of


@pytest.fixture
def rosa(world):
    rosa = world.member("Rosa", language="es")
    rosa.sends("ayuda")
    return rosa


def coordinator(world, name="Maria"):
    staff = world.coordinator()
    staff.name = name
    staff.save()
    client = sign_in(world, staff)
    client.staff = staff
    return client


def act(client, world, step, follow=False, **form):
    number = world.request().number
    return client.post(f"/requests/{number}/do/{step}", form, secure=True, follow=follow)


def page(client, world):
    return client.get(f"/requests/{world.request().number}", secure=True).content.decode()


def seen(client, world):
    return re.search(r'name="seen" value="([\d.]+)"', page(client, world))[1]


def pass_seconds(world, seconds):
    world.now += timedelta(seconds=seconds)
    world.settle()


def test_words_are_held_six_seconds_and_come_back_to_the_letter(world, rosa):
    maria = coordinator(world)
    words = "Ana es de confianza; ábrale.  "
    act(maria, world, "write", words=words, seen=seen(maria, world))
    pass_seconds(world, 5)
    assert not rosa.got("Ana es de confianza")
    text = Outbound.objects.get(text="free")
    assert "Undo" in page(maria, world)
    act(maria, world, "undo", text=str(text.pk))
    pass_seconds(world, 60)
    assert not rosa.got("Ana es de confianza")
    assert f">{words.strip()}</textarea>" in page(maria, world)
    act(maria, world, "write", words=words, seen=seen(maria, world))
    pass_seconds(world, 7)
    assert rosa.last == words.strip()
    assert not Draft.objects.exists()
    late = act(
        maria, world, "undo", follow=True, text=str(Outbound.objects.exclude(pk=text.pk).get(text="free").pk)
    )
    assert "Too late, it's already sent." in words_of(late)


def test_nobody_takes_back_anothers_words(world, rosa):
    maria, beto = coordinator(world), coordinator(world, "Beto")
    act(maria, world, "write", words="Hola", seen=seen(maria, world))
    text = Outbound.objects.get(text="free")
    assert "Undo" not in page(beto, world)
    act(beto, world, "undo", text=str(text.pk))
    pass_seconds(world, 7)
    assert rosa.last == "Hola"


def test_an_answer_to_an_older_conversation_is_stopped_and_kept(world, rosa):
    maria, beto = coordinator(world), coordinator(world, "Beto")
    begun = seen(beto, world)
    act(maria, world, "write", words="Ya vamos", seen=seen(maria, world))
    world.now += timedelta(seconds=40)
    world.settle()
    stopped = act(beto, world, "write", words="Quédese adentro", seen=begun)
    said = stopped.content.decode()
    assert stopped.status_code == 409
    assert "Maria answered" in said
    assert "Quédese adentro" in said
    assert "Ya vamos" in said
    pass_seconds(world, 60)
    assert not rosa.got("Quédese adentro")
    assert ">Quédese adentro</textarea>" in page(beto, world)
    anyway = re.search(r'name="seen" value="([\d.]+)"', said)[1]
    act(beto, world, "write", words="Quédese adentro", seen=anyway)
    pass_seconds(world, 7)
    assert rosa.last == "Quédese adentro"


def test_a_text_that_came_meanwhile_is_read_first(world, rosa):
    maria = coordinator(world)
    begun = seen(maria, world)
    rosa.sends("estoy en la cocina")
    assert "They wrote again" in act(maria, world, "write", words="Hola", seen=begun).content.decode()
    assert not Outbound.objects.filter(text="free").exists()


def test_a_draft_is_kept_on_the_server_for_its_writer_only(world, rosa):
    maria, beto = coordinator(world), coordinator(world, "Beto")
    answer = maria.post(f"/people/{rosa.person.pk}/draft", {"words": "Ahorita voy"}, secure=True)
    assert answer.status_code == 204
    assert ">Ahorita voy</textarea>" in page(maria, world)
    assert "Ahorita voy" not in page(beto, world)
    maria.post(f"/people/{rosa.person.pk}/draft", {"words": " "}, secure=True)
    assert not Draft.objects.exists()


def test_others_see_who_reads_and_who_writes_in_the_list_and_inside(world, rosa):
    maria, beto = coordinator(world), coordinator(world, "Beto")
    rosa.sends("9")
    beto.post(f"/people/{rosa.person.pk}/here", {}, secure=True)
    assert "Beto is reading this" in page(maria, world)
    assert "Beto is reading this" in maria.get("/board/needs", secure=True).content.decode()
    assert "Beto is reading this" not in page(beto, world)
    beto.post(f"/people/{rosa.person.pk}/here", {"writing": "1"}, secure=True)
    assert "Beto is writing here" in page(maria, world)
    world.now += timedelta(seconds=46)
    assert "Beto is" not in page(maria, world)


def test_a_promise_has_a_name_a_time_and_a_row(world, rosa):
    nameless = coordinator(world, None)
    refused = act(nameless, world, "promise", how="call", minutes="20", follow=True).content.decode()
    assert "A promise is signed" in refused
    assert not Need.objects.filter(reason="call_promised").exists()
    maria = coordinator(world)
    act(maria, world, "promise", how="call", minutes="20")
    pass_seconds(world, 7)
    assert (
        rosa.last
        == "Apoyo: Maria, de nuestro equipo, le va a llamar antes del martes 6 de octubre a las 10:20 am."
    )
    need = Need.objects.get(reason="call_promised", closed_at=None)
    assert need.promise
    assert need.due_at == world.now + timedelta(minutes=20) - timedelta(seconds=7)
    act(maria, world, "called")
    need.refresh_from_db()
    assert need.how == "called"


def test_a_promise_taken_back_leaves_the_board(world, rosa):
    maria = coordinator(world)
    act(maria, world, "promise", how="write", minutes="15")
    assert "write_promised" in world.needs()
    act(maria, world, "undo", text=str(Outbound.objects.latest("order").pk))
    assert "write_promised" not in world.needs()


@pytest.mark.parametrize("minutes", ["0", "", "1441", "soon"])
def test_a_promise_without_a_time_is_none(world, rosa, minutes):
    maria = coordinator(world)
    act(maria, world, "promise", how="call", minutes=minutes)
    assert not Need.objects.filter(promise=True, reason="call_promised").exists()
    assert not Outbound.objects.filter(text="free").exists()


def test_writing_keeps_the_promise_to_write(world, rosa):
    maria = coordinator(world)
    act(maria, world, "promise", how="write", minutes="15")
    pass_seconds(world, 7)
    act(maria, world, "write", words="Aquí estamos", seen=seen(maria, world))
    assert "write_promised" not in world.needs()


def test_nobody_found_is_closed_only_after_a_call(world, rosa):
    maria = coordinator(world)
    said = act(maria, world, "close", outcome="unfilled", follow=True).content.decode()
    assert "Call the member first" in said
    assert world.request().state != State.CLOSED
    act(maria, world, "called")
    act(maria, world, "close", outcome="unfilled")
    assert world.request().state == State.CLOSED


def test_a_claim_lapses_after_ten_minutes_without_activity(world, rosa):
    maria = coordinator(world)
    rosa.sends("9")
    need = Need.objects.get(reason="person_please")
    maria.post(f"/needs/{need.pk}/claim", {"back": "/"}, secure=True)
    for minutes, has_it in ((9, True), (0, True), (9, True), (1, False)):
        if not minutes:
            act(maria, world, "write", words="Hola", seen=seen(maria, world))
        world.now += timedelta(minutes=minutes)
        world.settle()
        need.refresh_from_db()
        assert (need.claimed_by == maria.staff.pk) is has_it
    assert need.closed_at is None
    assert "need.lapsed" in Entry.objects.filter(about=f"need:{need.pk}").values_list("action", flat=True)


def test_panels_say_up_to_which_change_they_hold(world, rosa):
    maria = coordinator(world)
    before = int(maria.get("/board/needs", secure=True)["X-Seq"])
    rosa.sends("1")
    after = int(maria.get("/board/needs", secure=True)["X-Seq"])
    assert after > before > 0


def test_no_page_says_to_call_whom_nobody_may_call(world, rosa):
    maria = coordinator(world)
    assert "¿Podemos llamarle sin peligro?" in page(maria, world)
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=False)
    shown = page(maria, world)
    assert "¿Podemos llamarle" not in shown
    assert "No le vamos a llamar." in shown
    rosa.sends("STOP")
    said = act(maria, world, "write", words="Hola", follow=True).content.decode()
    assert "it is not safe to call it. Ask their organization." in said
    assert "Call instead" not in said
    Person.objects.filter(pk=rosa.person.pk).update(safe_to_call=True)
    assert "Call instead." in act(maria, world, "write", words="Hola", follow=True).content.decode()


def test_texts_of_one_moment_are_shown_in_the_order_in_which_they_were_said(world):
    rosa = world.member("Rosa")
    rosa.sends("help")  # nobody is on: two texts answer at once
    shown = [bubble.body for bubble in conversation(contact_of(rosa.person)) if bubble.ours]
    assert shown == [text.body for text in Outbound.objects.order_by("order")]
    assert len({bubble.at for bubble in conversation(contact_of(rosa.person))}) < len(shown)
