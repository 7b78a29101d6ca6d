"""Calls to coordinators about what nobody took."""

import django.db.models.deletion
import network.duty.rules.alarm
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duty", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AlarmCall",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("need_id", models.UUIDField()),
                ("began_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(db_index=True)),
                ("state", models.CharField(default=network.duty.rules.alarm.CallState["OWED"], max_length=8)),
                ("look_at", models.DateTimeField()),
                ("sid", models.CharField(blank=True, max_length=64)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("need_id", "staff", "began_at"), name="nobody_is_called_twice_in_one_climb"
                    )
                ],
            },
        ),
    ]
