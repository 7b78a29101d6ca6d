"""Vouches, introductions, proposals and approvals, founding and the trust settings."""

from uuid import uuid4

from django.conf import settings
from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("organizations", "0001_initial"), ("people", "0001_initial"), ("staff", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="FoundingClosed",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
            ],
            options={
                "verbose_name_plural": "founding closed",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="founding_is_closed_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustNumbers",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("numbers", models.JSONField(default=dict)),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "trust numbers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="there_is_one_set_of_trust_numbers"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("what", models.CharField(max_length=24)),
                ("about", models.UUIDField()),
                ("detail", models.JSONField(default=dict)),
                ("key_id", models.UUIDField(null=True)),
                ("why", SealedTextField(null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("done", "done"),
                            ("stopped", "stopped"),
                            ("over", "over"),
                        ],
                        max_length=8,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "stopped_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("what", "about"),
                        name="one_open_proposal_of_a_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_proposal_is_open_until_it_is_settled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="approvals", to="trust.proposal"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("fingerprint", models.BinaryField()),
                (
                    "organization",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to="organizations.organization"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("proposal", "staff"), name="an_account_agrees_once"),
                    models.UniqueConstraint(fields=("proposal", "fingerprint"), name="a_person_agrees_once"),
                    models.UniqueConstraint(
                        fields=("proposal", "organization"),
                        name="an_organization_agrees_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vouch",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="vouches", to="organizations.organization"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="vouches", to="people.person"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("accompaniment", "Accompaniment"),
                            ("legal", "Legal"),
                            ("childcare", "Childcare"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "verifier",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="vouches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("met_in_person", models.BooleanField(default=False)),
                ("founding", models.BooleanField(default=False)),
                ("given_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("held", models.BooleanField(default=False)),
                ("key_id", models.UUIDField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("withdrawn_why", SealedTextField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("verifier", "person", "role"),
                        name="a_verifier_vouches_once_for_a_person_in_a_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("verifier", None), ("withdrawn_at", None)),
                        fields=("organization", "person", "role"),
                        name="an_organization_vouches_once_without_naming_a_verifier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verifier", None), ("met_in_person", True), _connector="OR"),
                        name="a_verifier_vouches_for_whom_they_met",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("given_at"))),
                        name="a_vouch_ends_after_it_was_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False),
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_why", None)),
                            _connector="OR",
                        ),
                        name="a_vouch_that_stands_was_taken_back_by_nobody",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn_at", None)), fields=["ends_at"], name="vouches_by_end"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Introduction",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="introductions",
                        to="organizations.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="introductions", to="people.person"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("accompaniment", "Accompaniment"),
                            ("legal", "Legal"),
                            ("childcare", "Childcare"),
                        ],
                        max_length=16,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at", None)),
                        fields=("organization", "person", "role"),
                        name="a_person_is_introduced_once_at_a_time",
                    ),
                ],
            },
        ),
    ]
