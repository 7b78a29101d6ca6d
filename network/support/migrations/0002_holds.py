"""Requests that are not erased before a date."""

import django.db.models.deletion
import network.privacy.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key_id", models.UUIDField()),
                ("why", network.privacy.fields.SealedTextField()),
                ("proposed_by", models.UUIDField()),
                ("placed_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "support_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="support.supportrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("placed_at"))),
                        name="a_hold_on_a_request_ends",
                    )
                ],
            },
        ),
    ]
