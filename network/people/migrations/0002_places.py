"""Every US ZIP and where it lies, once, from the figures that the zipcodes package ships."""

import zipcodes
from django.db import migrations


def fill(apps, schema_editor):
    Place = apps.get_model("people", "Place")
    rows = [
        Place(
            zip=row["zip_code"],
            state=row["state"],
            latitude=float(row["lat"]),
            longitude=float(row["long"]),
        )
        for row in zipcodes.list_all()
        if row["lat"] and row["long"] and row["active"]
    ]
    Place.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
