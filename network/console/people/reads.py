"""What the pages about people show: who is kept apart, claims to compare, unknown phones."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils.functional import Promise

from network.console.people import words
from network.console.shell import words as shared_words
from network.console.shell.paging import PageOfRows, page_of
from network.console.shell.reads.conversation import MASK, STREET
from network.enrollment.actions.claims import differences
from network.enrollment.models import Consent
from network.enrollment.rules import consent
from network.messaging.models import Inbound
from network.people.models import Apart, Claim, Person, Responder
from network.people.rules.claims import from_json
from network.privacy.keyring import open_keys


def kept_apart(person: Person) -> list[tuple[Apart, Person]]:
    """Whom this person is never brought together with."""
    pairs = Apart.objects.filter(Q(first=person) | Q(second=person)).select_related("first", "second")
    found = [(pair, pair.second if pair.first_id == person.pk else pair.first) for pair in pairs]
    open_keys(other.key_id for _, other in found)
    return found


def resting_until(person: Person, *, now: datetime) -> datetime | None:
    """When a responder's rest after a hard visit ends; None for who doesn't rest."""
    resting = Responder.objects.filter(person=person, rest_until__gt=now)
    return resting.values_list("rest_until", flat=True).first()


@dataclass(frozen=True, slots=True)
class StrangerRow:
    """A phone that nobody has, with what it said last."""

    contact_id: UUID
    at: datetime
    words: str
    texts: int


def strangers(number: int) -> PageOfRows[StrangerRow]:
    """Phones that nobody in the network has, a page of them, the one that wrote last on top."""
    texts = Inbound.objects.filter(ours=False, contact__isnull=False)
    phones = texts.values("contact").annotate(last=Max("arrival"), texts=Count("pk")).order_by("-last")
    page = page_of(phones, number)
    last = {text.arrival: text for text in texts.filter(arrival__in=[row["last"] for row in page.rows])}
    open_keys(text.key_id for text in last.values())
    return page.of([_stranger(last[row["last"]], row["texts"]) for row in page.rows if row["last"] in last])


def _stranger(text: Inbound, texts: int) -> StrangerRow:
    assert text.contact_id is not None  # asked for above
    return StrangerRow(text.contact_id, text.received_at, STREET.sub(MASK, text.body or ""), texts)


def said_yes_to(given: Consent) -> tuple[str | Promise, str]:
    """The language, and the words as they were read out."""
    sentence = consent.words(given.given_as, given.language, given.organization.name, version=given.version)
    return shared_words.SPOKEN.get(given.language, given.language), sentence


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """What another organization typed, for a coordinator to compare."""

    claim: Claim
    name: str
    zip: str
    differences: list[str | Promise]


def claim_rows(person: Person) -> list[ClaimRow]:
    rows = []
    for claim in person.claims.filter(settled_at=None).select_related("organization").order_by("made_at"):
        said = from_json(claim.typed)
        differ = [words.DIFFERENCES[difference] for difference in differences(person, claim)]
        rows.append(ClaimRow(claim, said.name, said.home.zip if said.home else said.zip, differ))
    return rows
