"""How often people were asked, as counts by day; the reason of an exemption goes before its row."""

import django.db.models.deletion
import network.privacy.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0001_initial"),
        ("people", "0002_visits_before"),
    ]

    operations = [
        migrations.AlterField(
            model_name="exemption",
            name="reason",
            field=network.privacy.fields.SealedTextField(null=True),
        ),
        migrations.CreateModel(
            name="AskCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(db_index=True)),
                ("asks", models.PositiveIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "day"), name="a_person_has_one_count_of_asks_a_day"
                    )
                ],
            },
        ),
    ]
