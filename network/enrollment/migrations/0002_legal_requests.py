"""What the law demands to be told of one phone."""

import django.db.models.deletion
import network.privacy.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0001_initial"),
        ("trust", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key_id", models.UUIDField()),
                ("phone", network.privacy.fields.SealedTextField()),
                ("printed_at", models.DateTimeField(null=True)),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="legal_request",
                        to="trust.proposal",
                    ),
                ),
            ],
        ),
    ]
