"""A drill: real texts and clocks, nobody waits, nothing is learned, and real help goes first."""

from datetime import timedelta
from uuid import uuid4

import pytest

from network.audit.rules import COMMAND_LINE
from network.dispatch.models import Calibration, Offer, Willingness
from network.people.models import Person
from network.reports.drills import report
from network.reports.queries import board
from network.support.models import Drill, SupportRequest
from network.support.rules.requests import Kind, State
from network.visits.actions import drills
from network.visits.actions.page import PageRefused, open_page
from tests.world import DEVICE, PIN

HOUR = timedelta(hours=1)


def start(world, *phones, kinds=(Kind.ACCOMPANIMENT,), lasts=HOUR):
    drill = drills.start_drill(
        kinds,
        [phone.person.pk for phone in phones],
        organization_id=world.azul.pk,
        language="es",
        lasts=lasts,
        staff_id=uuid4(),
        now=world.now,
    )
    world.settle()
    return drill


def test_only_the_chosen_are_asked_and_every_text_says_that_it_is_a_drill(world):
    ana, luis = world.responder("Ana"), world.responder("Luis")
    start(world, ana)
    assert ana.got("DRILL: Apoyo", "Can you go now?")
    assert not luis.texts
    ana.accepts()
    assert ana.last.startswith("DRILL: Thank you, Ana. Nobody waits: do not go anywhere.")
    ana.sends("3")
    ana.sends("4")
    assert ana.last == "DRILL: Apoyo: The drill is over. Thank you for taking part."
    for text in ana.texts:
        assert text.startswith("DRILL: ") or "Reply STOP" in text
    world.settle()
    assert Drill.objects.get().ended == Drill.Ended.DONE
    assert [to for _, to, _ in world.carrier.log if to != ana.number] == []


def test_a_no_in_a_drill_and_a_late_yes_are_answered_as_one(world):
    ana, luis = world.responder("Ana"), world.responder("Luis", language="es")
    start(world, ana, luis)
    luis.sends("2")
    assert luis.last == "SIMULACRO: Entendido, esta vez no. Gracias por avisar."
    code = ana.code()
    world.wait(minutes=61)
    assert ana.last == "DRILL: Apoyo: The drill is over. Thank you for taking part."
    ana.sends(code)
    assert ana.last == "DRILL: Apoyo: Thank you. Someone else is going, so you can relax."
    assert world.needs() == []


def test_it_ends_by_itself_and_leaves_nothing_on_the_board(world):
    ana = world.responder("Ana", pin=None)
    start(world, ana)
    ana.accepts()
    world.now += timedelta(minutes=59)
    world.settle()
    assert ana.got("DRILL: Apoyo: Ana, are you OK?")
    world.now += timedelta(minutes=1)
    world.settle()
    drill = Drill.objects.get()
    assert (drill.ended, drill.ended_at) == (Drill.Ended.OVER, world.now)
    assert ana.last == "DRILL: Apoyo: The drill is over. Thank you for taking part."
    assert world.needs() == []
    assert world.request().state == State.CLOSED


def test_it_stops_at_once_when_a_real_request_needs_its_people(world):
    ana, beto = world.responder("Ana"), world.responder("Beto")
    rosa = world.member("Rosa")
    start(world, ana, beto)
    ana.accepts()
    rosa.asks()
    real = [text for text in ana.texts if "Can you go now?" in text and not text.startswith("DRILL")]
    assert len(real) == 1
    assert ana.got("DRILL: Apoyo: The drill stops now: a real family needs people.")
    assert Drill.objects.get().ended == Drill.Ended.NEEDED
    ana.sends("yes")
    assert rosa.got("Ana is on the way")
    assert SupportRequest.objects.exclude(state=State.CLOSED).get().member.person == rosa.person


def test_a_real_request_that_asks_others_leaves_it_alone(world):
    ana, luis = world.responder("Ana", zip="60647", max_miles=1), world.responder("Luis")
    rosa = world.member("Rosa")
    drills.start_drill(
        [Kind.ACCOMPANIMENT],
        [ana.person.pk],
        organization_id=world.azul.pk,
        language="en",
        lasts=HOUR,
        staff_id=uuid4(),
        now=world.now,
    )
    rosa.asks()
    assert luis.got("Can you go now?")
    assert Drill.objects.get().ended_at is None


def test_it_teaches_nothing_burdens_nobody_and_stands_in_no_measure(world):
    ana, beto = world.responder("Ana"), world.responder("Beto")
    start(world, ana, beto)
    assert board(now=world.now)["requests"] == []
    ana.accepts()
    world.now += timedelta(hours=2)
    world.settle()
    assert not Calibration.objects.exists()
    assert not Willingness.objects.exclude(asked=0, asks=0).exists()
    assert Offer.objects.filter(settled_at=None).count() == 0
    # Neither the cap of six nor "is engaged" counts it.
    for _ in range(6):
        start(world, ana, beto)
        drills.end_drill(
            Drill.objects.get(ended_at=None).pk, Drill.Ended.STOPPED, by=COMMAND_LINE, now=world.now
        )
    rosa = world.member("Rosa")
    rosa.asks()
    assert [text for text in ana.texts if "Can you go now?" in text and "DRILL" not in text]


def test_one_runs_at_a_time_and_not_for_nobody(world):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    with pytest.raises(drills.NobodyChosen):
        start(world, rosa)
    with pytest.raises(drills.NobodyChosen):
        start(world, ana, kinds=())
    start(world, ana)
    with pytest.raises(drills.AlreadyRunning):
        start(world, ana)
    assert Drill.objects.count() == 1


def test_two_kinds_are_two_requests_of_the_same_nobody(world):
    ana = world.responder("Ana", kinds=("childcare",))
    beto = world.responder("Beto", kinds=("childcare",))
    eva = world.responder("Eva", kinds=("legal",))
    start(world, ana, beto, eva, kinds=(Kind.CHILDCARE, Kind.LEGAL))
    assert SupportRequest.objects.filter(drill__isnull=False).count() == 2
    assert Person.objects.filter(standing="practice").count() == 1
    ana.accepts()
    assert ana.last.startswith("DRILL: Thank you, Ana. We are finding the second person.")
    beto.accepts()
    eva.accepts()
    for phone in (ana, beto, eva):
        assert phone.got("DRILL:", "/visit#")
    page = open_page(ana.link_token(), PIN, device=DEVICE, now=world.now)
    assert page.drill
    assert "nadie espera" in page.street
    with pytest.raises(PageRefused, match="elsewhere"):
        open_page(ana.link_token(), PIN, device="another", now=world.now)
    assert "link_elsewhere" not in world.needs()


def test_the_report_tells_yeses_silence_and_dead_numbers(world):
    ana, beto, cruz = (world.responder(name) for name in ("Ana", "Beto", "Cruz"))
    off = world.responder("Off", off_until=world.now + timedelta(days=3))
    world.carrier.refuses[cruz.number] = 21614
    drill = start(world, ana, beto, cruz, off)
    world.now += timedelta(minutes=7)
    world.settle()
    beto.sends("2")
    world.now += timedelta(minutes=2)
    ana.accepts()
    world.now += timedelta(hours=1)
    world.settle()
    reported = report(drill.pk)
    rows = {row.name: row for row in reported.rows}
    assert (rows["Ana"].answer, rows["Ana"].minutes) == ("accepted", 9)
    assert (rows["Beto"].answer, rows["Beto"].minutes) == ("declined", 7)
    assert rows["Cruz"].answer == "undeliverable"
    assert rows["Off"].answer == "not_asked"
    assert (reported.asked, reported.yes, reported.no, reported.silent, reported.dead) == (3, 1, 1, 0, 1)
    assert reported.minutes_to_yes == 9
