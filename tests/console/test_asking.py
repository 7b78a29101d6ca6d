"""Why this person, exceptions by two people, a surge, and how the asking is spread."""

import re
from datetime import timedelta

import pytest

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE, ENGINE
from network.console.requests.reads import asking
from network.console.requests.reads.page import offer_rows
from network.dispatch.models import (
    Calibration,
    Cell,
    DelayFifth,
    Exemption,
    ForecastBand,
    Offer,
    Search,
    Surge,
    Willingness,
)
from network.dispatch.rules.case import Width
from network.dispatch.rules.crowd import gini
from network.organizations.actions.network import add_holiday
from network.organizations.actions.organizations import set_childcare_rule
from network.organizations.models import Holiday, Organization
from network.people.actions.persons import OnePerson, keep_apart, let_together
from network.people.models import Apart
from network.people.rules.hours import parse_hours
from network.reports.asking import A_DAY, most_within
from network.staff.actions.accounts import add_staff
from network.staff.models import Staff
from tests.console.test_pages import get, post, sign_in
from tests.reading import markup_of, words_of


@pytest.fixture
def board(world):
    return sign_in(world, world.coordinator())


def people_panel(client, world) -> str:
    return words_of(get(client, f"/requests/{world.request().number}/panel/people"))


def test_each_candidate_has_a_sentence_and_each_other_the_rule_that_keeps_them_out(world, board):
    ana = world.responder("Ana")
    world.responder("Ed", language="en", zip="60608")
    world.responder("Tired", rest_until=world.now + timedelta(hours=3))
    Willingness.objects.create(person=ana.person, asked=6, said_yes=4, asked_at=world.now - timedelta(days=2))
    rosa = world.member("Rosa", language="es")
    rosa.sends("ayuda")

    post(board, f"/requests/{world.request().number}/do/kind", kind="accompaniment")
    page = people_panel(board, world)
    assert "2 mi away, speaks Spanish, said yes to 4 of 6, not asked since Sunday" in page
    assert "does not speak Spanish, never asked yet" in page
    assert "rests after a hard visit" in page


def test_the_sentence_says_what_is_unusual_about_somebody(world, board):
    world.responder("Next door", zip="60629", hours=parse_hours("sat 09:00-12:00"))
    world.responder("Nowhere", zip="99999")
    world.responder("Fresh", on_probation=True)
    asked = world.responder("Asked")
    late = world.responder("Late")
    other = world.member("Lupe")
    other.asks()
    asked.accepts()
    late.accepts()
    world.member("Rosa").sends("help")

    post(board, f"/requests/{world.request().number}/do/kind", kind="accompaniment")
    page = people_panel(board, world)
    assert "less than 1 mi away, speaks English, never asked yet · not their hours" in page
    assert "place not known" in page
    assert "new: asked only by name" in page
    assert "already on a request" in page
    assert "said yes a moment ago, too late" in page
    assert "asked 1 time in 24 hours" in page


def test_fifteen_are_in_the_open_the_rest_folded_and_very_many_left_off(world, board, monkeypatch):
    monkeypatch.setattr(asking, "FOLDED", 2)
    for n in range(18):
        world.responder(f"Volunteer {n}")
    world.member("Rosa").sends("help")
    post(board, f"/requests/{world.request().number}/do/kind", kind="accompaniment")
    page = people_panel(board, world)
    in_the_open, folded = page.split("2 more", 1)
    assert in_the_open.count("speaks English") == 15
    assert folded.count("speaks English") == 2
    assert "1 person who is farther down is not shown." in folded


def test_whoever_the_coordinator_names_is_asked_beyond_hours_miles_language_and_probation(world, board):
    world.member("Rosa", language="es").asks("ayuda")
    Search.objects.update(width=Width.NEAR)
    people = {
        "not their hours": world.responder("Off hours", hours=parse_hours("mon 09:00-12:00")),
        "does not speak the language": world.responder("Ed", language="en"),
        "outside the current search distance": world.responder("Far", zip="60647"),
        "new: asked only by name": world.responder("Fresh", on_probation=True),
    }
    page = people_panel(board, world)
    assert page.count("Ask anyway") == len(people)
    for rule, person in people.items():
        assert rule in page
        path = f"/requests/{world.request().number}/do/offer"
        assert "Asked." in post(board, path, person=person.person.pk).content.decode()
    assert Offer.objects.filter(by_hand=True).count() == len(people)
    assert "Ask anyway" not in people_panel(board, world)  # each holds an open offer
    Offer.objects.update(state="expired", holding=False)
    page = people_panel(board, world)
    assert page.count("Ask anyway") == len(people)
    assert "was asked already" in page


def test_what_only_two_may_set_aside_is_offered_to_two_and_else_there_is_no_button(world, board):
    world.member("Rosa").asks()
    world.responder("Fresh and tired", on_probation=True, rest_until=world.now + timedelta(hours=3))
    page = people_panel(board, world)
    assert "rests after a hard visit" in page
    assert "Ask anyway (needs two people)" in page
    assert "/do/offer" not in page
    world.responder("Tired and of another kind", kinds=("legal",), rest_until=world.now + timedelta(hours=3))
    page = people_panel(board, world)
    assert page.count("Ask anyway") == 1
    assert page.index("Fresh and tired") < page.index("another kind")


def test_somebody_who_is_no_responder_is_not_asked(world, board):
    rosa = world.member("Rosa")
    rosa.asks()
    path = f"/requests/{world.request().number}/do"
    for step in ("offer", "exempt"):
        page = post(board, f"{path}/{step}", person=rosa.person.pk, reason="please").content.decode()
        assert "no longer possible" in page


def test_the_page_speaks_spanish(world, board):
    world.responder("Ana")
    world.member("Rosa").sends("help")
    post(board, f"/requests/{world.request().number}/do/kind", kind="accompaniment")
    board.cookies["django_language"] = "es"
    page = people_panel(board, world)
    assert "a 2 millas, habla inglés, todavía no se le ha preguntado" in page
    page = get(board, "/asking").content.decode()
    for words in ("Declarar alta demanda", "de 2 a 4 millas", "Lo que se aprendió", "Cuidado de niños"):
        assert words in page
    ana = world.responder("Tired", rest_until=world.now + timedelta(hours=3))
    assert "Nunca juntos" in get(board, f"/people/{ana.person.pk}").content.decode()


def test_a_rule_is_set_aside_only_by_two_people_with_a_reason(world, board):
    tired = world.responder("Tired", rest_until=world.now + timedelta(hours=3))
    world.member("Rosa").asks()
    path = f"/requests/{world.request().number}/do"

    assert "Say in a few words" in post(board, f"{path}/exempt", person=tired.person.pk).content.decode()
    page = post(board, f"{path}/exempt", person=tired.person.pk, reason="she called and wants to go")
    assert "she called and wants to go" in page.content.decode()
    proposed = Exemption.objects.get()
    page = post(board, f"{path}/agree", exemption=proposed.pk)
    assert "somebody else must agree" in page.content.decode()
    assert not Offer.objects.exists()

    other = sign_in(world, world.coordinator())
    assert "I agree: ask them" in people_panel(other, world)
    post(other, f"{path}/agree", exemption=proposed.pk)
    assert Offer.objects.get().person == tired.person
    again = post(other, f"{path}/agree", exemption=proposed.pk).content.decode()
    assert "agreed already" in again
    assert Entry.objects.filter(action="exemption.agreed").count() == 1


def test_an_exception_is_agreed_on_the_page_of_its_own_request(world, board):
    tired = world.responder("Tired", rest_until=world.now + timedelta(hours=3))
    world.member("Rosa").asks()
    first = world.request().number
    post(board, f"/requests/{first}/do/exempt", person=tired.person.pk, reason="she called")
    world.member("Lupe").asks()

    other = sign_in(world, world.coordinator())
    path = f"/requests/{world.request().number}/do/agree"
    assert "no longer proposed" in post(other, path, exemption=Exemption.objects.get().pk).content.decode()
    assert not Offer.objects.exists()
    post(board, f"/requests/{first}/do/close", outcome="other_help")
    assert "she called" not in get(other, f"/requests/{first}/panel/people").content.decode()


def test_a_rule_that_nobody_may_set_aside_offers_no_way(world, board):
    barred = world.responder("Barred", vouchers=0)
    world.member("Rosa").asks()
    assert "too few organizations vouch" in people_panel(board, world)
    path = f"/requests/{world.request().number}/do"
    page = post(board, f"{path}/exempt", person=barred.person.pk, reason="please").content.decode()
    assert "Can not be asked" in page
    post(board, f"{path}/offer", person=barred.person.pk)
    assert not Offer.objects.exists()


def test_a_surge_is_declared_with_a_tick_and_ended_again_on_record(world, board):
    assert "Six times a day." in get(board, "/asking").content.decode()
    assert "Confirm that" in post(board, "/asking/surge/declare").content.decode()
    assert "twelve times a day" in post(board, "/asking/surge/declare", sure="1").content.decode()
    assert "declared already" in post(board, "/asking/surge/declare", sure="1").content.decode()
    post(board, "/asking/surge/end")
    assert Surge.objects.get().ended_at == world.now
    assert list(Entry.objects.filter(action__startswith="surge").values_list("action", flat=True)) == [
        "surge.declared",
        "surge.ended",
    ]


def test_a_surge_says_who_declared_it_and_raises_the_cap(world, board):
    ana = world.responder("Ana")
    world.member("Lupe").asks()
    ana.sends(ana.code() + " no")
    earlier = Search.objects.get()
    Offer.objects.all().delete()
    for code in range(10, 16):
        Offer.objects.create(
            search=earlier,
            person=ana.person,
            key_id=ana.person.key_id,
            code=code,
            wave=1,
            state="expired",
            asked_at=world.now - timedelta(hours=2),
            open_until=world.now - timedelta(hours=1),
        )
    world.member("Rosa").sends("help")
    post(board, f"/requests/{world.request().number}/do/kind", kind="accompaniment")
    assert "was asked as often as one may be in a day" in people_panel(board, world)

    post(board, "/asking/surge/declare", sure="1")
    page = get(board, "/asking").content.decode()
    assert "declared a surge until 22:00" in page
    assert Surge.objects.get().declared_by.email.partition("@")[0] in page
    assert "Nobody was asked more than 6 times in 24 hours." in page
    page = people_panel(board, world)
    assert "as often as one may be" not in page
    assert "asked 6 times in 24 hours" in page


def test_what_was_learned_is_told_in_words(world, board):
    page = markup_of(get(board, "/asking"))
    assert "Of 100 people asked about 10 say yes." in page
    assert "under 2 mi</th><td>1.40 times as often" in page
    assert "over 14 mi</th><td>0.30 times as often" in page
    Cell.objects.create(name="v1", accepts=30, expected=0)
    assert "in their hours</th><td>2.80 times as often" in markup_of(get(board, "/asking"))


def test_the_page_says_whether_the_search_is_right_about_people(world, board):
    assert "Too few answers yet" in get(board, "/asking").content.decode()
    day = Calibration.objects.create(day=world.now.date(), offers=300, foretold=30.0, came=29)
    assert "Yes: about as many" in get(board, "/asking").content.decode()
    day.came = 10
    day.save()
    assert "No: fewer say yes" in get(board, "/asking").content.decode()
    day.came = 90
    day.save()
    assert "No: more say yes" in get(board, "/asking").content.decode()


def test_the_page_shows_who_was_asked_how_often(world, board):
    ana = world.responder("Ana")
    world.responder("Nobody asked", kinds=("legal",))
    world.member("Rosa").asks()
    ana.accepts()
    page = get(board, "/asking").content.decode()
    assert "1 person was asked" in page
    assert "Gini index 0.50" in page
    assert "Nobody was asked more than 1 time in 24 hours." in page
    assert "Ana" in page
    assert "resting" not in page
    post(board, f"/people/{ana.person.pk}/do/rest")
    ana.sends("off")
    assert "resting, off" in words_of(get(board, "/asking"))


@pytest.mark.parametrize(
    ("asks", "figure"), [([], 0.0), ([0, 0], 0.0), ([2, 2, 2], 0.0), ([0, 1], 0.5), ([0, 0, 0, 8], 0.75)]
)
def test_the_gini_figure(asks, figure):
    assert gini(asks) == pytest.approx(figure)


@pytest.mark.parametrize(("hours", "most"), [([], 0), ([0], 1), ([0, 10, 24], 2), ([0, 25, 26, 48], 3)])
def test_the_most_within_a_day(now, hours, most):
    assert most_within(A_DAY, [now + timedelta(hours=h) for h in hours]) == most


def test_a_search_that_looks_wider_says_so(world, board):
    world.responder("Ed", language="en")
    world.member("Rosa", language="es").asks()
    world.wait(minutes=6)
    assert "do not speak the language now" in people_panel(board, world)


def test_two_people_are_kept_apart_and_let_together_again_on_record(world, board):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    path = f"/people/{rosa.person.pk}/do"
    page = post(board, f"{path}/apart", other=ana.person.pk, set_by="person").content.decode()
    assert "never brought together" in page
    post(board, f"{path}/apart", other=ana.person.pk, set_by="organization")  # twice is once
    assert Apart.objects.count() == 1
    rosa.asks()
    assert not ana.texts

    post(board, f"/people/{ana.person.pk}/do/together", apart=Apart.objects.get().pk)
    world.wait(minutes=1)
    assert ana.got("Can you go now?")
    assert Entry.objects.filter(action__in=("person.apart", "person.together")).count() == 2


def test_a_wrong_choice_for_apart_gets_a_sentence_of_its_own(world, board):
    ana = world.responder("Ana")
    path = f"/people/{ana.person.pk}/do"
    for form in ({"other": ""}, {"other": ana.person.pk, "set_by": "person"}, {"other": ana.person.pk}):
        assert "Choose another person" in post(board, f"{path}/apart", **form).content.decode()
    assert "no longer possible" in post(board, f"{path}/together", apart="").content.decode()
    assert "a few words first" in post(board, f"{path}/write", words=" ").content.decode()


def test_letting_together_twice_changes_nothing(world):
    ana, rosa = world.responder("Ana"), world.member("Rosa")
    keep_apart(rosa.person.pk, ana.person.pk, set_by=Apart.SetBy.PERSON, by=ENGINE, now=world.now)
    apart = Apart.objects.get()
    assert apart.first_id < apart.second_id
    for _ in range(2):
        let_together(apart.pk, by=ENGINE, now=world.now)
    assert Entry.objects.filter(action="person.together").count() == 1


def test_nobody_is_kept_apart_from_themselves(world):
    ana = world.responder("Ana")
    with pytest.raises(OnePerson):
        keep_apart(ana.person.pk, ana.person.pk, set_by=Apart.SetBy.PERSON, by=ENGINE, now=world.now)


def test_rest_and_probation_are_set_and_ended(world, board):
    ana = world.responder("Ana")
    path = f"/people/{ana.person.pk}/do"
    assert "Rests until" in post(board, f"{path}/rest").content.decode()
    assert "On probation" in post(board, f"{path}/probation", on="1").content.decode()
    world.member("Rosa").asks()
    assert not ana.texts

    assert "Rests until" not in post(board, f"{path}/rest", end="1").content.decode()
    assert "On probation" not in post(board, f"{path}/probation").content.decode()
    world.wait(minutes=1)
    assert ana.got("Can you go now?")


def test_a_holiday_is_added_once_and_removed(world, board):
    assert "Choose a day." in post(board, "/asking/holidays/add", day="").content.decode()
    post(board, "/asking/holidays/add", day="2026-11-26")
    page = post(board, "/asking/holidays/add", day="2026-11-26").content.decode()
    assert "Nov. 26, 2026" in page
    post(board, "/asking/holidays/remove", day="2026-11-26")
    assert not Holiday.objects.exists()
    assert Entry.objects.filter(action__startswith="holiday").count() == 2
    assert get(board, "/asking").status_code == 200
    assert post(board, "/asking/holidays/x", day="2026-11-26").status_code == 404


def test_on_a_holiday_a_weekday_responder_is_out_of_their_hours(world, board):
    world.responder("Weekdays", hours=parse_hours("mon-fri 08:00-18:00"))
    world.member("Rosa").sends("help")
    post(board, f"/requests/{world.request().number}/do/kind", kind="accompaniment")
    assert "not their hours" not in people_panel(board, world)
    add_holiday(world.now.date(), by=ENGINE, now=world.now)
    assert "not their hours" in people_panel(board, world)


def test_a_steward_sets_whose_people_care_for_an_organizations_children(world, board):
    azul = world.azul.pk
    page = get(board, "/asking").content.decode()
    assert "everybody who may" in page
    assert "Only a steward" in page
    answer = board.post("/asking/childcare", {"organization": azul, "on": "1"}, secure=True)
    assert answer.status_code == 404

    steward = add_staff(
        "s@example.org",
        role=Staff.Role.STEWARD,
        organization=None,
        phone=None,
        by=COMMAND_LINE,
        now=world.now,
    )
    client = sign_in(world, steward)
    page = markup_of(post(client, "/asking/childcare", organization=azul, on="1"))
    assert "The rule is kept." in page
    assert re.search(r'name="on" value="1"[^>]* checked>', page)
    assert list(Organization.objects.filter(childcare_own_vouch=True)) == [world.azul]
    post(client, "/asking/childcare", organization=azul)
    assert not Organization.objects.filter(childcare_own_vouch=True).exists()
    assert Entry.objects.filter(action="organization.childcare_rule").count() == 2
    assert post(client, "/asking/childcare", organization="x").status_code == 404


def test_setting_the_childcare_rule_as_it_is_leaves_no_line(world):
    set_childcare_rule(world.azul.pk, on=False, by=ENGINE, now=world.now)
    assert not Entry.objects.filter(action="organization.childcare_rule").exists()


def test_the_page_is_never_kept_and_loads_nothing_from_elsewhere(world, board):
    answer = get(board, "/asking")
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "<style" not in page
    assert 'src="http' not in page


def test_who_proposed_an_exception_can_take_it_back(world, board):
    tired = world.responder("Tired", rest_until=world.now + timedelta(hours=3))
    world.member("Rosa").asks()
    path = f"/requests/{world.request().number}/do"
    post(board, f"{path}/exempt", person=tired.person.pk, reason="she called")
    assert "Undo" in people_panel(board, world)
    page = post(board, f"{path}/unexempt", exemption=Exemption.objects.get().pk).content.decode()
    assert "Taken back" in page
    assert not Exemption.objects.exists()
    assert Entry.objects.filter(action="exemption.withdrawn").count() == 1


def test_the_page_says_where_the_forecasts_are_off_and_hides_what_so_few_did(world, board):
    page = words_of(get(board, "/asking"))
    assert page.count("Too few answers yet to tell.") == 2
    week = world.now.date() - timedelta(days=world.now.weekday())
    for band, offers, foretold, came in ((1, 4, 0.3, 1), (3, 100, 17.5, 20)):
        ForecastBand.objects.create(week=week, band=band, offers=offers, foretold=foretold, came=came)
    page = words_of(get(board, "/asking"))
    assert "5 to 10 % under 5 – –" in page
    assert "15 to 20 % 100 17.5 20" in page
    assert "Nothing is further off than chance explains." in page
    ForecastBand.objects.create(week=week, band=5, offers=100, foretold=35.0, came=5)
    for fifth, came in enumerate((60, 20, 10, 5, 5)):
        DelayFifth.objects.create(week=week, fifth=fifth, came=came)
    page = words_of(get(board, "/asking"))
    assert "30 to 40 % ▲ further off than chance explains 100 35.0 5" in page
    assert "Who says yes isn’t who is expected to" in page
    assert "Yeses come sooner or later than expected" in page
    assert "the quickest 60 %" in page


def test_in_spanish_too(world, board):
    week = world.now.date() - timedelta(days=world.now.weekday())
    ForecastBand.objects.create(week=week, band=5, offers=100, foretold=35.0, came=5)
    board.cookies["django_language"] = "es"
    page = words_of(get(board, "/asking"))
    assert "Quienes dicen que sí no son quienes se esperaba" in page
    assert "Where it is right" not in page


def test_people_who_were_asked_in_one_moment_keep_their_places_as_they_answer(world, board):
    for name in ("Ana", "Beto", "Luis", "Marta"):
        world.responder(name)
    world.member("Rosa").asks()
    request = world.request()

    def order():
        return [row.offer.pk for row in offer_rows(request)]

    by_code = list(Offer.objects.order_by("code").values_list("pk", flat=True))
    assert len(by_code) == 4
    for pk in reversed(by_code):  # a row that changed is read last
        Offer.objects.filter(pk=pk).update(late_yes_at=world.now)
        assert order() == by_code
