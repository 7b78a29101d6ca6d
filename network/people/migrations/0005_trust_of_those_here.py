"""Who is here already is of the founding days: their vouches suffice, and last a year from now on."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import F
from django.utils import timezone

from network.privacy.queries import fingerprint


def fill(apps, schema_editor):
    organizations, vouches = apps.get_model("people", "Organization"), apps.get_model("people", "Vouch")
    organizations.objects.update(founding=True)
    vouches.objects.update(founding=True, ends_at=timezone.now() + timedelta(days=365))
    vouches.objects.filter(ends_at__lte=F("given_at")).update(ends_at=F("given_at") + timedelta(days=365))
    seen = set()
    for staff in apps.get_model("people", "Staff").objects.filter(phone__isnull=False).order_by("added_at"):
        print_ = fingerprint(staff.phone)
        if print_ not in seen:  # a second account of the same phone speaks for nobody
            seen.add(print_)
            staff.fingerprint = print_
            staff.save(update_fields=["fingerprint"])


class Migration(migrations.Migration):
    dependencies = [("people", "0004_trust")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="vouch", name="ends_at", field=models.DateTimeField(),
        ),
    ]  # fmt: skip
