"""A mistake is answered with the same form: what was typed, and what is wrong beside the field it is about."""

import re
from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from network.organizations.models import Holiday
from network.people.models import Apart, Person
from network.support.models import Drill, SupportRequest
from network.support.rules.requests import State
from tests.console.signing_in import browser, by_link, get, post, staff_of
from tests.reading import markup_of, words_of

UNPROCESSABLE = 422


@pytest.fixture
def board(world):
    return by_link(world, staff_of(world, "coordinator"))


@pytest.fixture
def steward(world):
    return by_link(world, staff_of(world, "steward"))


def mistaken(answer, name: str, why: str) -> str:
    """The page with this mistake: beside the field, and above the form with a link that leads to the field."""
    assert answer.status_code == UNPROCESSABLE
    return beside(markup_of(answer), name, why)


def beside(page: str, name: str, why: str) -> str:
    (control, *_) = re.findall(
        rf'<(?:input|select|textarea)\b[^>]* name="{name}"[^>]* aria-invalid="true"[^>]*>', page
    )
    described = re.search(r'aria-describedby="([^"]*)"', control) or re.search(
        rf'<fieldset class="field wrong" aria-describedby="([^"]*)">(?:(?!</fieldset>).)*name="{name}"', page
    )
    assert described is not None
    errors = [part for part in described[1].split() if part.endswith("_error")]
    said_beside = re.search(rf'<p class="error" id="{errors[0]}">.*?</p>', page)
    assert why in words_of(said_beside[0])
    summary = re.search(r'<div class="error-summary".*?</div>', page)[0]
    assert why in words_of(summary)
    leads_to = re.findall(r'href="#([^"]+)"', summary)
    assert leads_to
    assert all(f'id="{field_id}"' in page for field_id in leads_to)
    return page


def value_of(page: str, name: str) -> str | None:
    """Of the first field of that name that has one: the search in the strip is empty."""
    controls = re.findall(rf'<input\b[^>]* name="{name}"[^>]*>', page)
    return next(
        (match[1] for control in controls if (match := re.search(r' value="([^"]*)"', control))), None
    )


def chosen(page: str, value: str) -> bool:
    return bool(re.search(rf'<(?:option|input)\b[^>]* value="{value}"[^>]* (?:selected|checked)\b', page))


LONG = "Ring twice & wait <there>. " * 20


@pytest.mark.parametrize(
    ("step", "typed", "field", "why"),
    [
        ("time", {"day": "2040-02-14", "hour": "02:30"}, "day", "more than 60 days"),
        ("time", {"day": "2040-02-14", "hour": "soon"}, "hour", "Choose a day and an hour."),
        ("kind", {"kind": "childcare", "children": "many"}, "children", "How many children"),
        ("kind", {"kind": "taxi", "children": "2"}, "kind", "Choose what they need."),
        ("notes", {"notes": LONG}, "notes", "500 characters"),
        ("promise", {"how": "write", "minutes": "100000"}, "minutes", "Promise a time within a day"),
        ("promise", {"how": "write", "minutes": "soon"}, "minutes", "Promise a time within a day"),
        ("promise", {"how": "shout", "minutes": "20"}, "how", "Choose whether you call or write."),
    ],
)  # fmt: skip
def test_a_mistake_in_a_menu_of_a_request_gives_back_what_was_typed(world, board, step, typed, field, why):
    world.member("Rosa").sends("help")
    page = mistaken(post(board, f"/requests/{world.request().number}/do/{step}", **typed), field, why)
    for name, value in typed.items():
        assert value_of(page, name) == escape(value) or chosen(page, value) or value in ("taxi", "shout")
    assert f'href="/requests/{world.request().number}"' in page
    request = SupportRequest.objects.get()
    assert (request.starts_at, request.kind, request.children, request.notes) == (None, "", None, None)


def test_a_menu_that_was_filled_in_again_does_what_it_says(world, board):
    world.member("Rosa").sends("help")
    path = f"/requests/{world.request().number}/do/notes"
    page = mistaken(post(board, path, notes=LONG), "notes", "500 characters")
    assert f'action="{path}"' in page
    assert post(board, path, notes=LONG[:500]).status_code == 302
    assert SupportRequest.objects.get().notes == LONG[:500].strip()


def test_a_search_without_the_home_confirmed_asks_for_it_beside_its_box(world, board):
    world.member("Rosa").sends("help")
    number = world.request().number
    post(board, f"/requests/{number}/do/kind", kind="accompaniment")
    mistaken(
        post(board, f"/requests/{number}/do/start"), "at_home", "Ask first whether the member is at home"
    )
    assert post(board, f"/requests/{number}/do/start", at_home="1").status_code == 302


def test_why_a_rule_should_be_set_aside_is_given_back_whatever_is_wrong(world, board):
    barred, rosa = world.responder("Ana", kinds=("legal",)), world.member("Rosa")
    rosa.asks()
    path = f"/requests/{world.request().number}/do/exempt"
    person = str(barred.person.pk)
    page = mistaken(post(board, path, person=person, reason=" "), "reason", "Say in a few words why")
    assert value_of(page, "person") == person
    assert "Nothing was kept yet:" in words_of(page)
    answer = post(board, path, person=person, reason="her own mother is there")
    assert answer.status_code == UNPROCESSABLE
    page = markup_of(answer)
    assert value_of(page, "reason") == "her own mother is there"
    assert "Can not be asked" in words_of(re.search(r'<div class="error-summary".*?</div>', page)[0])


def test_a_reason_for_nobody_is_given_back_with_a_sentence_above(world, board):
    world.member("Rosa").sends("help")
    answer = post(board, f"/requests/{world.request().number}/do/exempt", person="x", reason="her own mother")
    assert answer.status_code == UNPROCESSABLE
    page = markup_of(answer)
    assert value_of(page, "reason") == "her own mother"
    assert "no longer possible" in words_of(re.search(r'<div class="error-summary".*?</div>', page)[0])


def test_which_of_two_hours_is_asked_with_all_that_was_typed(world):
    world.now = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
    board = by_link(world, staff_of(world, "coordinator"))
    rosa = world.member("Rosa Prieto")
    rosa.sends("help")
    typed = {"day": "2026-11-01", "hour": "01:30", "right": "1"}
    page = markup_of(post(board, f"/requests/{world.request().number}/do/time", **typed))
    assert [value_of(page, name) for name in ("day", "hour", "right")] == ["2026-11-01", "01:30", "True"]
    assert re.findall(r'<button class="primary" name="which" value="(\d)">', page) == ["0", "1"]
    other = world.member("Luz Prieto")
    form = {"q": "luz", "member": str(other.person.member.pk), "kind": "legal", "at_home": "1", **typed}
    page = mistaken(post(board, "/requests", **form), "which", "Clocks go back that night")
    assert "01:30 CDT" in page
    assert "01:30 CST" in page
    assert post(board, "/requests", **form, which="1").status_code == 302
    assert SupportRequest.objects.get(member=other.person.member).starts_at.hour == 7


def test_what_was_typed_for_a_request_that_closed_meanwhile_is_given_back(world, board):
    world.member("Rosa").sends("help")
    number = world.request().number
    SupportRequest.objects.update(state=State.CLOSED, outcome="mistake", closed_at=world.now)
    day = (world.now + timedelta(days=3)).date().isoformat()
    answer = post(board, f"/requests/{number}/do/time", day=day, hour="10:30")
    assert answer.status_code == UNPROCESSABLE
    assert "no longer possible" in words_of(answer)
    assert value_of(markup_of(answer), "day") == day


def test_the_menus_of_a_request_are_filled_with_what_is_known(world, board):
    world.member("Rosa").sends("help")
    request = SupportRequest.objects.get()
    request.kind, request.children, request.notes = "childcare", 2, "Ring twice"
    request.save()
    page = markup_of(get(board, f"/requests/{world.request().number}"))
    assert value_of(page, "children") == "2"
    assert value_of(page, "notes") == "Ring twice"
    assert chosen(page, "childcare")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


class TestOpeningARequest:
    """A member called or came by."""

    @pytest.fixture
    def rosa(self, world):
        return world.member("Rosa Prieto")

    def test_a_mistake_gives_everything_back(self, world, board, rosa):
        member = str(rosa.person.member.pk)
        typed = {"q": "rosa", "member": member, "kind": "childcare", "children": "two", "day": "2040-01-01",
                 "hour": "09:30"}  # fmt: skip
        page = mistaken(post(board, "/requests", **typed), "children", "How many children")
        mistaken(post(board, "/requests", **typed), "at_home", "Confirm that it is from their home")
        mistaken(post(board, "/requests", **typed), "day", "more than 60 days")
        assert chosen(page, member)
        assert chosen(page, "childcare")
        for name in ("q", "children", "day", "hour"):
            assert value_of(page, name) == typed[name]
        assert not SupportRequest.objects.exists()

    def test_who_is_meant_is_asked_beside_the_names_that_were_found(self, board, rosa):
        page = mistaken(
            post(board, "/requests", q="rosa", kind="legal", at_home="1"), "member", "Choose the member"
        )
        assert f'value="{rosa.person.member.pk}"' in page

    def test_half_of_a_time_is_no_time(self, board, rosa):
        typed = {"q": "rosa", "member": str(rosa.person.member.pk), "kind": "legal", "at_home": "1"}
        mistaken(post(board, "/requests", **typed, hour="09:30"), "day", "Choose a day and an hour.")
        mistaken(post(board, "/requests", **typed, day="2026-12-24"), "hour", "Choose a day and an hour.")
        assert not SupportRequest.objects.exists()

    def test_how_many_children_is_asked_where_it_is_needed(self, board, rosa):
        typed = {"q": "rosa", "member": str(rosa.person.member.pk), "kind": "childcare", "at_home": "1"}
        mistaken(post(board, "/requests", **typed), "children", "Say first how many children.")

    def test_a_frozen_home_is_told_above_with_all_that_was_typed(self, world, board, rosa):
        rosa.person.member.frozen_at = world.now
        rosa.person.member.save(update_fields=["frozen_at"])
        typed = {"q": "rosa", "member": str(rosa.person.member.pk), "kind": "legal", "at_home": "1"}
        answer = post(board, "/requests", **typed)
        assert answer.status_code == UNPROCESSABLE
        assert "The home is frozen" in words_of(answer)
        assert chosen(markup_of(answer), "legal")


def test_how_it_ended_is_asked_beside_the_ways_it_may_have_ended(world, board):
    world.member("Rosa").sends("help")
    number = world.request().number
    page = mistaken(
        post(board, f"/requests/{number}/do/close", seen=f"{number}"), "outcome", "Say how it ended."
    )
    assert value_of(page, "seen") == f"{number}"
    assert world.request().state == State.ASKING


def test_how_it_ended_stays_chosen_where_who_comes_has_changed(world, board):
    world.member("Rosa").sends("help")
    number = world.request().number
    answer = post(board, f"/requests/{number}/do/close", outcome="other_help", seen="x")
    assert answer.status_code == UNPROCESSABLE
    page = markup_of(answer)
    assert "Who comes has changed since" in words_of(page)
    assert chosen(page, "other_help")
    assert (
        post(
            board, f"/requests/{number}/do/close", outcome="other_help", seen=value_of(page, "seen")
        ).status_code
        == 302
    )
    assert world.request().state == State.CLOSED


class TestAPersonsPage:
    @pytest.fixture
    def ana(self, world):
        return world.responder("Ana Sol")

    @pytest.mark.parametrize(
        ("step", "typed", "field", "why"),
        [
            ("pin", {"pin": "12"}, "pin", "four to eight digits"),
            ("suspend", {"why": " "}, "why", "Say why, in a few words."),
            ("restore", {"why": ""}, "why", "Say why, in a few words."),
            ("write", {"words": " "}, "words", "Write a few words first."),
            ("write", {"words": LONG * 2}, "words", "one to 1,000 characters"),
        ],
    )
    def test_a_mistake_gives_back_what_was_typed(self, board, ana, step, typed, field, why):
        page = mistaken(post(board, f"/people/{ana.person.pk}/do/{step}", **typed), field, why)
        assert "Ana Sol" in page
        (typed_words,) = typed.values()
        assert escape(typed_words).strip() in page
        assert Person.objects.get(pk=ana.person.pk).suspended_at is None

    def test_words_to_a_phone_that_stopped_our_texts_meanwhile_are_given_back(self, board, ana):
        ana.sends("STOP")
        answer = post(board, f"/people/{ana.person.pk}/do/write", words="Are you home & well?")
        assert answer.status_code == UNPROCESSABLE
        assert "Not sent: this phone has stopped our texts." in words_of(answer)
        assert "Are you home &amp; well?</textarea>" in markup_of(answer)

    def test_words_under_duress_are_given_back_until_a_second_person_agrees(self, world, board):
        rosa = world.member("Rosa", duress_word="mariposa")
        rosa.sends("mariposa help")
        answer = post(board, f"/people/{rosa.person.pk}/do/write", words="Are you home & well?")
        assert answer.status_code == UNPROCESSABLE
        assert "a second person must agree first" in words_of(answer)
        assert "Are you home &amp; well?</textarea>" in markup_of(answer)

    def test_who_is_never_sent_with_them_is_found_and_chosen_again(self, world, board, ana):
        luis = world.responder("Luis Sol")
        path = f"/people/{ana.person.pk}/do/apart"
        page = mistaken(post(board, path, q="luis", set_by="organization"), "other", "Choose another person")
        assert f'value="{luis.person.pk}"' in page
        assert chosen(page, "organization")
        page = mistaken(
            post(board, path, q="sol", other=str(luis.person.pk), set_by="me"), "set_by", "Choose another"
        )
        assert chosen(page, str(luis.person.pk))
        assert not Apart.objects.exists()

    def test_a_search_for_nobody_says_so_beside_the_field(self, board, ana):
        mistaken(post(board, f"/people/{ana.person.pk}/apart", q=" "), "q", "This is empty.")


@pytest.mark.parametrize("path", ["/find", "/requests/new"])
def test_a_search_for_nothing_says_so_beside_the_field(board, path):
    mistaken(post(board, path, q=" "), "q", "This is empty.")


@pytest.mark.parametrize("path", ["/requests/new", "/people"])
def test_what_was_searched_for_stays_in_the_field(board, path):
    assert "zzz &amp; y" in [
        re.search(r' value="([^"]*)"', piece)[1]
        for piece in re.findall(r'<input\b[^>]* name="q"[^>]*>', markup_of(post(board, path, q="zzz & y")))
        if ' value="' in piece
    ]


class TestLookingAtMore:
    """A reason is asked for before one more is looked at."""

    @pytest.fixture(autouse=True)
    def none_left(self, settings):
        settings.LOOKS_AN_HOUR = dict.fromkeys(("address", "person", "search"), 1)

    def test_a_reason_that_is_none_is_asked_beside_its_choices_and_the_form_is_kept(self, board):
        post(board, "/find", q="Rosa")
        assert "aria-invalid" not in markup_of(post(board, "/find", q="Rosa"))
        for why in ("", "because"):
            answer = post(board, "/find", q="Rosa", why_look=why)
            assert answer.status_code == 403
            page = beside(markup_of(answer), "why_look", "Choose a reason.")
            assert value_of(page, "q") == "Rosa"

    def test_each_of_several_choices_is_asked_for_again(self, world, steward, monkeypatch):
        monkeypatch.setattr("network.console.requests.views.drills.FEW", 1)
        both = [str(world.responder(name).person.pk) for name in ("Ana", "Beto")]
        post(steward, "/find", q="luis")
        answer = post(steward, "/drills", q="luis", person=both, kind=["legal", "childcare"])
        assert answer.status_code == 403
        page = markup_of(answer)
        assert re.findall(r'name="person" value="([^"]+)"', page) == both
        assert re.findall(r'name="kind" value="([^"]+)"', page) == ["legal", "childcare"]

    def test_which_page_was_asked_for_is_asked_for_again(self, world, board):
        get(board, "/people")
        page = markup_of(get(board, "/people?page=2"))
        assert value_of(page, "page") == "2"


class TestADrill:
    def form(self, world, **more):
        return {
            "kind": ["legal"], "person": [], "organization": str(world.azul.pk), "language": "es",
            "minutes": "120", **more,
        }  # fmt: skip

    def test_a_mistake_gives_back_what_was_chosen(self, world, steward):
        ana = world.responder("Ana")
        page = mistaken(
            post(steward, "/drills/start", **self.form(world)), "person", "Choose who takes part."
        )
        for value in ("legal", "120", "es", str(world.azul.pk)):
            assert chosen(page, value)
        typed = self.form(world, kind=[], person=[str(ana.person.pk)])
        page = mistaken(post(steward, "/drills/start", **typed), "kind", "Choose what is practiced.")
        assert chosen(page, str(ana.person.pk))
        typed = self.form(world, person=[str(ana.person.pk)], minutes="soon", organization="")
        mistaken(post(steward, "/drills/start", **typed), "minutes", "Choose how long it may last.")
        mistaken(post(steward, "/drills/start", **typed), "organization", "Choose near which organization.")
        assert not Drill.objects.exists()

    def test_while_one_runs_what_was_chosen_for_another_is_kept(self, world, steward):
        ana = world.responder("Ana", kinds=("accompaniment", "legal"))
        typed = self.form(world, person=[str(ana.person.pk)])
        assert post(steward, "/drills/start", **typed).status_code == 302
        answer = post(steward, "/drills/start", **typed)
        assert answer.status_code == UNPROCESSABLE
        assert chosen(markup_of(answer), str(ana.person.pk))


def test_words_that_would_break_a_text_are_told_beside_the_field(steward):
    page = mistaken(
        post(steward, "/wording/home/en", words="Hello", step="save", seen="0"),
        "words",
        "These fields must stay",
    )
    assert re.search(r">\s*Hello</textarea>", page)
    assert "<br>It must begin with: {prefix}:" in page
    typed = "{prefix}: <i>Hello {prefix}</i> {name}"
    assert "<i>" not in markup_of(post(steward, "/wording/home/en", words=typed, step="check", seen="0"))


@pytest.mark.parametrize("words", ["{prefix}: {1}", "{prefix", "}", "{prefix!r:>9}", "{}", "{prefix.x}"])
def test_a_brace_that_is_no_field_is_told_beside_the_words_that_have_it(steward, words):
    answer = post(steward, "/wording/home/en", words=words, step="save", seen="0")
    page = mistaken(answer, "words", "Braces are only for the fields")
    assert re.search(rf">\s*{re.escape(escape(words))}</textarea>", page)
    assert re.search(r'<textarea[^>]* aria-describedby="[^"]*\bparts\b', page)


def test_a_surge_and_a_holiday_say_beside_their_field_what_is_missing(board):
    mistaken(post(board, "/asking/surge/declare"), "sure", "Confirm that far more people")
    mistaken(post(board, "/asking/holidays/add", day="tomorrow"), "day", "Choose a day.")
    assert not Holiday.objects.exists()


def test_the_pin_of_a_visit_is_drawn_by_its_form(db):
    page = markup_of(get(browser(), "/visit"))
    control = re.search(r'<input\b[^>]* name="pin"[^>]*>', page)[0]
    for said_of_it in (
        'id="id_pin"',
        'inputmode="numeric"',
        'autocomplete="off"',
        'pattern="[0-9]{4,8}"',
        "required",
    ):
        assert said_of_it in control
    assert '<label for="id_pin">Your PIN</label>' in page
