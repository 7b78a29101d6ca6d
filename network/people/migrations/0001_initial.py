"""Persons, members, responders, claims, and who is kept apart."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("organizations", "0001_initial"), ("staff", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("key_id", models.UUIDField()),
                ("fingerprint", models.BinaryField(unique=True)),
                ("phone", SealedTextField()),
                ("name", SealedTextField()),
                ("languages", ArrayField(base_field=models.CharField(max_length=8))),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("active", "Active"),
                            ("refused", "Refused"),
                            ("practice", "Practice"),
                            ("erased", "Erased"),
                        ],
                        max_length=8,
                    ),
                ),
                ("consent_on", models.DateField(null=True)),
                ("safe_to_call", models.BooleanField(default=True)),
                ("suspended_at", models.DateTimeField(null=True)),
                ("suspended_why", SealedTextField(null=True)),
                ("unvouched_at", models.DateTimeField(null=True)),
                ("enrolled_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("erased_at__isnull", False), ("standing", "erased")),
                            models.Q(
                                models.Q(("standing", "erased"), _negated=True),
                                ("erased_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="whoever_is_erased_has_a_time",
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("suspended_at__isnull", False)),
                        fields=["suspended_at"],
                        name="persons_suspended",
                    ),
                    models.Index(
                        condition=models.Q(("unvouched_at__isnull", False)),
                        fields=["unvouched_at"],
                        name="persons_unvouched",
                    ),
                    models.Index(fields=["-enrolled_at", "id"], name="persons_last_entered"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.OneToOneField(on_delete=models.CASCADE, related_name="member", to="people.person"),
                ),
                ("key_id", models.UUIDField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="members", to="organizations.organization"
                    ),
                ),
                ("street", SealedTextField()),
                ("unit", SealedTextField(null=True)),
                ("city", SealedTextField()),
                ("state", models.CharField(max_length=2)),
                ("zip", models.CharField(max_length=5)),
                ("attested_at", models.DateTimeField()),
                ("frozen_at", models.DateTimeField(null=True)),
                (
                    "frozen_for",
                    models.CharField(
                        blank=True,
                        choices=[("moved", "Moved"), ("phone", "Phone"), ("unmet", "Unmet")],
                        max_length=8,
                    ),
                ),
                ("unfreeze_by", models.UUIDField(null=True)),
                ("moved_at", models.DateTimeField(null=True)),
                ("homes_left", ArrayField(base_field=models.BinaryField(), default=list)),
                ("phone_asked_at", models.DateTimeField(null=True)),
                ("duress_word", SealedTextField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("frozen_at", None), ("phone_asked_at__isnull", False)),
                        fields=["phone_asked_at"],
                        name="members_asked_for_their_phone",
                    ),
                    models.Index(
                        condition=models.Q(("frozen_at", None), ("phone_asked_at", None)),
                        fields=["attested_at"],
                        name="members_by_attestation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Responder",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=models.CASCADE, related_name="responder", to="people.person"
                    ),
                ),
                ("key_id", models.UUIDField()),
                ("kinds", ArrayField(base_field=models.CharField(max_length=16))),
                ("zip", models.CharField(max_length=5)),
                ("max_miles", models.PositiveSmallIntegerField()),
                ("hours", models.JSONField()),
                ("pin_hash", models.CharField(blank=True, max_length=200)),
                ("pin_tries", models.PositiveSmallIntegerField(default=0)),
                ("pin_locked_at", models.DateTimeField(null=True)),
                ("clearance_until", models.DateField(null=True)),
                ("bar_number", SealedTextField(null=True)),
                ("bar_state", models.CharField(blank=True, max_length=2)),
                ("wake_at_night", models.BooleanField(default=False)),
                ("off_until", models.DateTimeField(null=True)),
                ("rest_until", models.DateTimeField(null=True)),
                ("on_probation", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Apart",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("first", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="people.person")),
                ("second", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="people.person")),
                (
                    "set_by",
                    models.CharField(
                        choices=[("person", "Person"), ("organization", "Organization")], max_length=12
                    ),
                ),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "apart",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="two_kept_apart_stand_in_one_order",
                    ),
                    models.UniqueConstraint(fields=("first", "second"), name="two_are_kept_apart_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="claims", to="organizations.organization"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="claims", to="people.person"),
                ),
                ("key_id", models.UUIDField()),
                ("typed", SealedTextField()),
                ("made_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                ("disowned_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at", None)),
                        fields=("organization", "person"),
                        name="an_organization_claims_a_person_once_at_a_time",
                    ),
                ],
            },
        ),
    ]
