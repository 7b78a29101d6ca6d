"""Needs, who has claimed them, and the workers' signs of life."""

from uuid import uuid4

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL("CREATE SEQUENCE desk_need_number", "DROP SEQUENCE desk_need_number"),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "number",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("desk_need_number"), function="nextval"),
                        unique=True,
                    ),
                ),
                ("reason", models.CharField(max_length=24)),
                ("about", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=64)),
                ("request_id", models.UUIDField(db_index=True, null=True)),
                ("person_id", models.UUIDField(null=True)),
                ("promise", models.BooleanField(default=False)),
                ("grave", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField()),
                ("raised_at", models.DateTimeField()),
                ("raised_again_at", models.DateTimeField(null=True)),
                ("rang_at", models.DateTimeField(null=True)),
                ("claimed_by", models.UUIDField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("freed_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=48)),
                ("how", models.CharField(blank=True, max_length=24)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("reason", "about"),
                        name="one_open_need_for_a_reason_and_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at", None), ("claimed_by", None)),
                            models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_need_is_claimed_by_somebody_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None), ("closed_at__gte", models.F("raised_at")), _connector="OR"
                        ),
                        name="a_need_is_closed_after_it_was_raised",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["due_at"], name="open_needs_by_due"
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["subject"],
                        name="open_needs_by_subject",
                    ),
                    models.Index(
                        condition=models.Q(("request_id__isnull", False)),
                        fields=["request_id"],
                        name="needs_of_a_request",
                    ),
                    models.Index(
                        condition=models.Q(("reason", "refused_send")),
                        fields=["person_id"],
                        name="phones_not_reached",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["person_id"],
                        name="open_needs_of_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("subject", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("staff_id", models.UUIDField()),
                ("claimed_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("worker", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
