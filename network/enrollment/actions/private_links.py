"""PINs and duress words that the person alone sets: a link that works once, for half an hour."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from network.audit.actions import record
from network.audit.rules import Actor, person, staff
from network.desk.actions import raise_need, settle
from network.desk.rules import About, Reason
from network.enrollment.models import Consent, PrivateLink
from network.enrollment.queries.claims import as_typed
from network.enrollment.rules.entries import BAD_WORDS, EntryProblem, Mistake
from network.people.actions.pins import set_pin
from network.people.models import Member, Person
from network.people.queries import open_claim
from network.people.rules.secrets import IsEveryday, duress_word_problem, is_pin
from network.privacy.rules.sealing import token_digest
from network.staff.models import Staff
from network.trust.models import Vouch
from network.trust.queries import roles_typed
from network.trust.rules.graph import VouchRole

LINK_LIVES = timedelta(minutes=30)


AT_MOST = 5  # links for one person in an hour


class NotTheirPerson(Exception):
    """Only a verifier of the person's own organization makes a link for them."""


class TooManyLinks(Exception):
    """Too many links were made for them within the hour."""


class LinkOver(Exception):
    """The link is unknown, used, or older than half an hour."""


class NotSet(Exception):
    """What was typed can't be kept; `problems` say why. The link still works."""

    def __init__(self, problems: list[EntryProblem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


@transaction.atomic
def make_private_link(person_id: UUID, *, staff_id: UUID, now: datetime) -> str:
    """The token of a new link. Older links of the same organization stop working.

    Raises NotHandedOver, TooManyLinks.
    """
    verifier = Staff.objects.filter(pk=staff_id, is_active=True, role=Staff.Role.VERIFIER).first()
    organization_id = verifier.organization_id if verifier else None
    if organization_id is None or not is_theirs(person_id, organization_id):
        raise NotTheirPerson
    links = PrivateLink.objects.filter(person=person_id, organization=organization_id)
    if links.filter(made_at__gt=now - timedelta(hours=1)).count() >= AT_MOST:
        raise TooManyLinks
    links.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(16)
    PrivateLink.objects.create(
        person_id=person_id,
        organization_id=organization_id,
        made_by_id=staff_id,
        made_at=now,
        token_hash=token_digest(token),
        expires_at=now + LINK_LIVES,
    )
    record(
        "person.handed_over", f"person:{person_id}", by=staff(staff_id), now=now, organization=organization_id
    )
    return token


def is_theirs(person_id: UUID, organization_id: UUID) -> bool:
    """Whether somebody belongs to this organization: its member, vouched for by it, or enrolled with consent.

    An introduction isn't enough.
    """
    own = {"person": person_id, "organization": organization_id}
    claim = open_claim(person_id, organization_id)
    if claim is not None and VouchRole.MEMBER in roles_typed(claim):
        return True
    return (
        Member.objects.filter(**own).exists()
        or Vouch.objects.filter(**own, withdrawn_at=None).exists()
        or Consent.objects.filter(**own).exists()
    )


def asked_in_private(token: str, *, now: datetime) -> tuple[bool, bool]:
    """Whether this link sets a PIN, and whether it sets a duress word. Raises LinkOver."""
    return _asks_for(_of(token, now=now))


def _of(token: str, *, now: datetime) -> PrivateLink:
    links = PrivateLink.objects.filter(token_hash=token_digest(token), used_at=None, expires_at__gt=now)
    link = links.select_related("person__member", "person__responder").first()
    if link is None:
        raise LinkOver
    return link


def _asks_for(link: PrivateLink) -> tuple[bool, bool]:
    """As the organization sees them: a PIN for a responder, a duress word for its own member."""
    person_seen = Person.objects.select_related("member", "responder").get(pk=link.person_id)
    as_typed([person_seen], link.organization_id)
    member = getattr(person_seen, "member", None)
    is_own_member = member is not None and member.organization_id == link.organization_id
    return getattr(person_seen, "responder", None) is not None, is_own_member


@transaction.atomic
def set_in_private(token: str, *, pin: str, word: str, is_everyday: IsEveryday, now: datetime) -> None:
    """Keep what the person chose; empty fields don't change anything. Uses up the link.

    If another organization had enrolled them before, nothing is changed, and a coordinator is told.
    Raises LinkOver, NotSet.
    """
    link = _of(token, now=now)
    asks_pin, asks_word = _asks_for(link)
    pin, word = (pin if asks_pin else ""), (word.strip() if asks_word else "")
    if problems := _problems(pin, word, asks_pin, is_everyday):
        raise NotSet(problems)
    if not PrivateLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise LinkOver
    by, about = person(link.person_id), About("person", str(link.person_id))
    is_own_member = Member.objects.filter(person=link.person_id, organization=link.organization_id).exists()
    is_claimed = open_claim(link.person_id, link.organization_id) is not None
    if pin and not is_claimed:
        set_pin(link.person_id, pin, by=by, now=now)
        settle(Reason.NO_PIN, Reason.PIN_LOCKED, about=about, by=by, now=now)
    if word and is_own_member:
        _set_word(link, word, by=by, now=now)
    if (pin and is_claimed) or (word and not is_own_member):
        raise_need(Reason.CLAIMED, about=about, now=now, by=by, person_id=link.person_id)


def _problems(pin: str, word: str, asks_pin: bool, is_everyday: IsEveryday) -> list[EntryProblem]:
    problems = list[EntryProblem]()
    if pin and not is_pin(pin):
        problems.append(EntryProblem("pin", Mistake.PIN))
    if word and (bad := duress_word_problem(word, is_everyday=is_everyday)):
        problems.append(EntryProblem("word", BAD_WORDS[bad]))
    if not pin and not word:
        problems.append(EntryProblem("pin" if asks_pin else "word", Mistake.EMPTY))
    return problems


def _set_word(link: PrivateLink, word: str, *, by: Actor, now: datetime) -> None:
    rows = Member.objects.select_for_update(no_key=True, of=("self",))
    member = rows.get(person=link.person_id, organization=link.organization_id)
    member.duress_word = word
    member.save(update_fields=["duress_word"])
    record("person.word_set", f"person:{link.person_id}", by=by, now=now, organization=link.organization_id)
