"""Support requests and drills."""

from uuid import uuid4

from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE support_request_number", "DROP SEQUENCE support_request_number"),
        migrations.CreateModel(
            name="Drill",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("started_by", models.UUIDField()),
                ("started_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("wanted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("over", "Over"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("needed", "Needed"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("ended_at", None)),
                        name="one_drill_runs_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", ""), ("ended_at", None)),
                            models.Q(("ended_at__isnull", False), models.Q(("ended", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_drill_that_ended_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrillPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "drill",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="people", to="support.drill"),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="drills", to="people.person"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("drill", "person"), name="one_is_chosen_for_a_drill_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportRequest",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("support_request_number"), function="nextval"),
                        unique=True,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="requests", to="people.member"),
                ),
                ("key_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accompaniment", "accompaniment"),
                            ("legal", "legal"),
                            ("childcare", "childcare"),
                        ],
                        max_length=16,
                    ),
                ),
                ("children", models.PositiveSmallIntegerField(null=True)),
                ("at_home", models.BooleanField(default=False)),
                (
                    "drill",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="requests", to="support.drill"
                    ),
                ),
                ("by_hand", models.BooleanField(default=False)),
                ("duress", models.BooleanField(default=False)),
                ("contact_asked_by", models.UUIDField(null=True)),
                ("contact_asked_at", models.DateTimeField(null=True)),
                ("contact_agreed_by", models.UUIDField(null=True)),
                ("contact_agreed_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("text", "Text"), ("coordinator", "Coordinator")], max_length=12
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asking", "asking"),
                            ("searching", "searching"),
                            ("covered", "covered"),
                            ("stopped", "stopped"),
                            ("closed", "closed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("notes", SealedTextField(null=True)),
                ("starts_at", models.DateTimeField(null=True)),
                ("time_asked_at", models.DateTimeField(null=True)),
                ("time_flagged_at", models.DateTimeField(null=True)),
                ("time_right_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(null=True)),
                ("came_asked_at", models.DateTimeField(null=True)),
                ("came_answered_at", models.DateTimeField(null=True)),
                ("came_flagged_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("helped", "helped"),
                            ("not_needed", "not_needed"),
                            ("unfilled", "unfilled"),
                            ("elsewhere", "elsewhere"),
                            ("other_help", "other_help"),
                            ("mistake", "mistake"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("state", "closed"), _negated=True), ("drill", None)),
                        fields=("member",),
                        name="a_member_has_one_open_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("closed_at", None),
                                ("outcome", ""),
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_request_has_a_time_and_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("searching", "covered")), _negated=True),
                            models.Q(models.Q(("kind", ""), _negated=True), ("at_home", True)),
                            _connector="OR",
                        ),
                        name="nobody_is_sought_before_kind_and_home_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("searching", "covered")), _negated=True),
                            ("starts_at", None),
                            ("time_right_at__isnull", False),
                            _connector="OR",
                        ),
                        name="nobody_is_sought_for_a_time_that_is_not_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contact_agreed_by", None),
                            models.Q(("contact_agreed_by", models.F("contact_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_agree_to_write_under_duress",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["opened_at"],
                        name="open_requests",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)),
                        fields=["closed_at"],
                        name="requests_by_closing",
                    ),
                ],
            },
        ),
    ]
