"""What was erased when, in counts."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasingRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("started_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("until", models.JSONField(default=dict)),
                ("erased", models.JSONField(default=dict)),
                ("failed", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["-started_at"], name="erasing_by_start")],
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("finished_at", None)),
                        name="one_round_of_erasing_runs_at_a_time",
                    )
                ],
            },
        ),
    ]
