"""The phone of somebody who said "not me" is as unknown to the webhook as any other."""

from django.db import migrations


def forget(apps, schema_editor):
    prints = apps.get_model("people", "Person").objects.filter(standing="refused").values("fingerprint")
    apps.get_model("privacy", "KnownPhone").objects.filter(fingerprint__in=prints).delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0010_own_exports"), ("privacy", "0001_initial")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
