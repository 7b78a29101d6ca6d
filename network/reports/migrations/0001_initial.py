"""The figures of requests that are no longer kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PastRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=16)),
                ("language", models.CharField(max_length=8)),
                ("opened_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField(null=True)),
                ("searched", models.BooleanField()),
                ("asks", models.PositiveIntegerField()),
                ("yeses", models.PositiveIntegerField()),
                ("late_yeses", models.PositiveIntegerField()),
                ("stood_down", models.PositiveIntegerField()),
                ("said_how", models.BooleanField()),
                ("not_come", models.BooleanField()),
                ("first_yes", models.FloatField(null=True)),
                ("full_team", models.FloatField(null=True)),
                ("arrival", models.FloatField(null=True)),
                ("in_time", models.BooleanField(default=False)),
                ("on_time", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["opened_at"], name="past_requests_by_opening"),
                    models.Index(
                        condition=models.Q(("starts_at__isnull", False)),
                        fields=["starts_at"],
                        name="past_requests_by_set_time",
                    ),
                ],
            },
        ),
    ]
