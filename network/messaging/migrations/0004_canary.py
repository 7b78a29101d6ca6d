"""The hourly text to our own second number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_when_a_phone_called"),
    ]

    operations = [
        migrations.CreateModel(
            name="Canary",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField()),
                ("code", models.CharField(default="", max_length=8)),
                ("sent_at", models.DateTimeField(null=True)),
                ("lost_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("took", models.DurationField(null=True)),
            ],
            options={
                "verbose_name_plural": "canaries",
            },
        ),
    ]
