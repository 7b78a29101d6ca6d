"""Phones of Mexico, Argentina and Brazil are known by one form, in whichever they were entered or wrote.

Only rows whose fingerprint differs are written. Where two rows turn out to be of one phone, the older keeps it,
and the other stays as it is: a person must look which is right.
"""

from django.db import migrations

from network.privacy.queries import fingerprint
from network.privacy.rules import Unreadable
from network.privacy.rules_phone import canonical


def recognize(apps, schema_editor):
    people, staff = apps.get_model("people", "Person"), apps.get_model("people", "Staff")
    for person in people.objects.order_by("enrolled_at").iterator():
        before, now = bytes(person.fingerprint), _fingerprint(person)
        if now in (None, before) or people.objects.filter(fingerprint=now).exists():
            continue
        people.objects.filter(pk=person.pk).update(fingerprint=now)
        _move_known_phone(apps, before, now)
    for one in staff.objects.filter(fingerprint__isnull=False).order_by("added_at"):
        before, now = bytes(one.fingerprint), _fingerprint(one)
        if now in (None, before) or staff.objects.filter(fingerprint=now).exists():
            continue
        staff.objects.filter(pk=one.pk).update(fingerprint=now)
        apps.get_model("people", "Approval").objects.filter(staff=one.pk).update(fingerprint=now)
    _recognize_contacts(apps)


def _move_known_phone(apps, before, now):
    known = apps.get_model("privacy", "KnownPhone").objects
    for row in known.filter(fingerprint=before):
        known.update_or_create(fingerprint=now, defaults={"key_id": row.key_id})
        row.delete()


def _recognize_contacts(apps):
    """A phone that wrote as a stranger's, in another form, is now the person's, under their key."""
    contacts, known = apps.get_model("messaging", "Contact"), apps.get_model("privacy", "KnownPhone")
    for contact in contacts.objects.order_by("pk").iterator():
        now = _fingerprint(contact)
        if now in (None, bytes(contact.fingerprint)):
            continue
        if contacts.objects.filter(fingerprint=now, channel=contact.channel).exists():
            continue
        address, contact.fingerprint = contact.phone, now
        key_id = known.objects.filter(fingerprint=now).values_list("key_id", flat=True).first()
        if key_id:
            contact.key_id, contact.phone = key_id, address
        contact.save()


def _fingerprint(row):
    """None for a phone that is written in its one form already, or can't be opened any more."""
    try:
        phone = (row.phone or "").removeprefix("whatsapp:")
    except Unreadable:
        return None
    return fingerprint(phone) if canonical(phone) != phone else None


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_refused_phones_are_unknown"),
        ("messaging", "0006_copies_of_texts"),
        ("privacy", "0001_initial"),
    ]
    operations = [migrations.RunPython(recognize, migrations.RunPython.noop)]
