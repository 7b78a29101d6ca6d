"""All that is kept of one phone and whoever has it, as it lies in the database: each row, with each field.

Nothing is put together or made up. A table without rows is an empty list; other people are ids, and what was
written to and by them is theirs.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from network.audit.models import Entry, Whom
from network.conversations.models import Call, Conversation, Draft, Leg, Reader
from network.desk.models import Need
from network.dispatch.models import AskCount, Exemption, Offer, Search, Willingness
from network.enrollment.models import Consent, HomeChange, LegalRequest, PrivateLink
from network.messaging.models import Contact, Inbound, Media, Outbound, Receipt
from network.people.models import Apart, Claim, Member, Person, Responder
from network.privacy.models import Key, KnownPhone
from network.privacy.queries import fingerprint
from network.privacy.rules.sealing import Unreadable
from network.staff.models import Lookup, Staff
from network.support.models import DrillPerson, Hold, SupportRequest
from network.trust.models import Introduction, Proposal, Vouch
from network.visits.models import Disclosure, Visit, VisitWord

# What opens doors is named and not printed.
SECRETS = frozenset({"password", "pin_hash", "token_hash", "wrapped", "device_hash", "key"})
KEPT, UNREADABLE = "(kept; not printed)", "(can't be read)"

type Rows = QuerySet[Any]


def everything_about(phone: str) -> dict[str, list[dict[str, Any]]]:
    """By table. The same tables for a phone that nobody knows."""
    return {
        model._meta.label_lower: [_row(row) for row in rows.order_by("pk")]
        for model, rows in _rows_about(fingerprint(phone)).items()
    }


def schema() -> dict[str, list[str]]:
    """Every table that is looked through, with its fields."""
    return {model._meta.label_lower: _names(model) for model in _rows_about(b"")}


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _row(row: models.Model) -> dict[str, Any]:
    return {name: KEPT if name in SECRETS else _value(row, name) for name in _names(type(row))}


def _value(row: models.Model, name: str) -> Any:
    try:
        value = getattr(row, name)
    except Unreadable:
        return UNREADABLE
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [bytes(part).hex() if isinstance(part, memoryview | bytes) else part for part in value]
    return str(value) if isinstance(value, UUID) else value


def _rows_about(print_: bytes) -> Mapping[type[models.Model], Rows]:
    """The phone; whoever has it; what they asked for, and for what they were asked; what was said."""
    contacts = Contact.objects.filter(fingerprint=print_)
    texts_in = Inbound.objects.filter(contact__in=contacts)
    texts_out = Outbound.objects.filter(contact__in=contacts)
    calls = Call.objects.filter(contact__in=contacts)
    people = Person.objects.filter(fingerprint=print_)
    requests = SupportRequest.objects.filter(member__person__in=people)
    searches = Search.objects.filter(support_request__in=requests)
    offers = Offer.objects.filter(Q(person__in=people) | Q(search__in=searches))
    visits = Visit.objects.filter(Q(person__in=people) | Q(support_request__in=requests))
    vouches = Vouch.objects.filter(person__in=people)
    homes = HomeChange.objects.filter(person__in=people)
    ids = list(people.values_list("pk", flat=True))
    abouts = [*(f"person:{pk}" for pk in ids), *(f"contact:{pk}" for pk in _ids(contacts))]
    abouts += [*(f"text:{pk}" for pk in _ids(texts_in)), *(f"visit:{pk}" for pk in _ids(visits))]
    abouts += [*(f"offer:{pk}" for pk in _ids(offers)), *(f"call:{pk}" for pk in _ids(calls))]

    def theirs(model: type[models.Model]) -> Rows:
        return model._default_manager.filter(person__in=people)

    named = Q(person_id__in=ids) | Q(request_id__in=_ids(requests)) | Q(about__in=abouts)
    for pk in ids:
        named |= Q(actor=f"person:{pk}") | Q(ids__contains={"person": str(pk)})
        named |= Q(ids__contains={"other": str(pk)})
    keys = {*people.values_list("key_id", flat=True), *contacts.values_list("key_id", flat=True)}
    return {
        Person: people,
        Member: theirs(Member),
        Responder: theirs(Responder),
        Apart: Apart.objects.filter(Q(first__in=people) | Q(second__in=people)),
        Claim: theirs(Claim),
        Vouch: vouches,
        Introduction: theirs(Introduction),
        Consent: theirs(Consent),
        HomeChange: homes,
        PrivateLink: theirs(PrivateLink),
        Proposal: Proposal.objects.filter(
            Q(about__in=[*ids, *_ids(vouches), *_ids(requests)]) | Q(home_change__in=homes)
        ),
        LegalRequest: LegalRequest.objects.filter(pk__in=_about_phone(print_)),
        Conversation: theirs(Conversation),
        Draft: theirs(Draft),
        Reader: theirs(Reader),
        Willingness: theirs(Willingness),
        AskCount: theirs(AskCount),
        DrillPerson: theirs(DrillPerson),
        SupportRequest: requests,
        Hold: Hold.objects.filter(support_request__in=requests),
        Search: searches,
        Offer: offers,
        Exemption: Exemption.objects.filter(Q(person__in=people) | Q(search__in=searches)),
        Visit: visits,
        VisitWord: VisitWord.objects.filter(support_request__in=requests),
        Disclosure: Disclosure.objects.filter(visit__in=visits),
        Need: Need.objects.filter(
            Q(person_id__in=ids) | Q(request_id__in=_ids(requests)) | Q(about__in=abouts)
        ),
        Contact: contacts,
        Inbound: texts_in,
        Call: calls,
        Leg: Leg.objects.filter(call__in=calls),
        Media: Media.objects.filter(text__in=texts_in),
        Outbound: texts_out,
        Receipt: Receipt.objects.filter(outbound_id__in=texts_out.values("pk")),
        Entry: Entry.objects.filter(pk__in=Whom.objects.filter(named).values("pk")),
        Lookup: Lookup.objects.filter(about__in=ids),
        Staff: Staff.objects.filter(fingerprint=print_),
        KnownPhone: KnownPhone.objects.filter(fingerprint=print_),
        Key: Key.objects.filter(pk__in=[key for key in keys if key]),
    }


def _ids(rows: Rows) -> list[UUID]:
    return list(rows.values_list("pk", flat=True))


def _about_phone(print_: bytes) -> list[UUID]:
    """Legal requests about this phone: there are few, and their phones are sealed."""
    return [asked.pk for asked in LegalRequest.objects.all() if fingerprint(asked.phone) == print_]
