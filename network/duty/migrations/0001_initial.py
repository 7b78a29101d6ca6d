"""Shifts, hand-offs, swaps and pages."""

from datetime import time
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from network.privacy.fields import SealedTextField


class Migration(migrations.Migration):
    initial = True
    dependencies = [("staff", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="StaffHours",
            fields=[
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("wakes", models.TimeField(default=time(7, 0))),
                ("sleeps", models.TimeField(default=time(23, 0))),
            ],
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="shifts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("series", models.UUIDField(null=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("started", "started"),
                            ("ended", "ended"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("heard", models.BooleanField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_shift_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("started_at", None), ("state", "planned")),
                            models.Q(("ended_at", None), ("started_at__isnull", False), ("state", "started")),
                            models.Q(
                                ("ended_at__isnull", False), ("started_at__isnull", False), ("state", "ended")
                            ),
                            models.Q(("ended_at__isnull", False), ("state", "cancelled")),
                            _connector="OR",
                        ),
                        name="a_shift_has_the_times_of_its_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "started")),
                        fields=("staff",),
                        name="one_shift_runs_for_a_person",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["ends_at"], name="shifts_by_end"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Swap",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("shift", models.ForeignKey(on_delete=models.CASCADE, related_name="swaps", to="duty.shift")),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("shift",),
                        name="a_shift_is_offered_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_by", None),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("taken_by", models.F("offered_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_swap_is_taken_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handoff",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "shift",
                    models.OneToOneField(on_delete=models.CASCADE, related_name="handoff", to="duty.shift"),
                ),
                ("key_id", models.UUIDField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField()),
                ("urgent", SealedTextField()),
                ("watch", SealedTextField()),
                ("told", SealedTextField()),
                ("requests", ArrayField(base_field=models.UUIDField())),
                ("needs", ArrayField(base_field=models.UUIDField())),
                ("visits", ArrayField(base_field=models.UUIDField())),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("accepted_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("accepted_by", None)),
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_handoff_is_accepted_by_somebody_at_some_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("need_id", models.UUIDField()),
                ("step", models.CharField(max_length=12)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("began_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("need_id", "step", "staff", "began_at"),
                        name="nobody_is_paged_twice_for_one_step",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmCall",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("need_id", models.UUIDField()),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(db_index=True)),
                ("state", models.CharField(default="owed", max_length=8)),
                ("look_at", models.DateTimeField()),
                ("sid", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("need_id", "staff", "began_at"),
                        name="nobody_is_called_twice_in_one_climb",
                    ),
                ],
            },
        ),
    ]
