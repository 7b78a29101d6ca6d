"""History in words: a sentence for every code, names for who may see them, and what may be undone."""

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from network.audit.actions import record
from network.audit.models import Entry
from network.audit.rules import ENGINE, staff
from network.console.requests.timeline_words import SENTENCES
from network.console.requests.undo import UNDO_FOR, Past, undoable
from network.desk.models import Need
from network.dispatch.models import Exemption
from network.people.actions.persons import set_rest
from network.support.models import SupportRequest
from network.support.rules.requests import Event, State
from network.trust.rules.proposals import ProposalState
from network.visits.rules.stages import Plan
from tests.console.signing_in import by_link, get, staff_of

NETWORK = Path(__file__).resolve().parents[2] / "network"
WRITERS = {"record", "recorded", "_recorded", "_record"}
SPELT = {  # codes that end in one of a closed set
    "request.": list(Event), "proposal.": [proposal_state for proposal_state in ProposalState if proposal_state != "open"],
    "import.": ["organizations", "members", "responders"], "visit.plan_": list(Plan),
}  # fmt: skip
ALWAYS_TOLD = {"who", "person", "staff", "reason"}
SAID_OTHERWISE = {"starts_at": "when", "seconds": "length"}


def calls():
    """Every line of history that the program writes: where, its code or codes, and the names of its detail."""
    for path in sorted(NETWORK.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in WRITERS and node.args:
                keywords = {keyword.arg for keyword in node.keywords} - {"by", "now", "request_id"}
                codes = list(_codes(node.args[0], f"{path.name}:{node.lineno}"))
                yield from ((code, keywords) for code in codes)


def _name(function):
    return getattr(function, "id", getattr(function, "attr", ""))


def _codes(argument, where):
    match argument:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from _codes(body, where)
            yield from _codes(orelse, where)
        case ast.JoinedStr(values=[ast.Constant(value=beginning), ast.FormattedValue()]):
            yield from (f"{beginning}{end}" for end in SPELT[beginning])
        case ast.Name(id="action"):  # inside a writer of its own, whose callers are looked at
            return
        case _:
            raise AssertionError(f"{where}: this test can't read the code that is recorded there")


CALLS = list(calls())


def test_the_program_writes_many_codes_and_this_test_finds_them():
    found = {code for code, _ in CALLS}
    assert len(found) > 90
    assert {"offer.made", "request.close", "member.unfrozen", "import.members", "visit.plan_go"} <= found


def test_every_code_has_a_sentence_and_every_sentence_a_code():
    found = {code for code, _ in CALLS}
    assert found - set(SENTENCES) == set()
    assert set(SENTENCES) - found == {"request.time.none"}  # the same line, with nothing set


@pytest.mark.parametrize(
    ("code", "keywords"), CALLS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_sentence_asks_only_for_what_its_line_holds(code, keywords):
    told = ALWAYS_TOLD | keywords | {SAID_OTHERWISE.get(keyword, keyword) for keyword in keywords if keyword}
    asked = set(re.findall(r"%\((\w+)\)s", str(SENTENCES[code])))
    if None not in keywords:  # all numbers of trust at once
        assert asked <= told, code


@pytest.fixture
def board(world):
    client = by_link(world, world.coordinator())
    staff_of(world, "coordinator")
    return client


def story(world):
    ana, rosa = world.responder("Anabel"), world.member("Rosalind")
    rosa.asks()
    ana.accepts()
    return ana, rosa


def words(client, path):
    page = get(client, path).content.decode()
    return page, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_a_requests_page_tells_its_story_in_sentences(world, board):
    story(world)
    panel, told = words(board, f"/requests/{world.request().number}/panel/history")
    for sentence in (
        "A text from the member opened the request.",
        "A text came from the member.",
        "A text from the member said what is needed: accompaniment.",
        "The engine asked Anabel.",
        "Anabel said yes.",
        "Anabel got the link and the word, and sets out.",
        "All who are needed have said yes: nobody more is asked.",
        "On the board: New request: read it.",
    ):
        assert sentence in told
    assert "Tuesday 6 October" in told
    assert "10:00:00 CDT" in told
    assert "offer.made" not in panel
    assert told.index("Anabel said yes.") < told.index("opened the request.")  # the newest on top


def test_days_stand_apart_and_a_filter_leaves_texts_or_people(world, board):
    _, rosa = story(world)
    world.now += timedelta(days=1)
    rosa.sends("gracias")
    path = f"/requests/{world.request().number}/panel/history"
    client = by_link(world, world.coordinator())
    _, told = words(client, path)
    assert told.index("Wednesday 7 October") < told.index("Tuesday 6 October")
    _, texts = words(client, f"{path}?show=texts")
    assert "A text came from the member." in texts
    assert "Anabel said yes." not in texts
    assert "opened the request" not in texts
    _, people = words(client, f"{path}?show=people")
    assert "Anabel said yes." in people
    assert "A text came from" not in people
    assert words(client, f"{path}?show=x")[1] == told
    page, _ = words(client, f"/requests/{world.request().number}?show=texts")
    assert "panel/history?show=texts" in page  # it stays when the panel is fetched again


def test_who_may_not_see_people_reads_the_same_sentences_without_a_name(world, board):
    ana, rosa = story(world)
    number = world.request().number
    get(board, f"/requests/{number}")
    _, auditor = words(by_link(world, staff_of(world, "auditor")), "/history")
    _, steward = words(by_link(world, staff_of(world, "steward")), "/history")
    assert "The engine asked somebody." in auditor
    assert "A text from the member opened the request." in auditor
    assert "offer.made offer:" in auditor
    assert "The engine asked Anabel." in steward
    for private in ("Anabel", "Rosalind", rosa.number, ana.number, "c1@", "Sample"):
        assert private not in auditor
    assert rosa.number not in steward
    assert f"#{number} The engine asked" in steward


def test_a_code_without_words_stands_for_itself(world, board):
    story(world)
    request = world.request()
    with transaction.atomic():
        record("moon.eclipsed", f"request:{request.pk}", by=ENGINE, now=world.now, request_id=request.pk)
        record("offer.made", "offer:gone", by=ENGINE, now=world.now, request_id=request.pk)
    _, told = words(board, f"/requests/{request.number}/panel/history")
    assert "moon.eclipsed" in told
    assert "The engine asked somebody." in told


def test_who_took_a_need_is_told_with_what_it_was(world, board):
    world.member("Rosalind").sends("help")
    request, need = world.request(), Need.objects.get(reason="new_request")
    board.post(f"/needs/{need.pk}/claim", {"back": "/"}, secure=True)
    _, told = words(board, f"/requests/{request.number}/panel/history")
    assert re.search(r"C\d+ took it: New request: read it\.", told)


def undo_of(page, label):
    """The form beside a line that can be undone: its address and its fields."""
    line = next(part for part in page.split("<li>") if label in part)
    form = re.search(r'<form method="post" action="([^"]+)"(.*?)</form>', line, re.S)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])) if form else {}
    return (form[1], {k: v for k, v in fields.items() if k != "csrfmiddlewaretoken"}) if form else None


def test_a_stopped_search_is_begun_again_from_the_timeline_for_five_minutes(world, board):
    world.responder("Anabel")
    world.member("Rosalind").asks()
    number = world.request().number
    history = f"/requests/{number}/panel/history"
    assert "can be undone" not in get(board, history).content.decode()
    board.post(f"/requests/{number}/do/stop", secure=True)
    page, told = words(board, history)
    assert "can be undone until 10:05" in told
    url, fields = undo_of(page, "stopped the search.")
    board.post(url, fields, secure=True)
    assert world.request().state == State.SEARCHING
    page, _ = words(board, history)
    assert undo_of(page, "stopped the search.") is None
    url, fields = undo_of(page, "began the search.")  # which took it up again
    world.now += UNDO_FOR
    assert "can be undone" not in get(board, history).content.decode()
    board.post(url, fields, secure=True)
    assert world.request().state == State.STOPPED


def test_a_claim_is_undone_by_who_took_it_only(world, board):
    world.member("Rosalind").sends("help")
    number, need = world.request().number, Need.objects.filter(claimed_by=None).first()
    board.post(f"/needs/{need.pk}/claim", {"back": "/"}, secure=True)
    history = f"/requests/{number}/panel/history"
    other = by_link(world, world.coordinator())
    assert undo_of(get(other, history).content.decode(), "took it") is None
    url, fields = undo_of(get(board, history).content.decode(), "took it")
    assert board.post(url, fields, secure=True)["Location"] == f"/requests/{number}"
    assert Need.objects.get(pk=need.pk).claimed_by is None
    assert undo_of(get(board, history).content.decode(), "took it") is None


def test_a_proposed_exception_is_taken_back_from_the_timeline(world, board):
    beto = world.responder("Beto", rest_until=world.now + timedelta(hours=3))
    world.member("Rosalind").asks()
    request = SupportRequest.objects.get()
    form = {"person": str(beto.person.pk), "reason": "they are neighbors"}
    board.post(f"/requests/{request.number}/do/exempt", form, secure=True)
    assert Exemption.objects.count() == 1
    page, told = words(board, f"/requests/{request.number}/panel/history")
    assert "proposed to ask Beto all the same: rests after a hard visit." in told
    assert "neighbors" not in told
    url, fields = undo_of(page, "proposed to ask")
    board.post(url, fields, secure=True)
    assert not Exemption.objects.exists()


NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)


def past(*actions, by_staff=True, minutes=1):
    return [
        Past(n, action, "request:1", NOW - timedelta(minutes=minutes), by_staff, by_staff)
        for n, action in enumerate(actions)
    ]


@pytest.mark.parametrize(
    ("newest_first", "undo"),
    [
        (["request.stop", "request.search"], {0: "start"}),
        (["request.notes", "request.stop", "request.search"], {1: "start"}),
        (["request.stop", "request.cover", "request.search"], {0: "start"}),
        (["request.stop"], {}),  # stopped before anybody was sought: there is nothing to go back to
        (["request.search", "request.stop", "request.search"], {0: "stop"}),
        (["request.search"], {}),
        (["request.cover", "request.search", "request.stop"], {}),
        (["request.close", "request.stop", "request.search"], {}),
        (["request.kind", "request.time", "request.notes", "request.called"], {}),
    ],
)
def test_only_a_step_that_has_an_opposite_goes_back(newest_first, undo):
    assert undoable(past(*newest_first), (), now=NOW) == undo


def test_the_engines_steps_and_old_ones_do_not_go_back():
    stopped = ["request.stop", "request.search"]
    assert undoable(past(*stopped, by_staff=False), (), now=NOW) == {}
    assert undoable(past(*stopped, minutes=5), (), now=NOW) == {}


def test_every_line_of_a_long_story_has_words(world, board):
    """No code shows on a page after a day with much in it."""
    ana, rosa = story(world)
    ana.sends("3")
    ana.sends("4")
    rosa.sends("1")
    set_rest(ana.person.pk, until=world.now, by=staff(staff_of(world, "steward").pk), now=world.now)
    actions = set(Entry.objects.values_list("action", flat=True))
    page, _ = words(by_link(world, staff_of(world, "steward")), "/history")
    sentences = re.sub(r"<code>.*?</code>", "", page)
    assert len(actions) > 15
    assert [code for code in actions if code in sentences] == []
