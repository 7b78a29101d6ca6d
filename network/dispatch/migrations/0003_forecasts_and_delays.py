"""How what was foretold compares with what came, by week."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0002_counts_of_asks"),
    ]

    operations = [
        migrations.CreateModel(
            name="DelayFifth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateField()),
                ("fifth", models.PositiveSmallIntegerField()),
                ("came", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("week", "fifth"), name="a_week_has_each_fifth_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastBand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.DateField()),
                ("band", models.PositiveSmallIntegerField()),
                ("offers", models.PositiveIntegerField(default=0)),
                ("foretold", models.FloatField(default=0.0)),
                ("came", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("week", "band"), name="a_week_has_each_band_once")
                ],
            },
        ),
    ]
