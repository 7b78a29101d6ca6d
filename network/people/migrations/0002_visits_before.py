"""Visits carried out for requests that are no longer kept, as a count."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="responder",
            name="visits_before",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
