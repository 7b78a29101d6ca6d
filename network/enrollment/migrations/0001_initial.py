"""Consent, changes of a home, private links and exports."""

from uuid import uuid4

from django.conf import settings
from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("organizations", "0001_initial"),
        ("people", "0001_initial"),
        ("staff", "0001_initial"),
        ("trust", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="consents", to="people.person"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="organizations.organization"
                    ),
                ),
                (
                    "given_as",
                    models.CharField(
                        choices=[("member", "Member"), ("responder", "Responder")], max_length=9
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("language", models.CharField(max_length=8)),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("taken_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="HomeChange",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=models.CASCADE, related_name="home_change", to="trust.proposal"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="home_changes", to="people.person"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to="organizations.organization"
                    ),
                ),
                ("key_id", models.UUIDField()),
                ("street", SealedTextField(null=True)),
                ("unit", SealedTextField(null=True)),
                ("city", SealedTextField(null=True)),
                ("state", models.CharField(blank=True, max_length=2)),
                ("zip", models.CharField(blank=True, max_length=5)),
            ],
        ),
        migrations.CreateModel(
            name="PrivateLink",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="private_links", to="people.person"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to="organizations.organization"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("token_hash", models.BinaryField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=models.PROTECT, related_name="export", to="trust.proposal"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="organizations.organization"
                    ),
                ),
                (
                    "made_for",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("sealed", models.BinaryField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("taken_at", None), ("sealed", None), _connector="OR"),
                        name="an_export_that_was_taken_holds_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("made_at"))), name="an_export_ends"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalRequest",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=models.CASCADE, related_name="legal_request", to="trust.proposal"
                    ),
                ),
                ("key_id", models.UUIDField()),
                ("phone", SealedTextField()),
                ("printed_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
