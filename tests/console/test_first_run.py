"""What a new network lacks: every line is open at first, and each is done by its own fact alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from network.audit.models import Entry
from network.console.shell.setting_up.rules import DONE_BY, SetupFacts, SetupStep, standing
from network.console.shell.setting_up.words import BY_OTHERS, THINGS
from network.messaging.models import Outbound
from network.organizations.models import Organization, SettingUp
from network.support.models import Drill
from network.trust.actions.trust_settings import close_founding
from tests.console.signing_in import by_link, get, post, staff_of, with_code
from tests.reading import markup_of
from tests.world import World

NOTHING = SetupFacts(False, None, 0, 0, False, 0, 0, 0, 0, 0, None, None)


def done(facts):
    return {line.thing for line in standing(facts) if line.done}


def test_of_nothing_nothing_is_done_and_every_line_has_words():
    assert [line.thing for line in standing(NOTHING)] == list(SetupStep)
    assert done(NOTHING) == set()
    assert set(THINGS) == set(DONE_BY) == set(SetupStep)
    assert set(DONE_BY.values()) == set(BY_OTHERS)


@pytest.mark.parametrize(
    ("thing", "too_little", "enough"),
    [
        (SetupStep.COORDINATOR, {"coordinators": 1}, {"coordinators": 2}),
        (SetupStep.STEWARD, {"stewards": 1}, {"stewards": 2}),
        (SetupStep.ALARM, {"phones": 1}, {"phones": 2}),
        (SetupStep.ORGANIZATION, {"organizations": 0}, {"organizations": 1}),
        (SetupStep.VOLUNTEER, {"volunteers": 0}, {"volunteers": 1}),
        (SetupStep.MEMBER, {"members": 0}, {"members": 1}),
        (SetupStep.TRIAL, {"trials": 0}, {"trials": 3}),
    ],
)
def test_a_line_is_done_when_there_are_enough(thing, too_little, enough):
    assert done(replace(NOTHING, **too_little)) == set()
    assert done(replace(NOTHING, **enough)) == {thing}


def test_a_number_counts_only_when_it_was_heard_from_and_dates_are_facts(now):
    assert done(replace(NOTHING, number_set=True)) == set()
    assert done(replace(NOTHING, heard_at=now)) == set()
    assert done(replace(NOTHING, number_set=True, heard_at=now)) == {SetupStep.NUMBER}
    assert done(replace(NOTHING, pair=True)) == {SetupStep.PAIR}
    assert done(replace(NOTHING, backup_at=now)) == {SetupStep.BACKUP}
    assert done(replace(NOTHING, founding_closed_at=now)) == {SetupStep.FOUNDING}


@pytest.fixture
def empty(world):
    """A network with one steward and nothing else."""
    Organization.objects.all().delete()
    world.steward = staff_of(world, "steward")
    return world


def open_lines(world, staff=None, path="/setting-up"):
    page = markup_of(get(by_link(world, staff or world.steward), path))
    return {thing for thing in SetupStep if _line(page, thing).startswith("missing")}, page


def _line(page, thing):
    """What the line about it says of how it stands; "" where there is none."""
    title = str(THINGS[thing].title).replace("'", "&#x27;")
    line = next((part for part in page.split("<li") if title in part), "")
    return line.partition("<strong>")[2]


def test_an_empty_database_shows_every_line_open_on_the_page_and_on_the_board(empty):
    for path in ("/setting-up", "/"):
        lines, page = open_lines(empty, path=path)
        assert lines == set(SetupStep), path
        assert "0 of 11 done" in page
        assert "./run twilio_setup" in page
    assert "No text has ever come in." in page


def heard(world: World):
    world.stranger().sends("hola")


def coordinators(world: World):
    for _ in range(2):
        with_code(staff_of(world, "coordinator"))


def stewards(world: World):
    for _ in range(2):
        with_code(staff_of(world, "steward"))


def phones(world: World):
    for _ in range(2):
        client = by_link(world, world.coordinator())
        assert "on its way" in client.post("/duty/do/test", secure=True, follow=True).content.decode()
        world.settle()
    assert "a test text has arrived" not in get(client, "/duty").content.decode()
    for text in Outbound.objects.filter(text="setup_test"):
        receipt = {"MessageSid": text.sid, "MessageStatus": "delivered", "AccountSid": "AC" + "0" * 32}
        assert world.post(f"/twilio/status?o={text.pk}", receipt) == 200
    world.settle()
    assert "a test text has arrived" in get(client, "/duty").content.decode()


def organization(world: World):
    world.azul = world.organization("casa-azul", "Casa Azul")


def volunteer(world: World):
    world.responder("Ana", vouchers=0)


def member(world: World):
    organization(world)
    world.member("Rosa")


def trial(world: World):
    Drill.objects.create(
        started_by=world.steward.pk,
        started_at=world.now,
        ends_at=world.now,
        ended_at=world.now,
        ended=Drill.Ended.DONE,
    )


def backup(world: World):
    post(by_link(world, world.steward), "/setting-up/backup")


def founding(world: World):
    organization(world)
    close_founding(staff_id=world.steward.pk, now=world.now)


@pytest.mark.parametrize(
    ("fact", "closes"),
    [
        (heard, {SetupStep.NUMBER}),
        (coordinators, {SetupStep.COORDINATOR, SetupStep.PAIR}),
        (stewards, {SetupStep.STEWARD, SetupStep.COORDINATOR, SetupStep.PAIR}),
        (phones, {SetupStep.ALARM}),
        (organization, {SetupStep.ORGANIZATION}),
        (volunteer, {SetupStep.VOLUNTEER}),
        (member, {SetupStep.ORGANIZATION, SetupStep.MEMBER}),
        (trial, {SetupStep.TRIAL}),
        (backup, {SetupStep.BACKUP}),
        (founding, {SetupStep.ORGANIZATION, SetupStep.FOUNDING}),
    ],
)
def test_each_line_is_done_by_its_fact(empty, fact, closes):
    client = by_link(empty, empty.steward)
    fact(empty)
    page = markup_of(get(client, "/setting-up"))
    assert {thing for thing in SetupStep if _line(page, thing).startswith("in place")} == closes


def test_a_drill_that_was_stopped_is_no_trial_and_an_invited_coordinator_is_none_yet(empty):
    trial(empty)
    Drill.objects.update(ended=Drill.Ended.STOPPED)
    for _ in range(2):
        staff_of(empty, "coordinator")
    empty.responder("Ana", vouchers=0)
    person = empty.responder("Beto", vouchers=0).person
    person.standing = "invited"
    person.save()
    lines, page = open_lines(empty)
    assert lines == set(SetupStep) - {SetupStep.VOLUNTEER}
    for name in ("Ana", "Beto"):
        assert name not in page


def test_a_phone_that_stopped_our_texts_is_no_longer_proven(empty):
    phones(empty)
    first = Outbound.objects.filter(text="setup_test").first()
    empty.deliver(first.contact.phone, "STOP")
    empty.settle()
    assert SetupStep.ALARM in open_lines(empty)[0]


def test_who_has_no_phone_on_file_is_told_so(empty):
    client = by_link(empty, empty.coordinator(phone=False))
    said = client.post("/duty/do/test", secure=True, follow=True).content.decode()
    assert "You have no phone on file" in said
    assert not Outbound.objects.exists()


def test_a_coordinator_sees_it_all_and_changes_only_what_is_theirs(empty):
    staff = empty.coordinator()
    lines, page = open_lines(empty, staff)
    assert lines == set(SetupStep)
    assert "A steward does this." in page
    assert "pg_dump -Fc" not in page
    assert 'action="/setting-up/backup"' not in page
    assert post(by_link(empty, staff), "/setting-up/backup").status_code == 404
    assert not SettingUp.objects.exists()


def test_a_verifier_sees_the_lines_of_their_own_people_and_no_count_of_others(world):
    world.member("Rosa")
    world.responder("Ana", vouchers=1)  # Casa Azul's
    for organization, wanted in ((world.azul, set()), (world.roja, {SetupStep.VOLUNTEER, SetupStep.MEMBER})):
        lines, page = open_lines(world, staff_of(world, "verifier", organization=organization))
        assert lines == wanted
        assert str(THINGS[SetupStep.BACKUP].title) not in page


def test_it_is_put_away_once_all_is_done_and_never_before(world):
    steward = staff_of(world, "steward")
    client = by_link(world, steward)
    world.steward = steward
    answer = client.post("/setting-up/hide", secure=True, follow=True).content.decode()
    assert "Something is still missing" in answer
    assert not SettingUp.objects.exists()
    for fact in (stewards, phones, volunteer, trial, backup, heard):
        fact(world)
    with_code(staff_of(world, "verifier", organization=world.azul))  # two stewards are one body
    world.member("Rosa")
    close_founding(staff_id=steward.pk, now=world.now)
    page = get(client, "/setting-up").content.decode()
    assert "Nothing is missing." in page
    assert "Setting up: what is missing" in get(client, "/people").content.decode()
    assert "Hidden." in client.post("/setting-up/hide", secure=True, follow=True).content.decode()
    assert "Setting up: what is missing" not in get(client, "/people").content.decode()
    assert "Setting up: what is missing" not in get(client, "/account").content.decode()
    said = set(Entry.objects.filter(action__startswith="setting_up.").values_list("action", flat=True))
    assert said == {"setting_up.backup", "setting_up.hidden"}


def test_the_board_shows_it_only_while_nobody_waits_and_its_panels_say_that_honestly(world):
    staff = world.coordinator()
    client = by_link(world, staff)
    page = get(client, "/").content.decode()
    assert "Setting up: 2 of 11 done" not in page
    assert "Setting up: 1 of 11 done" in page  # there are organizations
    for said in (
        "All clear. Nothing needs you right now.",
        "No request is open.",
        "Nothing scheduled",
        "No one is on a visit",
        "0 closed today",
    ):
        assert said in page
    rosa = world.member("Rosa")
    rosa.sends("help")
    page = get(client, "/").content.decode()
    assert "Setting up:" not in page
    assert "All clear. Nothing needs you right now." not in page
    world.now += timedelta(minutes=1)
    number = world.request().number
    client.post(f"/requests/{number}/do/close", {"outcome": "mistake"}, secure=True)
    panel = get(client, "/board/needs").content.decode()
    assert "All clear. Nothing needs you right now." in panel
    assert "The last text came Tue 10:00." in panel
