"""The made-up member whom a drill's requests are for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from network.messaging.texts.languages import LANGUAGES
from network.organizations.models import Organization, Place
from network.people.models import Member, Person
from network.privacy.actions import make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint


@transaction.atomic
def practice_member(organization_id: UUID, language: str, *, now: datetime) -> Member:
    """The made-up member whom a drill's request is for. They have no phone, and words in place of a home."""
    nobody = fingerprint(f"practice {organization_id} {language}")
    members = Member.objects.filter(person__fingerprint=nobody).select_related("person", "organization")
    if (member := members.first()) is not None:
        return member
    organization = Organization.objects.get(pk=organization_id)
    key = make_key(Key.Holder.PERSON, now=now)
    person = Person.objects.create(
        key_id=key.pk,
        fingerprint=nobody,
        phone="practice",
        name=LANGUAGES[language].practice,
        languages=[language],
        standing=Person.Standing.PRACTICE,
        safe_to_call=False,
        enrolled_at=now,
    )
    place = Place.objects.filter(zip=organization.zip).first()
    return Member.objects.create(
        person=person,
        key_id=key.pk,
        organization=organization,
        street=LANGUAGES[language].practice,
        city="",
        state=place.state if place else "",
        zip=organization.zip,
        attested_at=now,
    )
