"""Keys, and which phone has which."""

from uuid import uuid4

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Key",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField()),
                (
                    "holder",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("organization", "Organization"),
                            ("day", "Day"),
                            ("check", "Check"),
                        ],
                        max_length=12,
                    ),
                ),
                ("day", models.DateField(null=True, unique=True)),
                ("made_at", models.DateTimeField()),
                ("kept_until", models.DateTimeField(null=True)),
                ("unused_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("day__isnull", False), ("holder", "day")),
                            models.Q(models.Q(("holder", "day"), _negated=True), ("day", None)),
                            _connector="OR",
                        ),
                        name="a_key_has_a_day_only_if_it_is_the_days",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("holder", "check")),
                        fields=("holder",),
                        name="there_is_one_key_check",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownPhone",
            fields=[
                ("fingerprint", models.BinaryField(primary_key=True, serialize=False)),
                ("key_id", models.UUIDField()),
            ],
        ),
    ]
