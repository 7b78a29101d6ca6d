"""Visits, visit words and disclosures."""

from uuid import uuid4

from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("dispatch", "0001_initial"), ("people", "0001_initial"), ("support", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "support_request",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="visits", to="support.supportrequest"
                    ),
                ),
                (
                    "offer",
                    models.OneToOneField(on_delete=models.CASCADE, related_name="visit", to="dispatch.offer"),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="visits", to="people.person"),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("going", "going"),
                            ("there", "there"),
                            ("done", "done"),
                            ("left", "left"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "plan",
                    models.CharField(blank=True, choices=[("call", "call"), ("go", "go")], max_length=8),
                ),
                ("token_hash", models.BinaryField(null=True, unique=True)),
                ("device_hash", models.BinaryField(null=True)),
                ("moves", models.PositiveSmallIntegerField(default=0)),
                ("views", models.PositiveIntegerField(default=0)),
                ("began_at", models.DateTimeField()),
                ("there_by", models.DateTimeField(null=True)),
                ("there_at", models.DateTimeField(null=True)),
                ("done_by", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("flagged_at", models.DateTimeField(null=True)),
                ("confirm_at", models.DateTimeField(null=True)),
                ("confirm_asked_at", models.DateTimeField(null=True)),
                ("fine_asked_at", models.DateTimeField(null=True)),
                ("fine_answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("stage__in", ("done", "left")),
                                ("token_hash", None),
                            ),
                            models.Q(
                                models.Q(("stage__in", ("done", "left")), _negated=True), ("ended_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="an_ended_visit_has_a_time_and_no_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("device_hash", None), ("token_hash__isnull", False), _connector="OR"
                        ),
                        name="a_device_is_bound_to_a_link",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("stage__in", ("held", "going", "there"))),
                        fields=["person"],
                        name="visits_under_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitWord",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "support_request",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="words", to="support.supportrequest"
                    ),
                ),
                ("key_id", models.UUIDField()),
                ("word", SealedTextField()),
                ("given_at", models.DateTimeField()),
                ("void_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("void_at", None)),
                        fields=("support_request",),
                        name="a_request_has_one_word_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="disclosures", to="visits.visit"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=12)),
            ],
        ),
    ]
