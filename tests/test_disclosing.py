"""Where the law demands it, what is kept of one phone is told once, and two people agree."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from network.audit.models import Entry, Whom
from network.audit.rules import COMMAND_LINE
from network.conversations.handling import calls
from network.desk.actions import close
from network.desk.models import Need
from network.disclosing import everything_about, schema
from network.enrollment.actions import approvals
from network.enrollment.models import LegalRequest
from network.messaging.models import Inbound, Outbound
from network.privacy.holders import keys_in_use
from network.privacy.queries import fingerprint
from network.trust.models import Proposal
from tests.console.signing_in import by_link, get, post, staff_of
from tests.reading import words_of

GOLDEN = Path(__file__).parent / "disclosure_schema.json"
WHY = "Cook County, 26 CR 123"


@pytest.fixture
def town(world, hire):
    """Rosa asked, Ana came, and it is over."""
    world.steward, world.verifier = hire("steward"), hire("verifier", world.azul)
    world.rosa, world.ana, world.luz = world.member("Rosa"), world.responder("Ana"), world.member("Luz")
    world.rosa.asks("tocan la puerta")
    world.settle()
    world.ana.accepts(" 10 min")
    world.ana.sends("3")
    world.ana.sends("4")
    world.rosa.sends("1")
    world.wait(minutes=90)
    for phone in (world.rosa, world.ana):
        call = calls.came(account="AC", sid=f"CA{phone.name}", phone=phone.number, now=world.now)
        calls.ring_first(call.pk, now=world.now)
        calls.ended(account="AC", sid=f"CA{phone.name}", seconds=42, now=world.now)
    for need in Need.objects.filter(closed_at=None):
        close(need.pk, by=COMMAND_LINE, now=world.now)
    return world


def disclose(*words):
    """What the command prints, what it says of an error, and how it ends."""
    out, err = StringIO(), StringIO()
    try:
        call_command("disclose", *words, stdout=out, stderr=err)
    except SystemExit as ended:
        return out.getvalue(), err.getvalue(), ended.code
    return out.getvalue(), err.getvalue(), 0


def proposed(phone):
    out, err, code = disclose(phone, "--reason", WHY)
    assert (err, code) == ("", 0)
    return out.strip()


def agreed(town, phone):
    proposal = proposed(phone)
    approvals.agree(proposal, staff_id=town.steward.pk, now=town.now)
    return proposal


def printed(town, phone):
    out, err, code = disclose(phone, "--proposal", agreed(town, phone))
    assert (err, code) == ("", 0)
    return json.loads(out)


def test_what_is_told_has_the_shape_that_is_written_down(town):
    """After a change of tables: look at what is new, then write the file anew."""
    golden = json.loads(GOLDEN.read_text())
    assert schema() == golden
    for phone in (town.rosa.number, town.ana.number, "+13125559999"):
        kept = everything_about(phone)
        assert kept.keys() == golden.keys()
        for table, rows in kept.items():
            for row in rows:
                assert list(row) == golden[table]


def test_all_that_is_kept_is_told_and_nothing_else_is(town):
    """Every row in which one of their ids, or their phone's hash, stands; others' texts are the others'."""
    for phone in (town.rosa, town.ana):
        kept = printed(town, phone.number)["kept"]
        ids = {row["id"] for table in ("people.person", "messaging.contact") for row in kept[table]}
        ids |= {row["id"] for row in kept["support.supportrequest"]}
        ids |= {fingerprint(phone.number).hex()}
        elsewhere = {Whom._meta.db_table}  # told as lines of history, by the view
        for model in apps.get_models():
            if model._meta.db_table in elsewhere or not model.__module__.startswith("network."):
                continue
            with connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}" t WHERE t::text ~ %s',
                    ["|".join(ids)],
                )
                found = {str(pk) for (pk,) in cursor.fetchall() if not isinstance(pk, memoryview | bytes)}
            name = model._meta.pk.attname
            told = {str(row[name]) for row in kept.get(model._meta.label_lower, ())}
            if model in (Inbound, Outbound):
                of_others = model.objects.exclude(contact__fingerprint=fingerprint(phone.number))
                found -= {str(pk) for pk in of_others.values_list("pk", flat=True)}
            assert found <= told, model
        assert "Rosa" in str(kept) or "Ana" in str(kept)
        assert "Luz" not in str(kept)


def test_words_are_told_and_what_opens_doors_is_not(town):
    kept = printed(town, town.ana.number)["kept"]
    (person,), (responder,) = kept["people.person"], kept["people.responder"]
    assert (person["name"], person["phone"]) == ("Ana", town.ana.number)
    assert responder["pin_hash"] == "(kept; not printed)"
    assert kept["privacy.key"][0]["wrapped"] == "(kept; not printed)"
    assert any(row["action"] == "offer.accepted" for row in kept["audit.entry"])
    assert kept["visits.visit"]
    rosa = printed(town, town.rosa.number)["kept"]
    assert rosa["people.member"][0]["street"]
    assert any(row["body"] == "tocan la puerta" for row in rosa["messaging.inbound"])


def test_it_is_printed_once_within_a_day_after_another_agreed(town):
    phone, proposal = town.rosa.number, proposed(town.rosa.number)
    out, err, code = disclose(phone, "--proposal", proposal)
    assert (out, code) == ("", 1)
    assert "Nobody has agreed" in err
    approvals.agree(proposal, staff_id=town.steward.pk, now=town.now)
    town.now += timedelta(hours=23)
    assert disclose(phone, "--proposal", proposal)[2] == 0
    out, err, code = disclose(phone, "--proposal", proposal)
    assert (out, code) == ("", 1)
    assert "printed already" in err
    late = agreed(town, phone)
    town.now += timedelta(hours=24)
    out, err, code = disclose(phone, "--proposal", late)
    assert (out, code) == ("", 1)
    assert "more than a day ago" in err


def test_it_is_of_one_phone_only(town):
    proposal = agreed(town, town.rosa.number)
    for phone, number in ((town.ana.number, proposal), (town.rosa.number, str(uuid4()))):
        out, err, code = disclose(phone, "--proposal", number)
        assert (out, code) == ("", 1)
        assert "no such proposal" in err
    assert disclose("nobody", "--reason", WHY)[2] == 1
    assert disclose(town.rosa.number, "--reason", " ")[2] == 1


def test_a_phone_that_nobody_knows_takes_the_same_steps_in_the_same_words(town):
    """Up to what is kept, which is nothing but the demand itself."""
    unknown = "+13125559999"
    assert [len(proposed(phone)) for phone in (unknown, town.rosa.number)] == [36, 36]
    kept = printed(town, unknown)["kept"]
    assert {table for table, rows in kept.items() if rows} == {"enrollment.legalrequest"}
    actions = Entry.objects.filter(action__startswith="disclosure.").values_list("action", flat=True)
    assert set(actions) == {"disclosure.allowed", "disclosure.printed"}


def test_it_is_on_record_without_the_phone_or_the_reason(town):
    printed(town, town.rosa.number)
    lines = list(Entry.objects.filter(action__in=["proposal.made", "disclosure.printed"]).values())
    assert {line["actor"] for line in lines} == {"command"}
    assert town.rosa.number[-10:] not in str(lines)
    assert "Cook" not in str(lines)


def test_a_steward_agrees_in_the_console_and_a_verifier_does_not_see_it(town):
    proposal = proposed(town.rosa.number)
    told = words_of(get(by_link(town, town.steward), "/organizations"))
    assert f"a phone that ends in {town.rosa.number[-4:]}" in told
    assert WHY in told
    assert town.rosa.number not in told
    assert WHY not in words_of(get(by_link(town, town.verifier), "/organizations"))
    assert post(by_link(town, town.verifier), f"/proposals/{proposal}/agree").status_code == 404
    assert post(by_link(town, town.steward), f"/proposals/{proposal}/agree").status_code == 302
    assert Proposal.objects.get(pk=proposal).state == "done"


def test_the_demand_is_erased_with_its_key_when_its_proposal_is(town):
    from network import forgetting
    from network.console.shell.forgetting import ERASERS

    printed(town, town.rosa.number)
    key = LegalRequest.objects.get().key_id
    town.now += timedelta(days=91)
    for _ in range(4):
        forgetting.forget(now=town.now, erasers=ERASERS)
        town.now += timedelta(hours=1)
    assert not LegalRequest.objects.exists()
    assert not keys_in_use([key])


@pytest.mark.parametrize(("language", "few"), [("en", "under 5"), ("es", "menos de 5")])
def test_the_page_of_transparency_counts_and_hides_what_is_few(town, language, few):
    auditor = by_link(town, staff_of(town, "auditor"))
    auditor.cookies["django_language"] = language
    for _ in range(5):
        agreed(town, "+13125559999")
    told = words_of(get(auditor, "/measures/transparency"))
    assert told.count(few) == 3
    assert told.count(" 5 ") >= 2
