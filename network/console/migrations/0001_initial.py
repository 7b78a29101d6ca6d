"""Saved views, single keys, and presses that act once."""

from uuid import uuid4

from django.conf import settings
from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("staff", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="views", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("key_id", models.UUIDField()),
                ("name", SealedTextField()),
                ("codes", models.CharField(max_length=120)),
                ("saved_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SingleKeys",
            fields=[
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("on", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Press",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("nonce", models.UUIDField(default=uuid4, editable=False)),
                ("at", models.DateTimeField(db_index=True)),
                ("answer", models.CharField(blank=True, max_length=300)),
            ],
        ),
    ]
