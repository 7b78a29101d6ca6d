"""An organization's own people as a file: two people, its own key, once, within the hour, and nobody else's."""

import csv
import io
import zipfile
from datetime import timedelta

import pyrage
import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from network.audit.models import Entry
from network.audit.rules import COMMAND_LINE
from network.enrollment.actions import approvals, enroll, exports
from network.enrollment.actions.imports import load
from network.enrollment.models import Export
from network.enrollment.rules.exports import cell, phone, spreadsheet
from network.enrollment.spreadsheets import COLUMNS
from network.organizations.models import Organization
from network.people.actions import persons
from network.people.models import Member, Person, Responder
from network.people.rules.hours import parse_hours, write_hours
from network.staff.actions import accounts
from network.staff.models import Staff
from network.staff.rules import approvers
from network.staff.rules.approvers import ApproverRefusal
from network.trust.actions import proposals
from network.trust.models import Vouch
from network.trust.rules.proposals import ProposalKind
from tests.enrollment.test_enroll import member, responder
from tests.trust.test_trust import at_once

WHY = "our yearly look at the list"


@pytest.fixture
def identity():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def azul(world, identity):
    Organization.objects.filter(pk=world.azul.pk).update(age_recipient=str(identity.to_public()))
    return world.azul


def proposed(world, verifier):
    return exports.propose_export(why=WHY, staff_id=verifier.pk, now=world.now)


def exported(world, hire, organization):
    """By a verifier of it and somebody of Casa Roja."""
    verifier = hire("verifier", organization)
    proposal = proposed(world, verifier)
    assert approvals.agree(proposal.pk, staff_id=hire("verifier", world.roja).pk, now=world.now)
    return verifier, Export.objects.get(proposal=proposal)


def opened(sealed, identity):
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(sealed, [identity]))) as found:
        return {name: found.read(name) for name in found.namelist()}


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.fixture
def town(world):
    """Casa Azul's Rosa and Ana; Casa Roja's Luz and Beto; Both stand by both."""
    rosa, luz = world.member("Rosaazul", duress_word="girasoles"), world.member("Luzroja")
    Member.objects.filter(person=luz.person).update(organization=world.roja)
    ana, beto, both = (
        world.responder(name, vouchers=n) for name, n in (("Ana", 1), ("Beto", 1), ("Both", 2))
    )
    Vouch.objects.filter(person=beto.person).update(organization=world.roja)
    return rosa, luz, ana, beto, both


def test_the_file_holds_the_contracts_columns_of_own_people_and_no_other(world, hire, azul, identity, town):
    verifier, made = exported(world, hire, azul)
    files = opened(exports.take_export(made.pk, staff_id=verifier.pk, now=world.now), identity)
    members, responders = rows(files["members.csv"]), rows(files["responders.csv"])
    assert files["members.csv"].split(b"\r\n")[0].decode() == ",".join(COLUMNS["members"])
    assert files["responders.csv"].split(b"\r\n")[0].decode() == ",".join(COLUMNS["responders"])
    assert [member["name"] for member in members] == ["Rosaazul"]
    assert sorted(responder["name"] for responder in responders) == ["Ana", "Both"]
    assert {responder["organizations"] for responder in responders} == {"casa-azul"}  # not who else vouches
    assert members[0]["street"] == "1234 Sample Street"
    assert members[0]["phone"] == town[0].number.removeprefix("+1")
    assert not members[0]["duress_word"]
    assert not any(responder["pin"] for responder in responders)
    whole = b"".join(files.values())
    for word in (b"Luzroja", b"Beto", b"girasoles", b"casa-roja", b"2468"):
        assert word not in whole


def test_whom_another_organization_has_here_already_stands_in_it_as_if_fresh(
    world, hire, azul, identity, town
):
    """The file tells its verifier nothing that they did not type: of Luz, of Beto, or of who else vouches."""
    _, luz, _, beto, _ = town
    by = hire("verifier", azul)

    def enters(number, build):
        asked = enroll.ConsentAsked(1, "es")
        enroll.enroll(
            build(number),
            organization_id=azul.pk,
            asked=asked,
            met_in_person=True,
            staff_id=by.pk,
            now=world.now,
        )

    for number in (luz.number, "+13125558801"):
        enters(number, lambda phone: member(phone, "Typed"))
    for number in (beto.number, "+13125558802"):
        enters(number, lambda phone: responder(phone, "Typed", kinds=("accompaniment",)))
    verifier, made = exported(world, hire, azul)
    files = opened(exports.take_export(made.pk, staff_id=verifier.pk, now=world.now), identity)
    for content in files.values():
        typed = [row for row in rows(content) if row["name"] == "Typed"]
        assert len(typed) == 2
        phones = {row.pop("phone") for row in typed}
        assert len(phones) == 2
        assert typed[0] == typed[1]
    assert b"Luzroja" not in b"".join(files.values())


def facts():
    return [
        (person.name, person.phone, person.consent_on, person.languages)
        for person in Person.objects.order_by("pk")
    ]


def test_the_import_reads_it_back_and_changes_nothing(world, hire, azul, identity, town):
    Responder.objects.update(hours=parse_hours("mon-fri 08:00-18:00; sat 22:00-02:00"))
    verifier, made = exported(world, hire, azul)
    files = opened(exports.take_export(made.pk, staff_id=verifier.pk, now=world.now), identity)
    Vouch.objects.create(
        organization=azul,
        person=town[0].person,
        role="member",
        given_at=world.now,
        ends_at=world.now + timedelta(days=9),
    )
    before = facts()
    for name in ("members", "responders"):
        report = load(
            name,
            files[f"{name}.csv"],
            dry_run=False,
            is_everyday=lambda _: False,
            by=COMMAND_LINE,
            now=world.now,
        )
        assert (report.added, report.changed) == (0, 0), report
    assert facts() == before


def test_a_vouch_taken_back_or_over_and_who_said_not_me_is_not_in_it(world, hire, azul, identity, town):
    rosa, _, ana, _, both = town
    Vouch.objects.filter(person=ana.person).update(withdrawn_at=world.now)
    Vouch.objects.filter(person=both.person).update(ends_at=world.now + timedelta(seconds=1))
    persons.refuse(rosa.person, by=COMMAND_LINE, now=world.now)
    world.now += timedelta(minutes=1)
    verifier, made = exported(world, hire, azul)
    files = opened(exports.take_export(made.pk, staff_id=verifier.pk, now=world.now), identity)
    assert [rows(content) for content in files.values()] == [[], []]


def test_the_server_cannot_read_what_it_keeps(world, hire, azul, town):
    _, made = exported(world, hire, azul)
    sealed = bytes(made.sealed)
    assert b"Rosaazul" not in sealed
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [pyrage.x25519.Identity.generate()])
    line = Entry.objects.get(action="people.exported")
    assert line.detail["members"] == 1
    assert line.detail["responders"] == 2


def test_a_file_is_taken_once_within_its_hour_and_by_whoever_proposed_it(world, hire, azul, town):
    verifier, made = exported(world, hire, azul)
    for other in (hire("verifier", azul), hire("verifier", world.roja)):
        with pytest.raises(exports.NoExport):
            exports.take_export(made.pk, staff_id=other.pk, now=world.now)
    exports.take_export(made.pk, staff_id=verifier.pk, now=world.now)
    with pytest.raises(exports.NoExport):
        exports.take_export(made.pk, staff_id=verifier.pk, now=world.now)
    assert Export.objects.get().sealed is None
    assert Export.objects.get().taken_at == world.now

    again, made = exported(world, hire, azul)
    world.now += timedelta(hours=1)
    with pytest.raises(exports.NoExport):
        exports.take_export(made.pk, staff_id=again.pk, now=world.now)
    assert exports.end_exports(now=world.now) == 1
    assert Export.objects.get(pk=made.pk).sealed is None
    assert exports.end_exports(now=world.now) == 0


def test_two_browsers_at_once_take_it_once(world, hire, azul, town):
    verifier, made = exported(world, hire, azul)
    raised = at_once(*[lambda: exports.take_export(made.pk, staff_id=verifier.pk, now=world.now)] * 2)
    assert [type(error) for error in raised] == [exports.NoExport]
    assert Entry.objects.filter(action="export.taken").count() == 1


def refused(world, proposal, staff):
    with pytest.raises(approvers.NotEligible) as caught:
        approvals.agree(proposal.pk, staff_id=staff.pk, now=world.now)
    return caught.value.refusal


def test_no_single_person_exports_by_whatever_account(world, hire, azul, town):
    verifier = hire("verifier", azul)
    proposal = proposed(world, verifier)
    assert refused(world, proposal, verifier) is ApproverRefusal.SAME_PERSON
    assert refused(world, proposal, hire("verifier", azul)) is ApproverRefusal.SAME_ORGANIZATION
    assert refused(world, proposal, hire("verifier", world.roja, phone=None)) is ApproverRefusal.NO_PHONE
    with pytest.raises(accounts.PhoneTaken):  # a second account of the same person
        hire("verifier", world.roja, phone=verifier.phone)
    assert not Export.objects.exists()
    second = hire("verifier", world.roja)
    assert approvals.agree(proposal.pk, staff_id=second.pk, now=world.now)
    with pytest.raises(proposals.NotOpen):  # a replayed approval
        approvals.agree(proposal.pk, staff_id=second.pk, now=world.now)
    assert Export.objects.count() == 1


@pytest.mark.parametrize("role", ["steward", "coordinator", "auditor", "lawyer"])
def test_only_a_verifier_proposes_it_and_only_of_their_own(world, hire, azul, role):
    with pytest.raises(Staff.DoesNotExist):
        proposed(world, hire(role, azul))
    with pytest.raises(Staff.DoesNotExist):
        exports.propose_export_key("age1", why=WHY, staff_id=hire("verifier", None).pk, now=world.now)


MEANWHILE = {
    "taken off": {"is_active": False},
    "another role": {"role": "coordinator"},
    "elsewhere": {"organization": "roja"},
}


@pytest.mark.parametrize("change", MEANWHILE)
def test_who_proposed_it_and_is_no_verifier_there_any_more_gets_no_file(world, hire, azul, change):
    verifier = hire("verifier", azul)
    proposal = proposed(world, verifier)
    values = {k: world.roja if v == "roja" else v for k, v in MEANWHILE[change].items()}
    Staff.objects.filter(pk=verifier.pk).update(**values)
    with pytest.raises(proposals.NotOpen):
        approvals.agree(proposal.pk, staff_id=hire("steward").pk, now=world.now)
    assert not Export.objects.exists()
    with pytest.raises((exports.NoExport, Staff.DoesNotExist)):
        exports.take_export(proposal.pk, staff_id=verifier.pk, now=world.now)


def test_of_a_suspended_organization_nobody_exports_or_takes_what_is_ready(world, hire, azul, town):
    verifier, made = exported(world, hire, azul)
    waiting = proposed(world, verifier)
    Organization.objects.filter(pk=azul.pk).update(suspended_at=world.now)
    with pytest.raises(proposals.NotOpen):
        approvals.agree(waiting.pk, staff_id=hire("steward").pk, now=world.now)
    with pytest.raises(Staff.DoesNotExist):
        exports.take_export(made.pk, staff_id=verifier.pk, now=world.now)
    with pytest.raises(Staff.DoesNotExist):
        proposed(world, verifier)


def test_an_organizations_key_is_set_by_two_people_and_only_a_key_of_age(world, hire, identity):
    verifier = hire("verifier", world.azul)
    with pytest.raises(exports.NoKey):
        proposed(world, verifier)
    for wrong in ("", "age1xyz", str(identity), "ssh-ed25519 AAAA"):
        with pytest.raises(exports.NotAKey):
            exports.propose_export_key(wrong, why=WHY, staff_id=verifier.pk, now=world.now)
    key = str(identity.to_public())
    proposal = exports.propose_export_key(f" {key} ", why=WHY, staff_id=verifier.pk, now=world.now)
    assert refused(world, proposal, hire("verifier", world.azul)) is ApproverRefusal.SAME_ORGANIZATION
    assert Organization.objects.get(pk=world.azul.pk).age_recipient == ""
    assert approvals.agree(proposal.pk, staff_id=hire("steward").pk, now=world.now)
    assert Organization.objects.get(pk=world.azul.pk).age_recipient == key
    assert Organization.objects.get(pk=world.roja.pk).age_recipient == ""


def test_an_export_that_nobody_agrees_to_is_over(world, hire, azul):
    proposal = proposed(world, hire("verifier", azul))
    world.now += timedelta(hours=24)
    approvals.settle_proposals(now=world.now)
    proposal.refresh_from_db()
    assert proposal.state == "over"
    assert not Export.objects.exists()


def test_rows_keep_what_rules_promise(world, hire, azul):
    _, made = exported(world, hire, azul)
    for wrong in ({"taken_at": world.now}, {"ends_at": made.made_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.filter(pk=made.pk).update(**wrong)
    assert ProposalKind(made.proposal.what) is ProposalKind.EXPORT_PEOPLE


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-2", "'-2"), ("@x", "'@x"), ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"), ("Ana", "Ana"), ("a=b", "a=b"), (None, ""), (15, "15"), ("", ""),
    ],
)  # fmt: skip
def test_a_cell_is_no_formula(value, written):
    assert cell(value) == written


def test_a_phone_is_ten_digits_where_it_can_be():
    assert phone("+13125550123") == "3125550123"
    assert cell(phone("+525512345678")) == "'+525512345678"


@given(st.lists(st.text(), min_size=2, max_size=2))
def test_no_row_breaks_the_sheet_or_begins_a_formula(values):
    names = ("a", "b")
    content = spreadsheet(names, [dict(zip(names, values, strict=True))]).decode()
    found = list(csv.reader(io.StringIO(content, newline="")))
    assert len(found) == 2
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in found[1])


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)), max_size=5))
def test_hours_are_written_as_they_are_read(spans):
    hours = [[day * 1440 + start, long] for day, start, long in spans]
    assert parse_hours(write_hours(hours)) == hours
